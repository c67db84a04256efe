"""What a replica costs: time, memory and disk, from a short timing on this machine."""

import time
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from ferronhall.campaign.config import check_sampling
from ferronhall.campaign.memory import require_replica
from ferronhall.engine import kernels
from ferronhall.engine.balance_means import build_plan
from ferronhall.engine.propagator import Propagator
from ferronhall.model.members import members_of
from ferronhall.model.model import Model
from ferronhall.model.schedule import balance_sampling, schedule

_TIMED_S = 0.4

_TYPICAL_SITES = (1e3, 1e4, 1e5, 3e5)
_TYPICAL_NS = (13.0, 13.0, 26.0, 32.0)
"""A site and substep of one trajectory in single precision, with the samples of the balances, on a
core of docs/benchmarks.md; a double takes about twice as long."""

_PROCESS_MB = 250
"""Resident size of the interpreter with its libraries, before any field is allocated."""


@dataclass(frozen=True)
class Estimate:
    """Cost of one replica on one core of this machine.

    trajectories : int
        Those that it advances together: at three fields, and the twins of each.
    ms_per_substep : float
        Of one trajectory.
    disk_MB : float
        With the final state, where it is kept.
    interval_ps, blocks, block_ps : float, int, float
        A sample is taken every interval, and each of the blocks of a trajectory lasts block_ps.
    timed : bool
        Whether here and now; else the time is that of a typical core.
    """

    trajectories: int
    substeps: int
    ms_per_substep: float
    memory_MB: float
    disk_MB: float
    interval_ps: float
    blocks: int
    block_ps: float
    timed: bool = True

    @property
    def core_seconds(self):
        """All trajectories of the replica."""
        return self.trajectories * self.substeps * self.ms_per_substep / 1e3

    def __str__(self):
        where = "here" if self.timed else "on a typical core"
        return (
            f"{self.trajectories} trajectories of {self.substeps} substeps, "
            f"{self.ms_per_substep:.3g} ms each {where}; sampled every {self.interval_ps:g} ps; "
            f"blocks of a trajectory: {self.blocks} of {self.block_ps:g} ps"
        )


def estimate(config, model=None, compiling=True):
    """Time a few substeps of the configured lattice and scale up; returns an Estimate.

    model : Model of the configuration, where there is one already
    compiling : bool
        Whether kernels that have never been compiled here are, to be timed: it takes ten seconds.
    raises : ConfigError when a replica does not fit into this machine, or no block into a
        trajectory; UnstableKernelError
    """
    require_replica(config)
    model = model or Model.from_config(config)
    dtype = np.dtype(config["ensemble"]["precision"])
    members = members_of(model, config["ensemble"]["harmonic_twin"])
    check_sampling(config, model.omega_max)
    balance_every, averaged = balance_sampling(config, model.omega_max)
    plan = build_plan(model.operator, dtype, balance_every)
    timed = compiling or kernels.compiled_before()
    propagator = Propagator(model, members, 0, 0, dtype, balances=plan, drawn=timed)
    sums = propagator.new_sums()
    equilibration, every, per_block, blocks = schedule(config, model.omega_max)
    moments = blocks // averaged * plan.sums.size
    files = 8 * blocks * sums.size + 4 * moments + 5e4 * len(members)
    if config["checkpoint"]["keep_final"]:
        files += 8 * ((blocks + 1) * sums.size + moments + plan.sums.size)
        files += 2 * propagator.w.nbytes
    seconds = _timed(propagator, every, sums) if timed else _typical(propagator)
    return Estimate(
        trajectories=len(members),
        substeps=equilibration + blocks * per_block * every,
        ms_per_substep=1e3 * seconds / len(members),
        memory_MB=_PROCESS_MB + _arrays_MB(model, propagator),
        disk_MB=files / 1e6,
        interval_ps=every * model.h,
        blocks=blocks,
        block_ps=per_block * every * model.h,
        timed=timed,
    )


def _typical(propagator):
    """Core-seconds of a substep on a typical core."""
    each = np.interp(np.log(propagator.slab.sites), np.log(_TYPICAL_SITES), _TYPICAL_NS)
    members, _, sites = propagator.w.shape
    return 1e-9 * each * members * sites * propagator.w.itemsize / 4


def _timed(propagator, every, sums):
    """Core-seconds of a substep.

    Of the process, not of the clock: what else the machine does now is no part of the campaign.
    """
    each = []
    with threadpool_limits(limits=1, user_api="blas"):
        propagator.run(2, 1, sums)
        while not each or sum(each) * every < _TIMED_S:
            begun = time.process_time()
            propagator.run(every, every, sums)
            each.append((time.process_time() - begun) / every)
    return float(np.median(each))


def _arrays_MB(model, propagator):
    operator = model.operator.kernel.nbytes + model.operator.layered.nbytes
    plan = propagator.force.plan
    work = sum(a.nbytes for a in (*plan, *plan.band) if isinstance(a, np.ndarray))
    work += propagator.balances.tiles.nbytes + propagator.balances.sums.nbytes
    return (operator + work + 4 * propagator.w.nbytes) / 1e6
