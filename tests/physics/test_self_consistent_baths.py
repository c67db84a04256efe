"""Baths without a net power between two contacts: heat kernel, conduction and the Hall angle."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov

from ferronhall.base import units
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.contacts import Contacts
from ferronhall.model.field import Field
from ferronhall.model.geometry import Slab
from ferronhall.model.model import Model
from ferronhall.model.reference import relaxed_reference
from ferronhall.model.slab_operator import SlabOperator, bloch_sum
from ferronhall.theory.baths import QuantumBath
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.covariance import fluctuations
from ferronhall.theory.heat_flow.conduction import TO_SI, conduction, transverse_gradient
from ferronhall.theory.heat_flow.heat_balance import balance
from ferronhall.theory.heat_flow.heat_kernel import heat_kernel, in_space
from ferronhall.theory.heat_flow.kinetic_conductivity import kinetic_conductivity
from ferronhall.theory.heat_flow.quantum_balance import exchange, frequencies
from ferronhall.theory.heat_flow.self_consistent import in_balance, self_consistent
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.solver import Solver
from tests.physics import harmonic
from tests.physics.test_steady_state import ALONG_Z, OMEGA, TILTED, solve, stiffness_at_u0


def spectrum_at_u0(model, omega, direction=ALONG_Z):
    """Modes about the uniform state u0, as solve has them."""
    field = Field(omega, direction)
    dynamics = EquationOfMotion.of(model, field)
    return Spectrum(model.operator, stiffness_at_u0(model), dynamics, field)


def applied(kernel, temperature):
    """⟨v²⟩ of every cell (Å²/ps²) in a bath of T(x, y)."""
    waves = np.fft.rfft(temperature, axis=0)
    return np.fft.irfft(np.einsum("kab,kb->ka", kernel, waves), n=len(temperature), axis=0)


@pytest.mark.parametrize("shape", [(3, 2, 1), (4, 3, 2), (5, 4, 3)])
@pytest.mark.parametrize(
    ("omega", "direction"), [(0.0, ALONG_Z), (OMEGA, ALONG_Z), (OMEGA, TILTED)]
)
def test_the_kernel_is_linear_response(make_model, rng, shape, omega, direction):
    """It gives what the solution with that map gives, and 3k_B/M at a uniform temperature."""
    model = make_model(shape, rng.uniform(0, 50, shape[:2]))
    kernel = heat_kernel(spectrum_at_u0(model, omega, direction))
    found = solve(model, omega, direction).velocity.sum(axis=0)
    np.testing.assert_allclose(applied(kernel, model.temperature), found, rtol=1e-7)
    equipartition = 3 * units.BOLTZMANN_EV_PER_K / model.material.mass[0, 0]
    np.testing.assert_allclose(kernel[0].sum(axis=1).real, equipartition, rtol=1e-8)
    space = in_space(kernel, shape[0])
    assert space.min() > 0


def test_the_kernel_obeys_onsager(make_model, rng):
    """γ G γ′ from one cell to another is that of the way back in the reversed field."""
    model = make_model((5, 4, 2), np.ones(5))
    there, back = (in_space(heat_kernel(spectrum_at_u0(model, s * OMEGA)), 5) for s in (1, -1))
    # a source enters with its own γ already
    there, back = model.damping[:, None] * there, model.damping[:, None] * back
    np.testing.assert_allclose(there, turned_round(back), rtol=1e-7)
    assert np.abs(there - turned_round(there)).max() > 1e-3 * there.max()


def turned_round(kernel):
    """Source and target exchanged."""
    return kernel[-np.arange(len(kernel))].transpose(0, 2, 1)


FREQUENCY, PINNING = 20.0, 0.5


def chain(batio3, n, damping):
    """Two chains that know nothing of each other, and their on-site stiffness.

    Springs M ω² between neighbours and M ω² ν² on site, along x, y and z alike.
    """
    spring = batio3.mass[0, 0] * FREQUENCY**2
    bonds = np.zeros((3, 3, 3, 3, 3))
    bonds[0, 1, 1] = bonds[2, 1, 1] = -spring * np.eye(3)
    bonds[1, 1, 1] = 2 * spring * np.eye(3)
    slab = Slab.padded(n, 2, 1, 2.0)
    operator = SlabOperator(
        slab, bloch_sum(bonds, (n, slab.padding, 1)), np.zeros((2, 3, 3)), bonds
    )
    contacts = Contacts(50.0, 10.0, 2 / n, 2 / n)
    field, flank = Field(0.0, ALONG_Z), contacts.between(slab)
    temperature, gamma = contacts.temperature(slab), np.full(2, damping)
    model = Model(batio3, slab, operator, temperature, gamma, field, None, flank)
    return model, contacts, np.full((3, 2), PINNING * spring)


def chain_balance(batio3, n, damping):
    """Its balance, conduction, model, contacts and stiffness."""
    model, contacts, stiffness = chain(batio3, n, damping)
    dynamics = EquationOfMotion.of(model, model.field)
    kernel = heat_kernel(Spectrum(model.operator, stiffness, dynamics, model.field))
    found = balance(kernel, model, contacts)
    return found, conduction(found, model, contacts), model, contacts, stiffness


def chain_conductivity(batio3, damping):
    """κ of the endless chain: (ω²/γ)/(2 + ν² + √(ν²(4 + ν²))) k_B of each component."""
    root = np.sqrt(PINNING * (4 + PINNING))
    each = units.BOLTZMANN_EV_PER_K * FREQUENCY**2 / damping / (2 + PINNING + root)
    return TO_SI * 3 * each / batio3.lattice_constant


@pytest.mark.parametrize("damping", [10.0, 30.0])
def test_a_chain_obeys_fourier(batio3, damping):
    """κ of Bonetto, Lebowitz and Lukkarinen, whatever the length, and a straight line between."""
    exact = chain_conductivity(batio3, damping)
    for n, tolerance in ((24, 1e-2), (48, 1e-4)):
        found, measured, model, contacts, stiffness = chain_balance(batio3, n, damping)
        assert measured.conductivity == pytest.approx(exact, rel=tolerance)
        assert kinetic_conductivity(model, stiffness) == pytest.approx(exact, rel=tolerance / 10)
        inside = found.temperature[n // 2 + n // 8 : n - n // 8, 0]
        line = np.polyval(np.polyfit(np.arange(len(inside)), inside, 1), np.arange(len(inside)))
        np.testing.assert_allclose(inside, line, atol=40 * tolerance)
        assert np.all(np.diff(found.temperature[n // 2 :, 0]) <= 0)
        free = contacts.between(model.slab)
        to_and_fro = 3 * units.BOLTZMANN_EV_PER_K * 50 * damping
        assert np.abs(found.power[free]).max() < 1e-14 * to_and_fro
        assert abs(found.power.sum()) < 1e-10 * measured.heat


@pytest.fixture
def between_contacts(config):
    """A small slab with contacts, and its configuration."""
    config["lattice"].update(nx=8, ny=5, nz=1)
    config["temperature"].update(profile="self_consistent", T_cold_K=10.0)
    config["temperature"].update(hot_fraction=0.25, cold_fraction=0.25)
    return Model.from_config(config), config


@pytest.mark.parametrize("direction", [ALONG_Z, TILTED])
def test_no_cell_between_takes_power(between_contacts, direction):
    """By the dense Lyapunov solution of the whole slab at T(x, y), field by field."""
    model, config = between_contacts
    config["field"]["direction"] = list(direction)
    model = Model.from_config(config)
    found = self_consistent(model, config, log=lambda _: None)["classical"]
    mass, free = model.material.mass[0, 0], model.flank
    relaxed = found.solution.reference
    for sign, at_field in zip((-1, 0, 1), found.balances, strict=True):
        speed = dense_speed(model, relaxed, sign, at_field.temperature)
        thermal = 3 * units.BOLTZMANN_EV_PER_K * at_field.temperature
        power = model.damping * (thermal - mass * speed)
        scale = np.abs(power).max()
        np.testing.assert_allclose(power[free], 0, atol=1e-8 * scale)
        np.testing.assert_allclose(power[~free], at_field.power[~free], atol=1e-8 * scale)
        assert 10 < at_field.temperature[free].min() < at_field.temperature[free].max() < 50


def dense_speed(model, reference, sign, temperature):
    """⟨v²⟩ of every cell (Å²/ps²), with no use of modes or symmetry."""
    field = model.field.at(sign)
    shape, sites = model.slab.shape, model.slab.sites
    layers = np.broadcast_to(reference.stiffness[:, None, :, None], (3, *shape))
    hessian = harmonic.hessian(model.operator, np.zeros(3)) + np.diag(layers.ravel())
    bath = np.broadcast_to(temperature[:, :, None], shape).ravel()
    damping = np.broadcast_to(model.damping[None, :, None], shape).ravel()
    n, mass = 3 * sites, model.material.mass[0, 0]
    turn = np.kron(field.omega_B * harmonic.generator(field.direction), np.eye(sites))
    decay = turn - np.diag(np.tile(damping, 3))
    matrix = np.block([[np.zeros((n, n)), np.eye(n)], [-hessian / mass, decay]])
    strength = 2 * damping * units.BOLTZMANN_EV_PER_K * bath / mass
    noise = np.diag(np.concatenate([np.zeros(n), np.tile(strength, 3)]))
    c = solve_continuous_lyapunov(matrix, -noise)
    return np.diag(c)[n:].reshape(3, *shape).mean(axis=-1).sum(axis=0)


def test_the_hall_angle_is_odd(between_contacts):
    """None without field; at −Ω_B, solved for itself, the opposite of that at +Ω_B."""
    model, config = between_contacts
    contacts, relaxed = Contacts.from_config(config), relaxed_reference(model)
    gradients, maps = [], []
    for sign in (-1, 0, 1):
        field = model.field.at(sign)
        dynamics = EquationOfMotion.of(model, field)
        kernel = heat_kernel(Spectrum(model.operator, relaxed.stiffness, dynamics, field))
        maps.append(balance(kernel, model, contacts).temperature)
        gradients.append(transverse_gradient(maps[-1], model.slab, contacts))
    assert abs(gradients[1]) < 1e-9 and abs(gradients[2]) > 1e-3
    assert gradients[0] == pytest.approx(-gradients[2], rel=1e-7)
    found = self_consistent(model, config, log=lambda _: None)["classical"]
    np.testing.assert_allclose(found.temperature, maps, rtol=1e-7)
    settled = in_balance(model, config, log=lambda _: None)
    np.testing.assert_allclose(settled.temperature, maps[1], rtol=1e-10)
    assert settled.mirrors.zero_field == model.mirrors.zero_field


def test_trajectories_keep_to_the_map(between_contacts):
    """⟨v²⟩ of every cell in the noise of T(x, y) is the substep's, and tells it from its mean."""
    _, config = between_contacts
    config["lattice"].update(nz=16)
    config["temperature"].update(T_hot_K=0.5, T_cold_K=0.1)
    config["damping"].update(gamma_bulk_per_ps=6.0, gamma_edge_per_ps=20.0)
    config["time"].update(t_max_ps=85.0, t_equil_ps=5.0, samples_per_block=200)
    config["ensemble"].update(harmonic_twin=False)
    config["balances"]["enabled"] = False
    model = in_balance(Model.from_config(config), config, log=lambda _: None)
    # layers apart, which no profile over x alone could do
    layers = np.where(np.arange(5) < 2, 0.2, 1.8)
    model = replace(model, temperature=model.temperature * layers)
    found = run_replica(model, config, 0, "d", lambda _: None)["plus"]["kinetic_energy"].values
    state = Solver(model, log=lambda _: None).fields(
        relaxed_reference(model).stiffness, "test", model.h
    )[2]
    expected = units.MEV * model.material.mass[0, 0] / 2 * state.velocity.sum(axis=0)
    error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    z = (found.mean(axis=0) - expected) / error
    # t of twenty-odd blocks: a variance of 1.1
    assert np.mean(z**2) < 1.1 + 5 * np.sqrt(2.5 / z.size)
    uniform = expected.mean(axis=1, keepdims=True)
    assert np.mean(((found.mean(axis=0) - uniform) / error) ** 2) > 100


