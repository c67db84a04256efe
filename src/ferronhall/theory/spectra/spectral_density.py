"""Which modes a moment of the steady state is made of, by their frequency and wave vector.

The moment is a weighted sum over the slab, such as an edge accumulation. Its spectral density is
that of G(ω) S(ω) G†(ω), and as two modes share 1/(−iω − λ_a) · 1/(iω − λ_b*), a band of frequency
holds of each pair what the bath drives of a and of b in it,

    ⟨a b*⟩_band = −[F_k(λ_a; band) + F_k(λ_b*; band)]/(λ_a + λ_b*) d_a · d_b*

The covariance of q and q − k counts half at the one and half at the other: a's part at q, b's at
q − k.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from ferronhall.theory.covariance import pairs_of_row, waves_by_k
from ferronhall.theory.pair import white
from ferronhall.theory.spectra.frequency_bands import Bands

_SPEED, _ROTATION = np.zeros((2, 6, 6))
_SPEED[3:, 3:] = np.eye(3)
_ROTATION[[0, 4, 1, 3], [4, 0, 3, 1]] = 0.5, 0.5, -0.5, -0.5
_SQUARES = [np.diag(np.arange(6) == component).astype(float) for component in range(3)]
_SHEAR = np.zeros((6, 6))
_SHEAR[[0, 1], [1, 0]] = 0.5
PATTERNS = {
    "speed": _SPEED,
    "rotation": _ROTATION,
    "longitudinal": _SQUARES[0],
    "along_y": _SQUARES[1],
    "along_z": _SQUARES[2],
    "shear": _SHEAR,
}
"""⟨v²⟩, ⟨w_x v_y − w_y v_x⟩, ⟨w_x²⟩, ⟨w_y²⟩, ⟨w_z²⟩ and ⟨w_x w_y⟩ as forms of (w, v) in a cell."""

_ODD_IN_Y = ("rotation", "shear")
"""Those that the mirror of y turns round."""


@dataclass(frozen=True)
class Functional:
    """A weighted sum of moments over the slab.

    weights : dict of a name in PATTERNS → ndarray, shape (nx, ny)
        What a cell's moment, averaged over z, counts.
    """

    weights: dict

    def form(self, k):
        """It for what the wave exp(ikx) brings about, a sparse form of (w, v) in all layers."""
        return sum(self._part(name, k) for name in self.weights)

    def _part(self, name, k):
        weights = self.weights[name]
        nx = len(weights)
        turned = np.exp(2j * np.pi * k / nx * np.arange(nx)) @ weights
        # −k stands for itself at 0 and at the Nyquist component
        turned *= (1 if k in (0, nx / 2) else 2) / nx
        return sparse.kron(PATTERNS[name], sparse.diags_array(turned), format="csr")

    def less_mirrored(self):
        """It less itself in the mirror image in y: of the state at +Ω_B, that less −Ω_B."""
        return Functional(
            {
                name: weights + weights[:, ::-1]
                if name in _ODD_IN_Y
                else weights - weights[:, ::-1]
                for name, weights in self.weights.items()
            }
        )


def spectral_density(spectrum, baths, functionals, bands, threads=1):
    """Resolve functionals of the steady state.

    spectrum : modes.Spectrum
        Of the equation of motion; left without modes.
    baths : list of baths.ClassicalBath or baths.QuantumBath
    functionals : list of Functional
    bands : frequency_bands.Bands
    returns : ndarray, shape (baths, functionals, nx // 2 + 1, nz // 2 + 1, bands), by |q_x|, |q_z|
        and frequency, whose sum is the functional of covariance.fluctuations; and the number of
        modes in the last three
    """
    slab, waves = spectrum.operator.slab, waves_by_k(baths)
    forms = {k: [functional.form(k) for functional in functionals] for k in waves}
    thermal = {
        n: bands.thermal(bath)
        for n, bath in enumerate(baths)
        if any(wave.index is not None for wave in bath.waves)
    }
    sizes = slab.nx // 2 + 1, slab.nz // 2 + 1, len(bands)
    density = np.zeros((len(baths), len(functionals), *sizes))
    count = np.zeros(sizes)

    def resolve(task):
        k, ix, _ = task
        sides = blocks[ix % slab.nx], blocks[(ix - k) % slab.nx]
        parts = (
            _resolve(waves[k], forms[k], thermal, len(baths), *basis)
            for basis in zip(*sides, strict=True)
        )
        return sum(parts)

    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        for iz in spectrum.rows:
            list(spectrum.solve_row(iz, pool.map))
            blocks = [_blocks(spectrum, baths, bands, ix, iz) for ix in range(slab.nx)]
            stands_for = 1 if iz in (0, slab.nz / 2) else 2
            for ix, bases in enumerate(blocks):
                place = count[min(ix, slab.nx - ix), iz]
                for block in bases:
                    np.add.at(place, bands.of(block.values), stands_for / 2)
            pairs = pairs_of_row(spectrum, waves, iz)
            for (k, ix, weight), found in zip(pairs, pool.map(resolve, pairs), strict=True):
                for side, q in enumerate((ix, ix - k)):
                    q = min(q % slab.nx, -q % slab.nx)
                    density[:, :, q, iz] += weight / slab.nz * found[side]
            spectrum.forget()
    return density, count


@dataclass(frozen=True)
class _Block:
    """All modes of one wave vector in one basis, and what the baths drive of them."""

    values: np.ndarray
    vectors: np.ndarray
    drive: np.ndarray
    spectra: list
    bands: Bands

    @cached_property
    def white(self):
        return self.bands.white(self.values)

    @cached_property
    def lines(self):
        return self.bands.lines(self.values)

    def driven(self, parts, bath, wave, thermal):
        """Σ over modes of parts, shape (functionals, n), times F of a wave, by band."""
        if wave.index is None:
            return parts @ self.white.T
        by_point = np.tensordot(parts, self.lines, (1, 2))
        found = np.zeros((len(parts), len(self.bands)), complex)
        found[:, :-1] = np.einsum("obp,bp->ob", by_point, thermal[bath][wave.index])
        # what lies above all bands, and what the interpolation missed where θ is steep, near 0
        found[:, 0] += parts @ self.spectra[bath][wave.index] - found.sum(axis=1)
        return found


def _blocks(spectrum, baths, bands, ix, iz):
    """The modes at (q_x, q_z), a _Block for each basis."""
    bases, opposite = spectrum.modes(ix, iz)
    complete = [modes.complete(opposite) for modes in bases]
    return [_Block(*c, [bath.spectra(c[0]) for bath in baths], bands) for c in complete]


def _resolve(waves, forms, thermal, baths, left, right):
    """What one pair counts by band, its left modes' part and its right modes' part.

    waves : list of (number of the bath, wave)
    forms : list of the functionals' sparse forms
    baths : int, number of them
    returns : two ndarrays, shape (baths, functionals, bands)
    """
    used = np.unique(np.concatenate([form.indices for form in forms]))
    here, there = left.vectors[used], right.vectors[used].conj()
    covariance = left.drive @ right.drive.conj().T
    covariance *= white(left.values, right.values.conj(), True)
    after, before = covariance @ there.T, here @ covariance
    inside = [form[used][:, used].T for form in forms]
    of_left = np.array([np.einsum("ja,aj->a", form @ here, after) for form in inside])
    of_right = np.array([np.einsum("jb,jb->b", form @ before, there) for form in inside]).conj()
    found = np.zeros((2, baths, len(forms), len(left.bands)))
    for n, wave in waves:
        found[0, n] += (wave.coefficient * left.driven(of_left, n, wave, thermal)).real
        coefficient = np.conj(wave.coefficient)
        found[1, n] += (coefficient * right.driven(of_right, n, wave, thermal)).real
    return found
