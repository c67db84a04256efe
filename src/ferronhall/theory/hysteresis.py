"""The static loop of P against a field along x, stepped up and down: of a cell alone and of a slab.

At zero temperature and uniform along x and z. In each field the state runs down to a minimum from
where the step before left it: it follows its branch until that ends, at a spinodal, and jumps. All
cells alike, without faces, have the spinodal of their double well, where V∥″ vanishes. In the slab
the faces have other neighbours, so that the branch of ū(y) may end elsewhere; and a wave along x
or z, whose stiffness is V∥″(ū) with couplings of its own, may turn unstable before.
"""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from scipy.optimize import brentq

from ferronhall.base import provenance, units
from ferronhall.base.errors import TheoryError
from ferronhall.model.domains import layer_coupling, relaxed
from ferronhall.model.geometry import edges
from ferronhall.model.reference import hessian_block
from ferronhall.model.stability import hessian_blocks

DIRECTIONS = ("down", "up")

_BEYOND = 1.3
"""The strongest field over the spinodal of the well."""

_STEPS = 200
"""Fields from one end of the loop to the other; even, so that none is the spinodal itself."""

_TRACED = 25
"""Fields on the branch along +x in which the softest mode is sought."""

_FINE = 1e-6
"""Part of the well's spinodal to which a field is found."""


@dataclass(frozen=True)
class SoftestMode:
    """The least stable mode of a static state.

    stiffness : float, eV/Å²
        Smallest eigenvalue of the Hessian.
    wave_vector : tuple of two ints
        Indices of q_x and q_z.
    weights : ndarray, shape (3,)
        Parts of its squared displacement along x, y and z.
    at_faces : float
        Part in the outermost layers of both faces (geometry.edges).
    """

    stiffness: float
    wave_vector: tuple
    weights: np.ndarray
    at_faces: float


class StaticBranch:
    """States of a slab in one domain along +x, followed from no field to ever stronger ones.

    model : Model
        Its electric field plays no part.
    """

    def __init__(self, model):
        self._model = model
        self._onsite = replace(model.material.onsite, tilt=0.0)
        self._coupling = layer_coupling(model.operator)

    def state(self, tilt, start):
        """ū(y) (Å) in a force on every cell (eV/Å), from a state near it; shape (ny,)."""
        return relaxed(replace(self._onsite, tilt=tilt), self._coupling, start)

    def at(self, tilt):
        """The state on the branch; None beyond its end."""
        mean, steps = np.full(len(self._coupling), self._onsite.amplitude), 50
        for part in np.arange(1, steps + 1) / steps:
            before, mean = mean, self.state(part * tilt, mean)
            # a branch does not jump: so far a step takes only what falls off its end
            if mean.min() < before.min() - self._onsite.amplitude / 3 or mean.min() < 0:
                return None
        return mean

    def stiffness(self, mean):
        """On-site stiffness about a state (eV/Å²), shape (3, ny)."""
        return self._onsite.mean_stiffness(mean)

    def static_stiffness(self, mean):
        """Smallest eigenvalue (eV/Å²) of the Hessian of ū(y) about a state."""
        return float(np.linalg.eigvalsh(np.diag(self.stiffness(mean)[0]) + self._coupling)[0])

    def end(self, weakest):
        """The force (eV/Å) at which the branch ends, by halving, between weakest and none.

        weakest : float, eV/Å
            A force against P beyond the end.
        """
        held, lost = 0.0, weakest
        while abs(held - lost) > _FINE * abs(weakest):
            middle = (held + lost) / 2
            held, lost = (middle, lost) if self.at(middle) is not None else (held, middle)
        return held

    def softest(self, mean):
        """The SoftestMode about a state."""
        operator, stiffness = self._model.operator, self.stiffness(mean)
        least = min(
            (float(np.linalg.eigvalsh(block)[0]), (ix, iz))
            for ix, iz, block in hessian_blocks(operator, stiffness)
        )
        modes = np.linalg.eigh(hessian_block(operator, stiffness, *least[1]))[1]
        parts = np.abs(modes[:, 0].reshape(3, -1)) ** 2
        return SoftestMode(
            *least, parts.sum(axis=1), float(parts[:, edges(self._model.slab)].sum())
        )


