"""The harmonic steady state under heat that is modulated in time, as cos ω_m t.

The noise's power is T(x) cos ω_m t (or θ(ω, T(x)) cos ω_m t) beside what is steady. Its covariances
follow as Re[(C + iω_m D) exp(iω_m t)], where λ_a + λ_b* in the build-up becomes λ_a + λ_b* − iω_m.
Both parts are even functions of ω_m with real coefficients,

    −1/(s − iω_m) = −(s + iω_m)/(s² + ω_m²),    s = λ_a + λ_b*

so that C and D each go with the real modes and mirrors of the static solution. Rows of w are enough
here too, with what the change in time adds: d⟨w w′*⟩/dt = ⟨p w′*⟩ + ⟨w p′*⟩ has −ω_m² D on its left
side for C, and C for D.

Of quantum statistics the noise's correlation at two times is that of the temperature half way
between them, ∝ cos ω_m (t + t′)/2: F is taken at λ − iω_m/2. Where ħω_m ≪ k_BT that is the bath at
the temperature of the moment; beyond it no bath of a temperature stands behind it.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from ferronhall.model import observables
from ferronhall.model.reference import hessian_block
from ferronhall.theory import pair
from ferronhall.theory.covariance import all_layers, pairs_of_row, waves_by_k
from ferronhall.theory.mean_field import anharmonic_force

_MAPS = 8
"""⟨v_c²⟩, ⟨w_c²⟩, ⟨w_x v_y − w_y v_x⟩ and ⟨w_x w_y⟩, as in pair.MOMENTS."""


def build_ups(omega, left=None, right=None):
    """How long the noise of two modes builds up, for C and for D (see pair.covariance).

    omega : float, rad/ps
    left, right : pairs of ndarray, shapes (n,) and (n′,), optional
        F at λ − iω_m/2 of both modes as its parts f and g, F = f + iω_m g (see halves); none for
        white noise
    """

    def parts(values, others, conjugate):
        s = values[:, None] + others
        below = s * s + omega**2
        if left is None:
            return -s / below, -1 / below
        f, g = (
            a[:, None] + (b.conj() if conjugate else b) for a, b in zip(left, right, strict=True)
        )
        return -(f * s - omega**2 * g) / below, -(f + g * s) / below

    return [lambda *of, part=part: parts(*of)[part] for part in (0, 1)]


def halves(bath, values, omega):
    """f and g with F(λ − iω_m/2) = f + iω_m g, both conjugate at conjugate λ; shapes (waves, n)."""
    if omega == 0:
        # a slope that no static response asks for
        return bath.spectra(values), 0 * bath.spectra(values)
    below, above = (bath.spectra(values + side * 1j * omega / 2) for side in (-1, 1))
    return (below + above) / 2, (below - above) / (2j * omega)


def modulated(spectrum, baths, omegas, threads=1):
    """Covariances at every frequency.

    spectrum : modes.Spectrum of the equation of motion; left without modes
    baths : list of baths.ClassicalBath or baths.QuantumBath
    omegas : sequence of float, rad/ps
    returns : ndarray, shape (frequencies, baths, 8, nx, ny), complex: what stands before
        exp(iω_m t) in ⟨v_c²⟩ (Å²/ps²), ⟨w_c²⟩ (Å²), ⟨w_x v_y − w_y v_x⟩ (Å²/ps) and ⟨w_x w_y⟩ (Å²)
    """
    slab, waves = spectrum.operator.slab, waves_by_k(baths)
    total = {(o, n, wave): 0.0 for o in range(len(omegas)) for k in waves for n, wave in waves[k]}
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        for iz in spectrum.rows:
            list(spectrum.solve_row(iz, pool.map))
            noises = _Noises(spectrum, baths, omegas)
            pairs = pairs_of_row(spectrum, waves, iz)
            solved = pool.map(
                lambda p, iz=iz, s=noises: _pair(spectrum, s, waves[p[0]], *p[:2], iz), pairs
            )
            for (k, _, weight), found in zip(pairs, solved, strict=True):
                for key, moments in zip(_keys(omegas, waves[k]), found, strict=True):
                    total[key] = total[key] + weight * moments
            spectrum.forget()
    maps = np.zeros((len(omegas), len(baths), _MAPS, slab.nx, slab.ny), complex)
    x = np.arange(slab.nx)
    for (o, n, wave), moments in total.items():
        phase = np.exp(2j * np.pi * wave.k * x / slab.nx)
        alike = 1 if wave.k in (0, slab.nx / 2) else 2
        for unit, part in zip((1, 1j * omegas[o]), moments, strict=True):
            layers = (all_layers(part, slab.ny) if spectrum.mirrored else part)[:_MAPS]
            wanted = np.real(wave.coefficient * phase[:, None] * layers[:, None])
            maps[o, n] += alike * unit * wanted
    return maps / (slab.nx * slab.nz)


def _keys(omegas, waves):
    return [(o, n, wave) for o in range(len(omegas)) for n, wave in waves]


class _Noises:
    """F of every bath at the modes of one q_z, and the noise's own part, each found once."""

    def __init__(self, spectrum, baths, omegas):
        self.baths, self.omegas, self._found = baths, omegas, {}
        self._strength = spectrum.dynamics.strength

    def of(self, modes):
        """[frequency][bath] → (f, g) and the own parts of both, shape (waves, 3, layers)."""
        if id(modes) not in self._found:
            content = []
            for omega in self.omegas:
                parts = [halves(bath, modes.values, omega) for bath in self.baths]
                own = [[modes.own_noise(p, self._strength) for p in both] for both in parts]
                content.append(list(zip(parts, own, strict=True)))
            self._found[id(modes)] = content
        return self._found[id(modes)]


