"""First-principles runs by VASP: inputs written, results put back, the way to a material."""

import csv

import numpy as np
import pytest
import yaml
from phonopy import Phonopy
from phonopy.harmonic.force_constants import compact_fc_to_full_fc

from ferronhall.base.units import COULOMB_PER_M2
from ferronhall.crystals.first_principles.vasp import settings
from ferronhall.crystals.first_principles.vasp.paths import VaspRuns
from ferronhall.crystals.first_principles.vasp.progress import Progress
from ferronhall.crystals.phonons.material_file import main
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from ferronhall.crystals.second_order import vasp_runs, vasp_settings
from tests.unit.first_principles import vasp_files
from tests.workflow.conftest import ROOT, Project, refused

DATA = ROOT / "data" / "batio3-pbesol"


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A copy of the project with nothing run."""
    return Project(tmp_path_factory.mktemp("vasp"))


def configuration(**changes):
    """BaTiO3 with the paper's settings, the tetragonal phase without phonons."""
    path = ROOT / "config" / "first_principles" / "batio3_vasp.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["campaign"] = "outside"
    section = content["first_principles"]
    section["tetragonal"]["supercell"] = []
    return content | {"first_principles": section | changes}


def write(project, content):
    path = project.folder / "config" / "outside.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return str(path)


class Elsewhere:
    """The machine where VASP runs: it knows what this project computed with Quantum ESPRESSO."""

    def __init__(self, project, content):
        self.section = settings.check(content)["first_principles"]
        self.paths = VaspRuns("outside")
        self.folder = project.folder
        self.cubic = read_lattice_dynamics(DATA / "cubic" / "bto333.fc")
        with open(DATA / "switching_path.csv", newline="") as stream:
            self.points = {float(row["lambda"]): row for row in csv.DictReader(stream)}

    def runs(self, phase):
        """The runs on a structure, whose file lies in the project's folder."""
        return Progress(self.section, self).on_structure(phase)

    def structure(self, phase):
        return self.folder / self.paths.structure(phase)

    def put_back(self, run):
        folder = self.folder / self.paths.folder(run.name)
        kind = run.name.split("/")[1]
        if run.name.startswith("path"):
            self._point(folder, run, float(kind))
        elif kind == "relaxation":
            vasp_files.vasprun(folder / "vasprun.xml", run)
        elif kind == "response":
            born, dielectric = self.cubic.born, self.cubic.dielectric
            vasp_files.vaspout(folder / "vaspout.h5", run, born=born, dielectric=dielectric)
        else:
            vasp_files.vasprun(folder / "vasprun.xml", run, forces=self._forces(run))

    def _forces(self, run):
        crystal = Phonopy(self.cubic.cell, np.eye(3) * 3, primitive_matrix="P", log_level=0)
        moved = run.cell.scaled_positions - crystal.supercell.scaled_positions
        moved = (moved - np.round(moved)) @ run.cell.cell
        crystal.force_constants = self.cubic.force_constants
        full = compact_fc_to_full_fc(crystal.primitive, crystal.force_constants)
        forces = -np.einsum("ijab,jb->ia", full, moved)
        # as a density on a grid adds to all forces alike
        return forces + np.array([0.0, 1e-3, 2e-3])

    def _point(self, folder, run, coordinate):
        row = self.points[coordinate]
        edge, volume = run.cell.cell[2, 2], run.cell.volume
        vasp_files.vasprun(folder / "vasprun.xml", run, float(row["energy_eV"]))
        charges = np.array([vasp_files.VALENCES[symbol] for symbol in run.cell.symbols])
        places = run.cell.scaled_positions[:, 2]
        near = (places - run.tags["DIPOL"][2] + 10.5) % 1.0 - 0.5
        # at the last point none was computed
        polarization = float(row["polarization_C_per_m2"] or 0.43)
        total = polarization * volume / COULOMB_PER_M2
        electrons = total - charges @ places * edge
        # VASP folds them by quanta of its own
        electrons -= edge * round(electrons / edge)
        vasp_files.outcar(folder / "OUTCAR", [0, 0, charges @ near * edge], [0, 0, electrons])


