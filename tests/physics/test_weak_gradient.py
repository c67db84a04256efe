"""Coefficients of a weak gradient and field: dense waves, full solutions, limits, units by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import solve_continuous_lyapunov, solve_sylvester

from ferronhall.base import units
from ferronhall.base.errors import TheoryError
from ferronhall.model.field import Field, splitting
from ferronhall.model.model import Model
from ferronhall.model.reference import closure_reference
from ferronhall.model.slab_operator import SlabOperator
from ferronhall.model.statistics import CLASSICAL, QUANTUM
from ferronhall.theory.baths import BATHS, QuantumBath
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.covariance import fluctuations
from ferronhall.theory.linear_response.doubling import covariance, resolvent
from ferronhall.theory.linear_response.neighbouring_waves import NeighbouringWaves
from ferronhall.theory.linear_response.temperature_waves import WaveBath, half_line_slope
from ferronhall.theory.linear_response.thermal_noise import holds_for, thermally_driven
from ferronhall.theory.linear_response.weak_gradient import WeakGradient, with_columns
from ferronhall.theory.mean_field import closure_mean
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.solver import observable_maps
from tests.physics import harmonic

ALONG_Z, TILTED = (0.0, 0.0, 1.0), (0.3, -0.5, 0.8)
HBAR_OVER_K = units.HBAR / units.BOLTZMANN_EV_PER_K


def stiffness_at_minimum(model):
    return np.repeat(model.material.onsite.hessian[:, None], model.slab.ny, axis=1)


def wave_component(maps):
    """What stands before exp(ikx) of the longest wave, (..., nx, ny) → (..., ny)."""
    return np.fft.fft(maps, axis=-2)[..., 1, :] / maps.shape[-2]


def without_jump(model):
    """The slab's operator with the limit q_x → 0 of its kernel at q = 0."""
    old = model.operator
    rest = (model.material, old.bonds, old.dipole_kernel, old.eta_a)
    near = SlabOperator.build(replace(model.slab, nx=1), *rest, qx=np.array([1e-6]))
    kernel = old.kernel.copy()
    kernel[:, :, 0, 0, 0] = near.kernel[:, :, 0, 0, 0]
    return replace(old, kernel=kernel)


@pytest.mark.parametrize("value", [-1 + 30j, -3 + 0j, -2.5 - 100j])
@pytest.mark.parametrize("temperature", [1.0, 50.0, 3000.0])
def test_the_slope_of_the_transform_is_its_integral(value, temperature):
    def integrand(w, part):
        ratio = HBAR_OVER_K * w / temperature
        slope = (ratio / 2 / np.sinh(ratio / 2)) ** 2
        return getattr(-value / (value**2 + w**2) / np.pi, part) * slope

    top = 80 * temperature / HBAR_OVER_K
    sharp = [abs(value.imag)] if 0 < abs(value.imag) < top else None
    options = {"points": sharp, "limit": 400, "epsabs": 0, "epsrel": 1e-10}
    expected = sum(
        unit * quad(integrand, 1e-12 * top, top, args=(part,), **options)[0]
        for unit, part in ((1, "real"), (1j, "imag"))
        if part == "real" or value.imag
    )
    assert half_line_slope(np.array([value]), temperature)[0] == pytest.approx(expected, rel=1e-8)


def test_hot_quantum_baths_are_classical():
    values = np.array([-1 + 30j, -5 + 150j, -3 + 0j])
    np.testing.assert_allclose(half_line_slope(values, 1e6), 0.5, atol=1e-3)


def damped_block(rng, m):
    """H/M (1/ps²), damping and turning (1/ps) and noise of m coupled oscillators of 10 to 120."""
    turn, _ = np.linalg.qr(rng.standard_normal((m, m)))
    stiffness = turn * rng.uniform(10, 120, m) ** 2 @ turn.T
    turning = rng.standard_normal((m, m))
    decay = 2 * (turning - turning.T) - np.diag(rng.uniform(1, 6, m))
    return stiffness, decay, np.diag(rng.uniform(1, 2, m))


