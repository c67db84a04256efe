"""Modulated heating against covariance equations integrated in time, and its limits."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from ferronhall.base import units
from ferronhall.model.field import Field
from ferronhall.model.model import Model
from ferronhall.model.reference import relaxed_reference
from ferronhall.theory.baths import ClassicalBath, QuantumBath
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.covariance import fluctuations
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.modulated import lock_in
from ferronhall.theory.modulated.lock_in import edge_amplitudes, half_frequency
from ferronhall.theory.modulated.modulation import DynamicResponse, angular_frequency, modulated
from ferronhall.theory.solver import Solver, observable_maps
from tests.physics import harmonic

ALONG_Z, TILTED = (0.0, 0.0, 1.0), (0.3, -0.5, 0.8)


def spectrum_of(model):
    stiffness = np.repeat(model.material.onsite.hessian[:, None], model.slab.ny, axis=1)
    return Spectrum(model.operator, stiffness, EquationOfMotion.of(model, model.field), model.field)


def matrices(model):
    """A of the whole slab, and the noise of unit temperature in every row of v."""
    shape = model.slab.shape
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    mass, n = model.material.mass[0, 0], len(hessian)
    damping = np.tile(np.broadcast_to(model.damping[None, :, None], shape).ravel(), 3)
    turn = model.field.omega_B * harmonic.generator(model.field.direction)
    turn = np.kron(turn, np.eye(n // 3))
    matrix = np.block([[np.zeros((n, n)), np.eye(n)], [-hessian / mass, turn - np.diag(damping)]])
    return matrix, 2 * damping * units.BOLTZMANN_EV_PER_K / mass


@pytest.mark.parametrize(("omega_B", "direction"), [(0.0, ALONG_Z), (80.0, ALONG_Z), (80, TILTED)])
def test_covariances_integrated_in_time(make_model, rng, omega_B, direction):
    """dC/dt = A C + C Aᵀ + S cos ω_m t until the start is forgotten, then its harmonic."""
    shape, omega = (3, 2, 1), 25.0
    model = make_model(shape, rng.uniform(20, 200, shape[0]))
    model = replace(model, damping=7 + np.abs(model.slab.y), field=Field(omega_B, direction))
    matrix, unit = matrices(model)
    n = len(unit)
    heat = np.tile(np.broadcast_to(model.temperature[:, None, None], shape).ravel(), 3)
    source = np.diag(np.append(np.zeros(n), unit * heat))

    def change(t, flat):
        c = flat.reshape(2 * n, 2 * n)
        half = matrix @ c
        return (half + half.T + source * np.cos(omega * t)).ravel()

    period, settled = 2 * np.pi / omega, 56
    # the slowest pair of modes decays at some 2/ps: 14 ps leave nothing of the start
    times = period * (settled + np.arange(16) / 16)
    options = {"method": "DOP853", "rtol": 1e-9, "atol": 1e-12, "t_eval": times}
    path = solve_ivp(change, (0, times[-1]), np.zeros(4 * n * n), **options).y.T
    amplitude = 2 * np.exp(-1j * omega * times) @ path / 16
    c = amplitude.reshape(2 * n, 2 * n)
    (found,) = modulated(spectrum_of(model), [ClassicalBath(model.temperature)], [omega])[0]
    squares = np.diag(c).reshape(2, 3, *shape).mean(axis=-1)
    for part, exact in ((found[:3], squares[1]), (found[3:6], squares[0])):
        np.testing.assert_allclose(part, exact, atol=1e-6 * np.abs(exact).max())
    rotation = harmonic.maps(c, shape, 1.0)[1]
    scale = np.sqrt(np.abs(squares[0]).max() * np.abs(squares[1]).max())
    np.testing.assert_allclose(found[6], rotation, atol=1e-6 * scale)
    shear = harmonic.shear(c, shape)
    np.testing.assert_allclose(found[7], shear, atol=1e-6 * np.abs(squares[0]).max())


@pytest.mark.parametrize("direction", [ALONG_Z, TILTED])
def test_quantum_noise_of_a_modulated_temperature_by_quadrature(make_model, rng, direction):
    """⟨a b*⟩ = (1/2π) ∫ G(ω + ω_m/2) S(ω) G†(ω − ω_m/2) dω, the definition of that noise."""
    shape, omega_m = (3, 2, 1), 12.0
    model = make_model(shape, rng.uniform(20, 200, shape[0]))
    model = replace(model, damping=7 + np.abs(model.slab.y), field=Field(80.0, direction))
    matrix, unit = matrices(model)
    n, hbar = len(unit), units.HBAR / units.BOLTZMANN_EV_PER_K
    bath = np.tile(np.broadcast_to(model.temperature[:, None, None], shape).ravel(), 3)
    nodes, weights = np.polynomial.legendre.leggauss(16)
    width, top, total = 2.0, 28 * bath.max() / hbar, 0.0
    one = np.eye(2 * n)
    for start in np.arange(0.0, top, width):
        for w, weight in zip(start + width * (nodes + 1) / 2, weights * width / 2, strict=True):
            theta = hbar * w * np.exp(-hbar * w / bath) / -np.expm1(-hbar * w / bath)
            for v in (w, -w):
                after = np.linalg.inv(1j * (v + omega_m / 2) * one - matrix)[:, n:]
                before = np.linalg.inv(1j * (v - omega_m / 2) * one - matrix)[:, n:]
                total = total + weight * (after * (unit * theta)) @ before.conj().T
    c = total / (2 * np.pi)
    (found,) = modulated(spectrum_of(model), [QuantumBath(model.temperature)], [omega_m])[0]
    squares = np.diag(c).reshape(2, 3, *shape).mean(axis=-1)
    for part, exact in ((found[:3], squares[1]), (found[3:6], squares[0])):
        np.testing.assert_allclose(part, exact, atol=1e-7 * np.abs(exact).max())
    rotation = harmonic.maps(c, shape, 1.0)[1]
    # of a row of w and one of v the transpose is as good
    scale = np.sqrt(np.abs(squares[0]).max() * np.abs(squares[1]).max())
    np.testing.assert_allclose(found[6], rotation, atol=1e-7 * scale)
    shear = (harmonic.shear(c, shape) + harmonic.shear(c.T, shape)) / 2
    np.testing.assert_allclose(found[7], shear, atol=1e-7 * np.abs(squares[0]).max())


def test_at_rest_it_is_the_static_solution(make_model, rng):
    model = replace(make_model((4, 5, 2), rng.uniform(20, 200, 4)), field=Field(80.0, ALONG_Z))
    baths = [ClassicalBath(model.temperature), QuantumBath(model.temperature)]
    found = modulated(spectrum_of(model), baths, [0.0])[0]
    for each, state in zip(found, fluctuations(spectrum_of(model), baths), strict=True):
        expected = np.array([*state.velocity, *state.displacement, state.rotation, state.shear])
        np.testing.assert_allclose(each, expected, atol=1e-10 * np.abs(expected).max())


def test_slow_modulation_gives_the_harmonic_theory(make_model):
    model = make_model((6, 5, 2), np.array([0, 40, 90, 90, 40, 0.0]))
    model = replace(model, flank=np.array([0, 1, 0, 0, 1, 0], bool))
    quiet = {"log": lambda _: None}
    static, slow = (edge_amplitudes(model, [w], **quiet) for w in (0.0, 1e-4))
    for solution, n in zip(
        Solver(model, **quiet).harmonic(("classical", "quantum")), (0, 1), strict=True
    ):
        maps = observable_maps(model, solution.states, solution.means)
        expected = {
            "angular_momentum_zero": maps["angular_momentum"][1],
            "delta_kinetic_energy": (maps["kinetic_energy"][2] - maps["kinetic_energy"][0]) / 2,
            "delta_polarization": 1e6 * (maps["polarization"][2] - maps["polarization"][0]) / 2,
        }
        for name, values in expected.items():
            edge = model.cells.edge_accumulation(values)
            assert static[name][n, 0] == pytest.approx(edge, rel=1e-5), name
            assert slow[name][n, 0] == pytest.approx(edge, rel=1e-3), name


def test_a_driven_force_in_time(make_model):
    """The mean's equation of motion under a force F cos ω_m t, integrated."""
    model = replace(make_model((3, 2, 1), np.ones(3)), field=Field(80.0, ALONG_Z))
    model = replace(model, damping=7 + np.abs(model.slab.y))
    matrix, _ = matrices(model)
    n, omega = len(matrix) // 2, 25.0
    force = np.arange(12.0).reshape(2, 3, 2) - 1
    push = np.zeros(2 * n)
    push[n : n + 12] = force.ravel() / model.material.mass[0, 0]
    amplitude = np.linalg.solve(1j * omega * np.eye(2 * n) - matrix, push)[:6].reshape(3, 2)
    stiffness = np.repeat(model.material.onsite.hessian[:, None], 2, axis=1)
    found = DynamicResponse(model, stiffness)(force, omega)
    np.testing.assert_allclose(found, amplitude, atol=1e-10 * np.abs(amplitude).max())


