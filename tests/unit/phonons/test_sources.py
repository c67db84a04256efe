"""Which files count: those named and those beside them, in one order, and all that are read."""

import sys

import numpy as np
import pytest
from phonopy import Phonopy
from phonopy.harmonic.force_constants import compact_fc_to_full_fc, full_fc_to_compact_fc
from phonopy.interface.vasp import read_vasp

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.dataset import read_first_principles
from ferronhall.crystals.phonons.files import data_digest, data_files, phase_files
from ferronhall.crystals.phonons.reading import read_lattice_dynamics, read_phase
from tests.unit.phonons.espresso import DATA
from tests.unit.phonons.phonopy_folder import (
    HIGHEST,
    LOWEST,
    WRITERS,
    displaced,
    shipped,
    write_born,
    write_vasprun,
    write_yaml,
)


@pytest.fixture(scope="module")
def ours():
    return displaced()


@pytest.fixture(scope="module")
def other():
    """Another crystal's: every frequency is 1.2 times as large."""
    return displaced(scale=1.44)


def ends(path, **named):
    frequencies = read_lattice_dynamics(path, **named).frequencies([0, 0, 0])
    return frequencies[[0, -1]]


@pytest.mark.parametrize("name", WRITERS)
def test_the_current_directory_plays_no_part(ours, other, name, tmp_path, monkeypatch):
    mine, elsewhere = tmp_path / "mine", tmp_path / "elsewhere"
    mine.mkdir(), elsewhere.mkdir()
    for stray, write in WRITERS.items():
        write(other, elsewhere / stray)
    (elsewhere / "BORN").write_text("14.4\n9 0 0 0 9 0 0 0 9\n")
    monkeypatch.chdir(elsewhere)
    path = write_yaml(mine, ours)
    write_born(mine / "BORN")
    with pytest.raises(ConfigError, match="holds no forces"):
        read_lattice_dynamics(path)
    WRITERS[name](ours, mine / name)
    assert ends(path) == pytest.approx([LOWEST, HIGHEST], abs=2e-3)
    assert read_lattice_dynamics(path).dielectric[2, 2] < 6


@pytest.mark.parametrize("inside", ["constants", "forces"])
@pytest.mark.parametrize("name", WRITERS)
def test_files_that_contradict_each_other_are_refused(ours, other, name, inside, tmp_path):
    path = write_yaml(tmp_path, ours, charges=True, **{inside: True})
    WRITERS[name](other, tmp_path / name)
    with pytest.raises(ConfigError, match=r"contradict each other.* key `forces`") as caught:
        read_lattice_dynamics(path)
    assert name in str(caught.value) and path.name in str(caught.value)
    # the key decides, for either of the two
    assert ends(path, forces=path) == pytest.approx([LOWEST, HIGHEST], abs=2e-3)
    assert ends(path, forces=tmp_path / name) == pytest.approx(
        [1.2 * LOWEST, 1.2 * HIGHEST], abs=3e-3
    )
    # and two that agree are no contradiction
    WRITERS[name](ours, tmp_path / name)
    assert ends(path) == pytest.approx([LOWEST, HIGHEST], abs=2e-3)
    said = " ".join(note.text for note in read_lattice_dynamics(path).notes)
    assert "gives back" in said or "holds the same force constants" in said


def test_charges_that_contradict_each_other_are_refused(ours, tmp_path):
    path = write_yaml(tmp_path, ours, charges=True, constants=True)
    write_born(tmp_path / "BORN")
    inside = read_lattice_dynamics(path).born
    write_born(tmp_path / "BORN", scale=0.9)
    with pytest.raises(ConfigError, match=r"contradict each other.* key `born`"):
        read_lattice_dynamics(path)
    for named, scale in ((path, 1.0), (tmp_path / "BORN", 0.9)):
        found = read_lattice_dynamics(path, born=named).born
        np.testing.assert_allclose(found, scale * inside, atol=1e-5)


