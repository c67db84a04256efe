"""The integrator's own stationary state, exact and simulated, in the harmonic limit."""

import numpy as np
import pytest

from ferronhall.base import units
from ferronhall.engine.propagator import Propagator
from ferronhall.model.field import Field
from ferronhall.model.members import Member
from ferronhall.model.model import Model
from tests.physics import harmonic

SHAPE = (7, 5, 1)
H = 0.0025
DAMPING = np.array([5.0, 3.0, 2.0, 3.0, 5.0])
HOT = np.array([1e-4, 1e-4, 30.0, 50.0, 30.0, 1e-4, 1e-4])
FIELDS = (-80.0, 0.0, 80.0)


@pytest.fixture(scope="module")
def slab_hessian(make_operator, batio3):
    return harmonic.hessian(make_operator(SHAPE), batio3.onsite.hessian)


def exact(slab_hessian, batio3, temperature, omega, h=H, direction=(0, 0, 1)):
    damping = np.broadcast_to(DAMPING[None, :, None], SHAPE).ravel()
    bath = np.broadcast_to(temperature[:, None, None], SHAPE).ravel()
    mass = batio3.mass[0, 0]
    return harmonic.covariance(
        *harmonic.substep(slab_hessian, mass, h, omega, direction, damping, bath)
    )


@pytest.mark.parametrize("omega", FIELDS)
@pytest.mark.parametrize("direction", [(0, 0, 1), (1, -2, 0.5)])
def test_configurations_are_exact_and_no_angular_momentum_in_equilibrium(
    slab_hessian, batio3, omega, direction
):
    """With the rotation next to the bath, ⟨w wᵀ⟩ = k_B T H⁻¹ and ⟨w × v⟩ = 0 at any step."""
    c = exact(slab_hessian, batio3, np.full(SHAPE[0], 5.0), omega, direction=direction)
    n = len(slab_hessian)
    expected = units.BOLTZMANN_EV_PER_K * 5.0 * np.linalg.inv(slab_hessian)
    np.testing.assert_allclose(c[:n, :n], expected, atol=1e-9 * np.abs(expected).max())
    kinetic, spin = harmonic.maps(c, SHAPE, batio3.mass[0, 0])
    scale = np.sqrt(expected[0, 0] * 1.5 * units.BOLTZMANN_EV_PER_K * 5.0 / batio3.mass[0, 0])
    assert np.abs(spin).max() < 1e-9 * scale
    bias = kinetic / (1.5 * units.BOLTZMANN_EV_PER_K * 5.0) - 1
    assert np.all(bias < 0) and np.all(bias > -0.02)


def test_kinetic_energy_bias_falls_as_the_step_squared(slab_hessian, batio3):
    bias = []
    for h in (H, H / 2):
        c = exact(slab_hessian, batio3, np.full(SHAPE[0], 5.0), 80.0, h)
        kinetic, _ = harmonic.maps(c, SHAPE, batio3.mass[0, 0])
        bias.append(kinetic.mean() / (1.5 * units.BOLTZMANN_EV_PER_K * 5.0) - 1)
    assert bias[0] / bias[1] == pytest.approx(4, rel=0.05)


def slab_model(material, operator, temperature):
    field, flank = Field(80.0, (0, 0, 1)), np.zeros(SHAPE[0], bool)
    return Model(material, operator.slab, operator, temperature, DAMPING, field, H, flank)


def simulate(make_operator, batio3, temperature, replicas, blocks, dtype, substeps=400):
    """Per-replica means of the sampled moments, shape (replica, field, 3, nx, ny)."""
    model = slab_model(batio3, make_operator(SHAPE), temperature)
    well = batio3.onsite.hessian
    out = np.zeros((replicas, len(FIELDS), 3, *SHAPE[:2]))
    order = np.array([0, 1, 2, 4, 3])
    members = [Member("", omega, np.array([well[0], 0, 0, 0, 0, well[1]])) for omega in FIELDS]
    for replica in range(replicas):
        p = Propagator(model, members, 99, replica, dtype)
        sums = p.new_sums()
        p.run(4000, 0, sums)
        samples = p.run(blocks * substeps, 4, sums)
        out[replica][..., order] = sums[:, :3] / samples
    return out


@pytest.fixture(scope="module")
def driven(make_operator, batio3):
    return simulate(make_operator, batio3, HOT, replicas=12, blocks=40, dtype=np.float32)


def amplitude(samples, theory):
    """Amplitude of the samples' maps along the theory map: mean and standard error."""
    along = np.sum(samples * theory, axis=(-2, -1)) / np.sum(theory**2)
    return along.mean(), along.std(ddof=1) / np.sqrt(len(along))


