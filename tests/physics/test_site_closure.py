"""The site-dependent Gaussian closure against dense solutions, limits and symmetries."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov
from scipy.optimize import brentq, fsolve

from ferronhall.base import units
from ferronhall.base.errors import ConfigError, TheoryError
from ferronhall.campaign.config import validate
from ferronhall.model.field import Field
from ferronhall.model.gaussian_average import gaussian_average
from ferronhall.model.material import CUBIC
from ferronhall.model.model import Model
from ferronhall.model.reference import (
    closure_reference,
    relaxed_reference,
)
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.by_site.closure import _check_stable, site_closure
from ferronhall.theory.by_site.cost import chosen_closure
from ferronhall.theory.by_site.lyapunov import Sector
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.solver import Solver, mirrored_in_y
from tests.conftest import CONFIG
from tests.physics import harmonic

OMEGA = 80.0
ALONG_Z, TILTED = (0, 0, 1), (0.3, -0.5, 0.8)


def stiffness_at_u0(model):
    return np.repeat(model.material.onsite.hessian[:, None], model.slab.ny, axis=1)


def dense_covariance(model, omega, direction, excess):
    """⟨s sᵀ⟩ of the whole slab with k + M·excess(x, y), from its dense equation of motion.

    excess : ndarray, shape (felt, felt, nx, ny)
    """
    shape, mass = model.slab.shape, model.material.mass[0, 0]
    sites = model.slab.sites
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    each = np.arange(sites)
    for a, b in np.ndindex(excess.shape[:2]):
        soft = np.broadcast_to(mass * excess[a, b, :, :, None], shape).ravel()
        hessian[a * sites + each, b * sites + each] += soft
    damping = np.broadcast_to(model.damping[None, :, None], shape).ravel()
    bath = np.broadcast_to(model.temperature_map[:, :, None], shape).ravel()
    n = 3 * sites
    turn = np.kron(omega * harmonic.generator(direction), np.eye(sites))
    matrix = np.block(
        [[np.zeros((n, n)), np.eye(n)], [-hessian / mass, turn - np.diag(np.tile(damping, 3))]]
    )
    strength = 2 * damping * units.BOLTZMANN_EV_PER_K * bath / mass
    noise = np.diag(np.concatenate([np.zeros(n), np.tile(strength, 3)]))
    return solve_continuous_lyapunov(matrix, -noise)


def sectors(model, omega, direction, felt=1, symmetric=False):
    dynamics = EquationOfMotion.of(model, Field(omega, direction))
    spectrum = Spectrum(model.operator, stiffness_at_u0(model), dynamics, Field(omega, direction))
    for wave_vector in spectrum.wave_vectors:
        spectrum.solve(*wave_vector)
    return [
        Sector(spectrum, iz, model.temperature, felt, symmetric)
        for iz in range(model.slab.nz // 2 + 1)
    ]


@pytest.mark.parametrize("shape", [(3, 2, 1), (4, 3, 2), (3, 2, 3)])
@pytest.mark.parametrize(
    ("omega", "direction"), [(0.0, ALONG_Z), (OMEGA, ALONG_Z), (OMEGA, TILTED)]
)
@pytest.mark.parametrize("felt", [1, 3])
def test_maps_equal_a_dense_lyapunov_solution(make_model, rng, shape, omega, direction, felt):
    """T(x) and the stiffness are drawn at random; the latter varies by a quarter of k∥.

    In a cubic well across x too, where it stays positive, and between x and y.
    """
    model = make_model(shape, rng.uniform(0, 50, shape[0]))
    _compare(model, omega, direction, _drawn(rng, shape, felt))


@pytest.mark.parametrize("shape", [(4, 3, 2), (3, 4, 3)])
@pytest.mark.parametrize("omega", [0.0, OMEGA])
@pytest.mark.parametrize("felt", [1, 3])
@pytest.mark.parametrize("layered", [False, True])
@pytest.mark.parametrize("damped", [1, 40])
def test_what_is_its_own_image_is_solved_in_real_numbers(
    make_model, rng, shape, omega, felt, layered, damped
):
    """The same of a T and a stiffness that the mirrors leave as they are.

    T(x) or T(x, y); also with a damping so strong that modes no longer oscillate.
    """
    temperature, excess = rng.uniform(0, 50, shape[:2]), _drawn(rng, shape, felt)
    images = [(-1, -2)] if omega else [(-1, -2), -1, -2]
    for axes in images:
        turned = np.flip(excess, axes).copy()
        if axes in (-1, -2) and felt == 3:
            turned[0, 1], turned[1, 0] = -turned[0, 1], -turned[1, 0]
        excess, temperature = (excess + turned) / 2, (temperature + np.flip(temperature, axes)) / 2
    if not layered:
        temperature = temperature.mean(axis=1)
        temperature = (temperature + temperature[::-1]) / 2
    model = make_model(shape, temperature)
    model = replace(model, damping=damped * model.damping)
    _compare(model, omega, ALONG_Z, excess, symmetric=True)


def _drawn(rng, shape, felt):
    excess = np.zeros((felt, felt, *shape[:2]))
    excess[0, 0] = rng.uniform(-700, 700, shape[:2])
    if felt == 3:
        excess[1, 1], excess[2, 2] = rng.uniform(0, 100, (2, *shape[:2]))
        excess[0, 1] = excess[1, 0] = rng.uniform(-30, 30, shape[:2])
    return excess


def _compare(model, omega, direction, excess, symmetric=False):
    """Maps of all sectors with a stiffness k + M·excess(x, y), and those of dense algebra."""
    shape, felt = model.slab.shape, len(excess)
    c = dense_covariance(model, omega, direction, excess)
    n = len(c) // 2
    squares = np.diag(c).reshape(2, 3, *shape).mean(axis=-1)
    _, rotation = harmonic.maps(c, shape, 1.0)
    expected = np.concatenate([squares[1], squares[0], rotation[None]])
    found, spread = 0.0, 0.0
    for sector in sectors(model, omega, direction, felt, symmetric):
        sector.solve(excess, 1e-12)
        found, spread = found + sector.moments(excess), spread + sector.spread()
    scale = np.sqrt(np.diag(c)[:n].max() * np.diag(c)[n:].max())
    np.testing.assert_allclose(found[:6], expected[:6], rtol=1e-7)
    np.testing.assert_allclose(found[6], rotation, atol=1e-8 * scale)
    shear = harmonic.shear(c, shape)
    np.testing.assert_allclose(found[7], shear, rtol=0, atol=1e-7 * np.abs(shear).max())
    bilinear = harmonic.bond_bilinear(c, shape)
    np.testing.assert_allclose(found[8], bilinear, rtol=0, atol=1e-7 * np.abs(bilinear).max())
    np.testing.assert_allclose(spread[:felt], squares[0, :felt], rtol=1e-7)
    if felt == 3:
        np.testing.assert_allclose(spread[3], shear, rtol=0, atol=1e-7 * np.abs(shear).max())


def closed(model, omega=OMEGA, direction=ALONG_Z, threads=1):
    """The library's self-consistent state and mean field of one field."""
    reference = closure_reference(model)
    dynamics = EquationOfMotion.of(model, Field(omega, direction))
    spectrum = Spectrum(model.operator, reference.stiffness, dynamics, Field(omega, direction))
    return site_closure(model, reference, spectrum, threads, log=lambda line: None)


