"""Stationary covariances of the driven slab, from its modes and the waves of the bath.

The bath's T(x) = Σ_k T̂(k) exp(ikx) couples q_x to q_x − k and leaves q_z as it is: one q_z after
another is diagonalised, its pairs (q, q − k) are summed up (see pair), and its modes are let go.
The maps need the y diagonal of the covariances and, for the bonds, what stands beside it.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from ferronhall.model.wave_vectors import row_pairs
from ferronhall.theory import pair
from ferronhall.theory.bond_covariance import cell_bilinear

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
    shear : ndarray, shape (nx, ny), Å²
        ⟨w_x w_y⟩.
    bilinear : ndarray, shape (nx, ny), Å²
        Half the sum over nearest R of ⟨w_x(0) R·w(R) − w_x(R) R·w(0)⟩.
    """

    velocity: np.ndarray
    displacement: np.ndarray
    rotation: np.ndarray
    shear: np.ndarray
    bilinear: np.ndarray


def fluctuations(spectrum, baths, threads=1, progress=None):
    """Solve the Lyapunov equation for every wave vector and sum it up to maps.

    spectrum : modes.Spectrum
        Left without modes.
    baths : list of baths.ClassicalBath or baths.QuantumBath
        Driven by each of them alone; together they take little more than one.
    progress : callable taking the work done and the whole work, optional
    returns : list of Fluctuations, one for each bath
    """
    slab = spectrum.operator.slab
    waves = waves_by_k(baths)
    rows = {iz: pairs_of_row(spectrum, waves, iz) for iz in spectrum.rows}
    moments = {(n, wave): 0.0 for k in waves for n, wave in waves[k]}
    columns = list(spectrum.columns)
    done = 0
    total = sum(_BLOCK_WORK * len(columns) + len(pairs) for pairs in rows.values())

    def finished(work):
        nonlocal done
        done += work
        if progress:
            progress(done, total)

    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        for iz, pairs in rows.items():
            for solved in spectrum.solve_row(iz, pool.map):
                finished(_BLOCK_WORK * solved)
            noises = Noises(spectrum, baths)
            runs = runs_of_pairs(spectrum, pairs, iz)
            solved = pool.map(
                lambda r, iz=iz, n=noises: run_moments(spectrum, n, waves[r[0]], *r[:2], iz), runs
            )
            for (k, _, weights), found in zip(runs, solved, strict=True):
                # summed in the order of the pairs, whatever the threads' order
                for key, moment in zip(waves[k], found, strict=True):
                    moments[key] = moments[key] + np.tensordot(weights, moment, 1)
                finished(len(weights))
            spectrum.forget()
    return [
        _maps(slab, spectrum.mirrored, {w: m for (b, w), m in moments.items() if b == n})
        for n in range(len(baths))
    ]


def waves_by_k(baths):
    """k → list of (number of the bath, wave), of all waves that count."""
    waves = {}
    for n, bath in enumerate(baths):
        for wave in bath.waves:
            waves.setdefault(wave.k, []).append((n, wave))
    return waves


def pairs_of_row(spectrum, waves, iz):
    """(k, ix, weight) of the pairs (q, q − k) that stand for all at one q_z."""
    slab = spectrum.operator.slab
    return [
        (k, ix, weight) for k in waves for ix, weight in row_pairs(slab, k, iz, spectrum.mirrored)
    ]


def runs_of_pairs(spectrum, pairs, iz):
    """Pairs of small blocks that are taken together: (k, [ix, …], [weight, …]).

    Their q_x rise by 1, and on either side all modes are those of the q_x, or all those of −q_x.
    """
    nx, runs, last = spectrum.operator.slab.nx, [], None
    most = spectrum.together(iz) if spectrum.stacked(iz) else 1
    for k, ix, weight in pairs:
        sides = k, *(q % nx in spectrum.columns for q in (ix, ix - k)), (ix - k) // nx
        if last == (sides, ix - 1) and len(runs[-1][1]) < most:
            runs[-1][1].append(ix)
            runs[-1][2].append(weight)
        else:
            runs.append((k, [ix], [weight]))
        last = sides, ix
    return runs


