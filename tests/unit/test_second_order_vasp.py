"""Second-order runs by VASP: pairs of modes with and without their density, and what comes back."""

import copy
import csv

import numpy as np
import pytest
import yaml
from pymatgen.io.vasp.inputs import Incar

from ferronhall.base.errors import ConfigError, FirstPrinciplesError
from ferronhall.crystals.first_principles.vasp.exchange import back, needed
from ferronhall.crystals.second_order import (
    charges,
    data_files,
    runs,
    vasp_results,
    vasp_runs,
    vasp_settings,
)
from ferronhall.crystals.second_order.collection import second_order_dataset
from tests.conftest import ROOT
from tests.physics.test_second_order_charges import configuration
from tests.unit.first_principles import vasp_files

CONFIG = yaml.safe_load(
    (ROOT / "config" / "first_principles" / "second_order_vasp.yaml").read_text(encoding="utf-8")
)
VALENCES = {"Hf": 10.0, "O": 6.0, "Sr": 10.0, "Ti": 12.0, "Zr": 12.0}


@pytest.fixture(scope="module")
def section():
    return vasp_settings.check(CONFIG)["first_principles"]


@pytest.fixture(scope="module")
def structures(section):
    return {s.key: s for s in vasp_runs.every_run(section)}


def tags(run, folder):
    (folder / "INCAR").write_text(run.files()["INCAR"])
    return dict(Incar.from_file(folder / "INCAR"))


def test_every_run_has_the_printed_settings(section, structures, tmp_path):
    assert len(structures) == 3 * 4 * 3 + 4 + 2 * 3
    for structure in list(structures.values())[::5]:
        found = tags(vasp_runs.planned(section, structure), tmp_path)
        printed = {"GGA": "Ps", "ENCUT": 520, "EDIFF": 1e-7, "ISMEAR": -5, "LCALCPOL": True}
        assert printed.items() <= found.items()
    run = vasp_runs.planned(section, next(s for s in structures.values() if s.crystal == "SrTiO3"))
    assert run.k_mesh == (9, 9, 5)
    assert run.potcars == ("Sr_sv", "Ti_sv", "O")
    assert [list(run.cell.symbols).count(s) for s in ("Sr", "Ti", "O")] == [2, 2, 6]
    # the ions count from one point in all structures of a crystal
    assert run.tags["DIPOL"] == [0.75, 0.75, 0.625]


def test_a_density_is_kept_where_it_is_asked_for(section, structures, tmp_path):
    kept = {
        name: vasp_runs.planned(section, s)
        for name, s in structures.items()
        if s.charge_grid is not None
    }
    assert {name.split("/")[2] for name in kept} == {"density"}
    for run in kept.values():
        found = tags(run, tmp_path)
        assert found["LCHARG"] is True
        assert [found[f"NG{axis}F"] for axis in "XYZ"] == [120, 120, 120]
        assert [names[0] for names in needed(run)] == ["vasprun.xml", "OUTCAR", "CHGCAR"]
    without = next(s for s in structures.values() if s.charge_grid is None)
    run = vasp_runs.planned(section, without)
    found = tags(run, tmp_path)
    assert found["LCHARG"] is False
    assert "NGXF" not in found
    assert [names[0] for names in needed(run)] == ["vasprun.xml", "OUTCAR"]


def test_a_variation_changes_what_it_names():
    config = copy.deepcopy(CONFIG)
    group = config["first_principles"]["crystals"]["HfO2"]
    group["variations"] = [
        {"name": "fine", "modes": ["X5+,x:O", "X2-,x:O"], "amplitudes_A": [[0.06, 0.06]]}
        | {"cutoff_eV": 700, "k_mesh": [11, 11, 11]}
    ]
    section = vasp_settings.check(config)["first_principles"]
    found = [s for s in vasp_runs.every_run(section) if s.variation == "fine"]
    assert [(s.cutoff_eV, s.k_mesh, s.gga) for s in found] == [(700.0, (11, 11, 11), "PS")]


