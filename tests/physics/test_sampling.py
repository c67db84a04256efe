"""What an interval between samples costs, against the dense slab's autocovariances."""

from dataclasses import replace

import numpy as np
import pytest

from ferronhall.campaign.aliasing import aliasing_warnings
from ferronhall.model.model import Model
from ferronhall.model.schedule import automatic_steps
from ferronhall.theory.sampling import (
    corner_variance_ratio,
    edge_variance_ratio,
    spectral_density,
)
from tests.physics import harmonic


def dense(model, omega=0.0):
    """Substep, stationary covariance and cell numbers of the whole slab's state."""
    shape, mass = model.slab.shape, model.material.mass[0, 0]
    damping = np.broadcast_to(model.damping[None, :, None], shape).ravel()
    bath = np.broadcast_to(model.temperature_map[:, :, None], shape).ravel()
    matrix = harmonic.hessian(model.operator, model.material.onsite.hessian)
    step, noise = harmonic.substep(matrix, mass, model.h, omega, (0, 0, 1), damping, bath)
    return step, harmonic.covariance(step, noise)


def averaged_variance(autocovariance, every):
    """Variance of the mean over a long time, times that time over the substep: summed lags."""
    lags = autocovariance[::every]
    return every * (lags[0] + 2 * lags[1:].sum())


def linear_autocovariance(step, covariance, vector, substeps=8000):
    """⟨a·s(n) a·s(0)⟩ of every substep n."""
    found, forward, backward = [], covariance @ vector, vector
    for _ in range(substeps):
        found.append(backward @ forward)
        backward = step.T @ backward
    return np.array(found)


def spread(model, weights):
    """The vector a of Σ weights(x, y) w_x, averaged over z."""
    along_z = np.repeat(weights[..., None] / model.slab.nz, model.slab.nz, axis=2)
    return np.append(along_z.ravel(), np.zeros(5 * model.slab.sites))


def edge_weights(cells):
    """Signs of the corners over their number, cell by cell."""
    weights = np.zeros((len(cells.x), len(cells.y)))
    for i, j in np.argwhere(np.outer(cells.flank, cells.edge)):
        weights[i, j] = np.sign(cells.x[i]) * np.sign(cells.y[j])
    return weights / np.abs(weights).sum()


@pytest.fixture
def model(config):
    """A driven slab of 7 × 5 × 1 cells."""
    config["lattice"]["nz"] = 1
    return Model.from_config(config)


@pytest.fixture
def autocovariance(model):
    return linear_autocovariance(*dense(model), spread(model, edge_weights(model.cells)))


@pytest.mark.parametrize("steps", [1, 2, 4, 6, 9, 10, 20, 101])
def test_the_cost_of_an_interval_is_that_of_the_summed_autocovariances(
    model, autocovariance, steps
):
    expected = averaged_variance(autocovariance, 2 * steps) / averaged_variance(autocovariance, 2)
    assert edge_variance_ratio(model, 2 * steps, 2) == pytest.approx(expected, rel=1e-6)


def test_so_it_is_where_one_corner_alone_is_read(model):
    cells = model.cells
    corner = np.outer((cells.x > 0) & cells.flank, (cells.y > 0) & cells.edge)
    series = linear_autocovariance(*dense(model), spread(model, corner / corner.sum()))
    expected = averaged_variance(series, 20) / averaged_variance(series, 8)
    assert corner_variance_ratio(model, 20, 8) == pytest.approx(expected, rel=1e-6)
    assert expected > 2


@pytest.mark.parametrize(("steps", "expected"), [(4, 1.005), (6, 1.04), (9, 2.33), (10, 21.8)])
def test_what_a_long_interval_costs(model, steps, expected):
    """Nothing at 20 fs, more than twenty times the variance at the period of the fastest mode."""
    assert edge_variance_ratio(model, 2 * steps, 2) == pytest.approx(expected, rel=5e-3)


