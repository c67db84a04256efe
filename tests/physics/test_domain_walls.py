"""180-degree walls: statics against dense minimisation, theory against a dense covariance."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov
from scipy.optimize import minimize, minimize_scalar

from ferronhall.base import units
from ferronhall.engine import balance_means
from ferronhall.engine.kernels.balance_moments import MOMENTS, sample_balances
from ferronhall.engine.kernels.layered_well import add_well
from ferronhall.engine.layout import from_storage, to_storage
from ferronhall.engine.propagator import Propagator
from ferronhall.model.map_algebra import fold
from ferronhall.model.members import field_members
from ferronhall.model.model import Model
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.onsite_potential import well_energy
from ferronhall.model.stability import preflight_at_rest
from ferronhall.theory.domain_walls import (
    domain_walls_dataset,
    excess_energy,
    softest_frequency,
)
from ferronhall.theory.mean_field import harmonic_mean
from ferronhall.theory.solver import Solver, observable_maps
from ferronhall.theory.wall_motion import peierls_barrier
from tests.conftest import CONFIG
from tests.physics import harmonic


def silent(_):
    """A log that keeps nothing."""


def with_walls(walls, shape=(3, 6, 2), pair=("gaussian", "pbesol-gaussian"), **changed):
    """The model and configuration of a small slab with walls."""
    config = copy.deepcopy(CONFIG)
    config["lattice"] |= dict(zip(("nx", "ny", "nz"), shape, strict=True))
    config["domains"] = {"walls_y": list(walls)}
    config["dipole"]["kernel"], config["short_range"]["preset"] = pair
    for key, value in changed.items():
        config[key] |= value
    return Model.from_config(config), config


def energy(model, u):
    """Energy (eV) and its gradient (eV/Å) of the whole slab in a field u (3, nx, ny, nz)."""
    onsite, linear = model.material.onsite, model.operator.apply(u)
    well = (onsite.quadratic, onsite.quartic, onsite.sextic)
    total = well_energy(well, u[0]).sum() + onsite.transverse / 2 * np.sum(u[1:] ** 2)
    slope = onsite.transverse * u
    slope[0] = well[0] * u[0] + well[1] * u[0] ** 3 + well[2] * u[0] ** 5
    return total - np.sum(u * linear) / 2, slope - linear


def minimised(model, start):
    """The dense minimum near a field, and its energy, by a quasi-Newton method of no symmetry."""

    def scaled(flat):
        value, slope = energy(model, flat.reshape(start.shape))
        return value, slope.ravel()

    options = {"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-9}
    found = minimize(scaled, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    return found.x.reshape(start.shape), found.fun


@pytest.mark.parametrize("walls", [(3,), (2, 4)])
@pytest.mark.parametrize(
    "pair", [("gaussian", "pbesol-gaussian"), ("longitudinal", "pbesol-s11")], ids=lambda p: p[0]
)
def test_profile_and_energy_are_those_of_a_dense_minimisation(walls, pair, rng):
    """From the bare domains with random displacements of every cell in every direction."""
    model, _ = with_walls(walls, pair=pair)
    slab, u0 = model.slab, model.material.onsite.amplitude
    start = 0.05 * u0 * rng.standard_normal((3, *slab.shape))
    one = start.copy()
    one[0] += u0
    for layer in range(slab.ny):
        start[0, :, layer] += u0 * (-1) ** sum(layer >= wall for wall in walls)
    found, total = minimised(model, start)
    expected = np.zeros_like(found)
    expected[0] = model.rest[:, None]
    np.testing.assert_allclose(found, expected, atol=2e-6)
    excess = (total - minimised(model, one)[1]) / (slab.nx * slab.nz)
    assert excess_energy(model) == pytest.approx(excess, rel=1e-5)


def test_a_wall_of_batio3_has_the_energy_that_walls_have():
    """Padilla, Zhong and Vanderbilt's effective Hamiltonian (1996) gives 16 mJ/m²; a layer wide."""
    model, config = with_walls((8,), (2, 16, 2))
    found = domain_walls_dataset(model, config, silent)
    assert 5 < float(found["wall_energy"][0]) < 25
    assert 1.0 < float(found["wall_width"][0]) / model.material.lattice_constant < 2.0
    assert float(found["total_energy"]) == pytest.approx(float(found["wall_energy"][0]))
    # the mode that moves the wall is the softest along x, and below those of one domain
    assert float(found["sliding_weight"][0]) > 0.9
    uniform = np.diag(replace(model, walls=()).rest_stiffness[0])
    coupling = model.operator.block(0, 0)[:16, :16].real
    lowest = np.linalg.eigvalsh((uniform + coupling) / model.material.mass[0, 0])[0]
    assert float(found["sliding_frequency"][0]) < 1e3 * np.sqrt(lowest) / (2 * np.pi)