@pytest.mark.parametrize(
    ("crystal", "key", "value", "words"),
    [
        ("HfO2", "charge_grid", [120], ["crystals.HfO2.charge_grid", "three numbers"]),
        ("HfO2", "species", ["Hf", "S"], ["'S' is not among the symbols"]),
        ("HfO2", "strings", [6, 6], ["strings: unknown key"]),
    ],
)
def test_a_mistake_in_the_file(crystal, key, value, words):
    config = copy.deepcopy(CONFIG)
    config["first_principles"]["crystals"][crystal][key] = value
    with pytest.raises(ConfigError) as error:
        vasp_settings.check(config)
    for word in words:
        assert word in str(error.value)


def small(tmp_path):
    """A configuration of one pair, and its runs with results put back of a known charge."""
    config = copy.deepcopy(CONFIG)
    group = config["first_principles"]["crystals"]["HfO2"]
    entry = group["pairs"][1] | {"amplitudes_A": [[0.03, 0.03], [0.06, 0.06], [0.09, 0.09]]}
    group |= {"pairs": [entry], "variations": []}
    config["first_principles"]["crystals"] = {"HfO2": group}
    config = vasp_settings.check(config)
    section = config["first_principles"]
    folders = []
    for structure in vasp_runs.every_run(section):
        run = vasp_runs.planned(section, structure)
        folder = tmp_path / "runs" / run.name
        edge = run.cell.cell[2, 2]
        # p = N Z(2) Q Q, in either sign of OUTCAR's
        total = 4 * 2.5 * structure.amplitudes[0] * structure.amplitudes[1]
        valences = np.array([VALENCES[symbol] for symbol in run.cell.symbols])
        places = run.cell.scaled_positions[:, 2]
        near = (places - run.tags["DIPOL"][2] + 10.5) % 1.0 - 0.5
        electrons = total - valences @ places * edge
        electrons -= edge * round(electrons / edge)
        sign, unit = ((1, "|e|"), (-1, "electrons"))[len(folders) % 2]
        vasp_files.vasprun(folder / "vasprun.xml", run, -100.0 - len(folders))
        dipoles = np.array([[0, 0, valences @ near * edge], [0, 0, electrons]])
        vasp_files.outcar(folder / "OUTCAR", *(sign * dipoles), unit, {"Hf": 10.0, "O": 6.0})
        assert back(folder, run)
        folders.append(folder)
    return config, folders


def test_the_charge_comes_out_of_vasps_files(tmp_path):
    config, folders = small(tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    count = vasp_results.write(
        data / data_files.TABLE,
        data / data_files.CONTENT,
        config,
        [folder / "vasprun.xml" for folder in folders],
        [folder / "OUTCAR" for folder in folders],
    )
    assert count == 3
    content = data_files.read_content(data)
    assert content["code"] == "VASP 6.4.1"
    assert content["pseudopotentials"].startswith("PAW Hf_pv, O")
    dataset = second_order_dataset(configuration(data))
    assert float(dataset["charge"][0]) == pytest.approx(2.5, abs=2e-3)
    with open(data / data_files.TABLE, newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["energy_eV"]) for row in rows] == [-100.0, -101.0, -102.0]
    assert float(rows[0]["cutoff_Ry"]) == pytest.approx(520 / 13.605693, rel=1e-3)


def test_results_in_the_wrong_folder_are_refused(tmp_path):
    config, folders = small(tmp_path)
    results = [folder / "vasprun.xml" for folder in folders]
    with pytest.raises(FirstPrinciplesError, match=r"starts .* Å off"):
        vasp_results.write(
            tmp_path / "table.csv",
            tmp_path / "dataset.yaml",
            config,
            results[::-1],
            [folder / "OUTCAR" for folder in folders],
        )


def test_displacements_are_those_of_the_other_code(section, structures):
    """The structures are the same as Quantum ESPRESSO's: order parameters of Eq. 4."""
    structure = next(s for s in structures.values() if s.crystal == "HfO2")
    run = vasp_runs.planned(section, structure)
    group = section["crystals"]["HfO2"]
    cell = runs.parent(group)
    pair, _ = runs.patterns(group, structure.labels)
    moved = charges.displacement(pair[0], 0.03, cell.cells)
    moved = moved + charges.displacement(pair[1], 0.03, cell.cells)
    off = run.cell.positions - cell.positions * cell.edges
    assert np.abs(off - moved).max() < 1e-12
