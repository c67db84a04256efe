"""180-degree domains: P along +x or −x by the layer, with walls normal to y, and how they relax.

A wall at layer j stands between the layers j − 1 and j: the next domain begins with j. P is along
the walls and along the faces, so that neither carries a bound charge. The static state ū(y) is
uniform along x and z, and a local minimum of

    E/A = Σ_y V∥(ū) + ½ Σ_yy′ ū(y) K(y, y′) ū(y′)

with K the couplings at q_x = q_z = 0, dipoles included.
"""

from itertools import pairwise

import numpy as np

from ferronhall.base.errors import UnstableKernelError
from ferronhall.model.geometry import EDGE_LAYERS

WITHOUT_FIELD = "without_field"
"""How domains relax that the electric field may tear off, which is there as a run begins."""

_TOLERANCE = 1e-12
_MOST_STEPS = 500

_LEAST = 0.25
"""Part of u0 below which a layer at rest no longer belongs to its domain."""


def walls_of(config):
    """The layers of a configuration's walls, in rising order; without the key there are none."""
    return tuple(sorted(config.get("domains", {}).get("walls_y", ())))


def relaxes_without_field(config):
    """Whether a configuration's domains relax before its electric field is there."""
    return config.get("domains", {}).get("relaxed") == WITHOUT_FIELD


def beyond_theory(config):
    """Whether a configuration has domains that the noise-free theory does not know."""
    return bool(config.get("domains", {}).get("map")) or relaxes_without_field(config)


def walls_of_dataset(parameters):
    """The same of a parameters dataset."""
    return tuple(map(int, np.atleast_1d(parameters.attrs.get("walls_y", []))))


def mirrored_walls(walls, ny):
    """Whether the mirror of y takes every wall to one; without walls it does."""
    return sorted(ny - wall for wall in walls) == list(walls)


def domain_signs(walls, ny):
    """+1 or −1 of every layer, the sign of P along x; the first domain has +1. Shape (ny,)."""
    return np.where(np.searchsorted(walls, np.arange(ny), side="right") % 2, -1.0, 1.0)


def domain_ends(walls, ny):
    """The EDGE_LAYERS outermost layers of either end of every domain, bool, (domain, end, ny)."""
    bounds = [0, *walls, ny]
    ends = np.zeros((len(bounds) - 1, 2, ny), bool)
    for domain, (first, beyond) in enumerate(pairwise(bounds)):
        ends[domain, 0, first : min(first + EDGE_LAYERS, beyond)] = True
        ends[domain, 1, max(beyond - EDGE_LAYERS, first) : beyond] = True
    return ends


def holds(mean, walls, amplitude=0.0):
    """Whether every layer of a mean displacement ⟨u_x⟩, shape (..., ny), is still of its domain.

    amplitude : float, Å
        u0 for a static state, that no layer is about to turn round; by default the sign decides.
    """
    return bool(np.all(mean * domain_signs(walls, mean.shape[-1]) >= _LEAST * amplitude))


def layer_coupling(operator):
    """K(y, y′) of u_x at q_x = q_z = 0 (eV/Å²), shape (ny, ny)."""
    ny = operator.slab.ny
    return operator.block(0, 0)[:ny, :ny].real


def static_energy(onsite, coupling, mean):
    """Energy (eV) of a column of cells along y at rest in ū(y), shape (ny,)."""
    return float(onsite.well_force.integ()(mean).sum() + mean @ coupling @ mean / 2)


def relaxed(onsite, coupling, start, pull=0.0):
    """The local minimum of the static energy that `start` runs down to (Å), shape (ny,).

    Newton's steps with the absolute values of the curvatures, which lead off a saddle.

    pull : float or ndarray, shape (ny,), eV/Å
        Minus the force of what is held on every layer.
    """
    force, mean = onsite.well_force, np.array(start, float)
    for _ in range(_MOST_STEPS):
        curvature, modes = np.linalg.eigh(np.diag(force.deriv()(mean)) + coupling)
        slope = modes.T @ (force(mean) + coupling @ mean + pull)
        softest = 1e-3 * np.abs(curvature).max()
        step = modes @ (slope / np.maximum(np.abs(curvature), softest))
        mean = mean - np.clip(step, -onsite.amplitude / 10, onsite.amplitude / 10)
        if np.abs(step).max() < _TOLERANCE * onsite.amplitude:
            break
    return mean


def domain_state(operator, onsite, walls):
    """ū(y) of the slab with walls at zero temperature (Å), shape (ny,).

    raises : UnstableKernelError when a wall does not stay where it is
    """
    signs = domain_signs(walls, operator.slab.ny)
    mean = relaxed(onsite, layer_coupling(operator), onsite.equilibrium * signs)
    if not holds(mean, walls, onsite.amplitude):
        alike = ""
        if "x" in operator.boundary.open_circuit:
            alike = ", and as many layers along +x as along −x for dipole.boundary.x: open_circuit"
        raise UnstableKernelError(
            f"domains.walls_y: {list(walls)}: relaxed, the slab has other domains, so "
            "that a wall is no local minimum where it stands; put walls farther from each other "
            f"and from the faces{alike}, or take a weaker electric_field.x_kV_per_cm"
        )
    return mean