@pytest.mark.parametrize(
    "kernel", [("gaussian", "pbesol-gaussian"), ("longitudinal", "pbesol-s11")]
)
def test_any_weights_and_profile_have_the_dense_slabs_spectrum(make_model, kernel, rng):
    """Four layers and columns, two cells along z, no symmetry in weights or temperature."""
    model = make_model((4, 4, 2), [5.0, 50.0, 20.0, 0.0], kernel)
    weights = rng.normal(size=(4, 4))
    step, covariance = dense(model)
    series = linear_autocovariance(step, covariance, spread(model, weights))
    angles = np.array([0.0, 0.1, 2 * np.pi / 18, 0.3])
    lags = np.arange(1, len(series))
    expected = [series[0] + 2 * np.sum(series[1:] * np.cos(a * lags)) for a in angles]
    np.testing.assert_allclose(spectral_density(model, weights, angles), expected, rtol=1e-6)


def test_a_bath_without_temperature_moves_nothing(model):
    cold = replace(model, temperature=np.zeros(7))
    assert edge_variance_ratio(cold, 20, 2) == 1


@pytest.mark.parametrize("quantity", ["kinetic energy", "angular momentum"])
def test_squares_lose_little_at_the_interval_of_auto(config, model, quantity):
    """Exact variances of quadratic sums at zero field, 2 Tr(A C(n) A C(n)ᵀ): up to 3 % above the
    least, and more than half of it at 20 steps."""
    step, covariance = dense(model)
    n, sites = len(step) // 2, model.slab.sites
    weights = edge_weights(model.cells).ravel()
    form = np.zeros((2 * n, 2 * n))
    if quantity == "kinetic energy":
        form[n:, n:] = np.diag(np.tile(weights, 3))
    else:
        for a, b, sign in ((0, 1, 1), (1, 0, -1)):
            rows = a * sites + np.arange(sites)
            columns = n + b * sites + np.arange(sites)
            form[rows, columns] = form[columns, rows] = sign * weights / 2
    # what A weighs is a quarter of the state
    read = np.flatnonzero(form.any(axis=0))
    form = form[np.ix_(read, read)]
    lagged, series, double = covariance[:, read], [], step @ step
    for _ in range(600):
        seen = lagged[read]
        series.append(2 * np.sum((form @ seen @ form) * seen))
        lagged = double @ lagged
    least = averaged_variance(np.array(series), 1)
    auto = automatic_steps(config, model.omega_max)
    assert auto == 4
    assert averaged_variance(np.array(series), auto) / least < 1.03
    assert averaged_variance(np.array(series), 20) / least > 1.5


def test_an_interval_by_hand_that_aliases_is_warned_about(config, model):
    config["balances"]["sample_every_steps"] = "auto"
    config["time"]["sample_every_steps"] = 10
    (line,) = aliasing_warnings(config, model)
    for word in ("time.sample_every_steps: 10 (every 0.05 ps)", "132.6 rad/ps", "0.0218 ps"):
        assert word in line
    assert "21.8 times the variance" in line and "auto takes 4 (every 0.02 ps)" in line
    config["balances"]["sample_every_steps"] = 20
    first, second = aliasing_warnings(config, model)
    assert first == line
    assert second.startswith("balances.sample_every_steps: 20 (every 0.1 ps)") and "28.3" in second
    config["balances"]["enabled"] = False
    assert aliasing_warnings(config, model) == [line]


@pytest.mark.parametrize("interval", ["auto", 1, 4])
def test_an_interval_that_is_short_enough_is_not(config, model, interval):
    config["time"]["sample_every_steps"] = config["balances"]["sample_every_steps"] = interval
    assert aliasing_warnings(config, model) == []


def test_a_step_too_long_for_any_interval_names_the_step(config, model):
    config["time"] |= {"dt_ps": 0.025, "substeps": 10, "sample_every_steps": "auto"}
    config["balances"]["enabled"] = False
    (line,) = aliasing_warnings(config, model)
    assert "lower time.dt_ps below 0.022 ps" in line
