"""The harmonic twin: its exact averages, and that using it changes errors alone."""

import copy

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov

from ferronhall.analysis.control_variate import ControlVariate
from ferronhall.analysis.samples import read_samples
from ferronhall.base import units
from ferronhall.base.storage import write
from ferronhall.campaign.twin_gain import CERTAIN_TO, expected_gain
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.model import Model
from ferronhall.model.observables import AT_ZERO_STEP, OBSERVABLES, TWIN_OBSERVABLES
from ferronhall.model.reference import balanced_reference, relaxed_reference
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.theory.twin import twin_dataset
from tests.physics import harmonic

REPLICAS = 8


def silent(_):
    """A log that keeps nothing."""


@pytest.mark.parametrize("direction", [[0.0, 0.0, 1.0], [0.3, -0.5, 0.8]])
def test_exact_averages_equal_the_dense_covariance_about_the_rest_position(config, direction):
    config["field"]["direction"] = direction
    config["lattice"].update(nx=7, ny=5, nz=1)
    model = Model.from_config(config)
    found = twin_dataset(model, config, log=silent)
    shape, mass = model.slab.shape, model.material.mass[0, 0]
    onsite = model.material.onsite
    softened = np.array([model.twin_stiffness, onsite.transverse, onsite.transverse])
    assert 0.9 * onsite.stiffness < softened[0] < onsite.stiffness
    hessian = harmonic.hessian(model.operator, softened)
    damping = np.broadcast_to(model.damping[None, :, None], shape).ravel()
    bath = np.broadcast_to(model.temperature_map[:, :, None], shape).ravel()
    uniform = np.zeros((3, *shape))
    uniform[0] = model.material.onsite.amplitude
    offset = np.linalg.solve(hessian, model.operator.apply(uniform).ravel())
    offset = offset.reshape(3, *shape)[0, ..., 0]
    np.testing.assert_allclose(found["twin_displacement"].sel(field=0), offset, rtol=1e-9)
    for sign in (-1, 0, 1):
        step = harmonic.substep(hessian, mass, model.h, 80.0 * sign, direction, damping, bath)
        at_step = harmonic.covariance(*step)
        at_zero = continuous(hessian, mass, 80.0 * sign, direction, damping, bath)
        for c, suffix in ((at_step, ""), (at_zero, AT_ZERO_STEP)):
            kinetic, rotation = harmonic.maps(c, shape, mass)
            at = {name: found[name + suffix].sel(field=sign) for name in TWIN_OBSERVABLES}
            np.testing.assert_allclose(at["twin_kinetic_energy"], 1e3 * kinetic, rtol=1e-8)
            spin = model.material.angular_momentum_matrices[2, 0, 1] / units.HBAR
            squares = np.diag(c)
            scale = spin * np.sqrt(squares[: len(hessian)].max() * squares[len(hessian) :].max())
            found_spin = at["twin_angular_momentum"]
            np.testing.assert_allclose(found_spin, spin * rotation, atol=1e-9 * scale)
            square = squares[: model.slab.sites].reshape(shape)[..., 0] + offset**2
            np.testing.assert_allclose(at["twin_square"], square, rtol=1e-8)


