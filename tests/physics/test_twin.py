"""The harmonic twin: its exact averages, and that using it changes errors alone."""

import numpy as np
import pytest

from ferronhall.analysis.control_variate import ControlVariate
from ferronhall.analysis.samples import read_samples
from ferronhall.base import units
from ferronhall.base.storage import write
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.model import Model
from ferronhall.model.observables import TWIN_OBSERVABLES
from ferronhall.theory.reference import _reference, relaxed_reference
from ferronhall.theory.twin import twin_dataset
from tests.physics import harmonic

REPLICAS = 12


def silent(_):
    """A log that keeps nothing."""


@pytest.mark.parametrize("direction", [[0.0, 0.0, 1.0], [0.3, -0.5, 0.8]])
def test_exact_averages_equal_the_dense_covariance_about_the_rest_position(config, direction):
    config["field"]["direction"] = direction
    config["lattice"].update(nx=7, ny=5, nz=1)
    model = Model.from_config(config)
    found = twin_dataset(model, config, log=silent)
    shape, mass = model.slab.shape, model.material.mass[0, 0]
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    damping = np.broadcast_to(model.damping[None, :, None], shape).ravel()
    bath = np.broadcast_to(model.temperature[:, None, None], shape).ravel()
    uniform = np.zeros((3, *shape))
    uniform[0] = model.material.onsite.amplitude
    offset = np.linalg.solve(hessian, model.operator.apply(uniform).ravel())
    offset = offset.reshape(3, *shape)[0, ..., 0]
    np.testing.assert_allclose(found["twin_displacement"].sel(field=0), offset, rtol=1e-9)
    for sign in (-1, 0, 1):
        step = harmonic.substep(hessian, mass, model.h, 80.0 * sign, direction, damping, bath)
        c = harmonic.covariance(*step)
        kinetic, rotation = harmonic.maps(c, shape, mass)
        at = found.sel(field=sign)
        np.testing.assert_allclose(at["twin_kinetic_energy"], 1e3 * kinetic, rtol=1e-8)
        spin = model.material.angular_momentum_matrices[2, 0, 1] / units.HBAR
        scale = spin * np.sqrt(np.diag(c)[: len(hessian)].max() * np.diag(c)[len(hessian) :].max())
        np.testing.assert_allclose(at["twin_angular_momentum"], spin * rotation, atol=1e-9 * scale)
        square = np.diag(c)[: model.slab.sites].reshape(shape)[..., 0] + offset**2
        np.testing.assert_allclose(at["twin_square"], square, rtol=1e-8)


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
    answer = _reference(model, np.full(model.slab.ny, excess)).mean - relaxed_reference(model).mean
    assert np.abs(answer).min() > moved / 100
    derivative = model.material.polarization_derivative[0, 0]
    expected = np.broadcast_to(derivative * (moved + answer), chance["polarization"].shape)
    np.testing.assert_allclose(chance["polarization"], expected, rtol=1e-4)
    np.testing.assert_array_equal(chance["kinetic_energy"], 0.0)
    np.testing.assert_array_equal(chance["angular_momentum"], 0.0)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """Samples of a small driven slab, plain and with the twin's chance taken off."""
    from tests.conftest import CONFIG

    config = {**CONFIG, "campaign": "twins"}
    config["lattice"] = {"nx": 9, "ny": 6, "nz": 2, "padding_y": 2.0}
    config["time"] = {**CONFIG["time"], "t_max_ps": 30.0, "t_equil_ps": 10.0}
    config["time"]["samples_per_block"] = 500
    folder = tmp_path_factory.mktemp("twins")
    model = Model.from_config(config)
    files = {"minus": [], "zero": [], "plus": []}
    for replica in range(REPLICAS):
        for field, dataset in run_replica(model, config, replica, "d", silent).items():
            files[field].append(folder / f"{field}-{replica}.nc")
            write(dataset, files[field][-1])
    control = ControlVariate(model, twin_dataset(model, config, log=silent))
    return read_samples(files, model.cells), read_samples(files, model.cells, control)


def variance_ratio(plain, controlled):
    """Mean variance of the controlled maps over that of the plain ones, and its jackknife error."""

    def ratio(kept):
        before, after = (maps[kept].var(axis=0, ddof=1).mean() for maps in (plain, controlled))
        return after / before

    everyone = np.arange(len(plain))
    left_out = np.array([ratio(everyone != n) for n in everyone])
    spread = np.mean((left_out - left_out.mean()) ** 2)
    return ratio(everyone), np.sqrt((len(plain) - 1) * spread)


@pytest.mark.parametrize("name", ["kinetic_energy", "polarization", "angular_momentum"])
def test_means_stay_and_scatter_falls(campaign, name):
    """Four errors: the means differ by noise, and less than a fifth of the variance is left."""
    plain, controlled = (s.edge_blocks[name].mean(axis=2) for s in campaign)
    difference = plain - controlled
    error = difference.std(axis=0, ddof=1) / np.sqrt(REPLICAS)
    assert np.all(np.abs(difference.mean(axis=0)) < 4 * error)
    ratio, error = variance_ratio(*(s.maps[name] for s in campaign))
    assert ratio + 4 * error < 0.2
