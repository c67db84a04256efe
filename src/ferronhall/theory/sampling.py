"""What the interval between samples does to the error of a time average, in the harmonic slab.

The mean of a quantity a·s over a long time t, sampled at every k-th substep h, has the variance

    (h/t) Σ_n S(2πn/k),   n = 0 … k − 1

with S(θ) the spectral density of the sequence that all substeps make. Only S(0) belongs to a time
average; what oscillates at a multiple of the sampling rate passes for a constant and adds to it.
The state follows s ← P s + N ξ with independent normals ξ, so

    S(θ) = |a† (1 − P e^{−iθ})⁻¹ N|²

without any covariance, for any profile of the bath.
"""

import numpy as np

from ferronhall.model.map_algebra import edge_weights
from ferronhall.model.reference import hessian_block
from ferronhall.theory.block_dynamics import Substep
from ferronhall.theory.layer_basis import layer_bases

_ANGLES_AT_ONCE = 64
"""Bounds the memory: each takes a matrix of the size of a block."""


def edge_variance_ratio(model, every, reference):
    """Variance of the mean edge accumulation of P at zero field, by the interval of its samples.

    every, reference : int
        Substeps from one sample to the next, of the samples asked about and of those they are
        compared with.
    returns : float, the first variance over the second; 1 where no bath moves anything
    """
    cells = model.cells
    weights = edge_weights(cells.x, cells.y, cells.flank, cells.edge)
    return _variance_ratio(model, weights, every, reference)


def corner_variance_ratio(model, every, reference):
    """The same of the edge accumulation read at one face and one flank alone."""
    cells = model.cells
    weights = edge_weights(
        cells.x, cells.y, cells.flank & (cells.x > 0), cells.edge & (cells.y > 0)
    )
    return _variance_ratio(model, weights, every, reference)


def _variance_ratio(model, weights, every, reference):
    asked, compared = (_aliased(model, weights, k) for k in (every, reference))
    return float(asked / compared) if compared > 0 else 1.0


def _aliased(model, weights, every):
    """Σ_n S(2πn/every) of Σ weights(x, y) w_x, the sum over z being a mean."""
    half = np.arange(every // 2 + 1)
    # S is even, so −n need not be computed
    counts = np.where((half == 0) | (2 * half == every), 1, 2)
    parts = np.array_split(2 * np.pi * half / every, -(-len(half) // _ANGLES_AT_ONCE))
    return counts @ np.concatenate([spectral_density(model, weights, part) for part in parts])


def spectral_density(model, weights, angles):
    """S of the z-averaged displacement along x at zero field (Å², times the weights' unit squared).

    weights : ndarray, shape (nx, ny)
        a, the same in every cell along z.
    angles : ndarray, shape (n,)
        θ, phase from one substep to the next.
    returns : ndarray, shape (n,)
    """
    slab, field = model.slab, model.field.at(0)
    stiffness = model.rest_stiffness
    dynamics = Substep.of(model, field, model.h)
    bases = layer_bases(model.operator, stiffness, field, 0)
    turns = np.exp(-1j * angles)[:, None, None]
    waves = np.fft.ifft(weights, axis=0)
    answer = np.zeros((len(angles), slab.nx, 3 * slab.ny), complex)
    for ix in range(slab.nx):
        hessian = hessian_block(model.operator, stiffness, ix, 0)
        for basis in bases:
            along = basis.functions[: slab.ny].T @ waves[ix]
            if not np.any(along):
                continue
            step, noise = dynamics.propagator(basis.project(hessian), basis)
            target = np.append(along, np.zeros_like(along))[None, :, None]
            resolvent = np.eye(len(step)) - turns * step.T
            felt = np.linalg.solve(resolvent, target)[..., 0] @ noise
            answer[:, ix] += felt @ basis.functions.conj().T
    # from the waves of the normals to the normals of every column, each as strong as its bath
    columns = np.fft.fft(answer, axis=1)
    return np.einsum("nxj,x->n", np.abs(columns) ** 2, model.temperature) / slab.nz
