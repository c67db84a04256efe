"""The noise-free theory against dense Lyapunov solutions, exact limits and symmetries."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov
from scipy.optimize import fsolve

from ferronhall.base import units
from ferronhall.base.errors import TheoryError
from ferronhall.model.field import Field
from ferronhall.model.gaussian_average import gaussian_average
from ferronhall.model.geometry import Slab
from ferronhall.model.reference import (
    closure_reference,
    relaxed_reference,
    thermal_variance,
)
from ferronhall.model.wave_vectors import wave_vector_pairs
from ferronhall.theory.baths import ClassicalBath
from ferronhall.theory.block_dynamics import EquationOfMotion, Substep
from ferronhall.theory.bond_covariance import transverse_mean
from ferronhall.theory.covariance import fluctuations
from ferronhall.theory.mean_field import (
    Spread,
    StaticResponse,
    closure_mean,
    harmonic_mean,
    local_mean,
)
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.solver import Solver, mirrored_in_y
from tests.physics import harmonic

OMEGA = 80.0
H = 0.0025
ALONG_Z, TILTED = (0, 0, 1), (0.3, -0.5, 0.8)
SHAPES = [(1, 2, 1), (3, 2, 1), (4, 3, 2), (5, 4, 3)]


def stiffness_at_u0(model):
    return np.repeat(model.material.onsite.hessian[:, None], model.slab.ny, axis=1)


def solve(model, omega, direction, h=None, temperature=None, threads=1):
    """The library's solution about the uniform state u0."""
    if h is None:
        dynamics = EquationOfMotion.of(model, Field(omega, direction))
    else:
        dynamics = Substep.of(model, Field(omega, direction), h)
    spectrum = Spectrum(model.operator, stiffness_at_u0(model), dynamics, Field(omega, direction))
    bath = model.temperature if temperature is None else temperature
    return fluctuations(spectrum, [ClassicalBath(bath)], threads)[0]


def dense_covariance(model, omega, direction, h):
    """⟨s sᵀ⟩ of the whole slab, from the dense equation of motion or the dense substep."""
    shape, mass = model.slab.shape, model.material.mass[0, 0]
    sites = model.slab.sites
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    damping = np.broadcast_to(model.damping[None, :, None], shape).ravel()
    bath = np.broadcast_to(model.temperature_map[:, :, None], shape).ravel()
    if h is not None:
        step = harmonic.substep(hessian, mass, h, omega, direction, damping, bath)
        return harmonic.covariance(*step)
    n = 3 * sites
    turn = np.kron(omega * harmonic.generator(direction), np.eye(sites))
    decay = np.diag(np.tile(damping, 3))
    matrix = np.block([[np.zeros((n, n)), np.eye(n)], [-hessian / mass, turn - decay]])
    strength = 2 * damping * units.BOLTZMANN_EV_PER_K * bath / mass
    noise = np.diag(np.concatenate([np.zeros(n), np.tile(strength, 3)]))
    return solve_continuous_lyapunov(matrix, -noise)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("omega", "direction"), [(0.0, ALONG_Z), (OMEGA, ALONG_Z), (OMEGA, TILTED)]
)
@pytest.mark.parametrize("h", [None, H])
def test_maps_equal_a_dense_lyapunov_solution(make_model, rng, shape, omega, direction, h):
    """No symmetry of the profile is assumed: T(x) is drawn at random."""
    model = make_model(shape, rng.uniform(0, 50, shape[0]))
    found = solve(model, omega, direction, h)
    c = dense_covariance(model, omega, direction, h)
    n = len(c) // 2
    squares = np.diag(c).reshape(2, 3, *shape).mean(axis=-1)
    np.testing.assert_allclose(found.displacement, squares[0], rtol=1e-8)
    np.testing.assert_allclose(found.velocity, squares[1], rtol=1e-8)
    _, rotation = harmonic.maps(c, shape, 1.0)
    scale = np.sqrt(np.diag(c)[:n].max() * np.diag(c)[n:].max())
    np.testing.assert_allclose(found.rotation, rotation, atol=1e-9 * scale)
    shear = harmonic.shear(c, shape)
    np.testing.assert_allclose(found.shear, shear, rtol=0, atol=1e-9 * squares[0].max())
    bilinear = harmonic.bond_bilinear(c, shape)
    # in a single column it vanishes but for the rounding of the variances
    tolerance = max(1e-8 * np.abs(bilinear).max(), 1e-14 * squares[0].max())
    np.testing.assert_allclose(found.bilinear, bilinear, rtol=0, atol=tolerance)


