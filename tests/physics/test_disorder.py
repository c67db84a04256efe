"""An uneven crystal: its forces, limits, equilibrium, symmetries and balances."""

from dataclasses import replace

import numpy as np
import pytest

from ferronhall.analysis.balance_terms import RESIDUALS, balance_terms
from ferronhall.base import units
from ferronhall.campaign.config import validate
from ferronhall.engine import balance_means
from ferronhall.engine.kernels.balance_moments import MOMENTS, sample_balances
from ferronhall.engine.layout import storage_order, to_storage
from ferronhall.engine.propagator import Propagator
from ferronhall.model.members import field_members, members_of
from ferronhall.model.model import Model
from tests.physics import harmonic

SHAPE = (7, 5, 2)
UNEVEN = {
    "seed": 3,
    "stiffness": {"concentration": 0.4, "change": 0.6},
    "mass": {"concentration": 0.5, "change": 0.4},
    "isotopes": ["Ti", "O"],
}
PINNED = {"pinned": {"concentration": 0.15, "displacement": -0.5}}


@pytest.fixture
def make_model(config):
    """Builds a model: its disorder, and other groups of the configuration."""

    def make(disorder, **groups):
        for name, group in groups.items():
            config[name] = config[name] | group
        return Model.from_config(validate(config | {"disorder": disorder}))

    return make


def propagator(model, replica=0, dtype=np.float64, every=0, twins=False):
    """A Propagator of the model's members."""
    plan = balance_means.build_plan(model.operator, np.dtype(dtype), every)
    return Propagator(model, members_of(model, twins), 7, replica, np.dtype(dtype), plan)


def energy(model, cells, u):
    """Energy (eV) of a field u, from the potential of every cell and the linear operator."""
    onsite, total = model.material.onsite, 0.0
    for place in np.ndindex(u.shape[1:]):
        share, here = cells.stiffness[place], u[(slice(None), *place)]
        potential = replace(
            onsite,
            barrier=share * onsite.barrier,
            sextic=share * onsite.sextic,
            transverse=share * onsite.transverse,
        )
        total += potential.energy(here[:, None])
    return total - np.sum(u * model.operator.apply(u)) / 2


@pytest.mark.parametrize("groups", [{}, {"electric_field": {"x_kV_per_cm": 300.0}},
                                    {"domains": {"walls_y": [3]}}])  # fmt: skip
def test_forces_are_the_slope_of_the_energy(groups, make_model, rng):
    """Stiffness of every cell, with a tilt and with a wall; by central differences."""
    model = make_model(UNEVEN | PINNED, **groups)
    p = propagator(model, replica=1)
    cells = model.disorder.realisation(model.slab, 1)
    u = p.displacement[0] + 0.01 * rng.normal(size=(3, *SHAPE)) * ~cells.pinned
    u[0] += model.rest[:, None]
    w = u.copy()
    w[0] -= model.rest[:, None]
    state = propagator(replace(model, disorder=None))
    state.velocity = np.array([w] * 3)
    p.w[:] = state.v / p._inverse
    p.v[:] = 0
    p.run(1, 0, p.new_sums())
    found = p._fields(p.linear / np.where(p._inverse == 0, 1, p._inverse))[2]
    assert np.all(found[:, cells.pinned] == 0)
    step = 1e-5
    for place in np.argwhere(~cells.pinned)[::7]:
        for c in range(3):
            index = (c, *place)
            shifted = [energy(model, cells, u + d * _unit(index, u.shape)) for d in (step, -step)]
            slope = (shifted[0] - shifted[1]) / (2 * step)
            assert found[index] == pytest.approx(-slope, abs=2e-7)


def _unit(index, shape):
    one = np.zeros(shape)
    one[index] = 1
    return one


