"""The substep: its parts, its order, its conservation laws and its determinism."""

import numpy as np
import pytest
from scipy.linalg import expm

from ferronhall.engine import block_plan
from ferronhall.engine.kernels.noise import BLOCK, fill_normals
from ferronhall.engine.layout import storage_order
from ferronhall.engine.propagator import Propagator
from ferronhall.model.field import Field
from ferronhall.model.geometry import Slab
from ferronhall.model.members import Member
from ferronhall.model.model import Model
from ferronhall.model.onsite_potential import OnSitePotential
from tests.physics.fft_reference import run_by_fft
from tests.physics.harmonic import generator

DIRECTIONS = [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, -2, 0.5)]


@pytest.fixture
def make_propagator(batio3, make_operator):
    """A propagator on a small slab, one member for each Ω_B: temperature (K), damping (1/ps)."""

    def make(shape=(5, 6, 3), temperature=50.0, damping=2.0, omegas=(80.0,), h=0.0025, **options):
        operator = make_operator(shape)
        slab = Slab.padded(*shape, 2)
        profile = np.linspace(0.2, 1, shape[0]) * temperature
        sponge = np.linspace(1, 2, shape[1]) * damping
        field = Field(80.0, options.pop("direction", (0, 0, 1)))
        flank = np.zeros(shape[0], bool)
        model = Model(batio3, slab, operator, profile, sponge, field, h, flank)
        settings = {"root_seed": 2**40 + 5, "replica": 3}
        settings |= {"dtype": np.float64} | options
        onsite = batio3.onsite.about_minimum
        members = [Member(f"{omega:g}", omega, onsite) for omega in omegas]
        return Propagator(model, members, **settings)

    return make


def closed_velocity(p, batio3):
    """The displacement, and the velocity after its closing half kick, of the first member."""
    u = p.displacement[0]
    u[0] += batio3.onsite.amplitude
    force = p.operator.apply(u) + batio3.onsite.force(u)
    return u, p.velocity[0] + p.h / 2 / batio3.mass[0, 0] * force


def total_energy(p, batio3):
    u, v = closed_velocity(p, batio3)
    linear = -0.5 * np.sum(u * p.operator.apply(u))
    kinetic = 0.5 * batio3.mass[0, 0] * np.sum(v**2)
    return kinetic + linear + batio3.onsite.energy(u)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_rotation_is_the_exponential_of_the_generator(direction):
    found = Field(0.2, direction).rotation(1.0)
    np.testing.assert_allclose(found, expm(0.2 * generator(direction)), atol=1e-14)
    np.testing.assert_allclose(found @ Field(0.2, direction).rotation(-1.0), np.eye(3), atol=1e-15)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_rotation_conserves_kinetic_energy(direction, rng):
    v = rng.normal(size=(3, 1000))
    turned = Field(0.2, direction).rotation(1.0) @ v
    np.testing.assert_allclose(np.sum(turned**2, axis=0), np.sum(v**2, axis=0), rtol=1e-14)


@pytest.mark.parametrize("sextic", [0.0, 2e5])
def test_well_polynomial_is_the_onsite_force(sextic, rng):
    well = OnSitePotential(amplitude=0.0716, barrier=0.0384, sextic=sextic, transverse=0.1)
    w = 0.05 * rng.normal(size=20)
    u = np.zeros((3, 20))
    u[0] = well.amplitude + w
    polynomial = sum(c * w ** (k + 1) for k, c in enumerate(well.about_minimum[:-1]))
    np.testing.assert_allclose(-polynomial, well.force(u)[0], atol=1e-12)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_engine_takes_the_substeps_of_the_definition(make_propagator, batio3, direction):
    """Ten substeps against B A G O G A B written out with plain arrays and the same normals."""
    p = make_propagator(direction=direction)
    h, mass = p.h, batio3.mass[0, 0]
    u, v = closed_velocity(p, batio3)
    model = p.model
    decay = np.exp(-model.damping * h)[None, None, :, None]
    thermal = 8.617333262e-5 * model.temperature[None, :, None, None] / mass
    amplitude = np.sqrt(thermal * (1 - decay**2))
    half_turn = expm(80.0 * h / 2 * generator(direction))

    def force(u):
        return p.operator.apply(u) + batio3.onsite.force(u)

    def turn(v):
        return np.tensordot(half_turn, v, axes=1)

    for step in range(10):
        v = v + h / 2 / mass * force(u)
        u = u + h / 2 * v
        v = turn(v)
        v = decay * v + amplitude * site_normals(p, step)
        v = turn(v)
        u = u + h / 2 * v
        v = v + h / 2 / mass * force(u)
    p.run(10, 0, p.new_sums())
    found_u, found_v = closed_velocity(p, batio3)
    np.testing.assert_allclose(found_u, u, atol=1e-12)
    np.testing.assert_allclose(found_v, v, atol=1e-9)


