"""A slab in a well with cubic symmetry: engine, balances, theory and twin."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import fsolve

from ferronhall.analysis.bond_polarization import bond_polarization_dataset
from ferronhall.base import units
from ferronhall.base.errors import ConfigError, UnstableKernelError
from ferronhall.campaign.config import validate
from ferronhall.engine import balance_means
from ferronhall.engine.kernels.balance_moments import MOMENTS, sample_balances
from ferronhall.engine.kernels.cubic_well import add_cubic_well
from ferronhall.engine.layout import from_storage, to_storage
from ferronhall.engine.propagator import Propagator
from ferronhall.model.members import field_members
from ferronhall.model.model import Model
from ferronhall.model.reference import closure_reference, relaxed_reference, thermal_variance
from ferronhall.model.stability import preflight_at_rest
from ferronhall.theory.mean_field import Spread, closure_mean, harmonic_mean
from ferronhall.theory.modulated.lock_in import edge_amplitudes
from ferronhall.theory.solver import Solver, observable_maps
from ferronhall.theory.spectra.edge_spectrum import spectrum_dataset
from tests.conftest import CONFIG
from tests.physics import harmonic


def silent(_):
    """A log that keeps nothing."""


def with_cubic_well(shape, temperature=None, walls=(), **onsite):
    """A model of the shipped material's cubic well."""
    config = copy.deepcopy(CONFIG)
    config["lattice"].update(zip(("nx", "ny", "nz"), shape, strict=True))
    config["damping"]["sponge_layers"] = 1
    config["domains"]["walls_y"] = list(walls)
    config["onsite"] |= {"form": "cubic"} | onsite
    model = Model.from_config(validate(config))
    return model if temperature is None else replace(model, temperature=np.asarray(temperature))


@pytest.fixture(scope="module", params=[(), (2,)])
def moving(request):
    """A propagator some substeps from rest, in one domain and with a wall off the middle."""
    model = with_cubic_well((7, 5, 2), walls=request.param)
    plan = balance_means.build_plan(model.operator, np.float64, every=1)
    propagator = Propagator(model, field_members(model), 1, 0, np.dtype(float), plan)
    propagator.run(40, 0, propagator.new_sums())
    return propagator


def whole_force(model, w):
    """Force of couplings and well together on w about the state at rest, less the well's there."""
    still = np.zeros((3, *model.slab.shape))
    still[0] = model.rest[:, None]
    onsite = model.material.onsite
    return model.operator.apply(w), onsite.force(still + w) - onsite.force(still)


def test_forces_are_those_of_the_potential(moving):
    p, model = moving, moving.model
    p.force(p.w, p.linear)
    add_cubic_well(p.w, p.coefficients.cubic, p.linear)
    stored = (3, model.slab.nx, model.slab.nz, model.slab.ny)
    uniform = np.zeros((3, *model.slab.shape))
    uniform[0] = model.pulling
    pull = model.operator.apply(uniform)
    for w, linear in zip(p.displacement, p.linear, strict=True):
        expected = sum(whole_force(model, w)) + pull
        np.testing.assert_allclose(from_storage(linear.reshape(stored)), expected, atol=1e-11)


def test_balances_count_the_well_as_on_site(moving):
    """Powers, work and torques of the on-site force, and of all others, from their definitions."""
    p, model = moving, moving.model
    mass, h, onsite = model.material.mass[0, 0], p.h, model.material.onsite
    w, v = p.displacement[1], p.velocity[1]
    linear, on = whole_force(model, w)
    p.balances.sums[:] = 0
    stored = [np.repeat(to_storage(f).reshape(1, 3, -1), 3, axis=0) for f in (w, v, linear + on)]
    own = p.coefficients
    sample_balances(*stored, own, own.cubic, own.uneven, p.loss, p.amplitude, p.balances)
    found = dict(zip(MOMENTS, p.balances.sums[1], strict=True))
    closed, kicked = (v + step / mass * (on + linear) for step in (h / 2, h))
    decay = np.exp(-model.damping * h)[None, :, None]
    drift = h / 2 * kicked * (1 + decay)
    middle = w + drift / 2
    spread = units.BOLTZMANN_EV_PER_K * model.temperature_map[..., None] / mass * (1 - decay**2)
    step, trace = 1e-5, 0.0
    for axis in range(3):
        moved = np.zeros((3, 1, 1, 1))
        moved[axis] = step
        ends = [whole_force(model, middle + s * moved)[1][axis] for s in (1, -1)]
        trace = trace - (ends[0] - ends[1]) / (2 * step)
    work = np.sum(whole_force(model, middle)[1] * drift, axis=0) - h**2 / 8 * spread * trace
    assert onsite.transverse > 0
    for name, right in (
        ("onsite_power", np.sum(closed * on, axis=0)),
        ("intercell_power", np.sum(closed * linear, axis=0)),
        ("onsite_work", work),
        ("onsite_torque", w[0] * on[1] - w[1] * on[0]),
        ("intercell_torque", w[0] * linear[1] - w[1] * linear[0]),
    ):
        right = right.sum(axis=-1)
        np.testing.assert_allclose(found[name], right, atol=1e-8 * np.abs(right).max())