@pytest.fixture(scope="module")
def asked(bare):
    """The first call, and what it said."""
    path = write(bare, configuration())
    done = bare.run("first_principles", "--configfile", path)
    return bare, path, done.stdout + done.stderr


def test_the_first_call_says_what_to_run_and_where(asked):
    project, _, text = asked
    message = text[text.index("runs wait for VASP") - 3 :]
    for word in (
        "5 runs wait for VASP in results/outside/first_principles/runs/",
        "cubic/displacement-001 … cubic/displacement-003 (3)  put back: vasprun.xml or vaspout.h5",
        "POTCAR.spec",
        "snakemake first_principles --cores all --configfile config/outside.yaml",
        "It will then ask for more: the runs on the relaxed tetragonal structure",
    ):
        assert word in message
    assert text.count("wait for VASP") == 1
    runs = project.folder / "results" / "outside" / "first_principles" / "runs"
    assert sorted(p.name for p in (runs / "cubic" / "response").iterdir()) == [
        "INCAR",
        "KPOINTS",
        "POSCAR",
        "POTCAR.spec",
    ]


def test_nothing_is_made_by_default(asked):
    project, path, _ = asked
    done = project.snakemake("--cores", "1", "--configfile", path)
    refused(done, "no default target starts", "snakemake first_principles --cores all")


def test_a_call_without_news_says_it_again(asked):
    project, path, _ = asked
    done = project.run("first_principles", "--configfile", path)
    assert "5 runs wait for VASP" in done.stdout + done.stderr


@pytest.fixture(scope="module")
def finished(asked):
    """Results put back in two rounds; what the calls in between said."""
    project, path, _ = asked
    there = Elsewhere(project, configuration())
    said = []
    there.put_back(Progress(there.section, there.paths).relaxation("tetragonal"))
    for run in there.runs("cubic"):
        there.put_back(run)
    done = project.run("first_principles", "--configfile", path)
    said.append(done.stdout + done.stderr)
    for run in there.runs("tetragonal"):
        there.put_back(run)
    done = project.run("first_principles", "--configfile", path)
    said.append(done.stdout + done.stderr)
    return project, path, there, said


def test_it_goes_on_from_what_is_back(finished):
    project, _, _, said = finished
    results = project.folder / "results" / "outside" / "first_principles"
    assert "6 runs wait for VASP" in said[0]
    assert "path/0.000 … path/1.250 (6)  put back: vasprun.xml or vaspout.h5, OUTCAR" in said[0]
    assert "finished: results/outside/first_principles/dataset.yaml" in said[1]
    assert (results / "cubic" / "response.yaml").is_file()


def test_the_material_is_that_of_the_data_it_was_made_of(finished, tmp_path, capsys):
    """Force constants → forces → files of VASP → phonopy: the numbers of q2r.x come out again."""
    project, _, _, _ = finished
    dataset = project.folder / "results" / "outside" / "first_principles" / "dataset.yaml"
    materials = []
    for name, source in (("vasp", dataset), ("qe", DATA / "dataset.yaml")):
        assert main([str(source), str(tmp_path / f"{name}.yaml")]) == 0, capsys.readouterr().err
        materials.append(yaml.safe_load((tmp_path / f"{name}.yaml").read_text(encoding="utf-8")))
    made, known = materials
    for atom, other in zip(made["atoms"], known["atoms"], strict=True):
        assert atom["mode_z"] == pytest.approx(other["mode_z"], abs=2e-5)
        assert atom["born_charge_e"] == pytest.approx(other["born_charge_e"], abs=1e-5)
    assert made["dielectric_electronic"] == pytest.approx(known["dielectric_electronic"])
    assert made["onsite"]["barrier_meV"] == pytest.approx(known["onsite"]["barrier_meV"], abs=1e-3)
    well = "well_amplitude_A"
    assert made["onsite"][well] == pytest.approx(known["onsite"][well], abs=1e-5)
    shells = [m["short_range"]["dft-gaussian"]["shells_eV_per_A2"] for m in materials]
    assert shells[0] == pytest.approx(shells[1], abs=2e-3)
    settings_ = yaml.safe_load(dataset.read_text(encoding="utf-8"))["settings"]
    assert settings_["Code"] == "VASP 6.4.1"
    assert settings_["Exchange-correlation functional"] == "PBEsol"
    assert settings_["Pseudopotentials"] == "PAW Ba_sv, Ti_pv, O"


