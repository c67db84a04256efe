"""First-principles runs without Quantum ESPRESSO: settings, inputs, outputs and their running."""

import copy
import hashlib
import re
import stat
from pathlib import Path

import numpy as np
import pytest
import yaml

from ferronhall import yaml_files
from ferronhall.errors import ConfigError, DataFileError, FirstPrinciplesError
from ferronhall.first_principles import (
    crystal,
    dataset,
    ph_output,
    plans,
    programs,
    pseudopotentials,
    pw_output,
    settings,
    switching_path,
)
from ferronhall.first_principles.branches import follow_branch
from ferronhall.phonons.double_well import read_switching_path
from ferronhall.phonons.files import read_content

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "config" / "first_principles"
DATA = ROOT / "tests" / "data" / "first_principles"


def read(name):
    return (DATA / name).read_text(encoding="utf-8")


@pytest.fixture
def config():
    """The configuration of BaTiO3, checked."""
    return settings.check(yaml.safe_load((CONFIGS / "batio3.yaml").read_text(encoding="utf-8")))


@pytest.fixture
def section(config):
    return config["first_principles"]


def parsed(text):
    """Entries of the namelists of an input, and its lines after them."""
    entries = re.findall(r"^ (\w+) = (.*)$", text, re.MULTILINE)
    number = re.compile(r"[-+.\d]+(d[-+]?\d+)?$")
    values = {
        key.lower(): float(value.replace("d", "e")) if number.match(value) else value.strip("'")
        for key, value in entries
    }
    return values, text.rpartition("\n/\n")[2].splitlines()


BAD = [
    (("cubic", "cutoff_Ry"), 5, ["5 is below the smallest allowed value 10"]),
    (("cubic", "cutoff_Ry"), "8e1", ["'8e1' is text", "8.0e+1"]),
    (("cubic", "density_cutoff_Ry"), 300.0, ["300.0 Ry is below four times", "320.0 Ry"]),
    (("cubic", "q_mesh"), [3, 3, 2], ["breaks the cubic symmetry"]),
    (("cubic", "q_mesh"), [], ["has 0 entries, not 3"]),
    (("cubic", "relax"), "positions", ["'positions' is not known", "none, cell"]),
    (("tetragonal", "q_mesh"), [1, 2, 1], ["does not fit the tetragonal symmetry"]),
    (("path", "lambdas"), [0.0, 0.5, 0.7, 0.9], ["has to rise and to hold 0"]),
    (("path", "lambdas"), [0.0, 1.0, 0.5, 1.2], ["has to rise"]),
    (("path", "lambdas"), [0.0, 0.3333, 0.7, 1.0], ["more than three decimals", "write 0.333"]),
    (("path", "lambdas"), [0.0, 1.0], ["has 2 entries, not 4"]),
    (("species", 0, "sha256"), "abc", ["species.0.sha256: 'abc' is not allowed", "64 hexadec"]),
    (("species", 0, "symbol"), "Ti", ["Ti stands there 2 times", "'Ba' is not among"]),
    (("species", 0, "pseudopotential"), "../Ba.upf", ["'../Ba.upf' is not allowed"]),
    (("atoms", 0, "species"), "Sr", ["atoms.0.species: 'Sr' is not among", "no atom is Ba"]),
    (("cores",), 0, ["0 is below"]),
    (("comands",), {}, ["did you mean first_principles.commands?"]),
]


@pytest.mark.parametrize(("path", "value", "words"), BAD)
def test_a_mistake_names_key_value_and_remedy(config, path, value, words):
    place = config["first_principles"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ConfigError) as error:
        settings.check(config)
    for word in ("first_principles.", *words):
        assert word in str(error.value)


def test_a_start_without_polar_shifts_is_refused(config):
    for atom in config["first_principles"]["atoms"]:
        atom["polar_shift"] = 0.0
    with pytest.raises(ConfigError, match="no polar_shift differs from 0"):
        settings.check(config)


