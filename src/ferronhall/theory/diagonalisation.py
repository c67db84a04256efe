"""The eigenmodes of blocks, and whether they can be relied on.

Where two modes fall into one, as at γ = 2ω under uniform damping, there are too few of them, and
near it they lose in rounding what they nearly share. What a uniform temperature of 1 K does in one
block is known without them, ⟨w w†⟩ = k_B H⁻¹, for the equation of motion and for the substep: modes
that miss it are not used, but those of a damping some 10⁻⁷ away.

Small blocks are diagonalised many at a time; one that then misses is tried again by itself.
"""

from dataclasses import replace

import numpy as np

from ferronhall.base import units
from ferronhall.base.errors import TheoryError
from ferronhall.theory.block_modes import Modes, in_pairs
from ferronhall.theory.pair import covariance, white

_STEPS = (0.0, 1e-7, -3e-7, 1e-6, -3e-6)
"""Relative changes of the damping that are tried in turn, while they help."""

_MISSED, _MOST_MISSED = 1e-8, 1e-5
"""Part of ⟨w w†⟩ by which modes may miss it: without another try, and at all.

Weak damping alone misses by the ratio of ω to it in roundings, 10⁻⁶ at 10⁻⁵/ps, which no step
helps; nor does one help modes that strong damping in an oblique field leaves all but parallel.
"""


_TOGETHER_BYTES = 1e6
"""Of the vectors of blocks that are taken at a time: more would not stay in a core's cache."""


def blocks_together(bases):
    """How many blocks, solved in these bases, are taken at a time."""
    size = max(basis.adjoint.shape[0] for basis in bases)
    return max(1, int(_TOGETHER_BYTES / (16 * (2 * size) ** 2)))


def diagonalise(dynamics, hessians, basis):
    """Modes of blocks in one basis, from their Hessians of shape (blocks, 3 ny, 3 ny): a list.

    raises : TheoryError when the modes do not give the equilibrium of a uniform temperature
    """
    projected = basis.project_all(hessians)
    together = _together(dynamics, projected, basis) if len(projected) > 1 else None
    if together is None:
        return [_one(dynamics, hessian, basis) for hessian in projected]
    modes, missed = together
    return [
        modes[n] if missed[n] < _MISSED else _one(dynamics, projected[n], basis)
        for n in range(len(projected))
    ]


def _together(dynamics, projected, basis):
    """Modes of all blocks as a stack, and what each of them misses.

    None where some have other numbers of modes, or none are found.
    """
    matrices, noise = dynamics.matrices(projected, basis)
    try:
        values, vectors = np.linalg.eig(matrices)
        if basis.real:
            oscillating = values.imag > 0
            if not np.all(2 * oscillating.sum(axis=1) == values.shape[1]):
                return None
        modes = _modes(values, vectors, noise, basis, dynamics.inertia(projected))
    except np.linalg.LinAlgError:
        return None
    missed = _sum_rule(modes, projected)
    return modes, np.where(dynamics.growth(modes.values).max(axis=1) >= 0, 0.0, missed)


def _one(dynamics, projected, basis):
    """Modes of one block, from its Hessian in the basis."""
    least, best = np.inf, None
    for step in _STEPS:
        near = replace(dynamics, damping=dynamics.damping * (1 + step)) if step else dynamics
        matrix, noise = near.matrices(projected, basis)
        try:
            modes = _modes(*np.linalg.eig(matrix), noise, basis, near.inertia(projected))
        except np.linalg.LinAlgError:
            continue
        # a block that grows has no equilibrium to compare with, and is refused by its growth
        grows = near.growth(modes.values).max() >= 0
        missed = 0.0 if grows else float(_sum_rule(modes, projected))
        helped = missed < least / 2
        if missed < least:
            least, best = missed, modes
        if least < _MISSED or not helped:
            break
    if least > _MOST_MISSED:
        raise TheoryError(
            f"the slab's modes are so nearly parallel that a part {least:.1g} of their covariance "
            "is lost in rounding; lower damping.gamma_bulk_per_ps and damping.gamma_edge_per_ps, "
            "or turn field.direction along z"
        )
    return best


def _modes(values, vectors, noise, basis, inertia):
    m = noise.shape[-1]
    driven = np.concatenate([np.zeros_like(noise), noise], axis=-2)
    if not basis.real:
        drive = np.linalg.solve(vectors, driven)
        w, p = vectors[..., :m, :], vectors[..., m:, :]
        return Modes(basis, values, np.ones(values.shape), w, p, drive, inertia)
    chosen, size = values.imag >= 0, vectors.shape[-1]
    # a stack has as many of them in every block
    many = values.shape[:-1]
    vectors = np.swapaxes(vectors, -1, -2)[chosen].reshape(*many, -1, size)
    vectors, values = np.swapaxes(vectors, -1, -2), values[chosen].reshape(*many, -1)
    twin = values.imag > 0
    parts = np.concatenate([vectors.real, vectors.imag], axis=-1)
    # s = Σ 2 Re(v d) over modes that have a conjugate, and v d of those that are their own
    if twin.all():
        drive = np.linalg.solve(parts, driven)
        drive *= np.repeat([0.5, -0.5], values.shape[-1])[:, None]
    else:
        columns = np.hstack([vectors.real, vectors.imag[:, twin]])
        drive = in_pairs(np.linalg.solve(columns, driven), twin)
    share = np.where(twin, 1.0, 0.5)
    w, p = parts[..., :m, :], parts[..., m:, :]
    return Modes(basis, values.astype(complex), share, w, p, drive, inertia)


def _sum_rule(modes, hessian):
    """Relative distance of ⟨w w†⟩ at 1 K from k_B H⁻¹, on a few random displacements."""
    shared = modes.drive @ _adjoint(modes.drive)
    probes = np.random.default_rng(0).standard_normal((hessian.shape[-1], 4))
    pulled = _adjoint(modes.displacement) @ (hessian @ probes)
    found = modes.displacement @ (covariance(modes, modes, shared, white) @ pulled)
    found = found / units.BOLTZMANN_EV_PER_K
    return np.linalg.norm(found - probes, axis=(-2, -1)) / np.linalg.norm(probes)


def _adjoint(matrix):
    return np.swapaxes(matrix, -1, -2).conj()