def test_driven_maps_follow_the_exact_covariance(slab_hessian, batio3, driven):
    """Kinetic energy, zero-field L and both field-odd parts: amplitude 1 within 4 standard errors.

    Each signal stands at least 5 standard errors from zero, so that the test can fail.
    """
    mass = batio3.mass[0, 0]
    kinetic, spin = np.array(
        [harmonic.maps(exact(slab_hessian, batio3, HOT, w), SHAPE, mass) for w in FIELDS]
    ).swapaxes(0, 1)
    found_kinetic, found_spin = mass / 2 * driven[:, :, 0], driven[:, :, 2]
    cases = {
        "kinetic energy": (found_kinetic[:, 1], kinetic[1]),
        "angular momentum": (found_spin[:, 1], spin[1]),
        "field-odd kinetic energy": (
            (found_kinetic[:, 2] - found_kinetic[:, 0]) / 2,
            (kinetic[2] - kinetic[0]) / 2,
        ),
        "field-odd angular momentum": (
            (found_spin[:, 2] - found_spin[:, 0]) / 2,
            (spin[2] - spin[0]) / 2,
        ),
    }
    for name, (samples, theory) in cases.items():
        mean, error = amplitude(samples, theory)
        assert abs(mean - 1) < 4 * error, f"{name}: {mean:.4f} ± {error:.4f}"
        assert mean > 5 * error, f"{name}: no signal, {mean:.4f} ± {error:.4f}"


def test_driven_covariance_has_the_mirror_symmetries(slab_hessian, batio3):
    mass = batio3.mass[0, 0]
    kinetic, spin = np.array(
        [harmonic.maps(exact(slab_hessian, batio3, HOT, w), SHAPE, mass) for w in FIELDS]
    ).swapaxes(0, 1)
    for flip in ((slice(None), slice(None, None, -1)), (slice(None, None, -1), slice(None))):
        for i in range(3):
            np.testing.assert_allclose(kinetic[i], kinetic[2 - i][flip], rtol=1e-9)
            np.testing.assert_allclose(spin[i], -spin[2 - i][flip], atol=1e-9 * np.abs(spin).max())


def test_uniform_temperature_gives_equipartition_and_nothing_field_odd(
    slab_hessian, make_operator, batio3
):
    """Open faces, nonuniform γ, Ω_B = 0 and ± 80, within 4 standard errors of the exact value."""
    temperature = np.full(SHAPE[0], 20.0)
    found = simulate(make_operator, batio3, temperature, replicas=10, blocks=25, dtype=np.float64)
    mass = batio3.mass[0, 0]
    kinetic = mass / 2 * found[:, :, 0]
    for i, omega in enumerate(FIELDS):
        expected, _ = harmonic.maps(exact(slab_hessian, batio3, temperature, omega), SHAPE, mass)
        mean, error = amplitude(kinetic[:, i], expected)
        assert abs(mean - 1) < 4 * error
        assert error < 0.01
    thermal = 1.5 * units.BOLTZMANN_EV_PER_K * 20.0
    odd_kinetic = (kinetic[:, 2] - kinetic[:, 0]).mean(axis=(1, 2)) / thermal
    odd_spin = (found[:, 2, 2] - found[:, 0, 2]).mean(axis=(1, 2))
    odd_shift = (found[:, 2, 1] - found[:, 0, 1]).mean(axis=(1, 2))
    for odd in (odd_kinetic, odd_spin, odd_shift):
        assert abs(odd.mean()) < 4 * odd.std(ddof=1) / np.sqrt(len(odd))


@pytest.mark.parametrize("omega", [0.0, 80.0])
def test_fluctuations_of_the_cold_well_are_those_of_the_hessian(
    slab_hessian, make_operator, batio3, omega
):
    """⟨w∥²⟩ and ⟨w⊥²⟩ of the anharmonic model at 0.5 K against k_B T H⁻¹, 4 standard errors."""
    model = slab_model(batio3, make_operator(SHAPE), np.full(SHAPE[0], 0.5))
    found = []
    member = Member("", omega, batio3.onsite.about_minimum)
    for replica in range(12):
        p = Propagator(model, [member], 31, replica, np.float32)
        nothing = p.new_sums()
        p.run(4000, 0, nothing)
        squares = 0
        for _ in range(400):
            p.run(40, 0, nothing)
            w = p.displacement[0].astype(float)
            squares = squares + w**2 / 400
        found.append([np.mean(part) for part in (squares[0], squares[1], squares[2])])
    # the faces relax off u0 by the static response to the uniform state's own pull
    uniform = np.zeros((3, *SHAPE))
    uniform[0] = batio3.onsite.amplitude
    shift = np.linalg.solve(slab_hessian, model.operator.apply(uniform).ravel())
    variance = units.BOLTZMANN_EV_PER_K * 0.5 * np.diag(np.linalg.inv(slab_hessian))
    expected = (variance + shift**2).reshape(3, -1).mean(axis=1)
    found = np.array(found)
    error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    assert np.all(np.abs(found.mean(axis=0) - expected) < 4 * error)
    assert np.all(error < 0.1 * expected)