@pytest.mark.parametrize("replica", [0, 5])
def test_a_substep_has_the_mass_and_the_bath_of_every_cell(replica, make_model, rng):
    """The definition of the substep with M of every cell, and the noise of the even slab."""
    model = make_model(UNEVEN | PINNED)
    cells = model.disorder.realisation(model.slab, replica)
    mass = model.material.mass[0, 0] * cells.mass
    p = propagator(model, replica)
    w, v = p.displacement, p.velocity
    v += rng.normal(size=v.shape) * ~cells.pinned
    p.velocity = v
    h, onsite = model.h, model.material.onsite
    for m, member in enumerate(field_members(model)):
        u = w[m].copy()
        u[0] += onsite.amplitude
        force = cells.stiffness * onsite.force(u) + model.operator.apply(u)
        kicked = v[m] + h / mass * force
        turn = model.field.at((-1, 0, 1)[m]).rotation(h / 2)
        c = np.exp(-model.damping * h)[:, None]
        once = np.einsum("ab,bxyz->axyz", turn, kicked)
        noise = _normals(model, p.key) * np.sqrt(
            units.BOLTZMANN_EV_PER_K * model.temperature_map[..., None] / mass * (1 - c**2)
        )
        late = np.einsum("ab,bxyz->axyz", turn, c * once + noise)
        moved = w[m] + h / 2 * (kicked + late)
        w[m], v[m] = np.where(cells.pinned, w[m], moved), np.where(cells.pinned, 0.0, late)
        assert member.omega_B == model.field.at((-1, 0, 1)[m]).omega_B
    p.run(1, 0, p.new_sums())
    np.testing.assert_allclose(p.displacement, w, atol=1e-13)
    np.testing.assert_allclose(p.velocity, v, atol=1e-8)
    at_rest = w[:, 0, cells.pinned] + onsite.amplitude
    np.testing.assert_allclose(at_rest, -0.5 * onsite.amplitude, atol=1e-14)


def _normals(model, key):
    """The first substep's normals as a field, from the bath of an even slab at rest."""
    even = replace(model, disorder=None, damping=np.full(SHAPE[1], 1e3))
    even = replace(even, temperature=np.full(SHAPE[0], 1.0))
    p = Propagator(even, field_members(even)[1:2], 7, key[2], np.dtype(np.float64))
    p.w[:], p.v[:] = 0, 0
    p.run(1, 0, p.new_sums())
    decay = np.exp(-1e3 * model.h)
    spread = units.BOLTZMANN_EV_PER_K / model.material.mass[0, 0] * (1 - decay**2)
    # the faces pull on the state at rest in the kick, which the bath passes on
    rest = np.zeros((3, *SHAPE))
    rest[0] = model.material.onsite.amplitude
    kick = model.h / model.material.mass[0, 0] * model.operator.apply(rest)
    return (p.velocity[0] - decay * kick) / np.sqrt(spread)


@pytest.mark.parametrize("name", ["stiffness", "mass"])
def test_a_change_of_every_cell_is_the_changed_crystal(name, make_model, config):
    """Concentration 1, against the material file's own numbers changed; bit for bit."""
    model = make_model({name: {"concentration": 1.0, "change": 0.25}})
    plain = Model.from_config(validate(config))
    assert model.disorder is None
    onsite, mode = plain.material.onsite, plain.material.mode
    if name == "mass":
        changed = replace(plain.material, mode=replace(mode, masses=1.25 * mode.masses))
    else:
        harder = {k: 1.25 * getattr(onsite, k) for k in ("barrier", "sextic", "transverse")}
        changed = replace(plain.material, onsite=replace(onsite, **harder))
    paths = []
    for one in (model, replace(plain, material=changed)):
        p = propagator(one, dtype=np.float32)
        p.run(40, 0, p.new_sums())
        paths.append((p.w, p.v))
    np.testing.assert_array_equal(paths[0], paths[1])