def test_the_path_is_on_one_branch(finished):
    project, _, there, _ = finished
    path = project.folder / "results" / "outside" / "first_principles" / "switching_path.csv"
    with open(path, newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        known = there.points[float(row["lambda"])]["polarization_C_per_m2"] or 0.43
        assert float(row["polarization_C_per_m2"]) == pytest.approx(float(known), abs=1e-5)


def test_what_reruns_what(finished):
    project, path, there, _ = finished

    def planned(**changes):
        write(project, configuration(**changes))
        jobs = project.planned("first_principles", "--configfile", path)
        return {rule: n for rule, n in jobs.items() if rule != "first_principles"}

    assert planned() == {}
    # a better run of one point: its content counts, not its time
    point = project.folder / there.paths.folder("path/0.500")
    kept = (point / "vasprun.xml").read_text(encoding="latin-1")
    (point / "vasprun.xml").write_text(kept.replace("2023", "2024") + "<!-- -->\n")
    assert planned() == {"vasp_switching_path": 1, "vasp_dataset": 1}
    (point / "vasprun.xml").write_text(kept, encoding="latin-1")


def test_results_of_other_settings_are_refused(finished):
    project, path, there, _ = finished
    write(project, configuration(cutoff_eV=650.0))
    done = project.snakemake("--cores", "2", "first_principles", "--configfile", path)
    refused(done, "it is not of the inputs beside it: ENCUT = 600", "for 650")
    # the inputs are the new ones, and nothing that came back is gone
    folder = project.folder / there.paths.folder("tetragonal/relaxation")
    assert "ENCUT = 650" in (folder / "INCAR").read_text()
    assert (folder / "vasprun.xml").is_file()


def test_pairs_of_modes_go_the_same_way(bare):
    """Inputs, the message, and the table once the results are back; the density is asked for."""
    path = ROOT / "config" / "first_principles" / "second_order_vasp.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["campaign"] = "pairs"
    group = content["first_principles"]["crystals"]["HfO2"]
    two = group["pairs"][1] | {"amplitudes_A": [[0.03, 0.03], [0.06, 0.06]]}
    group |= {"pairs": [two], "variations": group["variations"][1:2]}
    content["first_principles"]["crystals"] = {"HfO2": group}
    config = write(bare, content)
    command = ("second_order_runs", "--configfile", config)
    done = bare.run(*command)
    said = done.stdout + done.stderr
    assert "3 runs wait for VASP in results/pairs/second_order_runs/runs/" in said
    line = next(line for line in said.splitlines() if "/density/" in line and "put back" in line)
    assert line.endswith("vasprun.xml or vaspout.h5, OUTCAR, CHGCAR")

    section = vasp_settings.check(content)["first_principles"]
    for structure in vasp_runs.every_run(section):
        run = vasp_runs.planned(section, structure)
        folder = bare.folder / VaspRuns("pairs", "second_order_runs").folder(run.name)
        vasp_files.vasprun(folder / "vasprun.xml", run)
        valences = np.array([{"Hf": 10.0, "O": 6.0}[symbol] for symbol in run.cell.symbols])
        near = (run.cell.scaled_positions - run.tags["DIPOL"] + 10.5) % 1.0 - 0.5
        dipole = valences @ near * run.cell.cell.diagonal()
        vasp_files.outcar(folder / "OUTCAR", dipole, [0, 0, 0.01], valences={"Hf": 10.0, "O": 6.0})
        if run.keeps_density:
            (folder / "CHGCAR").write_text("a density\n")
    done = bare.run(*command)
    assert "finished: results/pairs/second_order_runs" in done.stdout + done.stderr
    with open(bare.folder / "results/pairs/second_order_runs/polarizations.csv") as stream:
        assert len(list(csv.DictReader(stream))) == 3