def test_the_closure_is_the_fixed_point_of_dense_solutions(make_model):
    """One more round by other means changes nothing; 200 K in the band.

    The mean field by fsolve, the fluctuations by the dense equation.
    """
    shape = (4, 3, 2)
    model = make_model(shape, np.array([1.0, 200.0, 120.0, 40.0]))
    state, mean = closed(model)
    force, onsite = model.material.onsite.well_force, model.material.onsite
    mass = model.material.mass[0, 0]

    def round_(flat):
        variance = flat.reshape(shape[:2])

        def imbalance(guess):
            u = np.zeros((3, *shape))
            u[:] = guess.reshape(3, *shape[:2])[..., None]
            total = model.operator.apply(u)[..., 0]
            total[0] -= gaussian_average(force, u[0, ..., 0], variance)
            total[1:] -= onsite.transverse * u[1:, ..., 0]
            return total.ravel()

        start = np.zeros((3, *shape[:2]))
        start[0] = onsite.amplitude
        u = fsolve(imbalance, start.ravel(), xtol=1e-13).reshape(start.shape)[0]
        stiffness = gaussian_average(force.deriv(), u, variance)
        excess = (stiffness - onsite.hessian[0]) / mass
        c = dense_covariance(model, OMEGA, ALONG_Z, excess[None, None])
        return np.diag(c)[: model.slab.sites].reshape(shape).mean(axis=2).ravel(), u

    variance = state.displacement[0].ravel()
    again, dense_mean = round_(variance)
    np.testing.assert_allclose(again, variance, rtol=3e-6)
    np.testing.assert_allclose(mean, dense_mean, rtol=1e-6)


