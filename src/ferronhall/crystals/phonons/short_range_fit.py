"""The seven shells of K_sr that stand, with a dipolar kernel, for the projected kernel K(q).

`gaussian` leaves a smooth remainder, which the shells meet on the wave vectors of a mesh of
3 × 3 × 3. A denser mesh has more to say than seven numbers hold: there the soft branch decides, and
the modes unstable in the crystal are to be those unstable in the model. S11 (`longitudinal`) leaves
a remainder that jumps at the zone boundary: there the shells are fitted over the zone, under the
condition that no mode becomes softer than the one at Γ.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import minimize

from ferronhall.base.errors import ConfigError
from ferronhall.model import dipole, short_range
from ferronhall.model.bulk_stability import zone_octant

_ZONE = 12
"""Divisions of the mesh over which the fit to S11 is made; even, so that it holds the corners."""

_FINER = 2
"""Steps, to one of the pre-flight's, of the mesh on which the fit has to be stable.

A slab's lattice may hold waves that lie between those on which the pre-flight examines the bulk.
"""

_MARGIN = 0.25
"""Least stiffness (eV/Å²) over the mode at Γ that the fit keeps at the zone's corner R.

Towards Γ the condition falls off as the acoustic (3 − Σ cos q_i a)/6: there every kernel vanishes.
"""

_LONG_WAVES = 1.0
"""Waves with |q|a well below this weigh most in the fit, since the transport is theirs."""

_SOFTNESS = 2
"""A mode counts in the fit to a dense mesh as (1 + (λ − λ_Γ)/|λ_Γ|) to minus this power.

