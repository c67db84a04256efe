"""Every map of the simulation against the noise-free theory, in the harmonic limit."""

import copy

import numpy as np
import pytest

from ferronhall.analysis.comparison import comparison_dataset
from ferronhall.base.storage import write
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.model import Model
from ferronhall.theory.datasets import theory_dataset, timestep_dataset
from tests.conftest import CONFIG

REPLICAS = 8


def silent(_):
    """A log that keeps nothing."""


def compared(folder, replicas, changes):
    """A small slab with a hot band of 0.5 K, simulated without twins.

    The bias of a coarse substep is exactly that of the theory here, and many cells along z, over
    which the maps are averaged, are many samples at little cost.

    changes : dict, group → keys that differ
    """
    config = copy.deepcopy(CONFIG)
    for group, keys in changes.items():
        config[group].update(keys)
    config["lattice"].update(nx=11, ny=7, nz=32)
    config["temperature"]["T_hot_K"] = 0.5
    config["time"].update(dt_ps=0.01, substeps=1, t_max_ps=405.0, t_equil_ps=15.0)
    config["time"].update(sample_every_steps=2, samples_per_block=500)
    config["ensemble"].update(precision="float32", harmonic_twin=False)
    config["balances"]["enabled"] = False
    model = Model.from_config(config)
    theory = theory_dataset(model, config, log=silent)
    timestep = timestep_dataset(model, theory, config, model.omega_max, log=silent)
    files = {"minus": [], "zero": [], "plus": []}
    for replica in range(replicas):
        for field, dataset in run_replica(model, config, replica, "d", silent).items():
            files[field].append(folder / f"{field}-{replica}.nc")
            write(dataset, files[field][-1])
    return comparison_dataset(model, config, theory, timestep, files)


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    """Of the paper's boundary conditions."""
    return compared(tmp_path_factory.mktemp("harmonic"), REPLICAS, {})


def test_amplitudes_are_one(comparison):
    """Within four standard errors, for the ferron Hall effect some five per cent."""
    require_amplitudes_of_one(comparison, 0.05 / 3)


def require_amplitudes_of_one(comparison, most):
    """Within four standard errors, which of the three Hall effects are smaller than `most`."""
    chosen = comparison.sel(approximation="harmonic")
    z = (chosen["amplitude"] - 1) / chosen["amplitude_stderr"]
    assert np.all(np.abs(z) < 4), dict(zip(z["map"].values, z.values, strict=True))
    seen = chosen.sel(map=["angular_momentum_zero", "delta_kinetic_energy", "delta_polarization"])
    assert np.all(seen["amplitude_stderr"] < most)


def test_between_electrodes_and_in_open_circuit(tmp_path):
    """Fewer replicas: L_z and Δ_B P have the other sign than without electrodes."""
    changes = {
        "lattice": {"padding_y": "isolated"},
        "electrodes": {"distance_A": 1.0, "screening_length_A": 0.3},
        "dipole": {"boundary": {"x": "short_circuit", "z": "open_circuit"}},
    }
    found = compared(tmp_path, 3, changes)
    require_amplitudes_of_one(found, 0.05)
    assert np.all(found.sel(approximation="harmonic")["chi2"] < 3)


def test_what_is_left_is_noise(comparison):
    """χ² a degree of freedom as chance allows: six maps, each with a probability above 1/1000."""
    chosen = comparison.sel(approximation="harmonic")
    assert np.all(chosen["chi2"] < 3)
    assert np.all(comparison["probability"] > 1e-3)
    assert np.all(comparison["parity_probability"] > 1e-3)