def test_without_heat_nothing_moves(make_model):
    """T = 0 everywhere: the relaxed slab, in every approximation, and the limit of a cold one."""
    model, cold = (make_model((5, 4, 2), np.full(5, t)) for t in (0.0, 1e-6))
    relaxed = relaxed_reference(model)
    solver, limit = (Solver(m, log=lambda _: None) for m in (model, cold))
    for approximation in ("harmonic", "closure", "site_closure"):
        found, near = (getattr(s, approximation)() for s in (solver, limit))
        if approximation == "harmonic":
            (found,), (near,) = found, near
        np.testing.assert_array_equal(found.reference.mean, relaxed.mean)
        for state, mean, close in zip(found.states, found.means, near.means, strict=True):
            for moment in (state.velocity, state.displacement, state.rotation, state.bilinear):
                assert not moment.any()
            np.testing.assert_allclose(mean, np.tile(relaxed.mean, (5, 1)), rtol=1e-12)
            np.testing.assert_allclose(close, mean, rtol=1e-9)


@pytest.mark.parametrize("direction", [ALONG_Z, TILTED])
def test_equilibrium_is_boltzmann_whatever_the_field(make_model, direction):
    """Bohr and van Leeuwen: at uniform T, ⟨w²⟩ = k_B T H⁻¹, ⟨v²⟩ = k_B T/M, nothing turns."""
    shape = (6, 5, 2)
    model = make_model(shape, np.full(shape[0], 20.0))
    found = solve(model, OMEGA, direction)
    thermal = units.BOLTZMANN_EV_PER_K * 20.0
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    expected = thermal * np.diag(np.linalg.inv(hessian)).reshape(3, *shape).mean(axis=-1)
    np.testing.assert_allclose(found.displacement, expected, rtol=1e-9)
    np.testing.assert_allclose(found.velocity, thermal / model.material.mass[0, 0], rtol=1e-9)
    scale = np.sqrt(found.displacement.max() * found.velocity.max())
    assert np.abs(found.rotation).max() < 1e-10 * scale
    variance = thermal_variance(model, stiffness_at_u0(model), 20.0)
    everywhere = np.tile(variance[:, None], (1, shape[0], 1))
    np.testing.assert_allclose(everywhere, expected, rtol=1e-9)


@pytest.mark.parametrize("dynamics", ["equation of motion", "substep"])
@pytest.mark.parametrize("mode", [0, 5, 12])
@pytest.mark.parametrize("off", [0.0, 1e-14, 1e-10, -1e-9])
def test_critical_damping_is_no_harm(make_model, mode, off, dynamics):
    """At γ = 2ω of a mode the matrix has too few eigenvectors; the dense solution needs none."""
    shape = (4, 3, 1)
    model = make_model(shape, np.array([1.0, 20.0, 50.0, 5.0]))
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    mass = model.material.mass[0, 0]
    stiffness = np.unique(np.round(np.linalg.eigvalsh(hessian), 9))[mode]
    h, damping = None, 2 * np.sqrt(stiffness / mass)
    if dynamics == "substep":
        # where the two eigenvalues of B A O A B, whose sum is 1 + c times cos ωh, meet
        h = H
        cosine = 1 - stiffness / mass * h**2 / 2
        damping = -2 * np.log((1 - np.sqrt(1 - cosine**2)) / cosine) / h
    model = replace(model, damping=np.full(shape[1], damping * (1 + off)))
    found = solve(model, 0.0, ALONG_Z, h)
    c = dense_covariance(model, 0.0, ALONG_Z, h)
    squares = np.diag(c).reshape(2, 3, *shape).mean(axis=-1)
    np.testing.assert_allclose(found.displacement, squares[0], rtol=5e-7)
    np.testing.assert_allclose(found.velocity, squares[1], rtol=5e-7)


