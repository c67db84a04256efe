"""Files of Quantum ESPRESSO in every layout, against the frequencies of the shipped file."""

import numpy as np
import pytest

from ferronhall.base.errors import ConfigError
from ferronhall.base.units import BOHR
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from tests.unit.phonons.espresso import DATA, batio3, q2r, write_fc

GAMMA = [-6.252, 5.178, 8.601, 13.835]
"""TO1, TO2, silent, TO3 of the shipped data (THz)."""


@pytest.fixture(scope="module")
def crystal():
    return batio3()


def optical(path):
    return read_lattice_dynamics(path).frequencies([0, 0, 0])[[0, 6, 9, 12]]


def test_the_independent_transform_is_the_one_of_q2r(crystal, tmp_path):
    path = write_fc(tmp_path / "own.fc", crystal, q2r(crystal))
    ours, theirs = (
        read_lattice_dynamics(file).force_constants for file in (path, DATA / "cubic/bto333.fc")
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize("scale", [1.0, 1.01, 0.5, None])
def test_everything_is_in_units_of_alat_whatever_the_first_vector(crystal, tmp_path, scale):
    """The width is one in (2π/alat)², too, so another alat is another file."""
    scaled = crystal.scaled(crystal.alat / scale if scale else 1 / BOHR)
    path = write_fc(tmp_path / "a.fc", scaled, q2r(scaled), ibrav=0)
    assert optical(path) == pytest.approx(GAMMA, abs=1e-3)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_the_width_beside_the_flag_is_used(crystal, tmp_path, scale):
    """Since version 7.4: (celldm(1)/2π)², in (2π/alat)²."""
    scaled = crystal.scaled(crystal.alat / scale)
    alpha = (scaled.alat / (2 * np.pi)) ** 2
    constants = q2r(scaled, alpha)
    path = write_fc(tmp_path / "new.fc", scaled, constants, flag=f"T   {alpha:.16f}     ", ibrav=0)
    assert optical(path) == pytest.approx(GAMMA, abs=1e-3)
    note = read_lattice_dynamics(path).notes[0].text
    assert f"α = {alpha:.4g}" in note
    # the same numbers with the width of older versions are another crystal
    wrong = write_fc(tmp_path / "wrong.fc", scaled, constants, ibrav=0)
    assert np.abs(optical(wrong) - GAMMA).max() > 0.5


def born_file(crystal, path):
    rows = [crystal.dielectric, *crystal.born[:3]]
    lines = [" ".join(f"{x:.8f}" for x in np.ravel(row)) for row in rows]
    path.write_text("\n".join(["14.4", *lines]) + "\n")
    return path


@pytest.mark.parametrize("flag", ["F", "F   1.4"])
def test_without_charges_the_file_holds_the_whole_force_constants(crystal, tmp_path, flag):
    path = write_fc(tmp_path / "plain.fc", crystal, q2r(crystal, polar=False), flag=flag)
    with pytest.raises(ConfigError, match="no Born charges"):
        read_lattice_dynamics(path)
    named = read_lattice_dynamics(path, born_file(crystal, tmp_path / "charges"))
    born_file(crystal, tmp_path / "BORN")
    beside = read_lattice_dynamics(path)
    neutral = crystal.born - crystal.born.mean(axis=0)
    for found in (named, beside):
        assert found.frequencies([0, 0, 0])[0] == pytest.approx(-6.252, abs=1e-3)
        assert found.born[1, 0, 0] == pytest.approx(neutral[1, 0, 0], abs=1e-4)


@pytest.mark.parametrize("name", ["ifc.q2r", "force_constants", "batio3.333"])
def test_a_file_is_known_by_what_is_in_it(crystal, tmp_path, name):
    (tmp_path / name).write_bytes((DATA / "cubic" / "bto333.fc").read_bytes())
    (tmp_path / "matdyn1").write_bytes((DATA / "cubic" / "bto.dyn1").read_bytes())
    assert optical(tmp_path / name) == pytest.approx(GAMMA, abs=1e-3)
    assert optical(tmp_path / "matdyn1") == pytest.approx(GAMMA, abs=1e-3)


@pytest.mark.parametrize(("ba", "ti"), [("BA", "TI"), ("Ba1", "Ti1"), ("Ba_", "Ti_h")])
def test_labels_of_the_input_are_taken_for_their_elements(crystal, tmp_path, ba, ti):
    path = write_fc(tmp_path / "l.fc", crystal, q2r(crystal), names={"Ba": ba, "Ti": ti})
    assert read_lattice_dynamics(path).cell.symbols == ["Ba", "Ti", "O", "O", "O"]


@pytest.mark.parametrize("double", [1, 2])
def test_a_matrix_with_free_vectors_has_a_title_before_them(tmp_path, double):
    lines = (DATA / "tetragonal" / "bto.dyn1").read_text().split("\n")
    ratio = float(lines[2].split()[5])
    head = lines[2].split()
    alat = float(head[3]) * double
    head = f"  3    5   0 {alat:11.7f}" + 5 * f"{0:12.7f}"
    vectors = ["  " + "".join(f"{x / double:15.9f}" for x in row) for row in np.diag([1, 1, ratio])]
    atoms = []
    for line in lines[6:11]:
        n, kind, *place = line.split()
        atoms.append(f"{n:>5}{kind:>5}" + "".join(f"{float(x) / double:18.10f}" for x in place))
    text = [*lines[:2], head, "Basis vectors", *vectors, *lines[3:6], *atoms, *lines[11:]]
    (tmp_path / "free.dyn1").write_text("\n".join(text))
    shipped = read_lattice_dynamics(DATA / "tetragonal" / "bto.dyn1")
    found = read_lattice_dynamics(tmp_path / "free.dyn1")
    for direction in (None, [0, 0, 1]):
        np.testing.assert_allclose(
            found.frequencies([0, 0, 0], direction is not None, direction),
            shipped.frequencies([0, 0, 0], direction is not None, direction),
            atol=1e-4,
        )


OTHERS = {
    "bto.fc.xml": ('<?xml version="1.0"?>\n<Root>\n', "XML format"),
    "bto.dyn1.xml": ("<Root>\n", "XML format"),
    "bto.dyn0": ("   3   3   3\n   4\n 0.0 0.0 0.0\n", "list of wave vectors"),
    "vasprun.xml": ('<?xml version="1.0"?>\n<modeling>\n', "output of VASP, .* under `forces`"),
    "OUTCAR": (" vasp.6.4.2 20Jul23 complex\n", "OUTCAR of VASP, .* vasprun.xml"),
    "bto_DDB": (
        "\n **** DERIVATIVE DATABASE ****    \n+DDB, Version number    100401\n",
        "DDB.*anaddb.*abinit_to_phonopy.*phonopy_params.yaml",
    ),
    "FORCE_SETS": ("135\n3\n\n1\n 0.01 0 0\n", "FORCE_SETS; it holds no cell"),
    "FORCE_CONSTANTS": ("   5  135\n   1   1\n", "FORCE_CONSTANTS; it holds no cell"),
    "notes.txt": ("nothing of the kind\n", "no force-constant file"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_refused_for_what_they_are(tmp_path, name):
    text, words = OTHERS[name]
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError, match=words) as caught:
        read_lattice_dynamics(tmp_path / name)
    assert name in str(caught.value)