def test_the_peierls_barrier_is_that_of_turning_one_layer_round():
    model, _ = with_walls((6,), (1, 14, 1))
    onsite, ny, turned = model.material.onsite, 14, 6
    well = (onsite.quadratic, onsite.quartic, onsite.sextic)
    coupling = model.operator.block(0, 0)[:ny, :ny].real
    others = np.arange(ny) != turned

    def total(mean):
        return well_energy(well, mean).sum() + mean @ coupling @ mean / 2

    def lowest(held):
        def free(values):
            mean = np.empty(ny)
            mean[turned], mean[others] = held, values
            slope = well[0] * mean + well[1] * mean**3 + coupling @ mean
            return total(mean), slope[others]

        options = {"gtol": 1e-9}
        return minimize(free, model.rest[others], jac=True, method="BFGS", options=options).fun

    u0 = onsite.amplitude
    top = minimize_scalar(lambda s: -lowest(s), bounds=(-u0 / 2, u0 / 2), method="bounded")
    assert onsite.sextic == 0
    assert peierls_barrier(model, 6, +1) == pytest.approx(-top.fun - total(model.rest), rel=1e-6)
    # beyond it stands the wall of the next layer, as deep
    moved = replace(model, walls=(7,))
    assert moved.rest[turned] > 0.9 * u0 > 0 > model.rest[turned]
    assert total(moved.rest) == pytest.approx(total(model.rest), abs=1e-7)


def test_a_field_tilts_the_barriers():
    """Each way by half of what the field does on the layer that turns round; then there is none."""
    model, _ = with_walls((6,), (1, 12, 1))
    still = [peierls_barrier(model, 6, step) for step in (-1, 1)]
    assert still[0] == pytest.approx(still[1], rel=1e-6)
    small = 20.0
    force = model.material.mode.charge[0, 0] * small * 1e-5
    pulled, _ = with_walls((6,), (1, 12, 1), electric_field={"x_kV_per_cm": small})
    changed = [peierls_barrier(pulled, 6, step) for step in (-1, 1)]
    # to first order the work on what moves up to the top, where the layer has u_x = 0
    work = force * model.rest[5]
    assert changed[1] - still[1] == pytest.approx(-work, rel=0.1)
    assert changed[0] - still[0] == pytest.approx(work, rel=0.1)
    strong, _ = with_walls((6,), (1, 12, 1), electric_field={"x_kV_per_cm": 3000.0})
    assert np.isnan(peierls_barrier(strong, 6, -1))


def test_frequencies_are_those_of_the_dense_hessian():
    model, _ = with_walls((2,), (3, 5, 2))
    dense = harmonic.hessian(model.operator, np.zeros(3))
    layers = np.broadcast_to(model.rest_stiffness[:, None, :, None], (3, *model.slab.shape))
    squares = np.linalg.eigvalsh(dense + np.diag(layers.ravel())) / model.material.mass[0, 0]
    assert softest_frequency(model) == pytest.approx(np.sqrt(squares[0]), rel=1e-9)
    report = preflight_at_rest(model, 0.0025)
    assert report.omega_max == pytest.approx(np.sqrt(squares[-1]), rel=1e-9)
    assert report.smallest == pytest.approx(squares[0] * model.material.mass[0, 0], rel=1e-9)


