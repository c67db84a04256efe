"""What a job of every stage takes on this machine: core-seconds, memory and disk.

Replicas and steady states are timed here, each the first time it is asked for. What takes seconds
whatever the campaign has the figures of the demo.
"""

from dataclasses import dataclass
from functools import cached_property

from ferronhall.base.errors import FerronHallError
from ferronhall.base.paths import in_its_folder
from ferronhall.campaign import job_resources
from ferronhall.campaign.estimate import estimate
from ferronhall.model.geometry import Slab
from ferronhall.model.reference import relaxed_reference
from ferronhall.model.statistics import CLASSICAL, STATISTICS
from ferronhall.theory import columns, cost
from ferronhall.theory.baths import BATHS
from ferronhall.theory.by_site.cost import chosen_closure, site_cost
from ferronhall.theory.solver import Solver

_MOST_SITES = 5e5
"""Of a lattice that is timed: a larger one takes minutes to build."""

_START_S, _START_MB = 1.5, 150
"""Of a job that computes: the interpreter with its libraries."""

_COMPILING_S = 9.0
"""Of kernels that have never been compiled here."""

BETWEEN_JOBS_S = 0.3
"""What Snakemake takes to choose, start and book a job."""

_SMALL = {
    "parameters": (0.6, 100),
    "domain_walls": (2.0, 140),
    "hysteresis": (6.0, 150),
    "compiled": (3.0, 330),
    "phonons": (2.3, 180),
    "figures": (2.2, 240),
    "tables": (0.6, 110),
    "scan": (1.0, 110),
    "index": (1.6, 190),
}
"""Stage → core-seconds and MB of a job that takes seconds whatever the campaign."""

_STEADY_STATES = {"theory_spectrum": 1.8, "self_consistent": 45.0}
"""Stage → how many times the steady states under both statistics it takes, in the demo's slab."""

_PER_FREQUENCY = 2.1
"""The same, of each frequency of modulated heating."""

_PAIRS_PER_TEMPERATURE = 420
"""Pairs of wave vectors along x that take as long as a weak gradient about one T₀."""

_READERS = (
    *("ensemble", "efficiency", "comparison", "balances", "bond_polarization"),
    "wall_velocity",
)
"""Stages that read every trajectory."""

_READ_S_PER_MB = 0.02
SAMPLES = 128
"""Held of a campaign (analysis.samples.MOST_SAMPLES, a room that this one does not know)."""

_MAPS_HELD = 30
"""Maps that a stage holds at a time for each sample and field: three observables, with copies."""

_SMALL_MB = {"figures": 0.65, "index": 2.5}
_MAP_MB = {"balances": 4e-3}
_OTHER_MAP_MB = 4e-4
"""On disk for a cell of the (x, y) plane: a dataset with hundreds of maps, and the others."""


@dataclass(frozen=True)
class Cost:
    """Of one job."""

    core_seconds: float
    memory_MB: float
    disk_MB: float


