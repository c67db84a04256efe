"""Results of VASP: read in either layout, and refused unless they are those of the inputs."""

import gzip

import numpy as np
import pytest
import yaml
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base.errors import FirstPrinciplesError
from ferronhall.crystals.first_principles import crystal
from ferronhall.crystals.first_principles.vasp import (
    agreement,
    calculation,
    exchange,
    plans,
    relaxation,
    settings,
)
from tests.conftest import ROOT
from tests.unit.first_principles import vasp_files

WRITERS = {"vasprun.xml": vasp_files.vasprun, "vaspout.h5": vasp_files.vaspout}


@pytest.fixture
def section():
    path = ROOT / "config" / "first_principles" / "batio3_vasp.yaml"
    return settings.check(yaml.safe_load(path.read_text(encoding="utf-8")))["first_principles"]


@pytest.fixture
def run(section):
    """The relaxation of the tetragonal phase."""
    return plans.relaxation(section, "tetragonal")


def moved(cell, by, box=1.0):
    """A cell with the first atom moved by some Å along z, and all edges scaled."""
    places = cell.positions.copy()
    places[0, 2] += by
    fractions = places @ np.linalg.inv(cell.cell)
    return PhonopyAtoms(cell=cell.cell * box, scaled_positions=fractions, symbols=cell.symbols)


@pytest.mark.parametrize("name", WRITERS)
def test_either_layout_gives_what_was_written(run, tmp_path, rng, name):
    forces = np.round(rng.normal(size=(5, 3)), 6)
    stress = np.diag([1.0, -2.0, 3.0])
    end = moved(run.cell, 0.01)
    WRITERS[name](tmp_path / name, run, -41.5, forces, end=end, stress=stress)
    found = calculation.read(tmp_path / name)
    assert found.energy == -41.5
    assert found.forces == pytest.approx(forces, abs=1e-8)
    assert found.stress == pytest.approx(stress, abs=1e-8)
    assert found.end.scaled_positions == pytest.approx(end.scaled_positions, abs=1e-8)
    assert found.start.scaled_positions == pytest.approx(run.cell.scaled_positions, abs=1e-8)
    assert (found.version, found.k_mesh, found.gamma_centred) == ("6.4.1", (12, 12, 12), True)
    assert found.potcars == ("Ba_sv", "Ti_pv", "O")
    agreement.check(run, found)


def test_a_compressed_file_is_read(run, tmp_path):
    vasp_files.vasprun(tmp_path / "vasprun.xml", run, -41.5)
    with gzip.open(tmp_path / "vasprun.xml.gz", "wb") as stream:
        stream.write((tmp_path / "vasprun.xml").read_bytes())
    (tmp_path / "vasprun.xml").unlink()
    assert exchange.main(tmp_path).endswith("vasprun.xml.gz")
    assert calculation.read(exchange.main(tmp_path)).energy == -41.5


def test_vasp_5_names_the_energy_differently(run, tmp_path):
    vasp_files.vasprun(tmp_path / "vasprun.xml", run, -41.5, version="5.4.4")
    assert calculation.read(tmp_path / "vasprun.xml").energy == -41.5


@pytest.mark.parametrize("name", WRITERS)
def test_born_charges_keep_their_indices(section, tmp_path, rng, name):
    response = plans.response(section, crystal.start(section, "cubic"))
    born, dielectric = rng.normal(size=(5, 3, 3)).round(6), np.diag([6.8, 6.8, 5.7])
    WRITERS[name](tmp_path / name, response, born=born, dielectric=dielectric)
    found = calculation.read_response(tmp_path / name)
    assert found[0] == pytest.approx(born, abs=1e-7)
    assert found[1] == pytest.approx(dielectric, abs=1e-7)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tags": {"ENCUT": 520.0}}, ["ENCUT = 520", "for 600"]),
        ({"tags": {"GGA": "PE"}}, ["GGA = ", "for PS"]),
        ({"tags": {"LASPH": False}}, ["LASPH"]),
        ({"tags": {"EDIFF": 1e-6}}, ["EDIFF"]),
        ({"k_mesh": (6, 6, 6)}, ["k mesh 6 × 6 × 6 for 12 × 12 × 12"]),
        ({"potcars": ("Ba_sv", "Ti_sv", "O")}, ["POTCAR of Ba_sv Ti_sv O for Ba_sv Ti_pv O"]),
        ({"start": "strained"}, ["the cell differs by"]),
    ],
)
def test_results_of_other_inputs(run, tmp_path, name, changes, words):
    if changes.get("start") == "strained":
        changes = {"start": moved(run.cell, 0.0, 1.001), "end": moved(run.cell, 0.0, 1.001)}
    WRITERS[name](tmp_path / name, run, **changes)
    with pytest.raises(FirstPrinciplesError) as error:
        agreement.check(run, calculation.read(tmp_path / name))
    for word in (name, *words):
        assert word in str(error.value)