def test_charges_beside_a_file_of_quantum_espresso_count_too(tmp_path):
    path = tmp_path / "bto.fc"
    path.write_bytes((DATA / "tetragonal" / "bto222.fc").read_bytes())
    write_born(tmp_path / "BORN")
    assert ends(path) == pytest.approx([LOWEST, HIGHEST], abs=2e-3)
    write_born(tmp_path / "BORN", scale=0.9)
    with pytest.raises(ConfigError, match="contradict"):
        read_lattice_dynamics(path)


def dataset(folder, phonopy_yaml, outputs=()):
    """A data set whose tetragonal phase is phonopy's, its forces those of outputs."""
    forces = f", forces: [{', '.join(o.name for o in outputs)}]" if outputs else ""
    for name in ("bto333.fc",):
        (folder / name).write_bytes((DATA / "cubic" / name).read_bytes())
    (folder / "path.csv").write_bytes((DATA / "switching_path.csv").read_bytes())
    (folder / "dataset.yaml").write_text(
        "name: BaTiO3\nsource: test\ncubic: {force_constants: bto333.fc}\n"
        f"tetragonal: {{force_constants: {phonopy_yaml.name}{forces}}}\nswitching_path: path.csv\n"
    )
    return folder / "dataset.yaml"


@pytest.mark.parametrize("name", [*WRITERS, "BORN"])
def test_the_digest_follows_every_file_beside(ours, other, name, tmp_path):
    data = dataset(tmp_path, write_yaml(tmp_path, ours, charges=True, constants=True))
    before = data_digest(data)
    assert str(tmp_path / name) not in data_files(data)
    if name == "BORN":
        write_born(tmp_path / name)
    else:
        WRITERS[name](ours, tmp_path / name)
    there = data_digest(data)
    assert there != before and str(tmp_path / name) in data_files(data)
    if name == "BORN":
        write_born(tmp_path / name, scale=0.9)
    else:
        WRITERS[name](other, tmp_path / name)
    assert data_digest(data) not in (before, there)


_opened, _watching = [], []


def _watch(event, arguments):
    if _watching and event == "open" and isinstance(arguments[0], str):
        _opened.append(arguments[0])


@pytest.mark.parametrize(
    "names", [["FORCE_SETS"], ["FORCE_CONSTANTS", "force_constants.hdf5"], ["vasprun.xml"]]
)
def test_no_file_is_read_that_is_not_digested(ours, names, tmp_path, monkeypatch):
    if not _opened:
        sys.addaudithook(_watch)
    path, outputs = write_yaml(tmp_path, ours), []
    for name in names:
        if name in WRITERS:
            WRITERS[name](ours, tmp_path / name)
        else:
            outputs = write_vasprun(tmp_path, ours)
    write_born(tmp_path / "BORN")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    files = phase_files(path, outputs)
    _opened.clear(), _watching.append(True)
    try:
        read_phase(files)
    finally:
        _watching.clear()
    there = {name for name in _opened if name.startswith(str(tmp_path)) or "/" not in name}
    # HDF5 opens its files without Python's knowledge, and is named all the same
    assert there <= {str(file) for file in files.read}
    assert {str(path), str(tmp_path / "BORN"), *map(str, outputs)} <= there


def test_outputs_are_digested_one_and_all(ours, tmp_path):
    outputs = write_vasprun(tmp_path, ours)
    data = dataset(tmp_path, write_yaml(tmp_path, ours, charges=True), outputs)
    assert {str(output) for output in outputs} < set(data_files(data))
    assert read_first_principles(data).tetragonal.frequencies([0, 0, 0])[[0, -1]] == (
        pytest.approx([LOWEST, HIGHEST], abs=2e-3)
    )
    before = data_digest(data)
    outputs[-1].write_text(outputs[-1].read_text(encoding="latin-1") + "<!-- -->\n")
    assert data_digest(data) != before


def test_what_forces_may_name_is_told_by_its_content(ours, tmp_path):
    path = write_yaml(tmp_path, ours, constants=True, charges=True)
    other = tmp_path / "phonopy_disp.yaml"
    ours.save(other, settings={"force_sets": False})
    outcar = tmp_path / "OUTCAR"
    outcar.write_text(" vasp.6.4.2 20Jul23 complex\n")
    with pytest.raises(ConfigError, match=r"forces: .*disp.yaml' is a YAML file of phonopy"):
        read_lattice_dynamics(path, forces=other)
    with pytest.raises(ConfigError, match=r"forces: .*is an OUTCAR of VASP, .*vasprun\.xml"):
        read_lattice_dynamics(path, forces=[outcar])