def test_the_frequency_of_half_amplitude():
    frequencies = np.array([0.0, 10.0, 20.0, 40.0])
    assert half_frequency(frequencies, np.array([4.0, 3.0, 1.0, 0.0])) == pytest.approx(15.0)
    assert np.isnan(half_frequency(frequencies, np.array([4.0, 3.0, 3.0, 3.0])))
    assert angular_frequency(1000.0) == pytest.approx(2 * np.pi)


def test_the_relaxed_slab_is_what_is_driven(make_model):
    """A mean force that the harmonic theory would balance at rest is balanced at rest."""
    model = make_model((4, 5, 2), np.ones(4))
    reference = relaxed_reference(model)
    force = np.ones((1, 4, 5))
    still = DynamicResponse(replace(model, field=model.field.at(0)), reference.stiffness)
    turned = DynamicResponse(model, reference.stiffness)
    np.testing.assert_allclose(still(force, 0.0), turned(force, 0.0), rtol=1e-12)


def test_edges_have_the_sign_they_have_at_rest(config, monkeypatch):
    """Amplitudes carry the sign of the response at DC, phases say by how much it lags."""
    lag = np.exp(-1j * np.radians([0.0, 30.0, 200.0]))
    made = np.array([[-2.0, -1.5, -0.5] * lag, [4.0, 3.0, 1.0] * lag])
    made = dict.fromkeys(
        ("angular_momentum_zero", "delta_kinetic_energy", "delta_polarization"), made
    )
    monkeypatch.setattr(lock_in, "edge_amplitudes", lambda *_: made)
    config["theory"]["modulation_GHz"] = [300.0, 30.0]
    found = lock_in.lock_in_dataset(Model.from_config(config), config)
    assert found["frequency"].values.tolist() == [0.0, 30.0, 300.0]
    np.testing.assert_allclose(found["edge_delta_polarization"][0], [-2.0, -1.5, -0.5])
    np.testing.assert_allclose(found["edge_delta_polarization"][1], [4.0, 3.0, 1.0])
    np.testing.assert_allclose(found["phase_delta_polarization"], [[0, 30, 200]] * 2, atol=1e-9)
    np.testing.assert_allclose(found["half_delta_polarization"], [165.0, 165.0])


def test_what_vanishes_has_no_phase(config):
    """A wall in the middle: its mirror leaves no field-odd polarization at the edges."""
    config["lattice"].update(nx=5, ny=6, nz=1)
    config["domains"]["walls_y"] = [3]
    config["theory"]["modulation_GHz"] = [10.0, 500.0]
    found = lock_in.lock_in_dataset(Model.from_config(config), config, log=lambda _: None)
    assert np.all(found["edge_delta_polarization"] == 0)
    assert np.all(np.isnan(found["phase_delta_polarization"]))
    assert np.all(np.isnan(found["half_delta_polarization"]))
    assert np.all(found["edge_delta_kinetic_energy"] != 0)
    assert np.all(np.abs(found["phase_delta_kinetic_energy"]) <= 360)