def generator(stiffness, decay):
    m = len(decay)
    return np.block([[np.zeros((m, m)), np.eye(m)], [-stiffness, decay]])


@pytest.mark.parametrize("temperature", [15.0, 100.0, 3000.0])
def test_thermal_noise_drives_what_the_slope_of_the_modes_says(rng, temperature):
    stiffness, decay, noise = damped_block(rng, 5)
    values, vectors = np.linalg.eig(generator(stiffness, decay))
    assert holds_for(np.abs(values).max(), temperature)
    driven = np.concatenate([0 * noise, noise])
    expected = vectors * half_line_slope(values, temperature) @ np.linalg.solve(vectors, driven)
    found = thermally_driven(stiffness, decay, noise, temperature)
    # F is 1/2 at most, and displacements are momenta over frequencies
    slowest = np.abs(values).min()
    np.testing.assert_allclose(found[:5], expected[:5], rtol=0, atol=1e-13 / slowest)
    np.testing.assert_allclose(found[5:], expected[5:], rtol=0, atol=1e-13)


def test_doubling_solves_the_equation_of_two_blocks(rng):
    blocks = [damped_block(rng, 5) for _ in range(2)]
    left, right = (generator(*block[:2]) for block in blocks)
    noise = rng.standard_normal((10, 10))
    inverses = [resolvent(*block[:2], 40.0) for block in blocks]
    np.testing.assert_allclose(inverses[0], np.linalg.inv(40 * np.eye(10) - left), atol=1e-12)
    expected = solve_sylvester(left, right.T, -noise)
    found = covariance(*inverses, noise, 40.0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11 * np.abs(expected).max())


def test_doubling_refuses_what_does_not_decay():
    stiffness, decay = np.diag([400.0, 900.0]), np.diag([-1.0, 0.0])
    inverse = resolvent(stiffness, decay, 25.0)
    with pytest.raises(TheoryError, match="does not decay"):
        covariance(inverse, inverse, np.eye(4), 25.0)