def test_the_primitive_cell_is_the_one_that_the_file_names(ours, tmp_path):
    """A unit cell that is the whole supercell, with its primitive_matrix."""
    crystal = Phonopy(ours.supercell, np.eye(3, dtype=int), primitive_matrix=np.eye(3) / 2)
    whole = compact_fc_to_full_fc(ours.primitive, ours.force_constants)
    crystal.force_constants = full_fc_to_compact_fc(crystal.primitive, whole)
    path = write_yaml(tmp_path, crystal, constants=True)
    write_born(tmp_path / "BORN")
    found = read_lattice_dynamics(path)
    assert found.mesh == (2, 2, 2) and len(found.cell) == 5
    for q in ([0, 0, 0], [0.5, 0, 0], [0, 0.5, 0.5]):
        np.testing.assert_allclose(found.frequencies(q), shipped().frequencies(q), atol=2e-3)


def test_elements_numbered_through_are_refused(ours, tmp_path):
    """phonopy reads the POSCAR of a crystal of `Ba_sv Ti_sv O` as one of H, He and Li."""
    lines = ["BaTiO3", "1.0", *(" ".join(map(str, row)) for row in ours.unitcell.cell)]
    lines += ["Ba_sv Ti_sv O", "1 1 3", "Direct"]
    lines += [" ".join(map(str, row)) for row in ours.unitcell.scaled_positions]
    (tmp_path / "POSCAR").write_text("\n".join(lines) + "\n")
    crystal = Phonopy(read_vasp(tmp_path / "POSCAR"), 2 * np.eye(3, dtype=int), "P")
    crystal.force_constants = ours.force_constants
    path = write_yaml(tmp_path, crystal, constants=True, charges=True)
    with pytest.raises(ConfigError, match=r"its elements are H, He, Li, .*Ba_sv"):
        read_lattice_dynamics(path)


def test_a_supercell_along_other_axes_is_refused(ours, tmp_path):
    crystal = Phonopy(ours.unitcell, [[1, 1, 0], [-1, 1, 0], [0, 0, 2]], primitive_matrix="P")
    crystal.generate_displacements(distance=0.01)
    crystal.forces = np.ones((len(crystal.supercells_with_displacements), 20, 3))
    path = write_yaml(tmp_path, crystal, forces=True, charges=True)
    with pytest.raises(ConfigError, match="not a multiple of the axes"):
        read_lattice_dynamics(path)


def test_forces_of_other_displacements_beside_are_refused(ours, tmp_path):
    """Two crystals in one folder: the forces of one say nothing of the other."""
    crystal = displaced(distance=0.02)
    WRITERS["FORCE_SETS"](crystal, tmp_path / "FORCE_SETS")
    bare = displaced()
    bare.save(tmp_path / "phonopy_disp.yaml", settings={"force_sets": False})
    write_born(tmp_path / "BORN")
    path = tmp_path / "phonopy_disp.yaml"
    with pytest.raises(ConfigError, match=r"contradict.* displacements in them differ"):
        read_lattice_dynamics(path)
    named = ends(path, forces=tmp_path / "FORCE_SETS")
    assert named == pytest.approx([LOWEST, HIGHEST], abs=2e-3)


@pytest.mark.parametrize("key", ["forces", "born"])
def test_a_named_file_that_is_missing_or_out_of_place_is_refused(ours, key, tmp_path):
    path = write_yaml(tmp_path, ours, constants=True, charges=True)
    with pytest.raises(ConfigError, match=r"elsewhere.* no such file"):
        read_lattice_dynamics(path, **{key: tmp_path / "elsewhere"})
    fc = DATA / "tetragonal" / "bto222.fc"
    with pytest.raises(ConfigError, match=r"forces: .* YAML file of phonopy alone|no BORN file"):
        read_lattice_dynamics(fc, **{key: path})