def test_modes_that_are_nearly_parallel_are_refused(make_model):
    """Strong damping and an oblique field: the dense solution is missed by more than rounding."""
    model = make_model((15, 15, 5), np.ones(15))
    model = replace(model, damping=np.full(15, 100.0))
    with pytest.raises(TheoryError, match=r"lost in rounding; lower damping\.gamma_bulk_per_ps"):
        solve(model, OMEGA, (1, 1, 1))


def test_covariances_are_linear_in_the_temperature(make_model, rng):
    model = make_model((5, 4, 2), np.ones(5))
    first, second = rng.uniform(0, 50, (2, 5))
    parts = [solve(model, OMEGA, ALONG_Z, temperature=t) for t in (first, second)]
    whole = solve(model, OMEGA, ALONG_Z, temperature=2 * first + second)
    expected = 2 * parts[0].rotation + parts[1].rotation
    np.testing.assert_allclose(
        whole.rotation, expected, atol=1e-10 * np.abs(expected).max(), rtol=1e-9
    )
    np.testing.assert_allclose(whole.velocity, 2 * parts[0].velocity + parts[1].velocity, rtol=1e-9)


@pytest.mark.parametrize("shape", [(6, 5, 3), (7, 4, 2)])
def test_mirrors_turn_the_field_round(make_model, shape):
    """y → −y and, for a profile symmetric in x, x → −x both map +Ω_B on −Ω_B; L_z changes sign."""
    centre = (shape[0] - 1) / 2
    profile = 50 * np.exp(-(((np.arange(shape[0]) - centre) / 1.5) ** 2))
    model = make_model(shape, profile)
    plus, minus = solve(model, OMEGA, ALONG_Z), solve(model, -OMEGA, ALONG_Z)
    scale = np.abs(plus.rotation).max()
    image = mirrored_in_y(plus)
    np.testing.assert_allclose(minus.velocity, image.velocity, rtol=1e-9)
    np.testing.assert_allclose(minus.rotation, image.rotation, atol=1e-9 * scale)
    np.testing.assert_allclose(minus.velocity, plus.velocity[:, ::-1], rtol=1e-9)
    np.testing.assert_allclose(minus.rotation, -plus.rotation[::-1], atol=1e-9 * scale)
    odd = plus.velocity.sum(axis=0) - minus.velocity.sum(axis=0)
    assert np.abs(odd).max() > 1e-4 * plus.velocity.max()


def test_threads_do_not_change_a_bit(make_model, rng):
    model = make_model((5, 4, 3), rng.uniform(0, 50, 5))
    one, two = (solve(model, OMEGA, ALONG_Z, threads=t) for t in (1, 2))
    np.testing.assert_array_equal(one.velocity, two.velocity)
    np.testing.assert_array_equal(one.rotation, two.rotation)


@pytest.mark.parametrize(("nx", "nz"), [(5, 3), (6, 4), (1, 1), (2, 2)])
@pytest.mark.parametrize("mirrored", [True, False])
def test_pairs_stand_for_every_wave_vector(nx, nz, mirrored):
    slab = Slab.padded(nx, 2, nz, 2.0)
    for k in range(nx // 2 + 1):
        assert sum(w for _, _, w in wave_vector_pairs(slab, k, mirrored)) == nx * nz


def test_gaussian_average_is_the_integral(batio3):
    force = batio3.onsite.well_force
    mean, variance = 0.06, 4e-4
    nodes, weights = np.polynomial.hermite_e.hermegauss(12)
    for polynomial in (force, force.deriv(), force * force):
        integral = weights @ polynomial(mean + np.sqrt(variance) * nodes) / weights.sum()
        assert gaussian_average(polynomial, mean, variance) == pytest.approx(integral, rel=1e-12)


def test_the_relaxed_slab_feels_no_force(make_model):
    model = make_model((3, 6, 2), np.ones(3))
    reference = relaxed_reference(model)
    u = np.zeros((3, *model.slab.shape))
    u[0] = reference.mean[:, None]
    force = model.operator.apply(u) + model.material.onsite.force(u)
    uniform = np.zeros_like(u)
    uniform[0] = model.material.onsite.amplitude
    assert np.abs(force).max() < 1e-10 * np.abs(model.operator.apply(uniform)).max()


def test_static_response_is_the_inverse_hessian(make_model, rng):
    shape = (5, 4, 2)
    model = make_model(shape, np.ones(5))
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    force = rng.normal(size=shape[:2])
    everywhere = np.zeros((3, *shape))
    everywhere[0] = force[..., None]
    expected = np.linalg.solve(hessian, everywhere.ravel()).reshape(3, *shape)[0, ..., 0]
    found = StaticResponse(model, stiffness_at_u0(model))(force)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())


