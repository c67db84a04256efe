"""What one kelvin of one cell's bath gives to the velocities of every other cell.

⟨v²⟩ is linear in the bath's θ(ω, T) of every cell. Without disorder along x the response of (x, y)
to (x′, y′) hangs on x − x′ alone, so its Fourier components R_k(y, y′) hold all of it: ny sources
for each k, from the pairs (q, q − k) of the modes without any further diagonalisation. A source and
its mirror image are taken as what is even and what is odd in y, as the real bases need it.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import threadpool_limits

from ferronhall.model.wave_vectors import row_pairs
from ferronhall.theory import pair


def heat_kernel(spectrum, threads=1, progress=None):
    """R_k(y, y′), Å²/ps² per K, of ⟨v²⟩ = ⟨v_x² + v_y² + v_z²⟩ in a classical bath.

    spectrum : modes.Spectrum
        Left without modes.
    progress : callable taking the work done and the whole work, optional
    returns : ndarray, shape (nx//2 + 1, ny, ny), complex; ⟨v²⟩_k(y) = Σ_y′ R_k(y, y′) T̂_k(y′)
    """
    slab = spectrum.operator.slab
    ny, waves = slab.ny, range(slab.nx // 2 + 1)
    sources = _sources(ny)
    kept = ny // 2 + 1 if spectrum.mirrored else ny
    moments = np.zeros((len(waves), len(sources), kept), complex)
    done, rows = 0, list(spectrum.rows)
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        for iz in rows:
            list(spectrum.solve_row(iz, pool.map))
            pairs = [
                (k, ix, weight)
                for k in waves
                for ix, weight in row_pairs(slab, k, iz, spectrum.mirrored)
            ]
            solved = pool.map(lambda p, iz=iz: _pair_response(spectrum, *p[:2], iz, sources), pairs)
            for (k, _, weight), found in zip(pairs, solved, strict=True):
                moments[k] += weight * found
            spectrum.forget()
            done += 1
            if progress:
                progress(done, len(rows))
    if spectrum.mirrored:
        mirrored = moments[..., : ny - kept][..., ::-1].conj()
        moments = np.concatenate([moments, mirrored], axis=-1)
    return _of_cells(moments / (slab.nx * slab.nz))


def in_space(kernel, nx):
    """⟨v²⟩ of (x, y) per kelvin at (0, y′), shape (nx, ny, ny), from R_k(y, y′)."""
    return np.fft.irfft(kernel, n=nx, axis=0)


def _sources(ny):
    """Profiles over y of unit noise in a layer plus, and minus, that in its mirror image."""
    sources = []
    for j in range((ny + 1) // 2):
        even, odd = np.zeros(ny), np.zeros(ny)
        even[[j, ny - 1 - j]] = 1
        odd[j], odd[ny - 1 - j] = 1, -1
        sources += [even] if j == ny - 1 - j else [even, -1j * odd]
    return sources


def _of_cells(moments):
    """(k, source, y) of the profiles of _sources → (k, y, y′) of the layers one by one."""
    ny = moments.shape[-1]
    result = np.empty((len(moments), ny, ny), complex)
    for j in range(ny // 2):
        even, odd = moments[:, 2 * j], 1j * moments[:, 2 * j + 1]
        result[:, :, j], result[:, :, ny - 1 - j] = (even + odd) / 2, (even - odd) / 2
    if ny % 2:
        result[:, :, ny // 2] = moments[:, -1]
    return result


def _pair_response(spectrum, k, ix, iz, sources):
    """⟨v²⟩ of every layer kept from one pair (q, q − k), for every source."""
    here, left_opposite = spectrum.modes(ix, iz)
    there, right_opposite = spectrum.modes(ix - k, iz)
    opposite = left_opposite != right_opposite
    totals = [0.0] * len(sources)
    for left, alike in zip(here, there, strict=True):
        crossed = next(modes for modes in there if left.basis.takes_odd(modes.basis))
        build_up = {id(right): pair.once(pair.white) for right in (alike, crossed)}
        for i, source in enumerate(sources):
            right = crossed if np.iscomplexobj(source) else alike
            shared = pair.shared_noise(left, right, opposite, source)
            found = pair.covariance(left, right, shared, build_up[id(right)])
            totals[i] = totals[i] + _speed(left, right, opposite, found)
    if right_opposite:
        odd = [np.iscomplexobj(source) for source in sources]
        return np.array([(-1 if o else 1) * np.conj(t) for o, t in zip(odd, totals, strict=True)])
    return np.array(totals)


def _speed(left, right, opposite, covariance):
    """Σ_c ⟨v_c v_c*⟩ of every layer kept (see pair.layer_moments)."""
    rows = left.displacement @ covariance
    w = left.basis.layers(rows if left.inertia is None else left.inertia @ rows)
    if opposite:
        np.conjugate(w, out=w)
        w[2] *= -1
    return -np.einsum("cyb,cyb->y", w, right.follow[3])
