"""Files of lattice dynamics: every route gives the same crystal, and bad ones one message."""

import shutil

import numpy as np
import pytest
import yaml
from phonopy import Phonopy
from phonopy.file_IO import write_FORCE_SETS
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons import material_file
from ferronhall.crystals.phonons.dataset import read_first_principles
from ferronhall.crystals.phonons.double_well import read_switching_path
from ferronhall.crystals.phonons.files import data_digest, data_files
from ferronhall.crystals.phonons.lattice_dynamics import LatticeDynamics
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from ferronhall.crystals.phonons.soft_mode import find_soft_mode
from tests.conftest import ROOT

DATA = ROOT / "data" / "batio3-pbesol"


@pytest.fixture(scope="module")
def cubic():
    return read_lattice_dynamics(DATA / "cubic" / "bto333.fc")


@pytest.fixture
def folder(tmp_path):
    """A copy of the data that a test may spoil."""
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def phonopy_folder(phonopy_files, tmp_path):
    """A copy of the phonopy files that a test may spoil."""
    return shutil.copytree(phonopy_files, tmp_path, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def phonopy_files(cubic, tmp_path_factory):
    """The same crystal as phonopy's users have it: displacements, forces and BORN."""
    folder = tmp_path_factory.mktemp("phonopy")
    crystal = cubic.phonopy()
    crystal.generate_displacements(distance=0.01)
    full = Phonopy(cubic.cell, np.diag(cubic.mesh), primitive_matrix=np.eye(3))
    full.force_constants = cubic.force_constants.copy()
    full.dynamical_matrix  # noqa: B018
    from phonopy.harmonic.force_constants import compact_fc_to_full_fc

    constants = compact_fc_to_full_fc(full.primitive, full.force_constants)
    dataset = crystal.dataset
    for entry in dataset["first_atoms"]:
        entry["forces"] = -np.einsum(
            "sij,j->si", constants[:, entry["number"]], entry["displacement"]
        )
    crystal.dataset = dataset
    crystal.save(folder / "phonopy_disp.yaml", settings={"force_sets": False})
    write_FORCE_SETS(dataset, folder / "FORCE_SETS")
    lines = ["14.3996", " ".join(f"{x:.8f}" for x in cubic.dielectric.ravel())]
    lines += [" ".join(f"{x:.8f}" for x in cubic.born[k].ravel()) for k in (0, 1, 2)]
    (folder / "BORN").write_text("\n".join(lines) + "\n")
    return folder


def test_phonopy_and_quantum_espresso_give_the_same_crystal(cubic, phonopy_folder):
    found = read_lattice_dynamics(phonopy_folder / "phonopy_disp.yaml")
    for q in ([0, 0, 0], [0, 0, 1 / 3], [0.2, 0.1, 0.4]):
        np.testing.assert_allclose(found.frequencies(q), cubic.frequencies(q), atol=0.02)
    np.testing.assert_allclose(found.born, cubic.born, atol=1e-6)
    np.testing.assert_allclose(
        find_soft_mode(found).eigenvector, find_soft_mode(cubic).eigenvector, atol=5e-3
    )


def test_units_of_the_calculator_are_converted(cubic, tmp_path):
    """The same crystal written in Ry and bohr, as phonopy does for Quantum ESPRESSO."""
    from phonopy.interface.calculator import get_calculator_physical_units
    from phonopy.structure.atoms import PhonopyAtoms

    units = get_calculator_physical_units("qe")
    vasp = get_calculator_physical_units("vasp")
    cell = PhonopyAtoms(
        cell=cubic.cell.cell / units.distance_to_A,
        scaled_positions=cubic.cell.scaled_positions,
        symbols=cubic.cell.symbols,
        masses=cubic.cell.masses,
    )
    crystal = Phonopy(cell, np.diag(cubic.mesh), primitive_matrix=np.eye(3), calculator="qe")
    crystal.force_constants = cubic.force_constants * (vasp.factor / units.factor) ** 2
    crystal.nac_params = {"born": cubic.born, "dielectric": cubic.dielectric, "factor": 2.0}
    crystal.save(tmp_path / "phonopy_params.yaml", settings={"force_constants": True})
    found = read_lattice_dynamics(tmp_path / "phonopy_params.yaml")
    assert found.cell.cell[0, 0] == pytest.approx(3.985236, abs=1e-5)
    np.testing.assert_allclose(
        found.frequencies([0, 0, 0]), cubic.frequencies([0, 0, 0]), atol=2e-3
    )


def test_isotopes_that_one_primitive_cell_makes_one_are_refused(tmp_path):
    """A file that names no primitive cell, as phonopy's own search for one looks at no masses."""
    cell = PhonopyAtoms(
        symbols=["Cu", "Cu"],
        cell=np.diag([3.0, 3.0, 6.0]),
        scaled_positions=[[0, 0, 0], [0, 0, 0.5]],
        masses=[62.93, 64.93],
    )
    Phonopy(cell, np.diag([2, 2, 1]), primitive_matrix="P").save(tmp_path / "phonopy.yaml")
    content = yaml.safe_load((tmp_path / "phonopy.yaml").read_text())
    content.pop("primitive_matrix")
    (tmp_path / "phonopy.yaml").write_text(yaml.safe_dump(content))
    with pytest.raises(ConfigError, match=r"one site for Cu of 64.93 and of 62.93 amu"):
        read_lattice_dynamics(tmp_path / "phonopy.yaml")


def truncate(path, keep=0.6):
    text = path.read_text()
    path.write_text(text[: int(keep * len(text))])


SPOILED = {
    "truncated FORCE_SETS": (
        lambda f: truncate(f / "FORCE_SETS"),
        ["FORCE_SETS", "truncated or belong to different cells"],
    ),
    "BORN of another cell": (
        lambda f: (f / "BORN").write_text("14.4\n" + "6 0 0 0 6 0 0 0 6\n" + "2 0 0 0 2 0 0 0 2\n"),
        ["BORN", "inequivalent atom"],
    ),
    "BORN in another order": (
        lambda f: (f / "BORN").write_text(
            "14.4\n6 0 0 0 6 0 0 0 6\n7 0 0 0 7 0 0 0 7\n-5 0 0 0 -5 0 0 0 -5\n2 0 0 0 2 0 0 0 2\n"
        ),
        ["BORN", "add up to", "another order"],
    ),
    "no BORN": (lambda f: (f / "BORN").unlink(), ["no Born charges", "BORN beside it"]),
    "no forces": (lambda f: (f / "FORCE_SETS").unlink(), ["holds no forces", "FORCE_SETS"]),
}


@pytest.mark.parametrize("case", SPOILED)
def test_spoiled_phonopy_files_are_refused_in_one_message(phonopy_folder, case):
    spoil, words = SPOILED[case]
    spoil(phonopy_folder)
    with pytest.raises(ConfigError) as caught:
        read_lattice_dynamics(phonopy_folder / "phonopy_disp.yaml")
    for word in words:
        assert word in str(caught.value)
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize("name", ["cubic/bto333.fc", "tetragonal/bto.dyn1"])
@pytest.mark.parametrize("keep", [0.0, 0.01, 0.1, 0.4])
def test_truncated_quantum_espresso_files_are_refused(folder, name, keep):
    truncate(folder / name, keep)
    with pytest.raises(ConfigError, match=name.split("/")[1]):
        read_lattice_dynamics(folder / name)


def test_a_matrix_away_from_gamma_and_a_missing_file_are_refused(folder):
    with pytest.raises(ConfigError, match=r"belongs to q .* give the one at Γ"):
        read_lattice_dynamics(folder / "cubic" / "bto.dyn2")
    with pytest.raises(ConfigError, match="no such file"):
        read_lattice_dynamics(folder / "cubic" / "nothing.fc")


def test_crystals_without_a_local_mode_are_refused(cubic):
    tetragonal = read_lattice_dynamics(DATA / "tetragonal" / "bto222.fc")
    with pytest.raises(ConfigError, match=r"not simple cubic.*P4mm"):
        find_soft_mode(tetragonal)
    n = len(cubic.cell.masses)
    stable = cubic.force_constants.copy()
    stable[:, :] = 0.0
    own = cubic.phonopy().primitive.p2s_map
    for atom, image in enumerate(own):
        stable[atom, image] = 10 * np.eye(3)
    crystal = LatticeDynamics(cubic.cell, cubic.mesh, stable, cubic.born, cubic.dielectric)
    with pytest.raises(ConfigError, match="no unstable, threefold, polar mode"):
        find_soft_mode(crystal)
    unpolar = LatticeDynamics(
        cubic.cell, cubic.mesh, cubic.force_constants, np.zeros((n, 3, 3)), cubic.dielectric
    )
    with pytest.raises(ConfigError, match="no unstable, threefold, polar mode"):
        find_soft_mode(unpolar)


@pytest.mark.parametrize(
    ("site", "words"),
    [("O", "names 3 atoms"), ("Zr", "names 0 atoms"), ("7", "not among the atoms")],
)
def test_a_wrong_b_site_is_refused(cubic, site, words):
    with pytest.raises(ConfigError, match=words):
        find_soft_mode(cubic, site)


def test_the_b_site_may_be_an_index(cubic):
    assert find_soft_mode(cubic, "1").b_site == find_soft_mode(cubic, "Ti").b_site == 1


@pytest.mark.parametrize("label", ["TI", "Ti1", "Ti_h"])
def test_the_b_site_may_be_a_label_of_its_element(cubic, label):
    assert find_soft_mode(cubic, label).b_site == 1


PATHS = {
    "no path": (None, "cannot be read"),
    "no column": ("lambda,energy,dz_Ba_A\n0,1,0\n", "lacks the column energy_eV"),
    "no displacements": ("lambda,energy_eV\n0,1\n", "each of the 1 atoms, but 0"),
    "no number": ("lambda,energy_eV,dz_Ba_A\n0,low,0\n", "no number"),
    "no end": (
        "lambda,energy_eV,dz_Ba_A\n" + "".join(f"{x},0,0\n" for x in (0, 0.2, 0.4, 0.6)),
        "lambda = 1",
    ),
    "no well": (
        "lambda,energy_eV,dz_Ba_A\n" + "".join(f"{x},{x},0\n" for x in (0, 0.5, 1, 1.5)),
        "no double well",
    ),
}


@pytest.mark.parametrize("case", PATHS)
def test_bad_switching_paths_are_refused(tmp_path, case):
    text, words = PATHS[case]
    barium = PhonopyAtoms(["Ba"], cell=4 * np.eye(3), scaled_positions=np.zeros((1, 3)))
    path = tmp_path / "path.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_switching_path(path, barium)


def test_unknown_keys_of_the_data_file_are_named(folder):
    content = yaml.safe_load((folder / "dataset.yaml").read_text())
    content["cubic"]["forceconstants"] = content["cubic"].pop("force_constants")
    (folder / "dataset.yaml").write_text(yaml.safe_dump(content))
    with pytest.raises(ConfigError, match=r"did you mean cubic\.force_constants"):
        read_first_principles(folder / "dataset.yaml")


def test_the_digest_follows_every_data_file(folder):
    before = data_digest(folder / "dataset.yaml")
    assert len(data_files(folder / "dataset.yaml")) == 4
    with open(folder / "switching_path.csv", "a") as stream:
        stream.write("1.5,-3730.0,,0,0,0,0,0\n")
    assert data_digest(folder / "dataset.yaml") != before
    (folder / "cubic" / "bto333.fc").unlink()
    with pytest.raises(ConfigError, match=r"bto333\.fc"):
        data_digest(folder / "dataset.yaml")


def test_the_command_writes_a_material_file_or_says_why_not(folder, cubic, tmp_path, capsys):
    output = tmp_path / "own.yaml"
    assert material_file.main([str(folder / "dataset.yaml"), str(output)]) == 0
    frequency = find_soft_mode(cubic).frequency
    assert f"soft mode {frequency:.3f} THz" in capsys.readouterr().out
    assert "dft-gaussian" in yaml.safe_load(output.read_text(encoding="utf-8"))["short_range"]
    truncate(folder / "cubic" / "bto333.fc")
    output.unlink()
    assert material_file.main([str(folder / "dataset.yaml"), str(output)]) == 1
    assert "No material file was made" in capsys.readouterr().err
    assert not output.exists()
