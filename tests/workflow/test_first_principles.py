"""First-principles runs: refused with one message, and end to end where Quantum ESPRESSO is."""

import csv
import hashlib
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from ferronhall.crystals.first_principles.quantum_espresso import ph_output
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from tests.workflow.conftest import ROOT, Project, refused

FOLDER = os.environ.get("FERRONHALL_PSEUDOPOTENTIALS")


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A copy of the project with nothing run."""
    return Project(tmp_path_factory.mktemp("first-principles"))


def toy(folder, **changes):
    """BaTiO3 with settings that run in seconds and are far from converged."""
    path = ROOT / "config" / "first_principles" / "batio3.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["campaign"] = "toy"
    section = content["first_principles"]
    section["pseudopotentials"] = str(folder)
    for phase in ("cubic", "tetragonal"):
        section[phase] |= {"cutoff_Ry": 22.0, "density_cutoff_Ry": 0.0, "k_mesh": [2, 2, 2]}
    section["cubic"]["q_mesh"] = [1, 1, 1]
    # the zone centre and one wave vector besides
    section["tetragonal"]["q_mesh"] = [1, 1, 2]
    section["path"] = {"lambdas": [0.0, 0.5, 1.0, 1.25], "strings": [2, 2], "string_points": 7}
    for kind in section["species"]:
        file = Path(folder) / kind["pseudopotential"]
        if file.is_file():
            kind["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return content | {"first_principles": section | changes}


def write(project, content, name="toy"):
    path = project.folder / "config" / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return str(path)


def test_a_campaign_says_which_files_have_such_runs(bare):
    done = bare.snakemake("--cores", "1", "first_principles")
    refused(done, "config/first_principles/batio3.yaml")


def test_nothing_runs_by_default(bare, tmp_path):
    path = write(bare, toy(tmp_path))
    done = bare.snakemake("--cores", "1", "--configfile", path)
    refused(done, "no default target starts", "snakemake first_principles")


def test_a_mistake_in_the_file(bare, tmp_path):
    path = write(bare, toy(tmp_path, cores=0))
    done = bare.snakemake("--cores", "1", "first_principles", "--configfile", path)
    refused(done, "first_principles.cores: 0 is below")


def test_missing_pseudopotentials_stop_everything_beforehand(bare, tmp_path):
    path = write(bare, toy(tmp_path))
    done = bare.snakemake("--cores", "1", "first_principles", "--configfile", path)
    refused(done, "3 mistakes", "Ba.upf", "Ti.upf", "O.upf", "PseudoDojo, PBEsol v0.4")
    assert not (bare.folder / "results" / "toy" / "first_principles").exists()


def test_a_missing_program_names_the_package(bare, tmp_path):
    for name in ("Ba.upf", "Ti.upf", "O.upf"):
        (tmp_path / name).write_text(name)
    path = write(bare, toy(tmp_path, commands={"pw": "nowhere/pw.x", "ph": "sh", "q2r": "sh"}))
    done = bare.snakemake("--cores", "1", "first_principles", "--configfile", path)
    refused(done, "first_principles.commands.pw: 'nowhere/pw.x'", "quantum-espresso")
    assert (done.stdout + done.stderr).count("quantum-espresso") == 1


STAND_IN = """
import sys
from pathlib import Path
name = Path(sys.argv[-1]).stem
if name == "q_points":
    Path("bto.dyn0").write_text("1 1 1\\n1\\n0.0 0.0 0.0\\n")
elif name.startswith("q"):
    Path(f"bto.dyn{name[1:]}").write_text("a matrix\\n")