def test_a_functional_left_to_the_potcar(run, tmp_path):
    vasp_files.vasprun(tmp_path / "vasprun.xml", run, tags={"GGA": None})
    with pytest.raises(FirstPrinciplesError, match="GGA is not set, for PS"):
        agreement.check(run, calculation.read(tmp_path / "vasprun.xml"))


def test_tags_of_the_machine_are_free(run, tmp_path):
    tags = {"NCORE": 8, "ALGO": "Fast", "NSW": 40, "PREC": "accura"}
    vasp_files.vasprun(tmp_path / "vasprun.xml", run, tags=tags)
    agreement.check(run, calculation.read(tmp_path / "vasprun.xml"))


def test_a_mesh_beside_gamma(run, tmp_path):
    vasp_files.vasprun(tmp_path / "vasprun.xml", run, style="Monkhorst-Pack")
    with pytest.raises(FirstPrinciplesError, match="not centred at Γ"):
        agreement.check(run, calculation.read(tmp_path / "vasprun.xml"))


def test_another_structure_starts_no_other_run_than_a_relaxation(section, run, tmp_path):
    point = plans.switching_path(section, crystal.start(section, "tetragonal"))[2]
    for planned in (run, point):
        vasp_files.vasprun(tmp_path / "vasprun.xml", planned, start=moved(planned.cell, 0.02))
        found = calculation.read(tmp_path / "vasprun.xml")
        if planned is run:
            agreement.check(planned, found)
        else:
            with pytest.raises(FirstPrinciplesError, match=r"atom 1 \(Ba\) starts 0.02 Å off"):
                agreement.check(planned, found)


def test_electrons_that_did_not_converge(run, tmp_path):
    vasp_files.vasprun(tmp_path / "vasprun.xml", run, electronic_steps=60)
    with pytest.raises(FirstPrinciplesError, match="did not converge"):
        agreement.check(run, calculation.read(tmp_path / "vasprun.xml"))


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_is_cut(run, tmp_path, name):
    WRITERS[name](tmp_path / name, run)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FirstPrinciplesError, match="not the result of a finished run"):
        calculation.read(tmp_path / name)


def test_the_relaxed_structure(section, run, tmp_path):
    path = tmp_path / "vasprun.xml"
    end = moved(run.cell, 0.01)
    vasp_files.vasprun(path, run, end=end)
    found = relaxation.structure(section, "tetragonal", path)
    assert (found.a, found.c) == pytest.approx((3.969504, 4.066228))
    assert found.positions == pytest.approx(end.scaled_positions, abs=1e-8)
    assert found.symbols == ("Ba", "Ti", "O", "O", "O")


def test_a_relaxation_that_is_not_at_rest(section, run, tmp_path):
    path = tmp_path / "vasprun.xml"
    forces = np.zeros((5, 3))
    forces[1, 2] = 2e-3
    vasp_files.vasprun(path, run, forces=forces)
    with pytest.raises(FirstPrinciplesError, match=r"a force of 0\.002 eV/Å is left") as error:
        relaxation.structure(section, "tetragonal", path)
    assert "force_threshold_eV_per_A" in str(error.value)


def test_stress_counts_where_the_cell_is_relaxed(section, tmp_path):
    path = tmp_path / "vasprun.xml"
    for relax in ("positions", "cell"):
        section["tetragonal"]["relax"] = relax
        run = plans.relaxation(section, "tetragonal")
        vasp_files.vasprun(path, run, stress=np.diag([0.0, 0.0, 0.4]))
        if relax == "positions":
            relaxation.structure(section, "tetragonal", path)
        else:
            with pytest.raises(FirstPrinciplesError, match=r"a stress of 0\.4 kbar is left"):
                relaxation.structure(section, "tetragonal", path)


def test_a_cell_that_left_its_lattice(section, tmp_path):
    section["cubic"]["relax"] = "cell"
    run = plans.relaxation(section, "cubic")
    end = PhonopyAtoms(
        cell=np.diag([3.98, 3.98, 4.0]),
        scaled_positions=run.cell.scaled_positions,
        symbols=run.cell.symbols,
    )
    vasp_files.vasprun(tmp_path / "vasprun.xml", run, end=end)
    with pytest.raises(FirstPrinciplesError, match="no longer cubic"):
        relaxation.structure(section, "cubic", tmp_path / "vasprun.xml")