@pytest.mark.parametrize("name", ["batio3", "pbtio3"])
def test_the_configurations_of_the_repository_say_every_key(name):
    text = (CONFIGS / f"{name}.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    assert settings.check(content) == content
    assert text.startswith(
        "# yaml-language-server: $schema=../../workflow/schemas/first_principles"
    )


def test_the_ground_state_of_the_cubic_phase(section):
    steps = plans.dynamical_matrix(section, crystal.start(section, "cubic"), 2)
    assert [(step.program, step.name) for step in steps] == [("pw", "scf"), ("ph", "q2")]
    values, cards = parsed(steps[0].text)
    wanted = {
        "calculation": "scf",
        "prefix": "bto",
        "ibrav": 1,
        "a": 3.985236,
        "nat": 5,
        "ntyp": 3,
        "ecutwfc": 80,
        "ecutrho": 400,
        "occupations": "fixed",
        "conv_thr": 1e-13,
        "mixing_beta": 0.7,
        "tprnfor": ".true.",
        "tstress": ".true.",
        "verbosity": "high",
        "outdir": "./out",
        "pseudo_dir": "./pseudo",
    }
    assert values == wanted
    assert cards == [
        "ATOMIC_SPECIES",
        "Ba 137.327 Ba.upf",
        "Ti 47.867 Ti.upf",
        "O 15.999 O.upf",
        "ATOMIC_POSITIONS crystal",
        "Ba 0.0000000000 0.0000000000 0.0000000000",
        "Ti 0.5000000000 0.5000000000 0.5000000000",
        "O 0.0000000000 0.5000000000 0.5000000000",
        "O 0.5000000000 0.0000000000 0.5000000000",
        "O 0.5000000000 0.5000000000 0.0000000000",
        "K_POINTS automatic",
        "6 6 6 1 1 1",
    ]


def test_the_linear_response(section):
    cubic = crystal.start(section, "cubic")
    for q, field in ((1, ".true."), (4, None)):
        values, _ = parsed(plans.dynamical_matrix(section, cubic, q)[1].text)
        assert values.get("epsil") == field
        assert [values[f"nq{axis}"] for axis in (1, 2, 3)] == [3, 3, 3]
        assert (values["start_q"], values["last_q"]) == (q, q)
        assert (values["tr2_ph"], values["recover"], values["ldisp"]) == (1e-14, ".true.", ".true.")
        assert values["fildyn"] == "bto.dyn"
    values, _ = parsed(plans.force_constants(section)[0].text)
    assert values == {"fildyn": "bto.dyn", "zasr": "crystal", "flfrc": "bto.fc"}


def test_the_relaxations(section):
    values, cards = parsed(plans.relaxation(section, "tetragonal")[0].text)
    assert (values["calculation"], values["ibrav"]) == ("relax", 6)
    assert (values["a"], values["c"]) == (3.969504, 4.066228)
    assert (values["forc_conv_thr"], values["etot_conv_thr"]) == (2e-5, 1e-7)
    assert "ecutrho" not in values
    assert "Ti 0.5000000000 0.5000000000 0.5166047095" in cards
    section["cubic"]["relax"] = "cell"
    text = plans.relaxation(section, "cubic")[0].text
    values, _ = parsed(text)
    assert (values["calculation"], values["cell_dofree"]) == ("vc-relax", "ibrav")
    assert values["press_conv_thr"] == 0.05
    # the program reads its namelists in this order
    order = ["&control", "&system", "&electrons", "&ions", "&cell"]
    assert re.findall(r"^&\w+", text, re.MULTILINE) == order


def test_a_point_of_the_path(section):
    relaxed = crystal.start(section, "tetragonal")
    ground_state, berry = plans.path_point(section, relaxed, 0.25)
    values, cards = parsed(berry.text)
    assert (values["calculation"], values["lberry"], values["gdir"]) == ("nscf", ".true.", 3)
    assert values["nppstr"] == 9
    assert cards[-1] == "6 6 1 1 1 0"
    atoms = slice(cards.index("ATOMIC_POSITIONS crystal") + 1, -2)
    assert cards[atoms][1] == "Ti 0.5000000000 0.5000000000 0.5041511774"
    assert cards[atoms][4] == "O 0.5000000000 0.5000000000 -0.0078857429"
    # charge density and Bloch states are those of one crystal
    assert parsed(ground_state.text)[1][atoms] == cards[atoms]


def test_the_path_takes_the_nearest_image(section):
    relaxed = crystal.start(section, "tetragonal")
    wrapped = relaxed.at(relaxed.positions % 1)
    for coordinate in (0.0, 0.5, 1.0):
        expected = plans.on_path(section, relaxed, coordinate).positions
        assert plans.on_path(section, wrapped, coordinate).positions == pytest.approx(expected)


def test_energy_and_forces():
    text = read("relax.out")
    assert pw_output.energy(text, "relax.out") == pytest.approx(-268.84781733 * 13.605693, rel=1e-8)
    forces = pw_output.forces(text, "relax.out")
    assert forces.shape == (5, 3)
    # Ry/bohr in eV/Å
    assert forces[0, 2] == pytest.approx(0.00000214 * 25.711043, rel=1e-6)
    # no net force on the crystal, within the digits printed
    assert np.abs(forces.sum(axis=0)).max() < 5 * 25.711 * 0.5e-8


def test_a_relaxed_structure(section, tmp_path):
    start = crystal.start(section, "tetragonal")
    relaxed = pw_output.relaxed(read("relax.out"), "relax.out", start)
    assert (relaxed.a, relaxed.c) == (start.a, start.c)
    assert relaxed.positions[1] == pytest.approx([0.5, 0.5, 0.5192758777])
    yaml_files.write(crystal.content(relaxed), tmp_path / "s.yaml")
    again = crystal.read(tmp_path / "s.yaml")
    assert again.positions == pytest.approx(relaxed.positions, abs=0)
    assert (again.phase, again.symbols) == ("tetragonal", ("Ba", "Ti", "O", "O", "O"))
    (tmp_path / "s.yaml").write_text("phase: cubic\n")
    with pytest.raises(DataFileError, match="delete it and run again"):
        crystal.read(tmp_path / "s.yaml")


def test_a_relaxed_cell_has_the_volume_that_was_printed(section):
    start = crystal.start(section, "tetragonal")
    text = read("vc-relax.out")
    printed = float(re.search(r"\(\s*(\S+) Ang\^3", text).group(1))
    assert pw_output.relaxed(text, "vc-relax.out", start).volume == pytest.approx(printed, rel=1e-6)


def test_the_polarization_in_our_units():
    found = pw_output.polarization(read("berry.out"), "berry.out")
    phase = float(re.search(r"TOTAL PHASE:\s+(\S+)", read("berry.out")).group(1))
    # P Ω = (phase / 2π) e c; the phase is printed in units of 2π with five digits
    assert found == pytest.approx(phase * 4.066228, abs=0.6e-5 * 4.07)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda text: text.replace("JOB DONE.", ""), "ends without 'JOB DONE.'"),
        (lambda text: text[: len(text) // 2], "ends without"),
        (
            lambda text: text.replace("bfgs converged", "convergence NOT achieved after 100 iter"),
            "did not converge",
        ),
        (
            lambda text: text.replace(
                "JOB DONE.", "Error in routine cdiaghg (5):\n  S matrix not positive definite"
            ),
            r"cdiaghg \(5\): S matrix not positive definite",
        ),
    ],
)
def test_an_unfinished_run_is_refused(section, spoil, reason):
    text = spoil(read("relax.out"))
    start = crystal.start(section, "tetragonal")
    for parse in (pw_output.energy, pw_output.forces, lambda *a: pw_output.relaxed(*a, start)):
        with pytest.raises(FirstPrinciplesError, match=rf"there/relax\.out.*{reason}"):
            parse(text, "there/relax.out")