def test_cells_that_hardly_differ_are_those_of_the_even_crystal(make_model):
    """The uneven kernels against the plain ones: to rounding, samples and balances included."""
    almost = {"stiffness": {"concentration": 0.5, "change": 1e-13}}
    model = make_model(almost)
    found = []
    for one in (model, replace(model, disorder=None)):
        p = propagator(one, every=4, twins=True)
        sums = p.new_sums()
        p.run(60, 4, sums)
        found.append((p.w, p.v, sums, p.balances.sums))
    for uneven, even in zip(*found, strict=True):
        np.testing.assert_allclose(uneven, even, rtol=1e-6, atol=1e-9 * np.abs(even).max())


def test_twins_move_in_the_average_crystal(make_model):
    """As those of the even one, whatever the cells."""
    model = make_model(UNEVEN | PINNED)
    paths = []
    for one in (model, replace(model, disorder=None)):
        p = propagator(one, twins=True)
        p.run(50, 0, p.new_sums())
        paths.append(p.displacement[3:])
    np.testing.assert_allclose(*paths, rtol=1e-9, atol=1e-14)


def test_every_cell_has_its_kT_in_equilibrium(make_model):
    """⟨M v²⟩ = 3 k_B T with the cell's own mass, light or heavy, within 5 standard errors.

    The substep, ω_max h = 0.13, takes less than 0.2 % off.
    """
    wide = {
        "seed": 5,
        "uniform_along_z": True,
        "mass": {"concentration": 0.5, "change": 3.0},
        "stiffness": {"concentration": 0.5, "change": 1.0},
    }
    bath = {"T_hot_K": 60.0, "T_cold_K": 60.0}
    model = make_model(wide, temperature=bath, time={"dt_ps": 0.002})
    heavy = model.disorder.realisation(model.slab, 0).mass[..., 0] > 1
    assert 8 < heavy.sum() < 27
    p = propagator(model)
    p.run(4000, 0, p.new_sums())
    blocks = []
    for _ in range(40):
        sums = p.new_sums()
        samples = p.run(2000, 50, sums)
        # in the order of the columns' masses: layers are stored in an order of their own
        blocks.append(sums[1, 0] / samples / SHAPE[2])
    stored = heavy[:, storage_order(SHAPE[1])]
    found = np.array(blocks) * model.material.mass[0, 0] / (3 * units.BOLTZMANN_EV_PER_K * 60.0)
    for kind in (stored, ~stored):
        means = found[:, kind].mean(axis=1)
        error = means.std(ddof=1) / np.sqrt(len(means))
        assert error < 0.02
        assert abs(means.mean() - 1) < 5 * error