class Noises:
    """What the baths' noise does to the modes at one q_z, each found once.

    of(modes) → for every bath F of its waves at the modes' λ, shape (waves, n), and the noise's own
    part of ⟨p p*⟩, shape (waves, 3, layers)
    """

    def __init__(self, spectrum, baths):
        self.strength = spectrum.dynamics.strength if any(map(_coloured, baths)) else None
        self.baths, self._found = baths, {}

    def of(self, modes):
        """See the class; of a stack, shapes (blocks, waves, n) and (blocks, waves, 3, layers)."""
        if id(modes) not in self._found:
            *many, n = modes.values.shape
            spectra = [bath.spectra(modes.values.ravel()) for bath in self.baths]
            spectra = [np.moveaxis(f.reshape(-1, *many, n), 0, -2) for f in spectra]
            own = [modes.own_noise(f, self.strength) if f.size else None for f in spectra]
            self._found[id(modes)] = spectra, own
        return self._found[id(modes)]

    def of_run(self, spectrum, columns, iz, basis, n, index):
        """Of one F, that of bath n, the same for a run: shapes (blocks, n), (blocks, 3, layers)."""
        whole, place = spectrum.whole(columns, iz)
        spectra, own = self.of(whole[basis])
        return spectra[n][..., index, :][place], own[n][..., index, :, :][place]


def _coloured(bath):
    return any(wave.index is not None for wave in bath.waves)


def run_moments(spectrum, noises, waves, k, columns, iz):
    """Moments of every layer kept from pairs (q, q − k), per unit of every wave at that k.

    waves : list of (number of the bath, wave)
    columns : the q_x, as runs_of_pairs has them
    returns : list of ndarrays, shape (pairs, pair.MOMENTS, layers), as in pair.layer_moments
    """
    qz = 2 * np.pi * iz / spectrum.operator.slab.nz
    others = [ix - k for ix in columns]
    here, left_opposite = spectrum.run(columns, iz)
    there, right_opposite = spectrum.run(others, iz)
    # both turned round make the conjugate
    opposite = left_opposite != right_opposite
    totals = [0.0] * len(waves)
    for b, (left, alike) in enumerate(zip(here, there, strict=True)):
        crossed = next(n for n, modes in enumerate(there) if left.basis.takes_odd(modes.basis))
        white = pair.once(pair.white)
        uniform = pair.shared_noise(left, alike, opposite)
        for i, (n, wave) in enumerate(waves):
            at, right, shared, build_up = b, alike, uniform, white
            if wave.profile is not None:
                at = crossed if wave.odd else b
                right = there[at]
                shared = pair.shared_noise(left, right, opposite, wave.profile)
                build_up = white if at == b else pair.white
            if wave.index is not None:
                f, own = noises.of_run(spectrum, columns, iz, b, n, wave.index)
                g, _ = noises.of_run(spectrum, others, iz, at, n, wave.index)
                build_up = pair.coloured(f, g, build_up)
            c = pair.covariance(left, right, shared, build_up)
            moments = pair.layer_moments(left, right, opposite, c, qz)
            if wave.index is not None:
                own = own.conj() if opposite else own
                if wave.profile is not None:
                    own = own * wave.profile[: left.basis.layers_kept]
                moments[:, :3] -= own
            totals[i] = totals[i] + moments
    if not right_opposite:
        return totals
    # a profile that is imaginary is its conjugate with the other sign
    return [
        (-1 if wave.odd else 1) * total.conj()
        for (_, wave), total in zip(waves, totals, strict=True)
    ]


def _maps(slab, mirrored, moments):
    """Sum of the waves times their moments."""
    x = np.arange(slab.nx)
    maps = np.zeros((pair.MOMENTS, slab.nx, slab.ny))
    for wave, moment in moments.items():
        phase = np.exp(2j * np.pi * wave.k * x / slab.nx)
        # −k stands for itself at 0 and at the Nyquist component
        weight = 1 if wave.k in (0, slab.nx / 2) else 2
        layers = all_layers(moment, slab.ny) if mirrored else moment
        maps += weight * np.real(wave.coefficient * phase[:, None] * layers[:, None])
    maps /= slab.nx * slab.nz
    bilinear = cell_bilinear(maps[8, :, :-1], maps[9])
    return Fluctuations(maps[:3], maps[3:6], maps[6], maps[7], bilinear)


def all_layers(moments, ny):
    """Moments of all layers, from those up to the centre and the mirror of y with conjugation.

    moments : ndarray, shape (..., pair.MOMENTS, layers), or the first ones of them
    returns : ndarray, shape (..., as many, ny)
    """
    half = moments.shape[-1]
    result = np.zeros((*moments.shape[:-1], ny), complex)
    result[..., :half] = moments
    result[..., half:] = moments[..., : ny - half][..., ::-1].conj()
    if moments.shape[-2] < pair.MOMENTS:
        return result
    # the mirror turns the bonds round, and those along y lie between layers
    result[..., 9, half:] *= -1
    result[..., 8, half - 1 :] = 0
    result[..., 8, half - 1 : ny - 1] = -moments[..., 8, : ny - half][..., ::-1].conj()
    return result
