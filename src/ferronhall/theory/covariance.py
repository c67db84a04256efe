"""Stationary covariances of the driven slab, from its modes and the temperature profile.

The bath's temperature T(x) = Σ_k T̂(k) exp(ikx) couples q_x to q_x − k, and in the eigenmodes the
Lyapunov equation A C + C A† + T̂ B B† = 0 is solved term by term: ⟨a b*⟩ is the noise a and b have
in common, times how long it builds up. The maps need the y diagonal of C and, for the bonds, what
stands beside it.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from ferronhall.model.wave_vectors import wave_vector_pairs
from ferronhall.theory.bond_covariance import cell_bilinear, y_bonds, z_bonds

_NEGLIGIBLE = 1e-6
"""Fourier components of T(x) below this part of their largest are left out."""

_BLOCK_WORK = 10
"""About how many pairs of wave vectors take the time of one diagonalisation."""


@dataclass(frozen=True)
class Fluctuations:
    """z-averaged moments of the stationary state.

    velocity : ndarray, shape (3, nx, ny), Å²/ps²
        ⟨v_c²⟩.
    displacement : ndarray, shape (3, nx, ny), Å²
        ⟨w_c²⟩.
    rotation : ndarray, shape (nx, ny), Å²/ps
        ⟨w_x v_y − w_y v_x⟩.
    bilinear : ndarray, shape (nx, ny), Å²
        Half the sum over nearest R of ⟨w_x(0) R·w(R) − w_x(R) R·w(0)⟩.
    """

    velocity: np.ndarray
    displacement: np.ndarray
    rotation: np.ndarray
    bilinear: np.ndarray


def profile_components(temperature):
    """Fourier components T̂(k) of T(x) with k ≥ 0 that count.

    temperature : ndarray, shape (nx,), K
    returns : dict k → complex, K
    """
    nx = len(temperature)
    components = np.fft.rfft(temperature) / nx
    largest = np.abs(components).max()
    return {k: c for k, c in enumerate(components) if abs(c) > _NEGLIGIBLE * largest}


def fluctuations(spectrum, temperature, threads=1, progress=None):
    """Solve the Lyapunov equation for every wave vector and sum it up to maps.

    spectrum : modes.Spectrum
    temperature : ndarray, shape (nx,), K
    progress : callable taking the work done and the whole work, optional
    returns : Fluctuations
    """
    slab = spectrum.operator.slab
    components = profile_components(temperature)
    pairs = [
        (k, ix, iz, weight)
        for k in components
        for ix, iz, weight in wave_vector_pairs(slab, k, spectrum.mirrored)
    ]
    moments = dict.fromkeys(components, 0.0)
    done, total = 0, _BLOCK_WORK * len(spectrum.wave_vectors) + len(pairs)

    def finished(work):
        nonlocal done
        done += work
        if progress:
            progress(done, total)

    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(lambda q: spectrum.solve(*q), spectrum.wave_vectors):
            finished(_BLOCK_WORK)
        solved = pool.map(lambda p: p[3] * pair_moments(spectrum, *p[:3]), pairs)
        for (k, *_), moment in zip(pairs, solved, strict=True):
            # summed in the order of the pairs, whatever the threads' order
            moments[k] = moments[k] + moment
            finished(1)
    return _maps(slab, components, moments)


def pair_moments(spectrum, k, ix, iz):
    """Moments of every layer from one pair (q, q − k) per kelvin of T̂(k).

    returns : ndarray, shape (8, ny): ⟨v_c²⟩, ⟨w_c²⟩, ⟨w_x v_y − w_y v_x⟩ and the bonds' bilinear
        The last two symmetrised, as the pair stands for its transpose too.
    """
    total = 0.0
    qz = 2 * np.pi * iz / spectrum.operator.slab.nz
    here, there = spectrum.modes(ix, iz), spectrum.modes(ix - k, iz)
    for left, right in zip(here, there, strict=True):
        a = left.representative
        common = a.drive @ right.drive.conj().T
        covariance = common * spectrum.dynamics.build_up(a.values, right.values)
        m = len(a.values)
        x = (a.vectors.reshape(-1, m) @ covariance).reshape(right.vectors.shape)
        b = right.vectors.conj()
        squares = np.einsum("scyb,scyb->scy", x, b)
        rotation = _product(x[0, 0], b[1, 1]) + _product(x[1, 1], b[0, 0])
        rotation -= _product(x[0, 1], b[1, 0]) + _product(x[1, 0], b[0, 1])
        bonds = cell_bilinear(y_bonds(x[0], b[0]), z_bonds(x[0], b[0], qz))
        moments = np.concatenate([squares[1], squares[0], rotation[None] / 2, bonds[None]])
        if left.partners:
            # the mirror turns the bonds round
            mirrored = moments[:, ::-1].conj()
            mirrored[7] *= -1
            moments = moments + mirrored
        total = total + moments
    return total


def _product(a, b):
    return np.einsum("yb,yb->y", a, b)


def _maps(slab, components, moments):
    """Sum of the Fourier components T̂(k) exp(ikx) times their moments."""
    x = np.arange(slab.nx)
    maps = np.zeros((8, slab.nx, slab.ny))
    for k, component in components.items():
        wave = np.exp(2j * np.pi * k * x / slab.nx)
        # −k stands for itself at 0 and at the Nyquist component
        weight = 1 if k in (0, slab.nx / 2) else 2
        maps += weight * np.real(component * wave[:, None] * moments[k][:, None])
    maps /= slab.nx * slab.nz
    return Fluctuations(maps[:3], maps[3:6], maps[6], maps[7])
