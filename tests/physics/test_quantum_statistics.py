"""The bath of quantum statistics against integrals over frequency, limits and trajectories."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import expm

from ferronhall.base import units
from ferronhall.model.field import Field
from ferronhall.theory.baths import ClassicalBath, QuantumBath, half_line_transform
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.covariance import fluctuations
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.solver import Solver
from tests.physics import harmonic

OMEGA = 80.0
ALONG_Z, TILTED = (0, 0, 1), (0.3, -0.5, 0.8)
HBAR_OVER_K = units.HBAR / units.BOLTZMANN_EV_PER_K


def oscillator_energy(omega, temperature):
    """ħω/(exp(ħω/k_BT) − 1) over k_B (K)."""
    ratio = HBAR_OVER_K * omega / temperature
    return HBAR_OVER_K * omega * np.exp(-ratio) / -np.expm1(-ratio)


def solve(model, omega, direction, bath=QuantumBath, temperature=None):
    """The library's solution about the uniform state u0."""
    field = Field(omega, direction)
    stiffness = np.repeat(model.material.onsite.hessian[:, None], model.slab.ny, axis=1)
    spectrum = Spectrum(model.operator, stiffness, EquationOfMotion.of(model, field), field)
    profile = model.temperature if temperature is None else temperature
    return fluctuations(spectrum, [bath(profile)])[0]