def _pair(spectrum, noises, waves, k, ix, iz):
    """For every frequency and wave the moments of C and of D, shape (2, pair.MOMENTS, layers)."""
    here, left_opposite = spectrum.modes(ix, iz)
    there, right_opposite = spectrum.modes(ix - k, iz)
    opposite = left_opposite != right_opposite
    totals = [0.0] * (len(noises.omegas) * len(waves))
    for left, right in zip(here, there, strict=True):
        shared = pair.shared_noise(left, right, opposite)
        for place, (o, n, wave) in enumerate(_keys(noises.omegas, waves)):
            omega, own = noises.omegas[o], None
            if wave.index is None:
                both = build_ups(omega)
            else:
                (f, own), (g, _) = noises.of(left)[o][n], noises.of(right)[o][n]
                both = build_ups(omega, *([p[wave.index] for p in parts] for parts in (f, g)))
            rows = [
                _rows(left, opposite, pair.covariance(left, right, shared, build_up))
                for build_up in both
            ]
            moments = _moments(*rows, right.follow, omega)
            if own is not None:
                noise = np.array([part[wave.index] for part in own])
                moments[:, :3] -= noise.conj() if opposite else noise
            totals[place] = totals[place] + moments
    return [total.conj() for total in totals] if right_opposite else totals


def _rows(left, opposite, covariance):
    """Rows of w in layers, shape (3, layers, N′)."""
    rows = left.basis.layers(left.displacement @ covariance)
    if opposite:
        rows = rows.conj()
        rows[2] *= -1
    return rows


def _moments(c, d, follow, omega):
    """Moments of C and D from their rows of w, shape (2, pair.MOMENTS, layers)."""
    w, p, _, force = follow
    result = np.zeros((2, pair.MOMENTS, c.shape[1]), complex)
    for n, (own, other, factor) in enumerate(((c, d, -(omega**2)), (d, c, 1.0))):
        result[n, :3] = -_product(own, force) + factor * _product(other, p)
        result[n, 3:6] = _product(own, w)
        turns = _product(own[0], p[1]) - _product(own[1], p[0])
        # half of what the pair's transpose has more
        late = _product(other[0], w[1]) - _product(other[1], w[0])
        result[n, 6] = turns - factor * late / 2
        result[n, 7] = (_product(own[0], w[1]) + _product(own[1], w[0])) / 2
    return result


def _product(a, b):
    return np.einsum("...yb,...yb->...y", a, b)


@dataclass(frozen=True)
class DynamicResponse:
    """⟨u_x⟩ that a force of frequency ω_m brings about, the field's turning included.

    model : Model, in its own field
    stiffness : ndarray, shape (3, ny), eV/Å²
    """

    model: object
    stiffness: np.ndarray

    def __call__(self, force, omega):
        """Amplitude (Å) of ⟨u_x⟩, shape (nx, ny), ω_m in rad/ps.

        force : ndarray, shape (1 or 2, nx, ny), complex, eV/Å
            Amplitude along x, and along y.
        """
        model, slab = self.model, self.model.slab
        mass, ny = model.material.mass[0, 0], slab.ny
        friction = np.kron(np.eye(3), np.diag(model.damping))
        friction = friction - np.kron(model.field.generator, np.eye(ny))
        moving = mass * (1j * omega * friction - omega**2 * np.eye(3 * ny))
        waves = np.concatenate(list(np.fft.fft(force, axis=1)), axis=-1)
        answer = np.empty(force.shape[1:], complex)
        for ix in range(slab.nx):
            hessian = hessian_block(model.operator, self.stiffness, ix, 0)
            inverse = np.linalg.inv(hessian + moving)[:ny, : waves.shape[1]]
            answer[ix] = inverse @ waves[ix]
        return np.fft.ifft(answer, axis=0)


def observable_amplitudes(model, reference, moments, omega):
    """Complex amplitudes of every observable in ensemble.nc's units, to first order in the heat.

    model : Model, in its own field
    reference : Reference, the relaxed slab
    moments : ndarray, shape (8, nx, ny), of one frequency and bath
    returns : dict of name → ndarray, shape (nx, ny)
    """
    material = model.material
    third = material.onsite.mean_third(reference.mean)
    along, across = anharmonic_force(third, moments[3:6], moments[7])
    force = np.stack([along, across] if material.onsite.coupled else [along])
    shift = DynamicResponse(model, reference.stiffness)(force, omega)
    return {
        "kinetic_energy": observables.kinetic_energy(
            {"speed_squared": moments[:3].sum(axis=0)}, material
        ),
        "polarization": shift * material.polarization_derivative[0, 0],
        "angular_momentum": observables.angular_momentum({"rotation": moments[6]}, material),
    }


def angular_frequency(gigahertz):
    """ω_m (rad/ps) of a frequency in GHz."""
    return 2 * np.pi * gigahertz * 1e-3