def continuous(hessian, mass, omega, direction, damping, bath):
    """⟨s sᵀ⟩ of the equation of motion itself, by the dense Lyapunov equation."""
    n = len(hessian)
    turn = np.kron(omega * harmonic.generator(direction), np.eye(n // 3))
    matrix = np.block(
        [[np.zeros((n, n)), np.eye(n)], [-hessian / mass, turn - np.diag(np.tile(damping, 3))]]
    )
    strength = 2 * damping * units.BOLTZMANN_EV_PER_K * bath / mass
    noise = np.diag(np.concatenate([np.zeros(n), np.tile(strength, 3)]))
    return solve_continuous_lyapunov(matrix, -noise)


def test_a_fluctuation_in_excess_moves_the_polarization_as_the_closure_has_it(config):
    """Against the mean displacement of ⟨V∥′(ū + w)⟩ + K ū = 0 under the same ⟨w_x²⟩.

    The displacement of the twin itself enters as it is, and not through its square.
    """
    model = Model.from_config(config)
    exact = twin_dataset(model, config, log=silent)
    sampled = {name: exact[name].values[:, None].copy() for name in TWIN_OBSERVABLES}
    offset, moved, excess = sampled["twin_displacement"].copy(), 1e-6, 1e-8
    sampled["twin_displacement"] += moved
    sampled["twin_square"] += 2 * moved * offset + excess
    chance = ControlVariate(model, exact).deviations(sampled)
    answer = (
        balanced_reference(model, np.full((3, model.slab.ny), excess)).mean
        - relaxed_reference(model).mean
    )
    assert np.abs(answer).min() > moved / 100
    derivative = model.material.polarization_derivative[0, 0]
    expected = np.broadcast_to(derivative * (moved + answer), chance["polarization"].shape)
    np.testing.assert_allclose(chance["polarization"], expected, rtol=1e-4)
    np.testing.assert_array_equal(chance["kinetic_energy"], 0.0)
    np.testing.assert_array_equal(chance["angular_momentum"], 0.0)


@pytest.fixture(scope="module", params=[50.0, 300.0, 1000.0])
def campaign(tmp_path_factory, request):
    """Temperature, model and samples of a small driven slab, with its control variate."""
    from tests.conftest import CONFIG

    config = copy.deepcopy(CONFIG)
    config["lattice"] |= {"nx": 9, "ny": 6, "nz": 2}
    config["temperature"]["T_hot_K"] = request.param
    config["time"] |= {"t_max_ps": 34.0, "t_equil_ps": 10.0, "samples_per_block": 100}
    config["time"]["sample_every_steps"] = 4
    config["ensemble"]["precision"] = "float32"
    config["balances"]["enabled"] = False
    folder = tmp_path_factory.mktemp("twins")
    model = Model.from_config(config)
    files = {"minus": [], "zero": [], "plus": []}
    for replica in range(REPLICAS):
        for field, dataset in run_replica(model, config, replica, "d", silent).items():
            files[field].append(folder / f"{field}-{replica}.nc")
            write(dataset, files[field][-1])
    control = ControlVariate(model, twin_dataset(model, config, log=silent))
    return request.param, model, read_samples(files, control), control


def variance_ratio(plain, controlled, run):
    """Mean variance of controlled samples over that of plain ones, and its jackknife error."""

    def ratio(kept):
        before, after = (values[kept].var(axis=0, ddof=1).mean() for values in (plain, controlled))
        return after / before

    replica = np.arange(len(plain)) // run
    left_out = np.array([ratio(replica != r) for r in range(REPLICAS)])
    spread = np.mean((left_out - left_out.mean()) ** 2)
    return ratio(replica >= 0), np.sqrt((REPLICAS - 1) * spread)


@pytest.mark.parametrize("key", list(RESPONSE_MAPS))
def test_no_temperature_makes_the_twin_a_loss(campaign, key):
    """Variance of the map and of its edge accumulation: at most what it was without the twin, to
    four errors of the ratio; at 50 K less than a fifth."""
    temperature, model, samples, _ = campaign
    response = RESPONSE_MAPS[key]
    plain, controlled = (
        response.take(maps[response.observable]) for maps in (samples.raw, samples.maps)
    )
    for take in (lambda maps: maps, model.cells.edge_accumulation):
        ratio, error = variance_ratio(take(plain), take(controlled), samples.run)
        assert ratio < 1 + 4 * error
        if temperature == 50.0:
            assert ratio + 4 * error < 0.2


@pytest.mark.parametrize("name", list(OBSERVABLES))
def test_means_move_by_the_bias_alone(campaign, name):
    """Mean over the slab at every field, within four errors of the difference."""
    _, _, samples, control = campaign
    difference = samples.raw[name] - samples.maps[name] - control.bias[name]
    mean, error = samples.mean_and_error(difference.mean(axis=(-2, -1)))
    assert np.all(np.abs(mean) < 4 * error)


def test_the_gain_that_a_dry_run_expects_is_that_of_the_samples(campaign):
    """Edge accumulations of the transverse responses, to the factor that is claimed."""
    _, model, samples, _ = campaign
    expected = expected_gain(model)
    for key in ("angular_momentum_zero", "delta_kinetic_energy", "delta_polarization"):
        response = RESPONSE_MAPS[key]
        plain, controlled = (
            model.cells.edge_accumulation(response.take(maps[response.observable]))
            for maps in (samples.raw, samples.maps)
        )
        ratio, _ = variance_ratio(plain, controlled, samples.run)
        assert 1 / CERTAIN_TO < expected * ratio < CERTAIN_TO


@pytest.mark.parametrize(
    ("damping", "sponge", "hot", "measured"),
    [(0.5, 1.0, 150.0, 1.65), (8.0, 20.0, 150.0, 10.5), (8.0, 20.0, 300.0, 5.3)],
)
def test_the_expected_gain_follows_the_damping(config, damping, sponge, hot, measured):
    """Geometric means of the three factors, measured as in the test above."""
    config["lattice"] |= {"nx": 9, "ny": 6, "nz": 2}
    config["temperature"]["T_hot_K"] = hot
    config["damping"] |= {"gamma_bulk_per_ps": damping, "gamma_edge_per_ps": sponge}
    expected = expected_gain(Model.from_config(config))
    assert 1 / CERTAIN_TO < expected / measured < CERTAIN_TO


def test_nothing_is_expected_of_a_twin_where_the_state_gives_way(config):
    config["temperature"] |= {"T_hot_K": 2000.0, "T_cold_K": 2000.0}
    assert expected_gain(Model.from_config(config)) == 1.0
