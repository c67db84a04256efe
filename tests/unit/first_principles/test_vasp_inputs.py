"""Inputs for VASP: the printed settings, in files that VASP and phonopy read back."""

import copy

import numpy as np
import pytest
import yaml
from phonopy.interface.vasp import read_vasp
from pymatgen.io.vasp.inputs import Incar, Kpoints

from ferronhall.base import schema
from ferronhall.base.errors import ConfigError
from ferronhall.crystals.first_principles import crystal
from ferronhall.crystals.first_principles.vasp import plans, settings
from ferronhall.crystals.first_principles.vasp.paths import VaspRuns
from ferronhall.crystals.first_principles.vasp.progress import Progress
from ferronhall.crystals.second_order import vasp_settings
from tests.conftest import ROOT
from tests.unit.first_principles import vasp_files

CONFIG = yaml.safe_load(
    (ROOT / "config" / "first_principles" / "batio3_vasp.yaml").read_text(encoding="utf-8")
)
TABLE_S1 = {
    "GGA": "Ps",
    "ENCUT": 600,
    "EDIFF": 1e-10,
    "PREC": "Accurate",
    "ISMEAR": 0,
    "SIGMA": 0.01,
    "LREAL": False,
    "LASPH": True,
    "ADDGRID": True,
}
"""Table S1 of paper F and the paragraph above it; GGA = PS is PBEsol."""


@pytest.fixture
def section():
    return settings.check(CONFIG)["first_principles"]


def written(run, folder):
    """The files of a run as others read them: tags, mesh, cell, dataset names."""
    for name, text in run.files().items():
        (folder / name).write_text(text, encoding="utf-8")
    tags = dict(Incar.from_file(folder / "INCAR"))
    del tags["SYSTEM"]
    points = Kpoints.from_file(folder / "KPOINTS")
    names = (folder / "POTCAR.spec").read_text().split()
    return tags, points, read_vasp(folder / "POSCAR"), names


def test_every_run_has_the_printed_settings(section, tmp_path):
    tetragonal = crystal.start(section, "tetragonal")
    runs = [plans.relaxation(section, "tetragonal"), *plans.on_structure(section, tetragonal)]
    names = [run.name for run in runs]
    assert names[:2] == ["tetragonal/relaxation", "tetragonal/response"]
    assert names[-6:] == [f"path/{x:.3f}" for x in (0, 0.25, 0.5, 0.75, 1, 1.25)]
    for run in runs:
        tags, points, cell, potcars = written(run, tmp_path)
        assert TABLE_S1.items() <= tags.items(), run.name
        assert points.style.name == "Gamma"
        displaced = "displacement" in run.name
        assert points.kpts[0] == ((4, 4, 4) if displaced else (12, 12, 12))
        assert len(cell) == (135 if displaced else 5)
        off = cell.scaled_positions - run.cell.scaled_positions
        assert np.abs(off - np.round(off)).max() < 1e-12
        assert potcars == ["Ba_sv", "Ti_pv", "O"]


def test_what_makes_a_run_its_kind(section, tmp_path):
    def own(run):
        tags = written(run, tmp_path)[0]
        return {k: v for k, v in tags.items() if k not in (*TABLE_S1, "LWAVE", "LCHARG", "NSW")}

    tetragonal = crystal.start(section, "tetragonal")
    assert own(plans.relaxation(section, "tetragonal")) == {
        "IBRION": 2,
        "ISIF": 2,
        "EDIFFG": -1e-4,
    }
    section["cubic"]["relax"] = "cell"
    assert own(plans.relaxation(section, "cubic"))["ISIF"] == 3
    assert own(plans.response(section, tetragonal)) == {"LEPSILON": True}
    assert own(plans.displaced(section, tetragonal)[0]) == {}
    points = plans.switching_path(section, tetragonal)
    assert own(points[0]) == {"LCALCPOL": True, "DIPOL": [0.75, 0.75, 0.75]}
    assert all(own(point) == own(points[0]) for point in points)


def test_the_path_leads_from_the_centre_to_the_relaxed_structure(section):
    relaxed = crystal.start(section, "tetragonal")
    points = plans.switching_path(section, relaxed)
    centre = [atom["position"] for atom in section["atoms"]]
    assert points[0].cell.scaled_positions == pytest.approx(np.array(centre), abs=1e-12)
    assert points[4].cell.scaled_positions == pytest.approx(relaxed.positions, abs=1e-12)


