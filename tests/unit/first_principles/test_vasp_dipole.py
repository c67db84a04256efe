"""Signs, units and branches of OUTCAR's dipole moments, against numbers that others published."""

import csv

import numpy as np
import pytest
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base.errors import FirstPrinciplesError
from ferronhall.base.units import COULOMB_PER_M2
from ferronhall.crystals.first_principles.branches import follow_branch
from ferronhall.crystals.first_principles.vasp import dipole
from ferronhall.crystals.first_principles.vasp.dipole_origin import origin
from ferronhall.crystals.first_principles.vasp.run import Run
from ferronhall.crystals.second_order import parents
from ferronhall.crystals.second_order.displacement_modes import mode_space, mode_spaces
from ferronhall.crystals.second_order.selection_rule import mode_pair
from tests.conftest import ROOT
from tests.unit.first_principles import vasp_files

MICRO_PER_CM2 = 100.0
"""µC/cm² in one C/m²."""


def moments(folder, ion, electrons, unit):
    vasp_files.outcar(folder / "OUTCAR", ion, electrons, unit)
    return dipole.moments(folder / "OUTCAR")


def test_an_anion_that_moves_up_takes_the_polarization_down(tmp_path):
    """NaF of VASP's own manual (vasp.at/wiki, page LCALCPOL, in the units of VASP 5).

    Fluorine moved by 0.045102 Å along z changes p[ion] from 2.25510 to 1.93939 and p[elc] from 0 to
    0.36061 "electrons Angst"; the page concludes Z* = −0.995 |e|.
    """
    before = moments(tmp_path, [2.25510] * 3, [0.0] * 3, "electrons")
    after = moments(tmp_path, [2.25510, 2.25510, 1.93939], [0, 0, 0.36061], "electrons")
    change = (after.ions - before.ions + after.electrons - before.electrons)[2]
    assert change / 0.045102 == pytest.approx(-0.995, abs=1e-3)
    # fluorine's core and the seven valence electrons left with it: an ion of +7
    assert (after.ions - before.ions)[2] / 0.045102 == pytest.approx(7.0, abs=1e-3)


def test_vasp_6_prints_the_opposite_sign(tmp_path):
    """One moment of BaTiO3 in both units (github.com/materialsproject/pymatgen, issue 2485).

    p[ion] of 19.70306 "electrons Angst" became −19.70306 "|e| Angst" by version 6.3.
    """
    older = moments(tmp_path, [0, 0, 19.70306], [0, 0, -4.08851], "electrons")
    newer = moments(tmp_path, [0, 0, -19.70306], [0, 0, 4.08851], "|e|")
    assert older.ions == pytest.approx(newer.ions)
    assert older.electrons == pytest.approx(newer.electrons)
    assert newer.ions[2] == pytest.approx(-19.70306)


# From the nonpolar structure of BaTiO3 to the polar one, in tests/…/test_polarization.py of
# pymatgen (folder BTO_221_99_polarization): ionic moments along z from valences and from OUTCAR,
# electronic ones, quanta along x and z (µC/cm²), and the published polarization (µC/cm²).
VALENCE = [-44.79260, -69.43452, -69.87921, -70.32475, -70.77140]
VALENCE += [-71.21889, -71.66747, -72.11688, -72.56736, -73.01874]
PRINTED = [43.93437, 19.81697, 19.76076, 19.70306, 19.64372]
PRINTED += [-5.06619, -5.18997, -5.31457, -5.44026, -5.56684]
ELECTRONS = [-3.60393, -3.77177, -3.93397, -4.08851, 3.99662]
ELECTRONS += [3.90327, 3.81998, 3.74561, 3.67949, 3.61674]
QUANTA = [98.50186747, 98.67403571, 98.84660662, 99.01967988, 99.19315873]
QUANTA += [99.36714337, 99.54153654, 99.71643897, 99.89175289, 100.06757957]
ACROSS = [98.50186747, 98.09416498, 97.69065056, 97.29131054, 96.89603543]
ACROSS += [96.50481368, 96.11753848, 95.7342003, 95.35469487, 94.97901455]
PUBLISHED = [0.0, 5.9909855, 11.831223, 17.469515, 22.828855]
PUBLISHED += [27.948897, 32.822035, 37.472126, 41.92313, 46.288798]