def hysteresis_dataset(model, config, log=print):
    """Loops of a cell alone and of the slab, with the fields at which their states end.

    returns : Dataset (hysteresis.nc), dims (direction, field) of the loops, (branch_field,) of the
        softest mode on the branch along +x, which a field against P softens
    raises : TheoryError in open circuit along x, where no source holds a field; ConfigError where a
        sextic term turns the well down
    """
    if "x" in model.operator.boundary.open_circuit:
        raise TheoryError(
            "dipole.boundary.x: open_circuit leaves no plates between which a field could be "
            "stepped; take short_circuit for the hysteresis"
        )
    material, branch = model.material, StaticBranch(model)
    onsite = replace(material.onsite, tilt=0.0)
    force = float(material.mode.charge[0, 0] * units.KV_PER_CM)
    spinodal = onsite.spinodal
    # where a sextic term turns down the well holds no strong field
    _ = replace(onsite, tilt=_BEYOND * spinodal).equilibrium
    tilts = _BEYOND * spinodal * np.linspace(-1, 1, _STEPS)
    cell, slab = (
        _loop(lambda tilt, start, n=n: _follow(n, onsite, branch, tilt, start), tilts, n)
        for n in (1, model.slab.ny)
    )
    end = branch.end(-_BEYOND * spinodal)
    log(f"the slab's branch ends at {end / force:.6g} kV/cm, the well's at {-spinodal / force:.6g}")
    unstable, softest = _first_instability(branch, end)
    log(f"its first mode turns unstable at {unstable / force:.6g} kV/cm: {softest}")
    # closer to each other where the branch bends down
    traced = unstable + (spinodal / 2 - unstable) * np.linspace(0, 1, _TRACED) ** 2
    means = [branch.at(tilt) for tilt in traced]
    scale = material.polarization_derivative[0, 0]
    loop, along = ("direction", "field"), "branch_field"
    variables = {
        "polarization_cell": (loop, scale * cell, "C/m^2", "P of a cell alone"),
        "polarization_slab": (loop, scale * slab, "C/m^2", "mean P of the slab"),
        "stiffness_cell": (
            along,
            [_cell_stiffness(onsite, tilt) for tilt in traced],
            "eV/angstrom^2",
            "stiffness of a cell alone on the branch along +x, NaN beyond its end",
        ),
        "stiffness_static": (
            along,
            [branch.static_stiffness(mean) for mean in means],
            "eV/angstrom^2",
            "smallest eigenvalue of the slab's Hessian, along x and uniform along x and z",
        ),
        "stiffness_softest": (
            along,
            [branch.softest(mean).stiffness for mean in means],
            "eV/angstrom^2",
            "smallest eigenvalue of the slab's Hessian, of all waves",
        ),
        "spinodal_cell": ((), -spinodal / force, "kV/cm", "where the well loses its minimum"),
        "spinodal_slab": ((), end / force, "kV/cm", "where the slab's static branch ends"),
        "first_instability": ((), unstable / force, "kV/cm", "where a mode first turns unstable"),
        "coercive_cell": (
            "direction",
            _jumps(cell, tilts) / force,
            "kV/cm",
            "jump of a cell alone",
        ),
        "coercive_slab": ("direction", _jumps(slab, tilts) / force, "kV/cm", "jump of the slab"),
        "unstable_wave_vector": ("axis", _waves(model, softest), "1", "wave of it, in 2 pi/a"),
        "unstable_weight": ("component", softest.weights, "1", "its parts along x, y and z"),
        "unstable_at_faces": ((), softest.at_faces, "1", "its part in the faces' edge layers"),
    }
    return xr.Dataset(
        {
            name: (dims, values, {"units": unit, "long_name": label})
            for name, (dims, values, unit, label) in variables.items()
        },
        coords={
            "field": ("field", tilts / force, _FIELD),
            "branch_field": ("branch_field", traced / force, _FIELD),
            "direction": list(DIRECTIONS),
            "component": ["x", "y", "z"],
            "axis": ["x", "z"],
        },
        attrs=provenance.attributes(config),
    )


_FIELD = {"units": "kV/cm", "long_name": "electric field along x"}


def _follow(layers, onsite, branch, tilt, start):
    """One step: of a slab, or of a cell without neighbours."""
    if layers > 1:
        return branch.state(tilt, start)
    return relaxed(replace(onsite, tilt=tilt), np.zeros((1, 1)), start)


def _loop(follow, tilts, layers):
    """Mean u_x (Å) on the way down from the strongest field and up again, shape (2, fields)."""
    mean, means = np.full(layers, 1.0), np.zeros((2, len(tilts)))
    for n, order in enumerate((slice(None, None, -1), slice(None))):
        for place, tilt in zip(np.arange(len(tilts))[order], tilts[order], strict=True):
            mean = follow(tilt, mean)
            means[n, place] = mean.mean()
    return means


def _jumps(means, tilts):
    """Force (eV/Å) half-way between the two steps where P turns round, down and up, shape (2,)."""
    turns = [np.flatnonzero(np.diff(np.sign(way)))[0] for way in means]
    return np.array([tilts[turn : turn + 2].mean() for turn in turns])


def _cell_stiffness(onsite, tilt):
    """V∥″ (eV/Å²) of a cell alone on the branch along +x, NaN beyond its end."""
    return replace(onsite, tilt=tilt).stiffness if tilt > -onsite.spinodal else np.nan


def _first_instability(branch, end):
    """Force (eV/Å) at which a mode first turns unstable on the branch, and the SoftestMode there.

    The branch's end itself where none does before.
    """

    def least(tilt):
        return branch.softest(branch.at(tilt)).stiffness

    if least(end) > 0:
        return end, branch.softest(branch.at(end))
    tilt = brentq(least, end, 0.0, xtol=_FINE * abs(end))
    return tilt, branch.softest(branch.at(tilt))


def _waves(model, mode):
    nx, _, nz = model.slab.shape
    return [mode.wave_vector[0] / nx, mode.wave_vector[1] / nz]