def test_displacements_are_as_long_as_printed_and_as_many_as_needed(section):
    cubic = crystal.start(section, "cubic")
    ideal = plans.displacements(section, cubic).supercell
    runs = plans.displaced(section, cubic)
    for run in runs:
        moved = (run.cell.scaled_positions - ideal.scaled_positions) @ ideal.cell
        lengths = np.linalg.norm(moved, axis=1)
        assert np.count_nonzero(lengths > 1e-8) == 1
        assert lengths.max() == pytest.approx(0.01)
    # Pm-3m takes one displacement of each kind to all others, an oxygen's if it is oblique
    assert len(runs) == 3


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("incar", {"encut": 500}, ["incar.encut", "write ENCUT"]),
        ("incar", {"ENCUT": 500}, ["incar.ENCUT", "cutoff_eV"]),
        ("incar", {"NCORE": None}, ["incar.NCORE", "no value of a tag"]),
        ("cutoff_eV", "6e2", ["cutoff_eV", "6.0e+2"]),
        ("code", "vaps", ["'vaps' is not known", "quantum-espresso, vasp"]),
        ("prefix", "bto", ["prefix: unknown key"]),
    ],
)
def test_a_mistake_in_the_file(key, value, words):
    config = copy.deepcopy(CONFIG)
    config["first_principles"][key] = value
    with pytest.raises(ConfigError) as error:
        settings.check(config)
    for word in words:
        assert word in str(error.value)


def test_atoms_in_another_order_than_species():
    config = copy.deepcopy(CONFIG)
    config["first_principles"]["atoms"].reverse()
    with pytest.raises(ConfigError, match="Ti comes after O") as error:
        settings.check(config)
    assert "POTCAR" in str(error.value)


@pytest.mark.parametrize(
    ("phase", "cells"), [("cubic", [3, 3, 2]), ("tetragonal", [2, 1, 2]), ("tetragonal", [2, 2])]
)
def test_supercells_keep_the_symmetry(phase, cells):
    config = copy.deepcopy(CONFIG)
    config["first_principles"][phase]["supercell"] = cells
    with pytest.raises(ConfigError, match=f"{phase}.supercell"):
        settings.check(config)


def leaves(branch, path=()):
    """(dotted key, schema) of every key that holds a value, through lists and named groups."""
    for key, child in branch["properties"].items():
        named = child.get("additionalProperties")
        if child.get("type") == "object" and "properties" in child:
            yield from leaves(child, (*path, key))
            continue
        yield ".".join((*path, key)), child
        if isinstance(named, dict):
            yield from leaves(named, (*path, key, "NAME"))
        elif "properties" in child.get("items", {}):
            yield from leaves(child["items"], (*path, key, "N"))


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("first_principles_vasp", "### A perovskite by VASP"),
        ("second_order_runs_vasp", "### Second-order runs by VASP"),
    ],
)
def test_every_key_is_described_and_documented(name, heading):
    """With unit, range and default, in the schema and in config/README.md alike."""
    text = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    section = text.partition(heading)[2].partition("\n#")[0]
    rows = {line.split("`")[1]: line for line in section.splitlines() if line.startswith("| `")}
    found = schema.SCHEMAS / f"{name}.schema.yaml"
    for key, leaf in leaves(yaml.safe_load(found.read_text(encoding="utf-8"))):
        for word in ("Unit: ", "Range: ", "Default: "):
            assert word in leaf["description"], key
        if key == "campaign":
            continue
        stated = rows.pop(key).split("|")[-2].strip()
        if "default" in leaf:
            assert yaml.safe_load(stated.strip("`")) == leaf["default"], key
        else:
            assert not stated.startswith("`"), key
    assert not rows


@pytest.mark.parametrize(
    ("name", "check"),
    [("batio3_vasp", settings.check), ("second_order_vasp", vasp_settings.check)],
)
def test_the_configurations_name_their_schema_and_hold(name, check):
    text = (ROOT / "config" / "first_principles" / f"{name}.yaml").read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert (ROOT / "config" / "first_principles" / first.partition("$schema=")[2]).is_file()
    content = yaml.safe_load(text)
    checked = check(content)
    if name == "batio3_vasp":
        # every key is written out
        assert checked == content


def test_the_message_names_folders_and_files(section, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paths = VaspRuns("mine")
    for phase in ("cubic", "tetragonal"):
        path = tmp_path / paths.structure(phase)
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump(crystal.content(crystal.start(section, phase))))
    progress = Progress(section, paths)
    first = progress.state("snakemake …")
    assert "results/mine/first_principles/runs/" in first
    assert "cubic/response" in first
    assert "cubic/displacement-001 … cubic/displacement-" in first
    assert "path/" not in first
    assert "on the relaxed tetragonal structure" in first
    assert first.count("snakemake …") == 1

    relaxation = progress.relaxation("tetragonal")
    vasp_files.vasprun(tmp_path / paths.folder(relaxation.name) / "vasprun.xml", relaxation)
    then = progress.state("snakemake …")
    assert "tetragonal/relaxation" not in then
    assert "path/0.000 … path/1.250 (6)" in then
    line = next(line for line in then.splitlines() if "path/" in line)
    assert line.endswith("put back: vasprun.xml or vaspout.h5, OUTCAR")

    # an energy alone is half of a point
    point = progress.named("path/0.500")
    vasp_files.vasprun(tmp_path / paths.folder(point.name) / "vasprun.xml", point)
    assert not progress.is_back(point)
    vasp_files.outcar(tmp_path / paths.folder(point.name) / "OUTCAR", [0, 0, 0], [0, 0, 0])
    assert progress.is_back(point)