def test_exchange_is_the_kernel(between_contacts):
    """Its sum over frequencies, found without modes, is the classical one off the diagonal."""
    model, _ = between_contacts
    relaxed, field = relaxed_reference(model), model.field
    dynamics = EquationOfMotion.of(model, field)
    kernel = heat_kernel(Spectrum(model.operator, relaxed.stiffness, dynamics, field))
    # hot enough for the highest frequency to be that of the stiffest modes
    found = exchange(model, relaxed, field, frequencies(model, 0.8, 1e5))
    missed = in_space(found.weight * found.waves.sum(axis=0) - kernel, 8)
    missed[0, np.arange(5), np.arange(5)] = 0
    assert np.abs(missed).max() < 1e-6 * in_space(kernel, 8).max()


@pytest.mark.parametrize("sign", [0, 1])
def test_quantum_baths_balance(between_contacts, sign):
    """By the work of the noise and the friction in the solution with that T(x, y), cell by cell."""
    model, config = between_contacts
    config["temperature"].update(T_hot_K=300.0, T_cold_K=100.0)
    model, contacts = Model.from_config(config), Contacts.from_config(config)
    found = self_consistent(model, config, log=lambda _: None)["quantum"]
    at_field = found.balances[1 + sign]
    field = model.field.at(sign)
    dynamics = EquationOfMotion.of(model, field)
    spectrum = Spectrum(model.operator, found.solution.reference.stiffness, dynamics, field)
    mass, free = model.material.mass[0, 0], contacts.between(model.slab)

    def speed(temperature):
        (state,) = fluctuations(spectrum, [QuantumBath(temperature)])
        return state.velocity.sum(axis=0)

    # what a bath's own noise does to its cell is the friction's work were all as hot
    lost = speed(at_field.temperature)
    gained = np.empty_like(lost)
    for place in np.ndindex(lost.shape):
        uniform = np.full(model.slab.nx, at_field.temperature[place])
        gained[place] = speed(uniform)[place]
    power = mass * model.damping * (gained - lost)
    scale = np.abs(power).max()
    np.testing.assert_allclose(power[free], 0, atol=1e-5 * scale)
    np.testing.assert_allclose(power[~free], at_field.power[~free], atol=1e-5 * scale)


def test_hot_quantum_baths_are_classical(between_contacts):
    """The zero-point parts cancel, and (ħω/k_BT)²/12 is left."""
    _, config = between_contacts
    missed = []
    for hot in (2000.0, 4000.0):
        config["temperature"].update(T_hot_K=hot, T_cold_K=0.5 * hot)
        found = self_consistent(Model.from_config(config), config, log=lambda _: None)
        classical, quantum = (found[name].temperature for name in ("classical", "quantum"))
        missed.append(np.abs(quantum - classical).max() / hot)
    assert 0 < missed[1] < 1e-3 and missed[0] / missed[1] == pytest.approx(4, rel=0.1)