def edges():
    """Edges along z (Å) of the ten structures, from quanta of e/a² and e/(a c)."""
    per_area = MICRO_PER_CM2 * COULOMB_PER_M2
    across = np.sqrt(per_area / np.array(QUANTA))
    return per_area / (np.array(ACROSS) * across)


def test_a_published_path_of_batio3_on_one_branch(tmp_path):
    """All of the path, the ions by their valences: jumps of whole quanta in either part."""
    found = [
        moments(tmp_path, [0, 0, ion], [0, 0, electrons], "electrons")
        for ion, electrons in zip(VALENCE, ELECTRONS, strict=True)
    ]
    totals = [moment.ions[2] + moment.electrons[2] for moment in found]
    branch = follow_branch(np.array(totals) / edges(), 1.0, np.linspace(0, 1, 10), "quanta", "")
    # the first structure has a centre of inversion: it is zero up to whole quanta
    assert branch[0] == pytest.approx(round(branch[0]), abs=1e-5)
    assert branch - branch[0] == pytest.approx(np.array(PUBLISHED) / QUANTA, abs=1e-4)


def test_the_printed_ionic_moment_is_wrong_for_ions_half_a_cell_off():
    """Why p[ion] is not taken as it stands: with titanium near half a cell from DIPOL the four
    first displaced structures miss a fraction of a quantum, the others agree with the valences."""
    off = (np.array(PRINTED) - VALENCE) / edges()
    off -= np.round(off)
    assert np.abs(off[[0, 5, 6, 7, 8, 9]]).max() < 3e-4
    assert np.abs(off[1:5]).min() > 4e-3


def batio3(along, centre, tags=None):
    """A Run of tetragonal BaTiO3 with titanium moved along z by a fraction of the cell."""
    places = np.array([[0, 0, 0], [0.5, 0.5, 0.5 + along], [0, 0.5, 0.5], [0.5, 0, 0.5]])
    places = np.concatenate([places, [[0.5, 0.5, 0.0]]])
    cell = PhonopyAtoms(
        cell=np.diag([4.0, 4.0, 4.1]), scaled_positions=places, symbols=["Ba", "Ti", "O", "O", "O"]
    )
    return Run("path/0.500", cell, {"LCALCPOL": True, "DIPOL": list(centre)}, (4, 4, 4), ())


CENTRE = np.array([[0, 0, 0], [0.5, 0.5, 0.5], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])


def test_the_origin_is_far_from_where_ions_change_sides():
    assert origin(CENTRE) == pytest.approx([0.75, 0.75, 0.75])
    quarter = np.array([[0, 0, 0], [0.25, 0.25, 0.25], [0.75, 0.75, 0.75], [0.5, 0.5, 0.9]])
    distance = (quarter - origin(quarter) + 0.5) % 1.0
    assert np.minimum(distance, 1 - distance).min() >= 0.12


@pytest.mark.parametrize("unit", ["electrons", "|e|"])
def test_ions_count_from_the_corner(tmp_path, unit):
    """Titanium by 0.01 c of +10 e and electrons by −0.3 e Å, whatever multiples VASP adds."""
    centre, sign = origin(CENTRE), -1.0 if unit == "electrons" else 1.0
    values = []
    for along in (0.0, 0.01):
        run = batio3(along, centre)
        charges = np.array([10.0, 10.0, 6.0, 6.0, 6.0])
        # each ion at its image nearest to DIPOL
        near = (run.cell.scaled_positions - centre + 10.5) % 1.0 - 0.5
        ion = charges @ near * run.cell.cell.diagonal()
        electrons = np.array([0, 0, -30.0 * along])
        vasp_files.outcar(tmp_path / "OUTCAR", sign * ion, sign * electrons, unit)
        values.append(dipole.polarization(tmp_path / "OUTCAR", run))
    change = (values[1] - values[0]) / 4.1
    assert change - round(change) == pytest.approx((0.01 * 4.1 * 10 - 0.3) / 4.1, abs=1e-5)
    # a centrosymmetric crystal with its centre at the corner
    assert values[0] / 4.1 == pytest.approx(round(values[0] / 4.1), abs=1e-5)