class StageCosts:
    """Costs of a campaign's jobs.

    config : dict, validated
    points : dict, scan point → its configuration
    model : callable without arguments, returns the Model of the configuration
    compiling : bool
        Whether the kernels are compiled to be timed, where they have never been here.
    """

    def __init__(self, config, points, model, compiling=True):
        self.config, self.points, self._model = config, points, model
        self._compiling = compiling

    def of(self, name):
        """Cost of a job by its name, see plan.Job.

        raises : FerronHallError where the configuration leaves nothing to time, or too much
        """
        if self.unknown:
            raise FerronHallError(self.unknown)
        stage, _, part = in_its_folder(name).partition("/")
        slab = Slab.from_config(self.config)
        disk = slab.nx * slab.ny * _MAP_MB.get(stage, _OTHER_MAP_MB)
        if stage == "trajectories":
            replica = self.replica
            return Cost(replica.core_seconds + 2, replica.memory_MB, replica.disk_MB)
        if stage == "scan" and part:
            seconds = self._quantum_s + self._classical.core_seconds
            return self._steady_states(seconds * self._size(self.points[part]), 0.01)
        if stage == "theory":
            return self._theory(disk)
        if stage in ("timestep", "twin"):
            return self._steady_states(2 * self._classical.core_seconds, disk)
        if stage in _STEADY_STATES:
            return self._steady_states(_STEADY_STATES[stage] * self._both.core_seconds, disk)
        if stage == "disorder":
            return self._uneven(disk)
        if stage == "lock_in":
            frequencies = len(self.config["theory"]["modulation_GHz"]) + 1
            seconds = _PER_FREQUENCY * frequencies * self._both.core_seconds
            return self._steady_states(seconds, disk)
        if stage == "laboratory":
            temperatures = len(self.config["laboratory"]["temperatures_K"]) + 1
            pairs = _PAIRS_PER_TEMPERATURE * temperatures
            seconds = (1 + pairs / _pairs_along_x(slab)) * self._both.core_seconds
            return self._steady_states(seconds, disk)
        if stage.startswith("preflight"):
            operations = (slab.nx // 2 + 1) * (slab.nz // 2 + 1) * (3 * slab.ny) ** 3
            return Cost(1.0 + 1.5e-9 * operations, 140, 0)
        if stage in _READERS:
            reading = _READ_S_PER_MB * self.replica.disk_MB * self.config["ensemble"]["replicas"]
            held = 8e-6 * _MAPS_HELD * 3 * SAMPLES * slab.nx * slab.ny
            return Cost(_START_S + reading, _START_MB + held, disk)
        seconds, memory = _SMALL.get(stage, (3.0, 250))
        if stage == "compiled" and not self.replica.timed:
            seconds += _COMPILING_S
        return Cost(seconds, memory, _SMALL_MB.get(stage, 0.01))

    @property
    def unknown(self):
        """Why nothing is timed, empty where it is."""
        if self.config["engine"] == "gpu":
            return "With engine: gpu nothing is timed; with engine: cpu it is, on a core here"
        sites = Slab.from_config(self.config).sites
        if sites > _MOST_SITES:
            return (
                f"A lattice of {sites} cells takes minutes to build, so that nothing is timed; "
                "docs/benchmarks.md has what a cell costs"
            )
        return ""

    @cached_property
    def replica(self):
        """The Estimate of a replica."""
        return estimate(self.config, self._model(), self._compiling)

    @cached_property
    def _classical(self):
        """Cost of the steady states at all three fields."""
        return self._fields((CLASSICAL,))

    @cached_property
    def _both(self):
        """The same under classical and quantum statistics in one pass."""
        return self._fields(STATISTICS)

    def _fields(self, statistics):
        model = self._model()
        solver, stiffness = Solver(model), relaxed_reference(model).stiffness
        baths = [BATHS[name](model.temperature) for name in statistics]
        solved_for = 1 if solver.same or solver.mirrored else 2
        found = [cost.estimate(solver.spectrum(stiffness, sign), baths) for sign in (+1, 0)]
        seconds = solved_for * found[0].seconds + found[1].seconds
        return Cost(seconds, max(each.memory_MB for each in found), 0)

    @property
    def _quantum_s(self):
        """Core-seconds of both statistics about the slab at rest and of the quantum closure.

        The closure's rounds make up for what one bath takes less than two.
        """
        return 2 * self._both.core_seconds

    def _steady_states(self, seconds, disk, held=0.0):
        held = max(self._classical.memory_MB, held)
        return Cost(_START_S + seconds, _START_MB + held, disk)

    def _theory(self, disk):
        shape = Slab.from_config(self.config).shape
        wanted, form = self.config["theory"]["closure"], self.config["onsite"]["form"]
        if chosen_closure(wanted, shape, form) == "averaged":
            return self._steady_states(self._quantum_s + self._classical.core_seconds, disk)
        held = site_cost(shape, form).memory_MB
        return self._steady_states(self._quantum_s + self._by_site_s, disk, held)

    def _uneven(self, disk):
        model, seconds = self._model(), 0.0
        if model.disorder and not columns.refusal(model):
            # here, as it brings xarray, which an even crystal's run does without
            from ferronhall.theory.disorder_responses import STRENGTHS

            realisations = self.config["ensemble"]["replicas"] * (len(STRENGTHS) - 1)
            seconds = realisations * columns.core_seconds(model.slab)
        return Cost(_START_S + seconds, job_resources.uneven_memory(self.config), disk)

    @cached_property
    def _by_site_s(self):
        form = self.config["onsite"]["form"]
        return site_cost(Slab.from_config(self.config).shape, form).seconds

    def _size(self, point):
        """Operations of a steady state at a point of the scan over those of the base."""
        return _operations(Slab.from_config(point)) / _operations(Slab.from_config(self.config))


def _pairs_along_x(slab):
    return slab.nx * (slab.nx // 2 + 1)


def _operations(slab):
    """Of the pairs of blocks, up to a factor."""
    return _pairs_along_x(slab) * (slab.nz // 2 + 1) * slab.ny**3
