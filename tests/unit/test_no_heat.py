"""A campaign without heat, where nothing fluctuates: all its data, figures and tables, silently."""

import pytest

from ferronhall.analysis.balances import balances_dataset
from ferronhall.analysis.bond_polarization import bond_polarization_dataset
from ferronhall.analysis.comparison import comparison_dataset
from ferronhall.analysis.control_variate import control_variate
from ferronhall.analysis.efficiency import efficiency_dataset
from ferronhall.analysis.ensemble import ensemble_dataset
from ferronhall.base import paths, storage
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.model import read_model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.results import figures
from ferronhall.results.tables import result_table
from ferronhall.theory.datasets import theory_dataset, timestep_dataset
from ferronhall.theory.spectra.edge_spectrum import spectrum_dataset
from ferronhall.theory.twin import twin_dataset

pytestmark = pytest.mark.filterwarnings("error")


def silent(_):
    """A log that keeps nothing."""


@pytest.mark.parametrize(("replicas", "with_twin"), [(1, True), (3, False)])
def test_a_campaign_without_heat_is_made_in_silence(config, tmp_path, replicas, with_twin):
    config["temperature"] |= {"T_hot_K": 0.0, "T_cold_K": 0.0}
    config["ensemble"] |= {"harmonic_twin": with_twin, "replicas": replicas}
    storage.write(parameters_dataset(config), tmp_path / "parameters.nc")
    parameters = storage.read(tmp_path / "parameters.nc")
    model = read_model(tmp_path / "parameters.nc")
    files = {"minus": [], "zero": [], "plus": []}
    for replica in range(replicas):
        for field, dataset in run_replica(model, config, replica, "d", silent).items():
            files[field].append(tmp_path / f"{field}-{replica}.nc")
            storage.write(dataset, files[field][-1])
    control = None
    if with_twin:
        storage.write(twin_dataset(model, config, log=silent), tmp_path / "twin.nc")
        control = control_variate(model, tmp_path / "twin.nc")
    theory = theory_dataset(model, config, log=silent)
    timestep = timestep_dataset(model, theory, config, float(parameters["omega_max"]), log=silent)
    datasets = {
        "parameters": parameters,
        "theory": theory,
        "theory_spectrum": spectrum_dataset(model, config, log=silent),
        "timestep": timestep,
        "ensemble": ensemble_dataset(model, config, files, control),
        "comparison": comparison_dataset(model, config, theory, timestep, files, control),
        "efficiency": efficiency_dataset(model, config, files, control, 1.0),
        "balances": balances_dataset(model, config, files),
        "bond_polarization": bond_polarization_dataset(model, config, theory, files, control),
    }
    assert not datasets["ensemble"]["delta_polarization"].any()
    for name, needed in (paths.FIGURES | paths.BOND_FIGURES).items():
        figures.draw(name, **{key: datasets[key] for key in needed})
    twins = paths.TWIN_TABLES if with_twin else {}
    for name, needed in (paths.RESULT_TABLES | paths.BOND_TABLES | twins).items():
        result_table(name, **{key: datasets[key] for key in needed})