def test_in_a_cubic_well_it_is_the_fixed_point_of_dense_solutions(make_model):
    """The same where all components follow: averages by Gauss and Hermite's rule."""
    shape = (4, 3, 2)
    config = copy.deepcopy(CONFIG)
    config["onsite"] |= {"form": "cubic", "gamma_eV_per_A4": 200.0}
    material = Model.from_config(validate(config)).material
    model = replace(make_model(shape, np.array([1.0, 50.0, 30.0, 10.0])), material=material)
    state, mean = closed(model)
    onsite, mass = model.material.onsite, model.material.mass[0, 0]
    nodes, weights = np.polynomial.hermite_e.hermegauss(4)
    grid = np.array(np.meshgrid(nodes, nodes, nodes, indexing="ij")).reshape(3, -1)
    weight = np.einsum("i,j,k->ijk", *3 * [weights / weights.sum()]).ravel()
    covariance = np.zeros((*shape[:2], 3, 3))
    for c in range(3):
        covariance[..., c, c] = state.displacement[c]
    covariance[..., 0, 1] = covariance[..., 1, 0] = state.shear
    points = np.einsum("xyab,bn->axyn", np.linalg.cholesky(covariance), grid)

    def imbalance(flat):
        u = np.zeros((3, *shape))
        u[:] = flat.reshape(3, *shape[:2])[..., None]
        force = onsite.force(u[..., :1] + points) @ weight
        return (model.operator.apply(u)[..., 0] + force).ravel()

    start = np.zeros((3, *shape[:2]))
    start[0] = onsite.amplitude
    u = fsolve(imbalance, start.ravel(), xtol=1e-13).reshape(start.shape)
    step, excess = 1e-5, np.zeros((3, 3, *shape[:2]))
    for a in range(3):
        moved = np.zeros((3, 1, 1, 1))
        moved[a] = step
        ends = [onsite.force(u[..., None] + points + s * moved) @ weight for s in (1, -1)]
        excess[a] = (ends[1] - ends[0]) / (2 * step)
    assert np.ptp(excess[1, 1]) > 0.5 * onsite.transverse
    assert np.abs(excess[0, 1]).max() > 1e-3 * onsite.transverse
    for a in range(3):
        excess[a, a] -= onsite.hessian[a]
    c = dense_covariance(model, OMEGA, ALONG_Z, excess / mass)
    squares = np.diag(c)[: 3 * model.slab.sites].reshape(3, *shape).mean(axis=3)
    np.testing.assert_allclose(state.displacement, squares, rtol=1e-5)
    shear = harmonic.shear(c, shape)
    np.testing.assert_allclose(state.shear, shear, rtol=0, atol=1e-5 * np.abs(shear).max())
    np.testing.assert_allclose(mean, u[0], rtol=1e-6)


def test_at_uniform_temperature_it_is_the_averaged_closure(make_model):
    """Equilibrium: no cell differs from another along x, and the field does nothing."""
    model = make_model((5, 4, 3), np.full(5, 60.0))
    state, mean = closed(model)
    reference = closure_reference(model)
    np.testing.assert_allclose(
        state.displacement[0], np.tile(reference.variance[0], (5, 1)), rtol=1e-6
    )
    np.testing.assert_allclose(mean, np.tile(reference.mean, (5, 1)), rtol=1e-6)
    thermal = units.BOLTZMANN_EV_PER_K * 60.0 / model.material.mass[0, 0]
    np.testing.assert_allclose(state.velocity, thermal, rtol=1e-6)
    scale = np.sqrt(state.displacement.max() * state.velocity.max())
    assert np.abs(state.rotation).max() < 1e-6 * scale