print("uniform grid of q-points" if name == "q_points" else "JOB DONE.")
"""
"""A program that leaves the files of pw.x and ph.x, and nothing in them."""


@pytest.fixture(scope="module")
def stood_in(bare, tmp_path_factory):
    """Files of a wave vector and of a point of the path, and what a changed section would rerun."""
    folder = tmp_path_factory.mktemp("stand-in")
    for name in ("Ba.upf", "Ti.upf", "O.upf"):
        (folder / name).write_text(name)
    (folder / "program.py").write_text(STAND_IN)
    program = f"{sys.executable} {folder / 'program.py'}"
    content = toy(folder, commands=dict.fromkeys(("pw", "ph", "q2r"), program))
    content["campaign"] = "stood-in"
    section = content["first_principles"]
    for phase in ("cubic", "tetragonal"):
        section[phase]["relax"] = "none"
    results = "results/stood-in/first_principles"
    files = ("cubic/bto.dyn0", "cubic/bto.dyn1", "path/0.500/berry.out")
    targets = [f"{results}/{file}" for file in files]

    def planned(**changes):
        changed = {
            key: section[key] | value if isinstance(value, dict) else value
            for key, value in changes.items()
        }
        path = write(bare, content | {"first_principles": section | changed}, "stood-in")
        return bare.planned(*targets, "--configfile", path)

    bare.run(*targets, "--configfile", write(bare, content, "stood-in"))
    return planned


CUBIC, PATH = {"q_points": 1, "dynamical_matrix": 1}, {"path_point": 1}


@pytest.mark.parametrize(
    ("changes", "jobs"),
    [
        ({}, {}),
        ({"cores": 2, "keep_scratch": True}, {}),
        ({"cubic": {"cutoff_Ry": 23.0}}, CUBIC),
        ({"tetragonal": {"cutoff_Ry": 23.0}}, PATH),
        ({"path": {"string_points": 9}}, PATH),
        ({"cubic": {"lattice_constant_A": 4.0}}, {"structure": 1} | CUBIC),
        ({"tetragonal": {"c_A": 4.05}}, {"structure": 1} | PATH),
    ],
)
def test_a_changed_key_runs_what_it_decides(stood_in, changes, jobs):
    assert stood_in(**changes) == jobs


@pytest.fixture(scope="module")
def finished(bare):
    """The toy runs, their configuration and their results."""
    missing = [name for name in ("pw.x", "ph.x", "q2r.x") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not on the PATH: install quantum-espresso")
    if not FOLDER:
        pytest.skip(
            "set FERRONHALL_PSEUDOPOTENTIALS to a folder with Ba.upf, Ti.upf and O.upf "
            "(PseudoDojo, PBEsol v0.4)"
        )
    content = toy(FOLDER)
    path = write(bare, content, "finished")
    bare.run("first_principles", "--configfile", path)
    return bare, content, bare.folder / "results" / "toy" / "first_principles"


def test_the_switching_path_agrees_with_the_linear_response(finished):
    _, content, results = finished
    with open(results / "switching_path.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["lambda"]) for row in rows] == [0.0, 0.5, 1.0, 1.25]
    energies = np.array([float(row["energy_eV"]) for row in rows])
    assert np.argmin(energies) == 2
    # the Born charges are ∂P/∂u at the relaxed structure, and the mean over the path differs by
    # some percent from those at its end, even more so on these meshes
    relaxed = rows[2]
    moves = np.array([float(v) for name, v in relaxed.items() if name.startswith("dz_")])
    charges = ph_output.response(results / "tetragonal" / "bto.dyn1").born_charges[:, 2, 2]
    tetragonal = content["first_principles"]["tetragonal"]
    volume = tetragonal["a_A"] ** 2 * tetragonal["c_A"]
    expected = charges @ moves / volume * 16.0217663
    assert float(relaxed["polarization_C_per_m2"]) == pytest.approx(expected, rel=0.05)
    quantum = float(relaxed["polarization_quantum_C_per_m2"])
    assert quantum == pytest.approx(16.0217663 * tetragonal["c_A"] / volume, rel=1e-6)


def test_the_force_constants_are_those_of_the_dynamical_matrices(finished):
    _, _, results = finished
    assert not list((results / "scratch").iterdir())
    for phase, mesh in (("cubic", (1, 1, 1)), ("tetragonal", (1, 1, 2))):
        found = read_lattice_dynamics(results / phase / "bto.fc")
        assert found.mesh == mesh
        gamma = ph_output.response(results / phase / "bto.dyn1")
        assert found.dielectric == pytest.approx(gamma.dielectric, abs=1e-9)
    # an equivalent oxygen for each axis in the cubic cell
    born = yaml.safe_load((results / "cubic" / "response.yaml").read_text())["born_charges_e"]
    chain = [born[f"O{n}"][axis][axis] for n, axis in ((1, 0), (2, 1), (3, 2))]
    assert chain == pytest.approx([chain[0]] * 3, abs=1e-4)


def test_what_reruns_what(finished):
    project, content, _ = finished
    section = content["first_principles"]

    def planned(**changes):
        path = write(project, content | {"first_principles": section | changes}, "changed")
        jobs = project.planned("first_principles", "--configfile", path)
        return {rule: n for rule, n in jobs.items() if rule != "first_principles"}

    assert planned() == {}
    assert planned(keep_scratch=True, cores=2) == {}
    more = section["path"] | {"lambdas": [0.0, 0.5, 0.75, 1.0, 1.25]}
    assert planned(path=more) == {
        "path_point": 1,
        "switching_path": 1,
        "first_principles_dataset": 1,
    }
    with project.edited(
        "src/ferronhall/crystals/first_principles/quantum_espresso/pw_output.py",
        "return float(_last",
        "return 1.0 * (_last",
    ):
        # no run is made anew for the sake of what reads its output
        assert planned() == {"switching_path": 1, "first_principles_dataset": 1}