def test_an_output_of_another_run_is_refused():
    with pytest.raises(FirstPrinciplesError, match="holds no Berry phase"):
        pw_output.polarization(read("relax.out"), "relax.out")
    with pytest.raises(FirstPrinciplesError, match="holds no total energy"):
        pw_output.energy(read("berry.out"), "berry.out")


def test_the_response(tmp_path):
    found = ph_output.response(DATA / "toy.dyn1")
    assert found.dielectric.diagonal() == pytest.approx([6.058312, 6.058312, 5.684590], abs=1e-6)
    assert found.born_charges.shape == (5, 3, 3)
    assert found.born_charges[1, 2, 2] == pytest.approx(6.026425, abs=1e-6)
    # fourfold axis: the first two oxygens are exchanged with x and y
    assert found.born_charges[2, 0, 0] == pytest.approx(found.born_charges[3, 1, 1])
    assert len(found.frequencies) == 15
    ph_output.write(found, crystal.labels(("Ba", "Ti", "O", "O", "O")), tmp_path / "r.yaml")
    assert list(yaml.safe_load((tmp_path / "r.yaml").read_text())["born_charges_e"]) == [
        *("Ba", "Ti", "O1", "O2", "O3")
    ]


@pytest.mark.parametrize("cut", ["Dielectric Tensor", "atom #    4", "freq (    9)"])
def test_a_truncated_dynamical_matrix_is_refused(tmp_path, cut):
    path = tmp_path / "toy.dyn1"
    path.write_text(read("toy.dyn1").partition(cut)[0])
    with pytest.raises(FirstPrinciplesError, match=r"toy\.dyn1: no .* delete it and run again"):
        ph_output.response(path)