def test_mirrors_turn_the_field_round(make_model):
    """y → −y and, for a profile symmetric in x, x → −x both map +Ω_B on −Ω_B; L_z changes sign."""
    model = make_model((6, 5, 2), 100 * np.array([0.0, 0.2, 1.0, 1.0, 0.2, 0.0]))
    (plus, mean_plus), (minus, mean_minus) = closed(model), closed(model, -OMEGA)
    scale = np.abs(plus.rotation).max()
    image = mirrored_in_y(plus)
    for found, expected in (
        (minus.displacement, image.displacement),
        (minus.velocity, plus.velocity[:, ::-1]),
        (mean_minus, mean_plus[:, ::-1]),
        (mean_minus, mean_plus[::-1]),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    np.testing.assert_allclose(minus.rotation, image.rotation, atol=1e-5 * scale)
    np.testing.assert_allclose(minus.rotation, -plus.rotation[::-1], atol=1e-5 * scale)
    assert np.ptp(mean_plus - mean_plus[:, ::-1]) > 1e-4 * np.ptp(mean_plus)


def test_the_solver_orders_its_fields_and_threads_change_nothing(make_model):
    model = make_model((5, 4, 3), 80 * np.array([0.0, 0.5, 1.0, 0.5, 0.0]))
    one, two = (Solver(model, threads, log=lambda line: None).site_closure() for threads in (1, 2))
    for n, omega in enumerate((-OMEGA, 0.0, OMEGA)):
        state, mean = closed(model, omega)
        np.testing.assert_allclose(one.states[n].displacement, state.displacement, rtol=1e-6)
        np.testing.assert_allclose(one.means[n], mean, rtol=1e-6)
        np.testing.assert_array_equal(one.states[n].velocity, two.states[n].velocity)


def test_a_stiffness_without_a_steady_state_is_refused(make_model):
    """Softened until a sector's Hessian has a negative eigenvalue, as the dense one says."""
    model = make_model((4, 3, 2), np.ones(4))
    reference = relaxed_reference(model)
    mass = model.material.mass[0, 0]
    excess = np.zeros((1, 1, 4, 3))
    excess[0, 0, 1] = -1.0
    dense = harmonic.hessian(model.operator, np.zeros(3))
    dense += np.diag(np.tile(reference.stiffness[:, None, :, None], (1, 4, 1, 2)).ravel())
    soft = np.zeros((3, 4, 3, 2))
    soft[0, 1] = -1.0
    # the scale at which the lowest eigenvalue passes through zero
    critical = brentq(lambda s: np.linalg.eigvalsh(dense + s * np.diag(soft.ravel()))[0], 0, 500)
    for factor, unstable in ((0.99, False), (1.01, True)):
        refused = []
        for iz in range(2):
            try:
                _check_stable(model, reference, factor * critical / mass * excess, iz)
            except TheoryError:
                refused.append(iz)
        assert bool(refused) == unstable


def test_a_well_that_gives_way_is_reported(make_model):
    with pytest.raises(TheoryError, match=r"lower temperature\.T_hot_K"):
        closed(make_model((5, 4, 2), np.array([0.0, 0.0, 4500.0, 0.0, 0.0])))


def test_what_fits_decides_which_closure(monkeypatch):
    small, paper = (31, 15, 9), (101, 85, 13)
    assert chosen_closure("auto", small) == "site"
    assert chosen_closure("auto", paper) == "averaged"
    assert chosen_closure("averaged", small) == "averaged"
    monkeypatch.setattr("os.sysconf", lambda name: {"SC_PAGE_SIZE": 4096}.get(name, 1000000))
    assert chosen_closure("site", small) == "site"
    assert chosen_closure("auto", (7, 5, 2), CUBIC) == "averaged"
    assert chosen_closure("site", (7, 5, 2), CUBIC) == "site"
    with pytest.raises(ConfigError, match=r"theory\.closure: site takes \d+ GB .* 4\.1 GB; write"):
        chosen_closure("site", paper)
