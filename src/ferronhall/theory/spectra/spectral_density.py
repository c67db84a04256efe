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

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from ferronhall.theory.covariance import pairs_of_row, waves_by_k
from ferronhall.theory.spectra.driven_modes import (
    DrivenModes,
    Forms,
    counted,
    counted_by_all,
)

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
    in_layers = {k: [functional.form(k) for functional in functionals] for k in waves}
    in_bases = {}
    thermal = {
        n: bands.thermal(bath)
        for n, bath in enumerate(baths)
        if any(wave.index is not None for wave in bath.waves)
    }
    sizes = slab.nx // 2 + 1, slab.nz // 2 + 1, len(bands)
    density = np.zeros((len(baths), len(functionals), *sizes))
    count = np.zeros(sizes)

    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        for iz in spectrum.rows:
            list(spectrum.solve_row(iz, pool.map))
            bases = tuple(spectrum.bases(iz))
            if bases not in in_bases:
                in_bases[bases] = {
                    k: _in_bases(forms, k, slab.nx, bases) for k, forms in in_layers.items()
                }
            row = _Row(spectrum, baths, bands, thermal, len(functionals), in_bases[bases], iz)
            stands_for = 1 if iz in (0, slab.nz / 2) else 2
            for ix in range(slab.nx):
                place = count[min(ix, slab.nx - ix), iz]
                for modes in spectrum.modes(ix, iz)[0]:
                    # one of a pair of conjugates stands for both
                    each = 2 * modes.share if modes.basis.real else modes.share
                    np.add.at(place, bands.of(modes.values), each * stands_for / 2)
            pairs = pairs_of_row(spectrum, waves, iz)
            solved = pool.map(lambda p, row=row: row.resolve(waves[p[0]], *p[:2]), pairs)
            for (k, ix, weight), found in zip(pairs, solved, strict=True):
                for side, q in enumerate((ix, ix - k)):
                    q = min(q % slab.nx, -q % slab.nx)
                    density[:, :, q, iz] += weight / slab.nz * found[side]
            spectrum.forget()
    return density, count


class _Row:
    """The blocks at one q_z, solved, and the functionals of their pairs."""

    def __init__(self, spectrum, baths, bands, thermal, functionals, forms, iz):
        self.thermal, self.baths, self.nx = thermal, len(baths), spectrum.operator.slab.nx
        self.blocks = {
            ix: [
                DrivenModes(modes, [bath.spectra(modes.values) for bath in baths], bands)
                for modes in spectrum.modes(ix, iz)[0]
            ]
            for ix in spectrum.columns
        }
        self.real, self.functionals = spectrum.mirrored, functionals
        self.forms = forms

    def resolve(self, waves, k, ix):
        """What one pair counts by band, its left modes' part and its right modes' part.

        waves : list of (number of the bath, wave)
        returns : two ndarrays, shape (baths, functionals, bands)
        """
        nx, sides, opposite = self.nx, [], []
        for q in (ix % nx, (ix - k) % nx):
            opposite.append(q not in self.blocks)
            sides.append(self.blocks[nx - q if opposite[-1] else q])
        total = np.zeros((2, self.baths, self.functionals, len(sides[0][0].bands)))
        for forms, left, right in zip(self.forms[k], *sides, strict=True):
            if not len(forms.used):
                continue
            count = counted if self.real else counted_by_all
            parts = count(forms, left, right, opposite)
            for side, (modes, part) in enumerate(zip((left, right), parts, strict=True)):
                for n, wave in waves:
                    by_band = modes.by_band(n, wave.index, self.thermal)
                    total[side, n] += self._driven(part, by_band.T, wave, k, side)
        return total

    def _driven(self, parts, by_band, wave, k, side):
        """What modes count of a wave, at the right of its conjugate, shape (functionals, bands)."""
        if not self.real:
            coefficient = np.conj(wave.coefficient) if side else wave.coefficient
            return (coefficient * (parts @ by_band)).real
        counts = parts.real @ by_band.real - parts.imag @ by_band.imag
        coefficient, some = wave.coefficient / _phase(k, self.nx), self.functionals
        found = coefficient.real * counts[:some]
        if len(counts) > some:
            found -= coefficient.imag * counts[some:]
        return found


def _in_bases(forms, k, nx, bases):
    """Forms of (w, v) in all layers in each of some bases, a list of Forms.

    In a real basis their real parts and, where there are any, after them the imaginary ones, with x
    counted from the slab's middle: what the mirrors leave as it is has none.
    """
    if not bases[0].real:
        return [Forms.of(forms)]
    inside = []
    for basis in bases:
        functions = sparse.block_diag([basis.functions] * 2, format="csr")
        adjoint = functions.conj().T * _phase(k, nx)
        # of symmetric forms, and C is Φ c Φ†
        inside.append([(adjoint @ form @ functions).T.tocsr() for form in forms])
    for each in inside:
        for form, before in zip(each, forms, strict=True):
            # what is left of cancelled terms is rounding
            least = 1e-14 * abs(before).max()
            form.data.real[abs(form.data.real) <= least] = 0
            form.data.imag[abs(form.data.imag) <= least] = 0
    parts = [[f.real for f in each] + [f.imag for f in each] for each in inside]
    if not any(form.data.any() for each in parts for form in each[len(forms) :]):
        parts = [each[: len(forms)] for each in parts]
    for each in parts:
        for form in each:
            form.eliminate_zeros()
    return [Forms.of(each) for each in parts]


def _phase(k, nx):
    """That of exp(−ikx) in the slab's middle."""
    return np.exp(-1j * np.pi * k * (nx - 1) / nx)