def test_the_first_order_shift_is_the_dense_one():
    """The inverse Hessian of the whole slab, of forces from the well's numerical derivatives."""
    shape = (7, 5, 2)
    model = with_cubic_well(shape, [0.0, 5.0, 30.0, 50.0, 20.0, 5.0, 0.0])
    (found,) = Solver(model, log=silent).harmonic()
    state, onsite = found.states[2], model.material.onsite
    mean = found.reference.mean
    hessian = harmonic.hessian(model.operator, np.zeros(3)).reshape(2 * (3, *shape))
    third = np.zeros((3, 3, 3, shape[1]))
    step = 1e-4
    for a, b, c in np.ndindex(3, 3, 3):
        for s, t in np.ndindex(2, 2):
            u = np.zeros((3, shape[1]))
            u[0] = mean
            u[a] += (1 - 2 * s) * step
            u[b] += (1 - 2 * t) * step
            third[a, b, c] -= (1 - 2 * s) * (1 - 2 * t) * onsite.force(u)[c] / (2 * step) ** 2
    second = found.reference.stiffness
    for c in range(3):
        for site in np.ndindex(*shape):
            hessian[(c, *site, c, *site)] += second[c, site[1]]
    moments = np.zeros((3, 3, *shape[:2]))
    for c in range(3):
        moments[c, c] = state.displacement[c]
    moments[0, 1] = moments[1, 0] = state.shear
    force = np.zeros((3, *shape))
    force[:] = -np.einsum("abcy,abxy->cxy", third, moments)[..., None] / 2
    n = 3 * model.slab.sites
    answer = np.linalg.solve(hessian.reshape(n, n), force.ravel()).reshape(force.shape)
    scale = np.abs(answer[0]).max()
    np.testing.assert_allclose(found.means[2] - mean, answer[0, ..., 0], atol=1e-5 * scale)
    # the force along y counts
    without = Spread(state.displacement, 0 * state.shear)
    along = harmonic_mean(model, found.reference, without) - mean
    assert np.abs(along - answer[0, ..., 0]).max() > 1e-4 * scale


def test_the_closure_balances_both_components(rng):
    """⟨V_x⟩ + K u = 0 and ⟨V_y⟩ + K u = 0 in every cell, averages by Gauss and Hermite's rule."""
    shape = (7, 5, 1)
    model = with_cubic_well(shape, np.full(7, 20.0))
    closed, onsite = closure_reference(model), model.material.onsite
    spread = closed.variance[:, None] * rng.uniform(0.6, 1.4, (3, *shape[:2]))
    shear = 0.3 * np.sqrt(spread[0] * spread[1])
    found = closure_mean(model, closed, Spread(spread, shear))
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)
    grid = np.array(np.meshgrid(nodes, nodes, nodes, indexing="ij")).reshape(3, -1)
    weight = np.einsum("i,j,k->ijk", *3 * [weights / weights.sum()]).ravel()
    roots = np.zeros((3, 3, *shape[:2]))
    roots[0, 0] = np.sqrt(spread[0])
    roots[1, 0] = shear / roots[0, 0]
    roots[1, 1] = np.sqrt(spread[1] - roots[1, 0] ** 2)
    roots[2, 2] = np.sqrt(spread[2])
    points = np.einsum("abxy,bn->axyn", roots, grid)

    def imbalance(flat):
        u = np.zeros((3, *shape))
        u[:2] = flat.reshape(2, *shape[:2])[..., None]
        total = model.operator.apply(u)[:2, ..., 0]
        return (total + (onsite.force(u + points) @ weight)[:2]).ravel()

    start = np.zeros((2, *shape[:2]))
    start[0] = closed.mean
    exact = fsolve(imbalance, start.ravel(), xtol=1e-13).reshape(start.shape)
    np.testing.assert_allclose(found, exact[0], rtol=1e-9)
    assert np.abs(exact[1]).max() > 1e-4 * onsite.amplitude