@pytest.mark.parametrize("direction", [ALONG_Z, TILTED])
def test_a_wave_of_the_slab_by_dense_matrices(make_model, direction):
    """At δ of the grid of 12 columns the pairs are those of its longest wave."""
    shape, omega = (12, 3, 2), 30.0
    model = replace(make_model(shape, np.ones(12)), field=Field(omega, direction))
    x = np.arange(12)
    wave = 2 * np.cos(2 * np.pi * x / 12)
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    mass, n = model.material.mass[0, 0], len(hessian)
    damping = np.tile(np.broadcast_to(model.damping[None, :, None], shape).ravel(), 3)
    heat = np.tile(np.broadcast_to(wave[:, None, None], shape).ravel(), 3)
    turn = np.kron(omega * harmonic.generator(direction), np.eye(n // 3))
    matrix = np.block([[np.zeros((n, n)), np.eye(n)], [-hessian / mass, turn - np.diag(damping)]])
    noise = np.append(np.zeros(n), 2 * damping * units.BOLTZMANN_EV_PER_K * heat / mass)
    c = solve_continuous_lyapunov(matrix, -np.diag(noise))
    squares = np.diag(c).reshape(2, 3, *shape).mean(axis=-1)
    rotation, shear = harmonic.maps(c, shape, 1.0)[1], harmonic.shear(c, shape)
    expected = wave_component(np.array([*squares[1], *squares[0], rotation, shear]))
    waves = NeighbouringWaves(model, 12, 2 * np.pi / 12)
    found = waves.moments(stiffness_at_minimum(model), [WaveBath(CLASSICAL, 1.0)])[0, 0]
    scale = np.abs(expected).max(axis=1, keepdims=True)
    assert np.abs((found - expected) / scale).max() < 1e-8


def test_a_quantum_wave_is_the_difference_of_two_profiles(make_model):
    model = make_model((12, 3, 2), np.ones(12))
    x, T0, step = np.arange(12), 120.0, 0.05
    wave = 2 * np.cos(2 * np.pi * x / 12)
    stiffness = stiffness_at_minimum(model)
    dynamics = EquationOfMotion.of(model, model.field)
    spectrum = Spectrum(model.operator, stiffness, dynamics, model.field)
    up, down = fluctuations(spectrum, [QuantumBath(T0 + s * step * wave) for s in (1, -1)])
    waves = NeighbouringWaves(model, 12, 2 * np.pi / 12)
    found = waves.moments(stiffness, [WaveBath(QUANTUM, T0)])[0, 0]
    for name, part in (("velocity", slice(3)), ("displacement", slice(3, 6)), ("rotation", 6)):
        expected = wave_component((getattr(up, name) - getattr(down, name)) / (2 * step))
        np.testing.assert_allclose(found[part], expected, atol=1e-5 * np.abs(expected).max())


def full_coefficients(model, statistics, closed, T0):
    """What full solutions under T0 + ε cos kx and a small field give, k the slab's longest wave."""
    nx, step, omega = model.slab.nx, 0.5, 0.5
    k = 2 * np.pi / nx
    profile = T0 + 2 * step * np.cos(k * np.arange(nx))
    wide = replace(model, field=Field(omega, ALONG_Z), temperature=profile)
    states = []
    for sign in (-1, 0, 1):
        field = wide.field.at(sign)
        dynamics = EquationOfMotion.of(wide, field)
        spectrum = Spectrum(without_jump(wide), closed.stiffness, dynamics, field)
        states += fluctuations(spectrum, [BATHS[statistics](profile)])
    means = [closure_mean(wide, closed, state) for state in states]
    maps = observable_maps(wide, states, means)
    slope = {n: wave_component(m).imag / (k * step) for n, m in maps.items()}
    return {
        "angular_momentum": slope["angular_momentum"][1],
        "kinetic_energy": (slope["kinetic_energy"][2] - slope["kinetic_energy"][0]) / 2 / omega,
        "polarization": (slope["polarization"][2] - slope["polarization"][0]) / 2 / omega,
    }


@pytest.mark.parametrize(
    "kernel", [("gaussian", "pbesol-gaussian"), ("longitudinal", "pbesol-s11")]
)
@pytest.mark.parametrize("statistics", [CLASSICAL, QUANTUM])
def test_full_solutions_under_a_small_gradient(make_model, kernel, statistics):
    """Wide slabs in the closure, of three lengths N; strong damping, so that kℓ is small.

    What N leaves goes as 1/N² and, where the printed kernel jumps at the zone boundary, as 1/N. At
    q = 0 alone the model leaves out the macroscopic field, a jump that a zone without end does not
    have: the fluctuations of the wide slabs are given the limit q_x → 0 there.
    """
    T0, lengths = 150.0, (61, 101, 181)
    model = make_model((12, 5, 1), np.full(12, T0), kernel)
    model = replace(model, damping=np.array([60.0, 50.0, 45.0, 50.0, 60.0]))
    gradient = WeakGradient(model, log=lambda _: None)
    closed = gradient.reference(statistics, T0)
    if statistics == CLASSICAL:
        wide = replace(with_columns(model, lengths[-1]), temperature=np.full(lengths[-1], T0))
        own = closure_reference(wide)
        np.testing.assert_allclose(own.stiffness, closed.stiffness, rtol=2e-3)
    found = gradient.response(closed, statistics, T0)
    full = [full_coefficients(with_columns(model, nx), statistics, closed, T0) for nx in lengths]
    for name in full[0]:
        exact = np.polyfit(1 / np.array(lengths), [each[name] for each in full], 2)[-1]
        value, uncertainty = getattr(found, name)
        scale = np.abs(exact).max()
        assert np.abs(value - exact).max() < 5e-3 * scale, name
        # from a third of the wave vectors: above the error of all
        assert uncertainty.max() < 0.02 * scale, name


def test_uniform_heating_gives_each_cell_its_heat(make_model):
    model = make_model((12, 5, 2), np.ones(12))
    gradient = WeakGradient(model, count=12, log=lambda _: None)
    found = gradient.response(gradient.reference(CLASSICAL, 50.0), CLASSICAL, 50.0)
    expected = 1.5 * units.BOLTZMANN_EV_PER_K * units.MEV
    np.testing.assert_allclose(found.heat, expected, rtol=1e-5)


def test_coefficients_do_not_know_the_field_and_the_wave_they_were_taken_at(make_model):
    model = make_model((12, 5, 2), np.ones(12))
    model = replace(model, damping=model.damping + 10)
    first, second = (
        WeakGradient(model, count=24, delta=d, omega=o, log=lambda _: None)
        for d, o in ((1e-3, 0.1), (2e-3, 0.05))
    )
    reference = first.reference(CLASSICAL, 100.0)
    one, two = (g.response(reference, CLASSICAL, 100.0) for g in (first, second))
    for name in ("angular_momentum", "kinetic_energy", "polarization"):
        a, b = getattr(one, name)[0], getattr(two, name)[0]
        np.testing.assert_allclose(a, b, atol=1e-3 * np.abs(a).max())


def test_a_moment_splits_circular_modes_by_twice_its_energy():
    """An isotropic oscillator: the two senses lie Ω_B = 2μB/ħ apart, 455 µ_B T in the paper."""
    rate = splitting(1.0, 1.0)
    assert rate == pytest.approx(2 * 9.2740100783e-24 / 1.054571817e-34 * 1e-12, rel=1e-8)
    assert 80 / rate == pytest.approx(455, abs=0.5)
    omega0, generator = 40.0, Field(rate, ALONG_Z).generator[:2, :2]
    zero, one = np.zeros((2, 2)), np.eye(2)
    values, vectors = np.linalg.eig(np.block([[zero, one], [-(omega0**2) * one, generator]]))
    upper = np.argmax(values.imag)
    assert np.ptp(values.imag[values.imag > 0]) == pytest.approx(rate, rel=1e-9)
    # the upper one turns with the field: its moment is opposite to its angular momentum
    w = vectors[:2, upper]
    t = np.array([0.0, 1e-3])
    path = np.real(np.outer(w, np.exp(values[upper] * t)))
    assert path[0, 0] * path[1, 1] - path[1, 0] * path[0, 1] > 0


def test_a_moment_may_be_a_tensor():
    section = {"moment_muB": 2.0, "tesla": 5.0, "direction": [0.0, 0.0, 2.0]}
    scalar = Field.from_config({"field": section})
    assert scalar.omega_B == pytest.approx(splitting(10.0, 1.0))
    assert scalar.direction == (0.0, 0.0, 1.0)
    # the moment's x component follows the angular momentum along z
    tensor = [[0.0, 0.0, 3.0], [0.0, 0.0, 0.0], [0.0, 0.0, 4.0]]
    section = {"moment_muB": tensor, "tesla": 5.0, "direction": [0.6, 0.0, 0.8]}
    turned = Field.from_config({"field": section})
    assert turned.omega_B == pytest.approx(splitting(3 * 0.6 + 4 * 0.8, 5.0))
    assert turned.direction == pytest.approx((0.0, 0.0, 1.0))


def test_weak_damping_leaves_equipartition_and_a_long_mean_free_path(config):
    """∂KE/∂T is 3k_B/2 at any damping, and L_z goes with the mean free path, as 1/γ."""
    turned = []
    for damping in (1e-2, 1e-3, 1e-4):
        config["damping"].update(gamma_bulk_per_ps=damping, gamma_edge_per_ps=2.5 * damping)
        gradient = WeakGradient(Model.from_config(config), log=lambda _: None)
        reference = gradient.reference("classical", 50.0)
        found = gradient.response(reference, "classical", 50.0)
        boltzmann = units.BOLTZMANN_EV_PER_K * units.MEV
        np.testing.assert_allclose(found.heat, 1.5 * boltzmann, rtol=5e-5)
        turned.append(damping * found.angular_momentum[0][0])
    assert turned == pytest.approx(np.full(3, turned[0]), rel=1e-3)
