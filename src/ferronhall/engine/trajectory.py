"""The trajectories of one replica, at every field, and the datasets they leave."""

import gc
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits

from ferronhall.base import provenance
from ferronhall.engine import balance_means
from ferronhall.engine.domain_means import domain_variables
from ferronhall.engine.propagator import Propagator
from ferronhall.engine.run import Run
from ferronhall.model import observables
from ferronhall.model.members import FIELD_SIGNS, members_of
from ferronhall.model.model import Model
from ferronhall.model.schedule import BalanceSampling, Schedule, balance_sampling, schedule


def run_replica(model, config, replica, config_digest, log=print, keeper=None, bar=False):
    """Run one replica at all its fields, in step and under one noise; returns the block means.

    model : Model
    config : dict, validated
        Its time, ensemble and balances are looked at.
    config_digest : str
        Identifies the configuration and material, not the code; written to the results.
    log : callable taking a line of text
    keeper : keeper.Keeper, optional
        Where to go on from and what to leave when interrupted. Call its `finish` once the results
        are on disk.
    bar : bool
        Whether to draw a progress bar where stderr is a terminal.
    returns : dict "minus"/"zero"/"plus" → Dataset with dims (block, x, y), with the averages of
        the harmonic twin where the configuration asks for one
    raises : TrajectoryDivergedError; with a keeper also TrajectoryInterruptedError, DataFileError
    """
    setting = Setting.of(model, config)
    moments = balance_means.build_plan(model.operator, setting.dtype, setting.balances.every)
    what = (setting.members, setting.root_seed, replica, setting.dtype, moments)
    run = setting.begin(Propagator(model, *what), replica, log, keeper)
    with (
        threadpool_limits(limits=1, user_api="blas"),
        keeper.listening() if keeper else nullcontext(),
    ):
        run.complete(log, keeper, bar)
    return datasets(model, config, run.block_means, replica, config_digest, log)


@dataclass(frozen=True)
class Setting:
    """What all replicas of a campaign have in common, whichever engine advances them.

    members : list of Member
    dtype : of the state
    plan : Schedule
    balances : BalanceSampling
    """

    model: Model
    members: list
    root_seed: int
    dtype: np.dtype
    plan: Schedule
    balances: BalanceSampling

    @classmethod
    def of(cls, model, config):
        """That of a model and the time, ensemble and balances of a configuration."""
        ensemble = config["ensemble"]
        members = members_of(model, ensemble["harmonic_twin"])
        when = (schedule(config, model.omega_max), balance_sampling(config, model.omega_max))
        return cls(model, members, ensemble["root_seed"], np.dtype(ensemble["precision"]), *when)

    def begin(self, propagator, replica, log, keeper):
        """The Run of a replica, where its checkpoint or its beginning puts it."""
        name, slab = f"replica {replica:04d}", self.model.slab
        fields = ", ".join(f"{m.omega_B:g}" for m in self.members[: len(FIELD_SIGNS)])
        log(
            f"{name}: {slab.nx} x {slab.ny} x {slab.nz} cells, Omega_B = {fields} rad/ps, "
            f"{len(self.members)} members, {self.dtype}"
        )
        log(f"{name}: samples {_intervals(self.plan, self.balances.every, self.model.h)}")
        run = Run(propagator, self.plan, name, self.balances.averaged)
        if keeper:
            identity = {
                "root seed": self.root_seed,
                "replica": replica,
                "set of fields": [m.name for m in self.members],
                "precision": str(self.dtype),
                "lattice": list(slab.shape),
            }
            run.restore(keeper.open(name, identity, log, run.misfit))
        return run


def _intervals(plan, balances, h):
    """When a replica samples, in words; `balances`: substeps between samples of the balances."""
    length = plan.per_block * plan.every * h
    text = f"every {plan.every * h:g} ps, blocks: {plan.blocks} of {length:g} ps"
    return f"{text}; of the balances every {balances * h:g} ps" if balances else text


def datasets(model, config, block_means, replica, config_digest, log=print, attributes=None):
    """What a finished replica leaves, a Dataset at each field.

    block_means : as Run.block_means
    log : told of domain walls that moved
    attributes : dict, of the datasets beside those of every one
    """
    found = {}
    for field in FIELD_SIGNS:
        dataset = _dataset(model, config, *block_means, field, replica, config_digest)
        if not model.stands_in(dataset):
            log(
                f"replica {replica:04d}: at the field {field} a domain wall moved; the averages "
                "leave it out"
            )
        found[field] = dataset.assign_attrs(attributes or {})
    return found


def _dataset(model, config, means, moments, field, replica, config_digest):
    """Averages at one field.

    means : ndarray, shape (block, member, moment, nx, ny), of the fields, then of their twins
    moments : ndarray, shape (block, field, moment, nx, ny), of the balances
    """
    number = list(FIELD_SIGNS).index(field)
    # the member at this field and, where there is one, its twin
    own, *twin = np.moveaxis(means[:, number :: len(FIELD_SIGNS)], 1, 0)
    own, cells = np.split(own, [len(observables.SAMPLED_MOMENTS)], axis=1)
    moments_of_own = _named(own)
    # w is counted from the state at rest, the observables' moment from u_E
    moments_of_own["displacement"] = moments_of_own["displacement"] + model.rest_shift
    variables = observables.block_means(moments_of_own, model.material)
    if twin:
        variables |= observables.twin_means(_named(twin[0]), model.material)
    return xr.Dataset(
        {
            **{name: (("block", "x", "y"), *content) for name, content in variables.items()},
            **balance_means.moment_variables(moments[:, number]),
            **balance_means.cell_variables(model, replica),
            **(domain_variables(model, cells) if model.by_cell else {}),
        },
        coords=model.cells.coordinates,
        attrs={
            **provenance.attributes(config),
            "field": field,
            "replica": replica,
            "root_seed": str(config["ensemble"]["root_seed"]),
            "config_digest": config_digest,
        },
    )


def compile_kernels(model, config):
    """Compile every kernel the trajectories need into numba's cache, before jobs start in parallel.

    Runs a few substeps of the campaign's own model.
    """
    members = members_of(model, config["ensemble"]["harmonic_twin"])
    dtype = np.dtype(config["ensemble"]["precision"])
    plan = balance_means.build_plan(model.operator, dtype, every=1)
    # numba makes a million objects and drops few of them: searching for those takes a tenth of
    # the time
    collecting = gc.isenabled()
    gc.disable()
    try:
        propagator = Propagator(model, members, 0, 0, dtype, plan)
        propagator.run(2, 1, propagator.new_sums())
    finally:
        if collecting:
            gc.enable()


def _named(means):
    """Means of a member, shape (block, moment, nx, ny), by the names of the moments."""
    return dict(zip(observables.SAMPLED_MOMENTS, np.moveaxis(means, 1, 0), strict=True))