def test_the_closure_follows_fluctuations_of_all_components():
    """Its variances are those of its stiffness, softer along x than at rest and stiffer across."""
    model = with_cubic_well((7, 5, 2), np.full(7, 40.0))
    closed = closure_reference(model)
    again = thermal_variance(model, closed.stiffness, 40.0)
    np.testing.assert_allclose(again, closed.variance, rtol=1e-8)
    onsite = model.material.onsite
    expected = onsite.mean_stiffness(closed.mean, closed.variance)
    np.testing.assert_allclose(closed.stiffness, expected, rtol=1e-12)
    relaxed = relaxed_reference(model)
    assert np.all(closed.stiffness[0] < relaxed.stiffness[0])
    assert np.all(closed.stiffness[1:] > 2 * relaxed.stiffness[1:])
    quantum = Solver(model, log=silent).quantum_reference()
    assert np.all(quantum.variance < closed.variance)


def test_spectrum_and_slow_modulation_add_up_to_the_harmonic_theory():
    """Edge Δ_B P, of which every component of the fluctuations has its part."""
    model = with_cubic_well((7, 5, 2))
    (solution,) = Solver(model, log=silent).harmonic()
    maps = observable_maps(model, solution.states, solution.means)["polarization"]
    expected = 1e6 * model.cells.edge_accumulation((maps[2] - maps[0]) / 2)
    config = validate(copy.deepcopy(CONFIG) | {"onsite": CONFIG["onsite"] | {"form": "cubic"}})
    spectrum = spectrum_dataset(model, config, log=silent).sel(map="delta_polarization")
    by_band = float(spectrum["response"].sel(statistics="classical").sum())
    assert by_band == pytest.approx(expected, rel=1e-6)
    slow = edge_amplitudes(model, [0.0], log=silent)["delta_polarization"][0, 0]
    assert slow == pytest.approx(expected, rel=1e-5)


def test_a_wall_that_the_mode_turns_out_of_is_refused():
    """In the middle of a wall u is smaller, and κ of u_y and u_z below 0; a large γ holds it."""
    held = with_cubic_well((7, 12, 2), walls=(6,), gamma_eV_per_A4=600.0)
    assert preflight_at_rest(held, h=0.0).smallest > 0
    turning = with_cubic_well((7, 12, 2), walls=(6,))
    dense = np.zeros((3, 12, 3, 12))
    for column in range(3 * 12):
        u = np.zeros((3, *turning.slab.shape))
        u[column // 12, :, column % 12] = 1.0
        dense[column // 12, column % 12] = -turning.operator.apply(u)[:, 0, :, 0]
    dense = dense.reshape(36, 36) + np.diag(turning.rest_stiffness.ravel())
    smallest = np.linalg.eigvalsh(dense)[0]
    assert smallest < 0
    with pytest.raises(UnstableKernelError) as caught:
        preflight_at_rest(turning, h=0.0)
    assert f"eigenvalue {smallest:.3g} eV/Å² at q_x = 0/7, q_z = 0/2" in str(caught.value)
    assert "so that P turns there" in str(caught.value) and "other walls" in str(caught.value)


def test_second_order_polarization_is_refused():
    with pytest.raises(ConfigError, match="which only an axial well allows"):
        bond_polarization_dataset(with_cubic_well((7, 5, 2)), CONFIG, None, {})


@pytest.mark.parametrize(("gamma", "temperature"), [("material", 0.05), (300.0, 2.0)])
def test_theory_against_trajectories(gamma, temperature):
    """Mean and fluctuations of a slab, as the samples are, within four standard errors.

    In the limit of small fluctuations, and where the well is stiffer across x. The axial theory
    misses the mean by far.
    """
    model = with_cubic_well((7, 5, 16), np.full(7, temperature), gamma_eV_per_A4=gamma)
    model = replace(model, h=0.005)
    p = Propagator(model, field_members(model)[1:2], 3, 0, np.dtype(float))
    p.run(4000, 0, p.new_sums())
    samples = []
    for _ in range(40):
        sums = p.new_sums()
        count = p.run(1500, 3, sums)
        samples.append(sums[0, 1:4:2].mean(axis=(1, 2)) / count / model.slab.nz)
    samples = np.array(samples)
    errors = samples.std(axis=0, ddof=1) / np.sqrt(len(samples))
    closure = Solver(model, log=silent).closure()
    means = closure.means[1] - model.material.onsite.equilibrium
    # the faces pull on the state at rest, which leaves squares of its own
    expected = means.mean(), np.mean(closure.states[1].displacement[0] + means**2)
    assert np.all(errors < 0.02 * np.abs(expected))
    assert np.all(np.abs(samples.mean(axis=0) - expected) < 4 * errors)
    axial = replace(model, material=Model.from_config(validate(copy.deepcopy(CONFIG))).material)
    (plain,) = Solver(axial, log=silent).harmonic()
    missed = plain.means[1].mean() - axial.material.onsite.equilibrium - expected[0]
    assert abs(missed) > 10 * errors[0]
