"""Long statistical tests of the whole anharmonic model (minutes): `pytest -m validate`."""

import numpy as np
import pytest

from ferronhall.analysis.estimates import mean_and_error
from ferronhall.analysis.samples import read_samples
from ferronhall.base import storage
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.map_algebra import field_odd, fold
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.model import Model
from ferronhall.model.observables import OBSERVABLES
from tests.physics import harmonic

pytestmark = pytest.mark.validate


def run_campaign(config, folder):
    """The campaign's samples: dict observable → (replica, field, nx, ny)."""
    model = Model.from_config(config)
    paths = {field: [] for field in FIELD_SIGNS}
    for replica in range(config["ensemble"]["replicas"]):
        found = run_replica(model, config, replica, "d", log=lambda line: None)
        for field, trajectory in found.items():
            paths[field].append(folder / field / f"{replica:04d}.nc")
            storage.write(trajectory, paths[field][-1])
    return model, read_samples(paths).maps


def chi_square(samples):
    """Mean over patterns of (mean/standard error)², for samples (n, k).

    Patterns that a symmetry operation has emptied, to rounding, do not count.
    """
    mean, error = mean_and_error(samples)
    filled = error > 1e-9 * error.max()
    return np.mean((mean[filled] / error[filled]) ** 2)


def patterns(maps):
    """Projections of maps (..., nx, ny) on the lowest cosines of x and y: few and nearly free."""
    nx, ny = maps.shape[-2:]
    x, y = np.arange(nx) + 0.5, np.arange(ny) + 0.5
    fx = np.array([np.cos(np.pi * k * x / nx) for k in range(4)])
    fy = np.array([np.cos(np.pi * k * y / ny) for k in range(4)])
    return np.einsum("...xy,kx,ly->...kl", maps, fx, fy).reshape(*maps.shape[:-2], 16)


@pytest.fixture(scope="module")
def long_config():
    from tests.conftest import CONFIG

    return CONFIG | {
        "lattice": {"nx": 9, "ny": 7, "nz": 2, "padding_y": 2.0},
        "time": CONFIG["time"] | {"t_max_ps": 80.0, "t_equil_ps": 20.0, "samples_per_block": 1500},
        "ensemble": CONFIG["ensemble"] | {"replicas": 16, "root_seed": 11, "precision": "float32"},
    }


def test_uniform_temperature_has_equipartition_and_no_field_odd_part(long_config, tmp_path):
    """At 50 K: ⟨E_kin⟩ is 3k_B T/2 less the harmonic time-step bias, and Δ_B of all maps vanishes.

    Tolerances: 4 standard errors for the mean energy, and a mean square of the 16 patterns'
    significances below 2.5 (expected 1.15 with 15 degrees of freedom each).
    """
    config = long_config | {
        "temperature": long_config["temperature"] | {"T_hot_K": 50.0, "T_cold_K": 50.0}
    }
    model, samples = run_campaign(config, tmp_path)
    material = model.material
    matrix = harmonic.hessian(model.operator, material.onsite.hessian)
    for index, omega in enumerate((-80.0, 0.0, 80.0)):
        damping = np.broadcast_to(model.damping[None, :, None], model.slab.shape).ravel()
        step = harmonic.substep(
            matrix,
            material.mass[0, 0],
            0.0025,
            omega,
            (0, 0, 1),
            damping,
            np.full(len(damping), 50),
        )
        kinetic, _ = harmonic.maps(
            harmonic.covariance(*step), model.slab.shape, material.mass[0, 0]
        )
        found = samples["kinetic_energy"][:, index].mean(axis=(1, 2))
        mean, error = mean_and_error(found)
        assert abs(mean - 1e3 * kinetic.mean()) < 4 * error
    for name in OBSERVABLES:
        assert chi_square(patterns(field_odd(samples[name]))) < 2.5


def test_driven_ensemble_has_the_mirror_symmetries(long_config, tmp_path):
    """What folding removes is noise, and what it keeps is signal, for all three observables.

    Noise gives 1.15 ± 0.46 for the 16 patterns that folding removes at a field, and 1.15 ± 0.92
    for the four or so that are left of the field-odd maps: the bounds are three and four deviations
    off. Two cells along z hold too few waves for a field-odd kinetic energy, hence four.
    """
    config = long_config | {"lattice": long_config["lattice"] | {"nz": 4}}
    _, samples = run_campaign(config, tmp_path)
    for name, observable in OBSERVABLES.items():
        kept = fold(samples[name], observable.mirror_parity, Mirrors.of([0, 0, 1]))
        removed = patterns(samples[name] - kept)
        assert chi_square(removed.reshape(len(removed), -1)) < 2.5
        assert chi_square(patterns(field_odd(kept))) > 5