def test_harmonic_maps_are_those_of_a_dense_covariance(rng):
    """A wall off the middle, where no mirror of y holds, and a temperature of every column."""
    model, _ = with_walls((1,), (3, 4, 2))
    model = replace(model, temperature=rng.uniform(0, 50, 3))
    shape, mass, sites = model.slab.shape, model.material.mass[0, 0], model.slab.sites
    layers = np.broadcast_to(model.rest_stiffness[:, None, :, None], (3, *shape))
    hessian = harmonic.hessian(model.operator, np.zeros(3)) + np.diag(layers.ravel())
    bath = np.broadcast_to(model.temperature_map[:, :, None], shape).ravel()
    damping = np.broadcast_to(model.damping[None, :, None], shape).ravel()
    turn = np.kron(80.0 * harmonic.generator((0, 0, 1)), np.eye(sites))
    matrix = np.block(
        [
            [np.zeros((3 * sites, 3 * sites)), np.eye(3 * sites)],
            [-hessian / mass, turn - np.diag(np.tile(damping, 3))],
        ]
    )
    strength = np.tile(2 * damping * units.BOLTZMANN_EV_PER_K * bath / mass, 3)
    noise = np.diag(np.append(np.zeros(3 * sites), strength))
    c = solve_continuous_lyapunov(matrix, -noise)
    (found,) = Solver(model, log=silent).harmonic()
    assert found.reference.mean == pytest.approx(model.rest)
    squares = np.diag(c).reshape(2, 3, *shape).mean(axis=-1)
    plus = found.states[2]
    np.testing.assert_allclose(plus.displacement, squares[0], rtol=1e-8)
    np.testing.assert_allclose(plus.velocity, squares[1], rtol=1e-8)
    _, rotation = harmonic.maps(c, shape, 1.0)
    np.testing.assert_allclose(plus.rotation, rotation, atol=1e-8 * np.abs(rotation).max())
    # the anharmonic force has the sign of the domain, and all cells answer it
    third = 6 * model.material.onsite.quartic * model.rest
    force = np.zeros((3, *shape))
    force[0] = (-third / 2 * squares[0][0])[..., None]
    answer = np.linalg.solve(hessian, force.ravel()).reshape(3, *shape)[0, :, :, 0]
    mean = harmonic_mean(model, found.reference, plus)
    np.testing.assert_allclose(mean - model.rest, answer, atol=1e-8 * np.abs(answer).max())
    assert np.all(np.sign(answer.mean(axis=0)) == -np.sign(model.rest))


@pytest.mark.parametrize(
    ("walls", "polar", "mirrored"), [((3,), -1, True), ((2, 4), 1, True), ((2,), 1, False)]
)
def test_maps_are_their_own_images_under_the_mirrors_that_walls_leave(walls, polar, mirrored):
    """All three fields are solved each by itself, and folding then changes nothing."""
    model, _ = with_walls(walls, (8, 6, 2))
    assert model.mirrors.polar == polar
    assert model.mirrors.single == mirrored
    solver = Solver(model, log=silent)
    assert solver.mirrored == mirrored
    solver.mirrored = False
    closure = solver.closure()
    for name, maps in observable_maps(model, closure.states, closure.means).items():
        observable, mirrors = OBSERVABLES[name], model.mirrors
        scale = np.abs(maps).max()
        folded = fold(maps, observable.parity(mirrors), mirrors)
        np.testing.assert_allclose(folded, maps, atol=1e-11 * scale)
        # and the mirror of y of one domain does not hold, but for what is even in u
        one = replace(model, walls=()).mirrors
        broken = np.abs(fold(maps, observable.parity(one), one) - maps).max() / scale
        alike = mirrored and (polar == 1 or not observable.polar)
        assert broken < 1e-11 if alike else broken > 1e-6


