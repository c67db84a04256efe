"""A whole small campaign, made by the library alone, as the examples of the docstrings want it."""

import copy
import os
import shutil
from dataclasses import replace

import pytest

from ferronhall.analysis.balances import balances_dataset
from ferronhall.analysis.bond_polarization import bond_polarization_dataset
from ferronhall.analysis.comparison import comparison_dataset
from ferronhall.analysis.control_variate import control_variate
from ferronhall.analysis.efficiency import efficiency_dataset
from ferronhall.analysis.ensemble import ensemble_dataset
from ferronhall.analysis.wall_velocity import wall_velocity_dataset
from ferronhall.base import paths, provenance, storage
from ferronhall.campaign.config import validate
from ferronhall.campaign.scan.collection import scan_dataset
from ferronhall.campaign.scan.point import point_dataset
from ferronhall.campaign.scan.variation import points
from ferronhall.crystals.phonons.collection import phonons_dataset
from ferronhall.crystals.second_order import density_dataset
from ferronhall.crystals.second_order.collection import second_order_dataset
from ferronhall.engine.keeper import Keeper
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.model import Model, read_model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.theory.datasets import (
    self_consistent_dataset,
    theory_dataset,
    timestep_dataset,
)
from ferronhall.theory.disorder_responses import disorder_dataset
from ferronhall.theory.domain_walls import domain_walls_dataset
from ferronhall.theory.hysteresis import hysteresis_dataset
from ferronhall.theory.linear_response.laboratory import laboratory_dataset
from ferronhall.theory.modulated.lock_in import lock_in_dataset
from ferronhall.theory.spectra.edge_spectrum import spectrum_dataset
from ferronhall.theory.twin import twin_dataset
from tests.conftest import BATIO3, CONFIG, ROOT, made_once

CAMPAIGN = paths.Campaign("demo")
SCAN = [{"key": "field.omega_B_rad_per_ps", "values": [40.0]}]
# contacts of a column or two, and two columns between them
CHANGED = {
    "campaign": "demo",
    "scan": SCAN,
    "temperature": CONFIG["temperature"] | {"hot_fraction": 0.1, "cold_fraction": 0.3},
}

UNEVEN = {"disorder": CONFIG["disorder"] | {"uniform_along_z": True, "isotopes": ["Ti"]}}


def quiet(*_, **__):
    pass


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """A folder with config/, data/ and the results of a campaign of 7 × 5 × 2 cells."""

    def make(folder):
        for name in ("config", "data"):
            (folder / name).symlink_to(ROOT / name)
        before = os.getcwd()
        os.chdir(folder)
        try:
            make_campaign(validate(copy.deepcopy(CONFIG | CHANGED)))
        finally:
            os.chdir(before)

    return made_once(tmp_path_factory, "place", make)


@pytest.fixture(scope="session")
def complete(place, tmp_path_factory):
    """A copy of that campaign's folder with every other stage: by name, and of the material."""

    def make(folder):
        shutil.copytree(place / "results" / "demo", folder, dirs_exist_ok=True)
        make_other_stages(folder)

    return made_once(tmp_path_factory, "demo", make)


def make_other_stages(folder):
    """The stages by name and those of the material, in the folder of a finished campaign."""
    model = read_model(folder / "parameters.nc")
    whole = validate(copy.deepcopy(CONFIG | CHANGED))
    for stage, dataset in {
        "domain_walls": domain_walls_dataset(replace(model, walls=(2,)), whole, log=quiet),
        "wall_velocity": wall_velocity_dataset(
            replace(model, walls=(2,)),
            whole,
            {
                f: [folder / "trajectories" / f / f"{r:04d}.nc" for r in (0, 1)]
                for f in paths.FIELDS
            },
        ),
        "disorder": disorder_dataset(model, whole | UNEVEN, log=quiet).assign_attrs(
            provenance.attributes(whole)
        ),
        "self_consistent": self_consistent_dataset(model, whole, log=quiet),
        "laboratory": laboratory_dataset(model, whole, log=quiet),
        "lock_in": lock_in_dataset(model, whole, log=quiet),
        "hysteresis": hysteresis_dataset(model, whole, log=quiet),
    }.items():
        storage.write(dataset, folder / f"{stage}.nc")
    storage.write(phonons_dataset({"material": str(BATIO3)}), folder / "phonons.nc")
    data = {"second_order": {"data": str(ROOT / "data" / "second-order")}}
    storage.write(second_order_dataset(data), folder / "second_order.nc")
    with pytest.MonkeyPatch.context() as coarse:
        coarse.setattr(density_dataset, "SPACING_ANGSTROM", 1.0)
        for parent in paths.SECOND_ORDER_PARENTS:
            densities = density_dataset.density_dataset(ROOT / paths.density_data(parent))
            storage.write(densities, folder / f"{parent}_density.nc")


@pytest.fixture
def here(place, monkeypatch):
    """The same, as the working folder."""
    monkeypatch.chdir(place)
    return place


def make_campaign(config):
    """Every stage of a configuration, in the working folder."""
    storage.write(parameters_dataset(config), CAMPAIGN.parameters)
    parameters = storage.read(CAMPAIGN.parameters)
    model = Model.from_dataset(parameters)
    theory = theory_dataset(model, config, log=quiet)
    timestep = timestep_dataset(model, theory, config, float(parameters["omega_max"]), log=quiet)
    storage.write(twin_dataset(model, config, log=quiet), CAMPAIGN.twin)
    replicas = config["ensemble"]["replicas"]
    for replica in range(replicas):
        keeper = Keeper(CAMPAIGN.checkpoint(f"{replica:04d}"), config["checkpoint"], "digest")
        with keeper.alone(quiet):
            found = run_replica(model, config, replica, "digest", quiet, keeper)
            for field, dataset in found.items():
                storage.write(dataset, CAMPAIGN.trajectory(field, replica))
            keeper.finish()
    files = CAMPAIGN.trajectories(replicas)
    scanned = [point_dataset(name, at, log=quiet) for name, at in points(config).items()]
    control = control_variate(model, CAMPAIGN.twin)
    for stage, dataset in {
        "theory": theory,
        "theory_spectrum": spectrum_dataset(model, config, log=quiet),
        "timestep": timestep,
        "ensemble": ensemble_dataset(model, config, files, control),
        "comparison": comparison_dataset(model, config, theory, timestep, files, control),
        "efficiency": efficiency_dataset(model, config, files, control, 2.0),
        "balances": balances_dataset(model, config, files),
        "bond_polarization": bond_polarization_dataset(model, config, theory, files),
        "scan": scan_dataset(config, scanned),
    }.items():
        storage.write(dataset, getattr(CAMPAIGN, stage))