def site_normals(p, step):
    """The normals of one substep as a field."""
    nx, ny, nz = p.slab.shape
    blocks = -(-p.slab.sites // BLOCK)
    out = np.empty((3, blocks, BLOCK), np.float32)
    for component in range(3):
        for block in range(blocks):
            fill_normals(*p.key, step, component, block, out[component, block])
    stored = out.reshape(3, -1)[:, : p.slab.sites].reshape(3, nx, nz, ny)
    field = np.empty_like(stored)
    field[..., storage_order(ny)] = stored
    return field.transpose(0, 1, 3, 2).astype(float)


@pytest.mark.parametrize("omega", [0.0, 80.0])
def test_energy_is_conserved_without_bath_and_its_error_falls_as_the_step_squared(
    make_propagator, batio3, omega
):
    spread = []
    for h in (0.002, 0.001):
        p = make_propagator(damping=0.0, omegas=(omega,), h=h)
        energies = [total_energy(p, batio3)]
        for _ in range(40):
            p.run(round(0.1 / h), 0, p.new_sums())
            energies.append(total_energy(p, batio3))
        spread.append(np.std(energies))
    kinetic = 0.5 * batio3.mass[0, 0] * np.sum(make_propagator().velocity ** 2)
    assert spread[0] < 0.02 * kinetic
    assert spread[0] / spread[1] == pytest.approx(4, rel=0.35)


@pytest.mark.parametrize("axis", [0, 1])
def test_noise_free_motion_has_the_mirror_symmetries(make_propagator, axis):
    """The mirror image of the initial state, in the reversed field, stays the mirror image.

    Normal to x the mirror goes with u → −u, which leaves u_x and turns u_y and u_z round.
    """
    signs = np.array([1, -1, 1]) if axis == 1 else np.array([1, -1, -1])
    shape = (5, 6, 3)

    def mirror(field):
        out = np.flip(field, axis + 1)
        return signs[:, None, None, None] * out

    states = []
    for omega in (80.0, -80.0):
        p = make_propagator(shape, omegas=(omega,), damping=2.0)
        p.amplitude[:] = 0
        p.loss[:] = -np.expm1(-2.0 * p.h)
        if omega < 0:
            p.velocity = mirror(p.velocity[0])[None]
        p.run(400, 0, p.new_sums())
        states.append((p.displacement[0], p.velocity[0]))
    (w, v), (w_mirror, v_mirror) = states
    assert np.abs(w).max() > 1e-3
    np.testing.assert_allclose(w_mirror, mirror(w), atol=1e-10)
    np.testing.assert_allclose(v_mirror, mirror(v), atol=1e-8)


def test_free_cell_turns_at_the_cyclotron_rate(batio3):
    """A velocity across the field turns by Ω_B t, whatever the step."""
    turn = Field(80.0, (0, 0, 1)).rotation(0.0025 / 2)
    v = np.array([1.0, 0.0, 0.0])
    for _ in range(2 * 400):
        v = turn @ v
    np.testing.assert_allclose(v, [np.cos(80.0), np.sin(80.0), 0], atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_same_seed_same_bits_in_any_chunks(make_propagator, dtype):
    whole, parts = make_propagator(dtype=dtype), make_propagator(dtype=dtype)
    a, b = np.zeros((2, 1, 4, 5, 6))
    counted = whole.run(90, 4, a)
    again = sum(parts.run(n, 4, b) for n in (1, 30, 7, 52))
    assert counted == again == 23
    assert np.array_equal(whole.w, parts.w) and np.array_equal(whole.v, parts.v)
    assert np.array_equal(a, b)


@pytest.mark.parametrize("cache", [block_plan._CACHE_BYTES, 0])
def test_neither_samples_nor_the_cache_are_felt(make_propagator, monkeypatch, cache):
    """Bit for bit: between samples a member of a small field moves by itself."""
    shape, omegas = (7, 6, 3), (-80.0, 0.0)
    undisturbed = make_propagator(shape, omegas=omegas, dtype=np.float32)
    undisturbed.run(30, 0, undisturbed.new_sums())
    monkeypatch.setattr(block_plan, "_CACHE_BYTES", cache)
    sampled = make_propagator(shape, omegas=omegas, dtype=np.float32)
    sampled.run(30, 3, sampled.new_sums())
    assert np.array_equal(undisturbed.w, sampled.w)
    assert np.array_equal(undisturbed.v, sampled.v)


def test_replicas_and_seeds_differ(make_propagator):
    first = make_propagator()
    for options in ({"replica": 4}, {"root_seed": 6}):
        assert not np.allclose(first.v, make_propagator(**options).v)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(5, 6, 3), (15, 13, 3), (24, 20, 8)])