def test_another_origin_or_structure_is_refused(tmp_path):
    run = batio3(0.01, origin(CENTRE))
    vasp_files.outcar(tmp_path / "OUTCAR", [0, 0, 0.123], [0, 0, 0.1])
    with pytest.raises(FirstPrinciplesError, match=r"differs by .* of a quantum") as error:
        dipole.polarization(tmp_path / "OUTCAR", run)
    assert "DIPOL" in str(error.value)


def test_an_outcar_without_dipole_moments(tmp_path):
    vasp_files.outcar(tmp_path / "OUTCAR", [0, 0, 0], [0, 0, 0])
    text = (tmp_path / "OUTCAR").read_text()
    (tmp_path / "OUTCAR").write_text(text.replace("dipole moment:", "dipole"))
    with pytest.raises(FirstPrinciplesError, match="LCALCPOL"):
        dipole.moments(tmp_path / "OUTCAR")


def test_hafnia_of_vasp_6_agrees_with_quantum_espresso(tmp_path):
    """p[elc] of 4.29732 "|e| Angst" along z for HfO2 with two nonpolar modes frozen in.

    Published by an author of the paper on second-order charges (seongjoojung.github.io, "The
    impossible polar structure of HfO2", 2025, a = 5.0202162414 Å): all oxygens ±0.1 a along y and
    along x, p[ion] a multiple of a. These are the modes X5+,x:O and X2-,x:O, whose dipole this
    project computed with Quantum ESPRESSO up to 0.4 Å; from there to 0.71 Å it is extrapolated.
    """
    a = 5.0202162414259615
    found = moments(tmp_path, [-50.20216] * 3, [0, 0, 4.29732], "|e|")
    assert found.ions / a == pytest.approx(np.round(found.ions / a), abs=1e-5)
    cell = parents.supercell("fluorite", ["Hf", "O"], a, [1, 1, 1])
    side = np.where(np.isclose(cell.positions % 1.0, 0.25), 1.0, -1.0)
    oxygen = np.array(cell.symbols) == "O"
    along_y, along_x = np.zeros((12, 3)), np.zeros((12, 3))
    along_y[oxygen, 1] = 0.1 * a * side[oxygen, 0]
    along_x[oxygen, 0] = 0.1 * a * side[oxygen, 1] * side[oxygen, 2]
    modes = [mode_space(mode_spaces(cell), label) for label in ("X5+,x:O", "X2-,x:O")]
    patterns = mode_pair(cell, *modes, 2).patterns
    # order parameters of four primitive cells (Eq. 4)
    sizes = [
        (displacement * pattern).sum() / np.linalg.norm(pattern) / np.sqrt(cell.cells)
        for displacement, pattern in zip((along_y, along_x), patterns, strict=True)
    ]
    # nothing of the displacements is outside these two modes
    assert np.abs(sizes) == pytest.approx([0.1 * a * np.sqrt(2)] * 2)
    with open(ROOT / "data" / "second-order" / "polarizations.csv", newline="") as stream:
        rows = [
            row
            for row in csv.DictReader(stream)
            if (row["crystal"], row["first"], row["second"]) == ("HfO2", "X5+,x:O", "X2-,x:O")
            and row["variation"] in ("base", "large")
        ]
    squares = np.array([float(row["first_A"]) * float(row["second_A"]) for row in rows])
    dipoles = np.array([float(row["polarization_eA"]) for row in rows])
    charge, next_order = np.polynomial.polynomial.polyfit(squares, dipoles / squares, 1)
    product = sizes[0] * sizes[1]
    expected = charge * product + next_order * abs(product) * product
    assert found.electrons[2] == pytest.approx(expected, rel=0.1)