def matrices(model, omega, direction):
    """A (6N, 6N) of the whole slab, γ of every row of v (3N,) and T of it."""
    shape, mass = model.slab.shape, model.material.mass[0, 0]
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    damping = np.tile(np.broadcast_to(model.damping[None, :, None], shape).ravel(), 3)
    bath = np.tile(np.broadcast_to(model.temperature_map[:, :, None], shape).ravel(), 3)
    n = len(hessian)
    turn = np.kron(omega * harmonic.generator(direction), np.eye(n // 3))
    matrix = np.block([[np.zeros((n, n)), np.eye(n)], [-hessian / mass, turn - np.diag(damping)]])
    return matrix, damping, bath


def quadrature_covariance(model, omega, direction):
    """⟨s s†⟩ = (1/2π) ∫ G(ω) S(ω) G†(ω) dω by Gauss, without any mode or wave vector."""
    matrix, damping, bath = matrices(model, omega, direction)
    n, mass = len(damping), model.material.mass[0, 0]
    # resonances are some γ/2 wide, and θ is smooth but at ω = 0, where the integral ends
    nodes, weights = np.polynomial.legendre.leggauss(24)
    width, top = damping.min(), 28 * bath.max() / HBAR_OVER_K
    total = np.zeros((2 * n, 2 * n))
    for start in np.arange(0.0, top, width):
        for w, weight in zip(start + width * (nodes + 1) / 2, weights * width / 2, strict=True):
            response = np.linalg.inv(-1j * w * np.eye(2 * n) - matrix)[:, n:]
            spectrum = oscillator_energy(w, bath) * 2 * damping * units.BOLTZMANN_EV_PER_K / mass
            total += weight * ((response * spectrum) @ response.conj().T).real
    return total / np.pi


@pytest.mark.parametrize("value", [-1 + 30j, -2.5 + 100j, -3 + 0j, -20 - 1j])
@pytest.mark.parametrize("temperature", [1e-4, 1.0, 50.0, 3000.0])
def test_the_closed_form_is_the_integral(value, temperature):
    def integrand(w, part):
        kernel = -value / (value**2 + w**2) / np.pi
        return getattr(kernel, part) * oscillator_energy(w, temperature)

    top = 60 * temperature / HBAR_OVER_K
    sharp = [abs(value.imag)] if 0 < abs(value.imag) < top else None
    options = {"points": sharp, "limit": 400, "epsabs": 0, "epsrel": 1e-10}
    expected = sum(
        unit * quad(integrand, 1e-12 * top, top, args=(part,), **options)[0]
        for unit, part in ((1, "real"), (1j, "imag"))
        if part == "real" or value.imag
    )
    assert half_line_transform(value, temperature) == pytest.approx(expected, rel=1e-8)


def test_a_bath_without_heat_does_nothing():
    assert half_line_transform(-1 + 3j, 0.0) == 0
    assert QuantumBath(np.zeros(5)).spectra(np.array([-1 + 3j])).tolist() == [[0]]


def test_the_classical_limit(make_model):
    """k_BT ≫ ħω: what departs goes as T^(−2), the zero-point part, which is left out, as T^(−1)."""
    model = make_model((4, 3, 2), np.ones(4))
    profile = np.array([0.2, 1.0, 0.7, 0.1])
    hot = [1e5 * profile, 1e6 * profile]
    for moment in ("velocity", "displacement"):
        ratio = [
            getattr(solve(model, OMEGA, ALONG_Z, temperature=t), moment)
            / getattr(solve(model, OMEGA, ALONG_Z, ClassicalBath, t), moment)
            for t in hot
        ]
        off = [np.abs(r - 1).max() for r in ratio]
        assert off[1] < 3e-3
        assert off[0] / off[1] == pytest.approx(10, rel=0.1)


@pytest.mark.parametrize("damping", [0.5, 20.0, 120.0])
@pytest.mark.parametrize("hot", [5.0, 300.0])
def test_an_oscillator_has_its_exact_thermal_variance(make_model, damping, hot):
    """Each mode of a uniformly damped slab at one temperature is an oscillator by itself.

    ⟨w²⟩ = (2γ/πM) ∫ θ(ω)/[(ω0² − ω²)² + γ²ω²] dω, over- or underdamped.
    """
    shape = (4, 2, 1)
    model = make_model(shape, np.full(4, hot))
    model = replace(model, damping=np.full(2, damping))
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    mass = model.material.mass[0, 0]
    stiffness, vectors = np.linalg.eigh(hessian)
    squares = []
    for k in stiffness:
        resonance = np.sqrt(k / mass)

        def integrand(w, r=resonance):
            energy = oscillator_energy(w, hot) * units.BOLTZMANN_EV_PER_K
            return energy / ((r**2 - w**2) ** 2 + (damping * w) ** 2)

        top = 60 * hot / HBAR_OVER_K
        points = [resonance] if resonance < top else None
        options = {"points": points, "limit": 500, "epsabs": 0, "epsrel": 1e-11}
        squares.append(2 * damping / np.pi / mass * quad(integrand, 1e-9, top, **options)[0])
    expected = np.einsum("im,m,im->i", vectors, squares, vectors).reshape(3, *shape)[..., 0]
    found = solve(model, 0.0, ALONG_Z)
    np.testing.assert_allclose(found.displacement, expected, rtol=1e-7)


@pytest.mark.parametrize("direction", [ALONG_Z, TILTED])
def test_at_uniform_temperature_nothing_turns_and_the_field_does_nothing_odd(make_model, direction):
    """Fluctuation and dissipation: an equilibrium of any statistics has no L_z and no Δ_B."""
    model = make_model((5, 4, 2), np.full(5, 60.0))
    plus, minus = (solve(model, sign * OMEGA, direction) for sign in (1, -1))
    scale = np.sqrt(plus.displacement.max() * plus.velocity.max())
    zero = solve(model, 0.0, direction)
    assert np.abs(zero.rotation).max() < 1e-9 * scale
    np.testing.assert_allclose(plus.velocity, minus.velocity, rtol=1e-8)
    np.testing.assert_allclose(plus.displacement, minus.displacement, rtol=1e-8)
    # unlike the classical one it knows of the field
    assert np.abs(plus.velocity / zero.velocity - 1).max() > 0.01


@pytest.mark.parametrize("shape", [(3, 2, 1), (3, 3, 2)])
@pytest.mark.parametrize(
    ("omega", "direction"), [(0.0, ALONG_Z), (OMEGA, ALONG_Z), (OMEGA, TILTED)]
)
def test_maps_equal_a_quadrature_over_frequency(make_model, rng, shape, omega, direction):
    """No symmetry of the profile is assumed: T(x) is drawn at random."""
    model = make_model(shape, rng.uniform(20, 200, shape[0]))
    model = replace(model, damping=7 + np.abs(model.slab.y))
    found = solve(model, omega, direction)
    c = quadrature_covariance(model, omega, direction)
    n = len(c) // 2
    squares = np.diag(c).reshape(2, 3, *shape).mean(axis=-1)
    np.testing.assert_allclose(found.displacement, squares[0], rtol=1e-7)
    np.testing.assert_allclose(found.velocity, squares[1], rtol=1e-7)
    _, rotation = harmonic.maps(c, shape, 1.0)
    scale = np.sqrt(np.diag(c)[:n].max() * np.diag(c)[n:].max())
    np.testing.assert_allclose(found.rotation, rotation, rtol=0, atol=1e-8 * scale)
    shear = harmonic.shear(c, shape)
    np.testing.assert_allclose(found.shear, shear, rtol=0, atol=1e-8 * squares[0].max())
    bilinear = harmonic.bond_bilinear(c, shape)
    np.testing.assert_allclose(found.bilinear, bilinear, rtol=0, atol=1e-8 * squares[0].max())


def test_trajectories_under_noise_of_that_spectrum(make_model):
    """A driven slab advanced exactly through noise that was made beforehand by FFT."""
    shape, repeats, h, steps = (3, 2, 1), 60, 0.004, 1 << 13
    model = make_model(shape, np.array([200.0, 60.0, 20.0]))
    matrix, damping, bath = matrices(model, OMEGA, ALONG_Z)
    n, mass = len(damping), model.material.mass[0, 0]
    omega = 2 * np.pi * np.fft.rfftfreq(steps, h)
    theta = np.array([bath, *(oscillator_energy(w, bath) for w in omega[1:])]).T
    spectrum = 2 * damping[:, None] * units.BOLTZMANN_EV_PER_K * theta / mass
    rng = np.random.default_rng(11)
    size = np.sqrt(spectrum * steps / h / 2)
    normals = rng.normal(size=(repeats, 2, *size.shape))
    # periodic in time, so that the response is stationary from the first lap on
    force = np.fft.irfft(size * (normals[:, 0] + 1j * normals[:, 1]), n=steps, axis=-1)
    step = expm(h * matrix)
    enter = np.linalg.solve(matrix, step - np.eye(2 * n))[:, n:]
    state, sums = np.zeros((repeats, 2 * n)), np.zeros((repeats, 3, n))
    for t in range(2 * steps):
        state = state @ step.T + force[:, :, t % steps] @ enter.T
        if t >= steps:
            w, v = state[:, :n], state[:, n:]
            sums[:, 0] += w**2
            sums[:, 1] += v**2
            sites = n // 3
            sums[:, 2, :sites] += w[:, :sites] * v[:, sites : 2 * sites]
            sums[:, 2, :sites] -= w[:, sites : 2 * sites] * v[:, :sites]
    means = sums / steps
    found = solve(model, OMEGA, ALONG_Z)
    expected = [found.displacement.ravel(), found.velocity.ravel(), found.rotation.ravel()]
    for k, exact in enumerate(expected):
        sample = means[:, k, : exact.size]
        error = sample.std(axis=0, ddof=1) / np.sqrt(repeats)
        assert np.all(error[:1] < 0.2 * np.abs(exact).max())
        deviation = (sample.mean(axis=0) - exact) / error
        assert np.abs(deviation).max() < 4.5
        assert np.mean(deviation**2) < 2.5


def test_the_closure_follows_its_quantum_fluctuations(make_model):
    """Its variance is that of its stiffness, and moves the mean less than the classical one."""
    model = make_model((4, 5, 2), np.full(4, 300.0))
    solver = Solver(model, log=lambda _: None)
    closed = solver.quantum_reference()
    field = Field(0.0, ALONG_Z)
    spectrum = Spectrum(model.operator, closed.stiffness, EquationOfMotion.of(model, field), field)
    (again,) = fluctuations(spectrum, [QuantumBath(model.temperature)])
    np.testing.assert_allclose(
        again.displacement[0], np.tile(closed.variance[0], (4, 1)), rtol=1e-6
    )
    classical = solver.closure()
    quantum = solver.closure("quantum")
    assert quantum.means[1].mean() > classical.means[1].mean()