def test_members_move_as_they_do_alone(make_propagator, shape, dtype):
    """Bit for bit, with more sites than normals drawn at once and with fewer."""
    omegas = (-80.0, 0.0, 80.0, 40.0)
    together = make_propagator(shape, omegas=omegas, dtype=dtype)
    sums = together.new_sums()
    together.run(30, 4, sums)
    for m, omega in enumerate(omegas):
        alone = make_propagator(shape, omegas=(omega,), dtype=dtype)
        its_sums = alone.new_sums()
        alone.run(30, 4, its_sums)
        assert np.array_equal(together.w[m], alone.w[0])
        assert np.array_equal(together.v[m], alone.v[0])
        assert np.array_equal(sums[m], its_sums[0])


def test_without_a_field_and_with_equal_wells_members_are_one(make_propagator):
    """The same state under the same noise: what sets members apart is Ω_B and the well alone."""
    p = make_propagator(omegas=(0.0, 0.0, 80.0))
    p.run(100, 0, p.new_sums())
    assert np.array_equal(p.w[0], p.w[1])
    assert not np.allclose(p.w[0], p.w[2])


def test_members_have_wells_of_their_own(make_propagator, batio3):
    """A harmonic member next to an anharmonic one follows the harmonic substep written out."""
    p = make_propagator(omegas=(0.0, 0.0), damping=0.0)
    spring = batio3.onsite.hessian[0]
    p.coefficients.onsite[1] = (spring, 0, 0, 0, 0, batio3.onsite.transverse)
    u, v = p.displacement[1].copy(), p.velocity[1].copy()
    u0, mass = batio3.onsite.amplitude, batio3.mass[0, 0]
    springs = np.array([spring, *2 * [batio3.onsite.transverse]])[:, None, None, None]

    def force(w):
        shifted = w.copy()
        shifted[0] += u0
        return p.operator.apply(shifted) - springs * w

    for _ in range(50):
        v = v + p.h / mass * force(u)
        u = u + p.h * v
    p.run(50, 0, p.new_sums())
    np.testing.assert_allclose(p.displacement[1], u, atol=1e-12)
    assert not np.allclose(p.displacement[0], u, atol=1e-6)


def test_blocks_and_fft_give_one_trajectory(make_propagator):
    blocks, fft = make_propagator(), make_propagator()
    a, b = np.zeros((2, 1, 4, 5, 6))
    blocks.run(200, 10, a)
    run_by_fft(fft, 200, 10, b)
    np.testing.assert_allclose(blocks.w, fft.w, atol=1e-11)
    np.testing.assert_allclose(a, b, rtol=1e-7, atol=1e-9)


def test_single_precision_follows_double(make_propagator):
    """Over 0.5 ps the two precisions part by no more than 10⁻⁴ of the fluctuation."""
    single, double = make_propagator(dtype=np.float32), make_propagator()
    for p in (single, double):
        p.run(200, 0, p.new_sums())
    assert np.std(single.w - double.w) < 1e-4 * np.std(double.w)


def test_initial_velocities_are_thermal(make_propagator, batio3):
    """M⟨v²⟩/3 = k_B T column by column, within 4 standard errors."""
    p = make_propagator((5, 20, 40), temperature=50.0)
    found = batio3.mass[0, 0] * np.mean(p.velocity[0] ** 2, axis=(0, 2, 3))
    expected = 8.617333e-5 * p.model.temperature
    error = np.sqrt(2 / (3 * 20 * 40))
    assert np.all(np.abs(found / expected - 1) < 4 * error)