λ is its stiffness, λ_Γ that of the soft mode at Γ: a longitudinal mode ten times as stiff as the
soft one is unstable counts a hundredth of it.
"""

_FLAT = 0.01
"""Stiffness, as a share of |λ_Γ|, within which a mode counts neither as stable nor as unstable."""

_EXACT = 1e-4
"""Residual, as a share of |λ_Γ|, up to which the fit is exact on the mesh."""

_SLACK = 1e-6
_MOST_ROUNDS = 60
_BONDS = np.array([n for n in product((-1, 0, 1), repeat=3) if any(n)])


@dataclass(frozen=True)
class ShellFit:
    """Shell constants and how well they stand for K(q).

    shells : tuple of 7 floats, eV/Å²
    residual : float, eV/Å²
        Root mean square of K(q) − K(0) − K_dip(q) − K_sr(q) over components and commensurate q.
    softest : float, eV/Å²
        Smallest eigenvalue of K_sr + K_dip over the zone but Γ, near which it is small; negative:
        unstable between the commensurate q.
    exact : bool
        Whether the residual is one of rounding.
    worst_wave : tuple of 3 floats, fractions
        Commensurate q at which the softest branch is farthest from the crystal's.
    worst : float, eV/Å²
        Softest stiffness there, the model's less the crystal's.
    unstable : tuple of 2 ints
        Modes unstable on the mesh, of the crystal and of the model.
    misplaced : int
        Modes on the mesh that are unstable in one and stable in the other.
    """

    shells: tuple
    residual: float
    softest: float
    exact: bool
    worst_wave: tuple
    worst: float
    unstable: tuple
    misplaced: int


def shell_basis(waves):
    """K_sr(q) for each shell constant by itself, shape (7, m, 3, 3).

    waves : array, shape (m, 3), fractions
    """
    phases = np.cos(2 * np.pi * waves @ _BONDS.T)
    basis = []
    for unit in np.eye(7):
        values = short_range.kernel(unit)
        bonds = np.array([values[tuple(n + 1)] for n in _BONDS])
        basis.append(np.einsum("qn,nab->qab", phases, bonds) + values[1, 1, 1])
    return np.array(basis)


def fit_shells(kernels, waves, material, kernel_name, eta_a):
    """Shell constants that, with a dipolar kernel, reproduce the projected K(q).

    kernels : ndarray, shape (m, 3, 3), eV/Å²
        K(q) on the commensurate mesh, wave vector zero among them.
    waves : ndarray, shape (m, 3), fractions
    material : Material
        Its mode charge, ε∞ and lattice constant make the dipoles.
    kernel_name, eta_a : as in dipole.dipole_kernel
    returns : ShellFit
    raises : ConfigError for a mesh that does not reach the 26 neighbours
    """
    # of the mesh along each axis; waves are multiples of its inverse
    divisions = min(len(np.unique(np.round(axis % 1, 6))) for axis in np.transpose(waves))
    if divisions < 3:
        raise ConfigError(
            f"the force constants' supercell of {divisions} cells along an axis does not tell a "
            "neighbour from its image; give one of 3 × 3 × 3 or more"
        )
    origin = int(np.abs(waves).max(axis=1).argmin())
    crystal = kernels.real
    target = crystal - crystal[origin]
    shells = _mesh_fit(crystal, origin, waves, material, eta_a)
    if kernel_name == "longitudinal":
        shells = _zone_fit(shells, material, eta_a)
    reached = _model(shells, waves, kernel_name, material, eta_a)
    everywhere = _model(shells, _examined()[1:], kernel_name, material, eta_a)
    softest = np.linalg.eigvalsh(everywhere)[:, 0].min()
    residual = float(np.sqrt(np.mean((target - reached) ** 2)))
    ours, theirs = (np.linalg.eigvalsh(k + crystal[origin]) for k in (reached, target))
    apart = ours[:, 0] - theirs[:, 0]
    worst = int(np.abs(apart).argmax())
    depth = abs(theirs[origin, 0])
    return ShellFit(
        tuple(float(j) for j in shells),
        residual,
        float(softest),
        residual < _EXACT * depth,
        tuple(float(x) for x in waves[worst]),
        float(apart[worst]),
        (int((theirs < 0).sum()), int((ours < 0).sum())),
        int(((ours * theirs < 0) & (np.minimum(abs(ours), abs(theirs)) > _FLAT * depth)).sum()),
    )


def _mesh_fit(crystal, origin, waves, material, eta_a):
    """Shells for the smooth dipoles: exact on 3 × 3 × 3, on a denser mesh for the soft branch."""
    rest = crystal - crystal[origin] - _dipoles("gaussian", waves, material, eta_a)
    basis = shell_basis(waves)
    exact = np.linalg.lstsq(basis.reshape(7, -1).T, rest.ravel(), rcond=None)[0]
    left = rest - np.tensordot(exact, basis, axes=1)
    stiffness, modes = np.linalg.eigh(crystal)
    depth = abs(stiffness[origin, 0])
    if np.sqrt(np.mean(left**2)) < _EXACT * depth:
        return exact
    above = np.maximum(stiffness - stiffness[origin, 0], 0) / depth
    roots = np.einsum("qai,qi,qbi->qab", modes, (1 + above) ** (-_SOFTNESS / 2), modes)
    weighted = np.einsum("qab,iqbc,qcd->iqad", roots, basis, roots, optimize=True).reshape(7, -1)
    wanted = np.einsum("qab,qbc,qcd->qad", roots, rest, roots, optimize=True).ravel()
    normal, projection = weighted @ weighted.T, weighted @ wanted
    shells = np.linalg.solve(normal, projection)
    fixed = crystal - rest
    found = _same_region(normal, projection, basis, fixed, stiffness, modes, shells)
    return shells if found is None else found


def _same_region(normal, wanted, basis, fixed, stiffness, modes, start):
    """Shells of the weighted fit that leave each mode of the crystal unstable or stable as it is.

    fixed : ndarray, shape (m, 3, 3)
        The part of the model's K(q) that is not K_sr.
    stiffness, modes : eigenvalues and eigenvectors of the crystal's K(q)
    returns : shells, or None where no seven numbers do it
    """
    margin = _MARGIN * np.minimum(np.abs(stiffness), 1.0)
    shells, cuts, offsets = start, [], []
    scale = _FLAT * abs(stiffness[:, 0].min())
    for _ in range(_MOST_ROUNDS):
        kernel = np.tensordot(shells, basis, axes=1) + fixed
        before = len(cuts)
        for q in range(len(kernel)):
            unstable = stiffness[q] < -scale
            for k in np.flatnonzero(unstable):
                e = modes[q][:, k]
                if e @ kernel[q] @ e > -margin[q, k] + _SLACK:
                    cuts.append(-np.einsum("iab,a,b->i", basis[:, q], e, e))
                    offsets.append(-(e @ fixed[q] @ e) - margin[q, k])
            stable = modes[q][:, stiffness[q] > scale]
            if stable.shape[1]:
                value, vector = np.linalg.eigh(stable.T @ kernel[q] @ stable)
                least = margin[q][stiffness[q] > scale].min()
                if value[0] < least - _SLACK:
                    e = stable @ vector[:, 0]
                    cuts.append(np.einsum("iab,a,b->i", basis[:, q], e, e))
                    offsets.append(e @ fixed[q] @ e - least)
        if len(cuts) == before:
            return shells
        shells = _quadratic_program(normal, wanted, np.array(cuts), np.array(offsets), shells)
        if (np.array(cuts) @ shells + np.array(offsets)).min() < -_SLACK * 100:
            return None
    return None


def _zone_fit(smooth_shells, material, eta_a):
    """Shells for S11 nearest to the smooth interpolation of K(q), with every mode kept stiff."""
    waves = _mesh(_ZONE)
    target = _model(smooth_shells, waves, "gaussian", material, eta_a)
    rest = target - _dipoles("longitudinal", waves, material, None)
    basis = shell_basis(waves)
    length = 2 * np.pi * np.linalg.norm(waves, axis=1)
    weight = 1 / (_LONG_WAVES**2 + length**2)
    normal = np.einsum("q,iqab,jqab->ij", weight, basis, basis)
    wanted = np.einsum("q,iqab,qab->i", weight, basis, rest)
    fine = _examined()
    fine_basis = shell_basis(fine)
    fine_dipoles = _dipoles("longitudinal", fine, material, None)
    least = _MARGIN * (3 - np.cos(2 * np.pi * fine).sum(axis=1)) / 6
    shells, cuts, offsets = np.linalg.solve(normal, wanted), [], []
    for _ in range(_MOST_ROUNDS):
        values, vectors = np.linalg.eigh(np.tensordot(shells, fine_basis, axes=1) + fine_dipoles)
        short = np.flatnonzero(values[:, 0] < least - _SLACK)
        if not len(short):
            return shells
        # each mode that is too soft cuts the shells off from where it is; the set is convex
        for q in short[np.argsort(values[short, 0] - least[short])][:20]:
            e = vectors[q, :, 0]
            cuts.append(np.einsum("iab,a,b->i", fine_basis[:, q], e, e))
            offsets.append(e @ fine_dipoles[q] @ e - least[q])
        shells = _quadratic_program(normal, wanted, np.array(cuts), np.array(offsets), shells)
    raise ConfigError(
        "no short-range kernel of seven shells is stable with dipole.kernel: longitudinal for this "
        "material; use gaussian"
    )


def _quadratic_program(normal, wanted, cuts, offsets, start):
    """Shells that minimise ½ jᵀNj − wᵀj with cuts · j + offsets ≥ 0."""
    scale = np.abs(normal).max()
    found = minimize(
        lambda j: (j @ normal @ j / 2 - wanted @ j) / scale,
        start,
        jac=lambda j: (normal @ j - wanted) / scale,
        constraints={"type": "ineq", "fun": lambda j: cuts @ j + offsets, "jac": lambda _: cuts},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    return found.x


def _model(shells, waves, kernel_name, material, eta_a):
    dipoles = _dipoles(kernel_name, waves, material, eta_a)
    return np.tensordot(shells, shell_basis(waves), axes=1) + dipoles


def _dipoles(kernel_name, waves, material, eta_a):
    q = 2 * np.pi * waves.T / material.lattice_constant
    return np.moveaxis(dipole.dipole_kernel(kernel_name, q, material, eta_a), -1, 0)


def _examined():
    """Wave vectors on which the fit has to be stable, zero first; (m, 3), fractions.

    One of each star of the cubic group.
    """
    waves = zone_octant(_FINER).reshape(3, -1).T / (2 * np.pi)
    return waves[(np.diff(waves, axis=1) <= 0).all(axis=1)]


def _mesh(divisions):
    axis = np.fft.fftfreq(divisions)
    return np.array(np.meshgrid(axis, axis, axis, indexing="ij")).reshape(3, -1).T
