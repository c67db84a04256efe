"""Small systems shared by the tests."""

import copy
import fcntl
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits
from xdist.scheduler import LoadScopeScheduling

from ferronhall.model import short_range
from ferronhall.model.geometry import Slab
from ferronhall.model.material import Material, read_material
from ferronhall.model.slab_operator import SlabOperator

ROOT = Path(__file__).resolve().parents[1]
BATIO3 = ROOT / "config" / "materials" / "batio3.yaml"

CONFIG = {
    "campaign": "test",
    "material": str(BATIO3),
    "lattice": {"nx": 7, "ny": 5, "nz": 2, "padding_y": 2.0},
    "short_range": {"preset": "pbesol-gaussian"},
    "onsite": {
        "form": "axial",
        "transverse_eV_per_A2": "material",
        "gamma_eV_per_A4": "material",
        "strain_along": 0.0,
        "strain_across": 0.0,
    },
    "electric_field": {"x_kV_per_cm": 0.0},
    "domains": {"walls_y": [], "map": "", "relaxed": "in_field"},
    "dipole": {
        "kernel": "gaussian",
        "eta_a": 1.2,
        "boundary": {"x": "short_circuit", "z": "short_circuit"},
    },
    "electrodes": {"distance_A": "none", "screening_length_A": 0.0},
    "disorder": {
        "seed": 1,
        "uniform_along_z": False,
        "stiffness": {"concentration": 0.0, "change": 0.0},
        "mass": {"concentration": 0.0, "change": 0.0},
        "isotopes": [],
        "pinned": {"concentration": 0.0, "displacement": 0.0},
    },
    "temperature": {
        "T_hot_K": 50.0,
        "T_cold_K": 1.0e-4,
        "hot_fraction": 0.3,
        "smoothing_fraction": 0.15,
        "shape": "tanh",
        "profile": "imposed",
        "cold_fraction": 0.1,
        "map": "",
    },
    "damping": {
        "gamma_bulk_per_ps": 2.0,
        "gamma_edge_per_ps": 5.0,
        "sponge_layers": 2,
        "shape": "linear",
    },
    "field": {"omega_B_rad_per_ps": 80.0, "direction": [0.0, 0.0, 1.0]},
    "time": {
        "dt_ps": 0.005,
        "substeps": 2,
        "t_max_ps": 2.0,
        "t_equil_ps": 1.0,
        "sample_every_steps": 2,
        "samples_per_block": 25,
    },
    "ensemble": {"replicas": 2, "root_seed": 7, "precision": "float64", "harmonic_twin": True},
    "balances": {"enabled": True, "sample_every_steps": 5, "blocks_averaged": 1},
    "checkpoint": {
        "every_minutes": 10.0,
        "wall_limit_minutes": 0.0,
        "restart": False,
        "keep_final": True,
    },
    "theory": {"closure": "auto", "statistics": "classical", "modulation_GHz": [100.0]},
    "laboratory": {
        "temperatures_K": [100.0],
        "moment_muB": 1.0,
        "field_T": 10.0,
        "gradient_K_per_m": 1.0e7,
    },
    "engine": "cpu",
    "gpu_batch": 8,
    "accept_code": False,
    "second_order": {"data": "data/second-order"},
    "scan": [],
}

PAIRS = [("gaussian", "pbesol-gaussian"), ("longitudinal", "pbesol-s11")]

LOTS = ("tests/cluster/",)
"""Folders whose modules share what takes long to make: the tests of one run in one process."""

LONG = (
    "tests/cluster/",
    # the first that needs a finished campaign, which the others copy
    "tests/workflow/test_bad_input",
    "tests/physics/",
    "tests/faults/",
    "tests/workflow/",
    "tests/public/",
)
"""What takes longest comes first, in this order, so that no process is left with it at the end."""


class Lots(LoadScopeScheduling):
    """Gives a process whole modules, or a whole folder of LOTS."""

    def _split_scope(self, nodeid):
        return next((lot for lot in LOTS if nodeid.startswith(lot)), nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config, log):
    return Lots(config, log)


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        # one of several processes has one core
        threadpool_limits(1)


def pytest_collection_modifyitems(items):
    """Those that take long come first."""

    def place(item):
        return next((n for n, first in enumerate(LONG) if item.nodeid.startswith(first)), len(LONG))

    items.sort(key=place)


def made_once(tmp_path_factory, name, make):
    """A folder that one of all test processes makes: a copy for this process.

    make : function of the folder, which is there and empty
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / name, shared / f"{name}.done"
    with open(shared / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            assert not folder.exists(), "it failed for the process that made it"
            folder.mkdir()
            make(folder)
            done.touch()
    return shutil.copytree(folder, tmp_path_factory.mktemp("copy") / name, symlinks=True)


@pytest.fixture
def config():
    """A valid configuration a test may change."""
    return copy.deepcopy(CONFIG)


@pytest.fixture(scope="session")
def batio3():
    """The default material."""
    return Material.from_dict(read_material(BATIO3))


@pytest.fixture(scope="session")
def make_operator(batio3):
    """Builds the slab operator of a lattice: shape, dipolar kernel, preset, padding factor."""

    def make(shape, dipole_kernel="gaussian", preset="pbesol-gaussian", padding=2.0):
        slab = Slab.padded(*shape, padding)
        kernel = short_range.kernel(batio3.short_range[preset].shells)
        return SlabOperator.build(slab, batio3, kernel, dipole_kernel, 1.2)

    return make


@pytest.fixture
def rng():
    """A seeded generator for test data."""
    return np.random.default_rng(20260701)