def test_equal_walls_from_either_side_give_reversed_domains():
    """Reversing u as a whole: the −P domain of one slab is the +P domain of its mirror image."""
    left, right = (with_walls((wall,), (8, 6, 2))[0] for wall in (2, 4))
    found = [s.closure() for s in (Solver(m, log=silent) for m in (left, right))]
    maps = [
        observable_maps(m, f.states, f.means) for m, f in zip((left, right), found, strict=True)
    ]
    for name, sign in (("kinetic_energy", 1), ("polarization", -1), ("angular_momentum", -1)):
        here, there = maps[0][name], sign * maps[1][name][::-1, :, ::-1]
        np.testing.assert_allclose(here, there, atol=1e-11 * np.abs(here).max())


@pytest.fixture
def moving():
    """A propagator with a wall off the middle, some substeps from rest; walls and its state."""
    model, _ = with_walls((2,), (4, 5, 2))
    plan = balance_means.build_plan(model.operator, np.float64, every=1)
    propagator = Propagator(model, field_members(model), 1, 0, np.dtype(float), plan)
    propagator.run(40, 0, propagator.new_sums())
    return propagator


def test_forces_are_those_of_the_whole_energy(moving):
    p, model = moving, moving.model
    p.force(p.w, p.linear)
    add_well(p.w, p.coefficients.wells, p.linear)
    stored = (3, model.slab.nx, model.slab.nz, model.slab.ny)
    for w, linear in zip(p.displacement, p.linear, strict=True):
        force = from_storage(linear.reshape(stored))
        force[1:] -= model.material.onsite.transverse * w[1:]
        u = w.copy()
        u[0] += model.rest[:, None]
        np.testing.assert_allclose(force, -energy(model, u)[1], atol=1e-12)


def test_balances_take_the_well_of_every_layer(moving):
    """Powers, work and torques of the on-site force, and of all others, from their definitions."""
    p, model = moving, moving.model
    mass, h, onsite = model.material.mass[0, 0], p.h, model.material.onsite
    w, v = p.displacement[1], p.velocity[1]

    def onsite_force(w):
        rest = model.rest[:, None]
        along = onsite.well_force(rest + w[0]) - onsite.well_force(rest)
        return -np.array([along, *(onsite.transverse * w[1:])])

    linear = model.operator.apply(w)
    on = onsite_force(w)
    given = linear.copy()
    given[0] += on[0]
    p.balances.sums[:] = 0
    states = [np.repeat(to_storage(f).reshape(1, 3, -1), 3, axis=0) for f in (w, v, given)]
    own = p.coefficients
    sample_balances(*states, own, own.cubic, own.uneven, p.loss, p.amplitude, p.balances)
    found = dict(zip(MOMENTS, p.balances.sums[1], strict=True))
    closed, kicked = (v + step / mass * (on + linear) for step in (h / 2, h))
    decay = np.exp(-model.damping * h)[None, :, None]
    drift = h / 2 * kicked * (1 + decay)
    middle = w + drift / 2
    spread = units.BOLTZMANN_EV_PER_K * model.temperature_map[..., None] / mass * (1 - decay**2)
    trace = onsite.well_force.deriv()(model.rest[:, None] + middle[0]) + 2 * onsite.transverse
    work = np.sum(onsite_force(middle) * drift, axis=0) - h**2 / 8 * spread * trace
    for name, right in (
        ("onsite_power", np.sum(closed * on, axis=0)),
        ("intercell_power", np.sum(closed * linear, axis=0)),
        ("onsite_work", work),
        ("onsite_torque", w[0] * on[1] - w[1] * on[0]),
        ("intercell_torque", w[0] * linear[1] - w[1] * linear[0]),
    ):
        right = right.sum(axis=-1)
        np.testing.assert_allclose(found[name], right, atol=1e-10 * np.abs(right).max())