def test_the_list_of_wave_vectors(tmp_path):
    assert ph_output.q_point_count(DATA / "toy.dyn0") == 2
    cut = tmp_path / "toy.dyn0"
    cut.write_text("\n".join(read("toy.dyn0").splitlines()[:3]))
    with pytest.raises(FirstPrinciplesError, match="no complete list"):
        ph_output.q_point_count(cut)


def test_the_branch_is_followed_over_any_jumps(rng):
    lambdas = np.linspace(0, 1.25, 11)
    true = 0.4 * np.sin(lambdas)
    folded = 0.3 + true + 1.017 * rng.integers(-3, 4, len(lambdas))
    found = follow_branch(folded, 1.017, lambdas, "C/m²", "")
    assert found - folded[0] == pytest.approx(true, abs=1e-12)
    # each value has its own quantum, and two may stand at one coordinate
    periods = np.where(np.arange(12) % 2, 1.017, 1.017 / 2)
    lambdas, true = np.insert(lambdas, 5, lambdas[5]), np.insert(true, 5, true[5])
    folded = 0.3 + true + periods * np.append(0, rng.integers(-3, 4, 11))
    found = follow_branch(folded, periods, lambdas, "C/m²", "")
    assert found - folded[0] == pytest.approx(true, abs=1e-12)


def test_a_branch_in_doubt_is_refused():
    with pytest.raises(FirstPrinciplesError, match=r"between 0\.5 and 1 .* compute one more"):
        follow_branch([0.0, 0.1, 0.6], 1.017, [0, 0.5, 1], "C/m²", "compute one more")


def test_the_table_of_the_path_is_what_the_import_reads(section, tmp_path):
    relaxed = crystal.start(section, "tetragonal")
    lambdas = np.array(section["path"]["lambdas"])
    energies = -3730.0 + 0.036 * (lambdas**4 - 2 * lambdas**2)
    quantum = relaxed.c
    charges = 1.4 * lambdas - quantum * (lambdas > 0.8)
    rows = switching_path.table(section, relaxed, energies, charges)
    switching_path.write(rows, tmp_path / "path.csv")
    path = read_switching_path(tmp_path / "path.csv", 5)
    assert path.barrier == pytest.approx(0.036, abs=1e-8)
    # 1.4 e Å over the volume, and the quantum that the paper prints
    assert path.polarization[path.end] == pytest.approx(1.4 / 64.071393 * 16.0217663, abs=1e-6)
    assert float(rows[0]["polarization_quantum_C_per_m2"]) == pytest.approx(1.016806, abs=1e-6)
    shifts = np.array([atom["polar_shift"] for atom in section["atoms"]])
    assert path.displacement == pytest.approx(shifts * 4.066228, abs=1e-9)


