"""The seven shells of K_sr that stand, with a dipolar kernel, for the projected kernel K(q).

`gaussian` leaves a smooth remainder, which the shells meet on the commensurate wave vectors. S11
(`longitudinal`) leaves one that jumps at the zone boundary: there the shells are fitted over the
zone, under the condition that no mode becomes softer than the one at Γ.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import minimize

from ferronhall.base.errors import ConfigError
from ferronhall.model import dipole, short_range

_ZONE = 12
"""Divisions of the mesh over which the fit to S11 is made; even, so that it holds the corners."""

_STABLE_ON = 24
"""Divisions of the mesh on which the fit has to be stable."""

_MARGIN = 0.25
"""Least stiffness (eV/Å²) over the mode at Γ that the fit keeps at the zone's corner R.

Towards Γ the condition falls off as the acoustic (3 − Σ cos q_i a)/6: there every kernel vanishes.
"""

_LONG_WAVES = 1.0
"""Waves with |q|a well below this weigh most in the fit, since the transport is theirs."""

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
        Smallest eigenvalue of K_sr + K_dip over the zone but Γ; negative: unstable between them.
    """

    shells: tuple
    residual: float
    softest: float


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
    target = (kernels - kernels[origin]).real
    shells = _residual(target, waves, material, eta_a)
    if kernel_name == "longitudinal":
        shells = _zone_fit(shells, material, eta_a)
    reached = np.tensordot(shells, shell_basis(waves), axes=1)
    reached = reached + _dipoles(kernel_name, waves, material, eta_a)
    zone = _mesh(_STABLE_ON)
    zone = zone[np.abs(zone).max(axis=1) > 0]
    softest = np.linalg.eigvalsh(_model(shells, zone, kernel_name, material, eta_a))[:, 0].min()
    residual = float(np.sqrt(np.mean((target - reached) ** 2)))
    return ShellFit(tuple(float(j) for j in shells), residual, float(softest))


def _residual(target, waves, material, eta_a):
    """Shells for the smooth dipoles: least squares on the mesh, exact for 3 × 3 × 3."""
    rest = target - _dipoles("gaussian", waves, material, eta_a)
    basis = shell_basis(waves)
    return np.linalg.lstsq(basis.reshape(7, -1).T, rest.ravel(), rcond=None)[0]


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
    fine = _mesh(_STABLE_ON)
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


def _mesh(divisions):
    axis = np.fft.fftfreq(divisions)
    return np.array(np.meshgrid(axis, axis, axis, indexing="ij")).reshape(3, -1).T