def exact_terms(model, replica):
    """Balance terms of the discretised harmonic uneven slab, from dense matrices.

    Every moment but one is quadratic, so that a sum over the axes of the covariance is exact.
    """
    p = propagator(model, replica, every=1)
    shape, h, cells = model.slab.shape, model.h, model.disorder.realisation(model.slab, replica)
    stiffness = model.material.onsite.hessian
    free = np.tile(~cells.pinned.ravel(), 3)
    mass = np.tile(model.material.mass[0, 0] * cells.mass.ravel(), 3)
    onsite = np.multiply.outer(stiffness, cells.stiffness).ravel()
    hessian = harmonic.hessian(model.operator, np.zeros(3)) + np.diag(onsite)
    whole, mass = hessian[np.ix_(free, free)], mass[free]
    damping = np.broadcast_to(model.damping[None, :, None], shape).ravel()
    bath = np.broadcast_to(model.temperature_map[..., None], shape).ravel()
    damping, bath = (np.tile(x, 3)[free] for x in (damping, bath))
    n = len(whole)
    one, zero = np.eye(n), np.zeros((n, n))
    force = whole / mass[:, None]
    kick = np.block([[one, zero], [-h / 2 * force, one]])
    drift = np.block([[one, h / 2 * one], [zero, one]])
    turn = np.kron(model.field.rotation(h / 2), np.eye(cells.mass.size))[np.ix_(free, free)]
    turn = np.block([[one, zero], [zero, turn]])
    c = np.exp(-damping * h)
    s = np.sqrt(units.BOLTZMANN_EV_PER_K * bath / mass * (1 - c**2))
    after = kick @ drift @ turn
    fade = np.block([[one, zero], [zero, np.diag(c)]])
    step, noise = after @ fade @ turn @ drift @ kick, after @ np.vstack([zero, np.diag(s)])
    opened = np.block([[one, zero], [h / 2 * force, one]])
    covariance = opened @ harmonic.covariance(step, noise) @ opened.T
    u = p.coefficients.uneven
    u.onsite[:] = [stiffness[0], 0, 0, 0, 0, stiffness[1]]
    p.w[:], p.v[:] = 0, 0

    def sampled(w, v):
        field = np.zeros((2, 3 * cells.mass.size))
        field[:, free] = w, v
        p.balances.sums[:] = 0
        w, v = (to_storage(f.reshape(3, *shape)).reshape(3, -1) / u.inverse[0] for f in field)
        pull = -(hessian @ field[0]).reshape(3, *shape)
        pull = to_storage(pull).reshape(3, -1) * u.push[0]
        state = (np.array([x] * 3) for x in (w, v, pull))
        own = p.coefficients
        sample_balances(*state, own, own.cubic, own.uneven, p.loss, p.amplitude, p.balances)
        # of +Ω_B
        return p.balances.sums[2].copy()

    constant = sampled(np.zeros(n), np.zeros(n))
    total = constant.copy()
    values, axes = np.linalg.eigh(covariance)
    for value, axis in zip(values, axes.T, strict=True):
        total += sampled(*(np.sqrt(max(value, 0)) * axis).reshape(2, n)) - constant
    moments = dict(zip(MOMENTS, total / shape[2], strict=True))
    known = balance_means.cell_variables(model, replica)
    moments |= {name: content[1] for name, content in known.items()}
    moments["longitudinal_displacement"] = np.zeros(shape[:2])
    moments["polarization"] = np.full(shape[:2], model.material.polarization)
    return balance_terms(moments, model)


FROZEN = {"pinned": {"concentration": 0.15, "displacement": 1.0}}


@pytest.mark.parametrize("disorder", [UNEVEN, UNEVEN | FROZEN])
def test_balances_close_exactly_in_the_harmonic_uneven_slab(disorder, make_model):
    """Energy, kinetic energy and angular momentum, to rounding at a finite substep, in any cell."""
    lattice = {"nx": 5, "nz": 2}
    model = make_model(disorder, lattice=lattice, temperature={"smoothing_fraction": 0.2})
    terms = exact_terms(model, 2)
    for name in RESIDUALS:
        scale = np.abs(terms["torque_onsite" if "angular" in name else "power_bath"]).max()
        assert np.abs(terms[name]).max() < 1e-8 * scale, name
    assert np.abs(terms["power_short_range"]).max() > 1e5 * np.abs(terms["residual_energy"]).max()


def test_noise_of_a_replica_is_that_of_no_other_crystal(make_model):
    """Replicas differ in their cells, the fields of one do not, and no seed is another's."""
    model = make_model(UNEVEN | PINNED)
    first, again, other = (model.disorder.realisation(model.slab, r) for r in (0, 0, 1))
    reseeded = make_model(UNEVEN | PINNED | {"seed": 4})
    for name in ("stiffness", "mass", "pinned"):
        a = getattr(first, name)
        np.testing.assert_array_equal(a, getattr(again, name))
        assert np.any(a != getattr(other, name))
        assert np.any(a != getattr(reseeded.disorder.realisation(model.slab, 0), name))
    # stiff cells are not the heavy ones
    assert abs(np.corrcoef(first.stiffness.ravel(), first.mass.ravel())[0, 1]) < 0.4


def test_cells_are_added_as_a_concentration_rises(make_model):
    few, many = (
        make_model({"mass": {"concentration": c, "change": 0.5}}).disorder for c in (0.2, 0.5)
    )
    slab = make_model({}).slab
    few, many = (d.realisation(slab, 0).mass > 1 for d in (few, many))
    assert np.all(many[few]) and many.sum() > few.sum() > 0