def test_the_dataset_is_what_the_import_reads(config, tmp_path):
    files = {
        "cubic": tmp_path / "cubic" / "bto.fc",
        "switching_path": tmp_path / "switching_path.csv",
    }
    dataset.write(tmp_path / "dataset.yaml", config, read("relax.out"), files)
    content = read_content(tmp_path / "dataset.yaml")
    assert content["cubic"] == {"force_constants": "cubic/bto.fc"}
    assert content["switching_path"] == "switching_path.csv"
    assert "tetragonal" not in content
    assert content["settings"]["Exchange-correlation functional"] == "PBESOL"
    assert "6.7MaX" in content["settings"]["Code"]


def test_pseudopotentials_are_checked_file_by_file(section, tmp_path):
    kinds = settings.species(section)
    (tmp_path / "Ti.upf").write_text("another")
    with pytest.raises(ConfigError) as error:
        pseudopotentials.check(tmp_path, kinds)
    text = str(error.value)
    assert text.startswith("3 mistakes")
    assert text.count("PseudoDojo, PBEsol v0.4") == 2
    assert f"Ti.upf' has the SHA-256 {'ae448ac8'}" in text
    assert f"expects {kinds[1].sha256}" in text


def test_missing_programs_name_the_package():
    with pytest.raises(ConfigError) as error:
        programs.check({"pw": "env -u X nowhere/pw.x -npool 2", "ph": "none.x", "q2r": "true"})
    text = str(error.value)
    assert text.startswith("2 mistakes")
    assert "first_principles.commands.pw: 'nowhere/pw.x' is not on the PATH" in text
    assert text.count("quantum-espresso") == 2


class FakePrograms:
    """Programs that note each start, and stop early while the file `broken` exists."""

    def __init__(self, folder, section):
        self.starts = folder / "starts"
        self.broken = folder / "broken"
        self.scratch = folder / "scratch"
        self.section = section | {"pseudopotentials": str(folder), "keep_scratch": False}
        self.section["commands"] = {}
        for name in ("pw", "ph", "q2r"):
            path = folder / f"{name}.x"
            path.write_text(
                f'#!/bin/sh\necho "{name} $2 $OMP_NUM_THREADS" >> {self.starts}\n'
                f"touch bto.dyn1\n"
                f'[ {name} = ph ] && [ -e {self.broken} ] && echo "iter # 3" && exit 0\n'
                "echo JOB DONE.\n"
            )
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
            self.section["commands"][name] = str(path)
        for kind in self.section["species"]:
            content = kind["symbol"].encode()
            (folder / kind["pseudopotential"]).write_bytes(content)
            kind["sha256"] = hashlib.sha256(content).hexdigest()

    def run(self, target, cutoff=80.0):
        section = copy.deepcopy(self.section)
        section["cubic"]["cutoff_Ry"] = cutoff
        steps = plans.dynamical_matrix(section, crystal.start(section, "cubic"), 1)
        plan = programs.identity(steps, section)
        self.starts.unlink(missing_ok=True)
        programs.calculate(plan, self.scratch, [target], section, lambda line: None)

    @property
    def started(self):
        return self.starts.read_text().splitlines()


@pytest.fixture
def fake(section, tmp_path):
    return FakePrograms(tmp_path, section)


def test_a_calculation_leaves_its_files_and_no_scratch(fake, tmp_path):
    fake.run(tmp_path / "results" / "bto.dyn1")
    assert fake.started == ["pw scf.in 1", "ph q1.in 1"]
    assert (tmp_path / "results" / "bto.dyn1").exists()
    assert not fake.scratch.exists()


def test_an_unfinished_calculation_goes_on(fake, tmp_path):
    target = tmp_path / "results" / "bto.dyn1"
    fake.broken.touch()
    with pytest.raises(FirstPrinciplesError, match=r"ph\.x failed on q1\.in: it ends without"):
        fake.run(target)
    assert not target.exists()
    fake.broken.unlink()
    fake.run(target)
    # the ground state had finished
    assert fake.started == ["ph q1.in 1"]
    assert target.exists()


def test_what_belongs_to_other_inputs_is_not_taken_up(fake, tmp_path):
    target = tmp_path / "results" / "bto.dyn1"
    fake.broken.touch()
    with pytest.raises(FirstPrinciplesError):
        fake.run(target)
    fake.broken.unlink()
    fake.run(target, cutoff=90.0)
    assert fake.started == ["pw scf.in 1", "ph q1.in 1"]