def longitudinal(variance):
    """What the mean field of an axial well feels, of ⟨w_x²⟩ (Å²) alone."""
    still = np.zeros_like(variance)
    return Spread(np.stack([variance, still, still]), still)


def test_mean_fields_balance_the_forces(make_model, rng):
    """The closure's mean solves the nonlinear balance; for small ⟨w²⟩ the harmonic one does."""
    shape = (5, 4, 2)
    model = make_model(shape, np.full(5, 30.0))
    force = model.material.onsite.well_force
    closed = closure_reference(model)
    pattern = rng.uniform(0.5, 1.5, shape[:2])

    def imbalance(flat, variance):
        u = np.zeros((3, *shape))
        u[:] = flat.reshape(3, *shape[:2])[..., None]
        total = model.operator.apply(u)[..., 0]
        total[0] -= gaussian_average(force, u[0, ..., 0], variance)
        total[1:] -= model.material.onsite.transverse * u[1:, ..., 0]
        return total.ravel()

    start = np.zeros((3, *shape[:2]))
    start[0] = closed.mean
    variance = pattern * closed.variance[0].mean()
    spread = longitudinal(variance)
    solution = fsolve(imbalance, start.ravel(), args=(variance,), xtol=1e-13)
    expected = solution.reshape(3, *shape[:2])[0]
    found = closure_mean(model, closed, spread)
    np.testing.assert_allclose(found, expected, rtol=1e-8)
    across = solution.reshape(3, *shape[:2])[1]
    scale = np.abs(across).max()
    np.testing.assert_allclose(transverse_mean(model, expected), across, rtol=0, atol=1e-8 * scale)

    relaxed = relaxed_reference(model)
    small = longitudinal(1e-4 * variance)
    shift = closure_mean(model, relaxed, small) - relaxed.mean
    linear = harmonic_mean(model, relaxed, small) - relaxed.mean
    np.testing.assert_allclose(linear, shift, rtol=1e-3)
    whole, local = harmonic_mean(model, relaxed, spread), local_mean(model, spread)
    assert np.all(local < model.material.onsite.amplitude)
    assert not np.allclose(whole, local, rtol=1e-4)


def test_the_closure_follows_its_own_fluctuations(make_model):
    """Its variance is that of its stiffness, and its stiffness that of its variance."""
    model = make_model((4, 5, 2), np.full(4, 40.0))
    closed = closure_reference(model)
    again = thermal_variance(model, closed.stiffness, 40.0)
    np.testing.assert_allclose(again[0], closed.variance[0], rtol=1e-8)
    force = model.material.onsite.well_force
    stiffness = gaussian_average(force.deriv(), closed.mean, closed.variance[0])
    np.testing.assert_allclose(closed.stiffness[0], stiffness, rtol=1e-12)
    assert np.all(closed.mean < relaxed_reference(model).mean)


def test_a_well_that_gives_way_is_reported(make_model):
    with pytest.raises(TheoryError, match=r"lower temperature\.T_hot_K"):
        closure_reference(make_model((4, 5, 2), np.full(4, 5000.0)))


def test_a_growing_mode_is_reported(make_model):
    """A well softened until its Hessian has a negative eigenvalue has no steady state."""
    model = make_model((4, 5, 2), np.full(4, 40.0))
    soft = stiffness_at_u0(model) - 50.0
    for dynamics in (
        EquationOfMotion.of(model, Field(OMEGA, ALONG_Z)),
        Substep.of(model, Field(OMEGA, ALONG_Z), H),
    ):
        spectrum = Spectrum(model.operator, soft, dynamics, Field(OMEGA, ALONG_Z))
        with pytest.raises(TheoryError, match=r"a mode at q_x = .* grows at"):
            fluctuations(spectrum, [ClassicalBath(model.temperature)])
