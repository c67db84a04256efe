"""Several replicas at all their fields on one device, and the datasets they leave."""

import time
from contextlib import nullcontext

import numpy as np

from ferronhall.base.digest import code_digest
from ferronhall.base.progress import Progress
from ferronhall.engine import balance_means
from ferronhall.engine.gpu.device import device_name, require_device
from ferronhall.engine.gpu.propagator import SUMS, DevicePropagator
from ferronhall.engine.gpu.share import Share
from ferronhall.engine.trajectory import Setting, datasets
from ferronhall.model.members import FIELD_SIGNS


def run_batch(model, config, replicas, config_digest, log=print, keepers=None):
    """Run replicas together on a device; returns the block means of each.

    They go on from wherever each of them stands, those behind first, and stand at one step from
    then on. What the CPU engine has begun this one ends, and the other way round.

    model, config, config_digest, log : as of trajectory.run_replica
    replicas : list of int
    keepers : list of keeper.Keeper, optional
        One a replica. The first decides for all when checkpoints are due.
    returns : list, a replica each, of what run_replica returns
    raises : ConfigError without a device; as run_replica does
    """
    require_device()
    setting = Setting.of(model, config)
    log(f"engine: gpu, {device_name()}, replicas {', '.join(f'{r:04d}' for r in replicas)}")
    runs = []
    for replica, keeper in zip(replicas, keepers or [None] * len(replicas), strict=True):
        moments = balance_means.build_plan(model.operator, setting.dtype, setting.balances.every)
        what = (model, setting.members, setting.root_seed, replica, setting.dtype, moments)
        runs.append(setting.begin(Share(*what), replica, log, keeper))
    batch = Batch(model, setting, replicas, runs, log, keepers or [])
    with keepers[0].listening() if keepers else nullcontext():
        batch.complete()
    engine = {
        "engine": f"gpu ({device_name()})",
        "engine_code": code_digest("ferronhall.engine.gpu.batch"),
    }
    return [
        datasets(model, config, run.block_means, replica, config_digest, log, engine)
        for replica, run in zip(replicas, runs, strict=True)
    ]


class Batch:
    """Runs whose propagators are Shares, on their way through one schedule.

    setting : trajectory.Setting
    replicas, runs, keepers : lists of int, run.Run and keeper.Keeper; keepers may be empty
    """

    def __init__(self, model, setting, replicas, runs, log, keepers):
        self.model, self.setting, self.log = model, setting, log
        self.replicas, self.runs, self.keepers = replicas, runs, keepers
        self.begun = [run.propagator.step for run in runs]

    def complete(self):
        """Run all to the last block."""
        while behind := [i for i, run in enumerate(self.runs) if not run.finished]:
            steps = sorted({self.runs[i].propagator.step for i in behind})
            group = [i for i in behind if self.runs[i].propagator.step == steps[0]]
            self._together(group, steps[1] if len(steps) > 1 else None)
        for i, keeper in enumerate(self.keepers):
            if self.begun[i] < self.runs[i].propagator.step:
                keeper.save(self.runs[i].state)

    def _together(self, group, until):
        """Advance some of the runs, which stand at one step, to another step or to their end."""
        runs, setting = [self.runs[i] for i in group], self.setting
        device = DevicePropagator(
            self.model,
            setting.members,
            setting.root_seed,
            [self.replicas[i] for i in group],
            setting.dtype,
            setting.balances.every,
            len(FIELD_SIGNS),
        )
        device.load([run.state for run in runs])
        device.step = runs[0].propagator.step
        first = runs[0]
        total = first.total if until is None else until
        name = first.name if len(runs) == 1 else f"{first.name} and {len(runs) - 1} more"
        progress = Progress(name, first.propagator.h, device.step, total, self.log)
        while device.step < total:
            self._advance(device, runs, total)
            progress.report(device.step)
            if device.step < total and self.keepers and self.keepers[0].due:
                device.unload([run.state for run in runs])
                self._keep()
        device.unload([run.state for run in runs])

    def _advance(self, device, runs, total):
        substeps, every = runs[0].ahead()
        substeps = min(substeps, total - device.step)
        begun = time.monotonic()
        before = np.split(device.largest_displacements, len(runs))
        samples = device.run(substeps, every)
        after = np.split(device.largest_displacements, len(runs))
        ends = device.step == runs[0].block_end
        if ends:
            device.unload([run.state for run in runs], SUMS)
        for run, last, now in zip(runs, before, after, strict=True):
            run.propagator.step, run.propagator.largest_displacements = device.step, now
            run.arrive(substeps, samples, last)
        if ends:
            device.load([run.state for run in runs], SUMS)
        runs[0].keep_pace(substeps, time.monotonic() - begun)

    def _keep(self):
        """Write the checkpoints of all that have moved, the first one's last: it may stop here."""
        for i, keeper in list(enumerate(self.keepers))[:0:-1]:
            if self.begun[i] < self.runs[i].propagator.step:
                keeper.save(self.runs[i].state)
        self.keepers[0].visit(self.runs[0].state)
