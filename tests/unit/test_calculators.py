"""One crystal in the units of every program that phonopy has an interface for."""

import numpy as np
import pytest
from phonopy import Phonopy
from phonopy.file_IO import write_FORCE_CONSTANTS, write_FORCE_SETS
from phonopy.harmonic.force_constants import compact_fc_to_full_fc
from phonopy.interface.calculator import calculator_info
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.first_principles.vasp.run import Run
from ferronhall.crystals.phonons.lattice_dynamics import LatticeDynamics
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from tests.unit.first_principles import vasp_files

BOHR, HARTREE = 0.529177210903, 27.211386245988
RYDBERG = HARTREE / 2
ATOMIC = (BOHR, HARTREE / BOHR)
RYDBERGS = (BOHR, RYDBERG / BOHR)
PLAIN = (1.0, 1.0)
UNITS = {
    "abacus": (BOHR, 1.0),
    "abinit": (BOHR, 1.0),
    "aims": PLAIN,
    "castep": PLAIN,
    "cp2k": (1.0, HARTREE / BOHR),
    "crystal": PLAIN,
    "dftbp": ATOMIC,
    "elk": ATOMIC,
    "exciting": ATOMIC,
    "fleur": ATOMIC,
    "lammps": PLAIN,
    "octopus": ATOMIC,
    "pwmat": PLAIN,
    "qe": RYDBERGS,
    "qlm": RYDBERGS,
    "siesta": (BOHR, 1.0),
    "turbomole": ATOMIC,
    "vasp": PLAIN,
    "wien2k": (BOHR, 1e-3 * RYDBERG / BOHR),
}
"""Program → (Å in its length, eV/Å in its force), as phonopy's manual states their names in the
table of units of its interfaces; CODATA 2018."""


@pytest.fixture(scope="module")
def truth():
    """A crystal of two atoms with springs of random strength, in eV and Å."""
    rng = np.random.default_rng(7)
    cell = PhonopyAtoms(
        cell=np.diag([4.1, 4.1, 4.4]),
        scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.47]],
        symbols=["Cs", "Cl"],
    )
    mesh = (2, 2, 1)
    crystal = Phonopy(cell, np.diag(mesh), primitive_matrix=np.eye(3), log_level=0)
    crystal.generate_displacements(distance=0.01)
    count = len(crystal.supercell)
    crystal.forces = rng.normal(size=(len(crystal.displacements), count, 3))
    crystal.produce_force_constants()
    crystal.symmetrize_force_constants(use_symfc_projector=True, show_drift=False)
    constants = crystal.force_constants[crystal.primitive.p2s_map]
    charge = np.diag([1.2, 1.2, 1.4])
    born = np.array([charge, -charge])
    return LatticeDynamics(cell, mesh, constants, born, np.diag([2.5, 2.5, 2.7]))


def of_program(truth, name):
    """The crystal as phonopy holds it for a program, with forces, all in that program's units."""
    length, force = UNITS[name]
    cell = PhonopyAtoms(
        cell=truth.cell.cell / length,
        scaled_positions=truth.cell.scaled_positions,
        symbols=truth.cell.symbols,
        masses=truth.cell.masses,
    )
    crystal = Phonopy(
        cell, np.diag(truth.mesh), primitive_matrix=np.eye(3), calculator=name, log_level=0
    )
    crystal.generate_displacements(distance=0.01 / length)
    full = compact_fc_to_full_fc(truth.phonopy().primitive, truth.force_constants)
    moved = [displaced_by(crystal, n) for n in range(len(crystal.displacements))]
    forces = [-np.einsum("ijab,jb->ia", full, u * length) / force for u in moved]
    return crystal, np.array(forces)


def displaced_by(crystal, number):
    """Displacements of all atoms of one supercell, in the program's length."""
    moved = np.zeros((len(crystal.supercell), 3))
    atom, *move = crystal.displacements[number]
    moved[int(atom)] = move
    return moved


def same(found, truth):
    """The crystal again, to what is left by phonopy's older constants and the digits of files."""
    assert found.cell.cell == pytest.approx(truth.cell.cell, rel=1e-7)
    assert found.mesh == truth.mesh
    scale = np.abs(truth.force_constants).max()
    assert np.abs(found.force_constants - truth.force_constants).max() < 1e-6 * scale
    assert found.born == pytest.approx(truth.born, abs=1e-9)
    assert found.dielectric == pytest.approx(truth.dielectric, abs=1e-9)
    for q in ([0, 0, 0], [0.5, 0, 0], [0.21, 0.13, 0.4]):
        expected = truth.frequencies(q, with_dipoles=True, direction=[0, 0, 1])
        given = found.frequencies(q, True, [0, 0, 1])
        assert given == pytest.approx(expected, rel=1e-6, abs=1e-5)


def add_born(crystal, truth):
    crystal.nac_params = {"born": truth.born, "dielectric": truth.dielectric, "factor": 1.0}


def test_every_program_of_phonopy_is_here():
    assert set(UNITS) == set(calculator_info)


@pytest.mark.parametrize("name", UNITS)
def test_forces_in_the_units_of_every_program(truth, tmp_path, name):
    crystal, forces = of_program(truth, name)
    crystal.forces = forces
    add_born(crystal, truth)
    crystal.save(tmp_path / "phonopy_params.yaml")
    same(read_lattice_dynamics(tmp_path / "phonopy_params.yaml"), truth)


@pytest.mark.parametrize("name", UNITS)
def test_force_constants_in_the_units_of_every_program(truth, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    length, force = UNITS[name]
    crystal, _ = of_program(truth, name)
    add_born(crystal, truth)
    crystal.save(tmp_path / "phonopy_disp.yaml")
    constants = truth.force_constants * length / force
    write_FORCE_CONSTANTS(
        constants, filename=tmp_path / "FORCE_CONSTANTS", p2s_map=crystal.primitive.p2s_map
    )
    same(read_lattice_dynamics(tmp_path / "phonopy_disp.yaml"), truth)


def abinit(forces):
    """The block of ABINIT's main output."""
    rows = [f"    {n}  {_row(row, '20.14f')}" for n, row in enumerate(forces, start=1)]
    head = " cartesian forces (eV/Angstrom) at end:"
    return "\n".join([" outvars: echo", head, *rows, " frms,max,avg= 1.0E-03 2.0E-03", ""])


def castep(forces):
    """The table of a .castep file."""
    rows = [f" * Cs {n:14d} {_row(row, '16.10f')} *" for n, row in enumerate(forces, start=1)]
    head = [
        " ************************** Forces **************************",
        " *               Cartesian components (eV/A)                *",
        " * -------------------------------------------------------- *",
        " *                         x            y            z      *",
        " *                                                          *",
    ]
    return "\n".join(
        [*head, *rows, " *                                                          *", ""]
    )


def cp2k_2024(forces):
    """The table that CP2K printed until 2024."""
    rows = [f"{n:7d}      1      Cs {_row(row, '16.10f')}" for n, row in enumerate(forces, start=1)]
    head = [
        " ATOMIC FORCES in [a.u.]",
        "",
        " # Atom   Kind   Element          X          Y          Z",
    ]
    return "\n".join([*head, *rows, " SUM OF ATOMIC FORCES 0.0 0.0 0.0 0.0", ""])


def cp2k_2025(forces):
    """The table that CP2K prints since 2025."""
    rows = [
        f" FORCES| {n:6d} {_row(row, '18.10E')} {np.linalg.norm(row):16.8E}"
        for n, row in enumerate(forces, start=1)
    ]
    head = [
        " FORCES| Atomic forces [hartree/bohr]",
        " FORCES|   Atom     x               y               z               |f|",
    ]
    tail = [" FORCES| Sum 0.0 0.0 0.0 0.0", " FORCES| Total atomic force 0.0", ""]
    return "\n".join([*head, *rows, *tail])


def turbomole(forces):
    """The file gradient, which holds what its name says."""
    places = ["  0.00000000000000  0.00000000000000  0.00000000000000  cs"] * len(forces)
    rows = [f"  {_row(-row, '.13E')}".replace("E", "D") for row in forces]
    head = [
        "$grad          cartesian gradients",
        "  cycle =      1    SCF energy =     -578.5931883878",
    ]
    return "\n".join([*head, *places, *rows, "$end", ""])


def _row(values, form):
    return " ".join(f"{value:{form}}" for value in values)


@pytest.mark.parametrize(
    ("name", "writer", "file"),
    [
        ("abinit", abinit, "run.abo"),
        ("castep", castep, "run.castep"),
        ("cp2k", cp2k_2024, "run.out"),
        ("cp2k", cp2k_2025, "run.out"),
        ("turbomole", turbomole, "gradient"),
    ],
)
def test_forces_straight_from_outputs(truth, tmp_path, name, writer, file):
    crystal, forces = of_program(truth, name)
    add_born(crystal, truth)
    crystal.save(tmp_path / "phonopy_disp.yaml")
    outputs = [tmp_path / f"disp-{n}" / file for n in range(len(forces))]
    for output, each in zip(outputs, forces, strict=True):
        output.parent.mkdir()
        output.write_text(writer(each))
    same(read_lattice_dynamics(tmp_path / "phonopy_disp.yaml", forces=outputs), truth)


def test_forces_straight_from_vasprun(truth, tmp_path):
    """With the check of phonopy that the atoms stand where the displacements put them."""
    crystal, forces = of_program(truth, "vasp")
    add_born(crystal, truth)
    crystal.save(tmp_path / "phonopy_disp.yaml")
    cells, outputs = crystal.supercells_with_displacements, []
    for n, (cell, each) in enumerate(zip(cells, forces, strict=True)):
        outputs.append(tmp_path / f"vasprun.xml-{n:03d}")
        run = Run("displaced", cell, {}, (2, 2, 2), ("Cs_sv", "Cl"))
        vasp_files.vasprun(outputs[-1], run, forces=each)
    same(read_lattice_dynamics(tmp_path / "phonopy_disp.yaml", forces=outputs), truth)
    with pytest.raises(ConfigError, match="Displacements don't match"):
        read_lattice_dynamics(tmp_path / "phonopy_disp.yaml", forces=outputs[::-1])


def test_outputs_that_do_not_fit(truth, tmp_path):
    crystal, forces = of_program(truth, "abinit")
    add_born(crystal, truth)
    path = tmp_path / "phonopy_disp.yaml"
    crystal.save(path)
    outputs = [tmp_path / f"{n}.out" for n in range(len(forces))]
    for output, each in zip(outputs, forces, strict=True):
        output.write_text(abinit(each))
    with pytest.raises(ConfigError, match="one for each displacement"):
        read_lattice_dynamics(path, forces=outputs[:-1])
    with pytest.raises(ConfigError, match="there is no such file"):
        read_lattice_dynamics(path, forces=[*outputs[:-1], tmp_path / "missing.out"])
    outputs[0].write_text(abinit(forces[0][:-1]))
    with pytest.raises(ConfigError, match="cannot read the forces of abinit"):
        read_lattice_dynamics(path, forces=outputs)


def test_outputs_count_alone_whatever_the_yaml_holds(truth, tmp_path):
    """Forces inside that are of another crystal, and FORCE_SETS beside, play no part."""
    crystal, forces = of_program(truth, "abinit")
    add_born(crystal, truth)
    crystal.forces = 1.5 * forces
    crystal.save(tmp_path / "phonopy_params.yaml")
    write_FORCE_SETS(crystal.dataset, tmp_path / "FORCE_SETS")
    outputs = [tmp_path / f"{n}.out" for n in range(len(forces))]
    for output, each in zip(outputs, forces, strict=True):
        output.write_text(abinit(each))
    same(read_lattice_dynamics(tmp_path / "phonopy_params.yaml", forces=outputs), truth)
    with pytest.raises(ConfigError, match=r"FORCE_SETS' is one of phonopy's files, .* alone"):
        read_lattice_dynamics(
            tmp_path / "phonopy_params.yaml", forces=[*outputs, tmp_path / "FORCE_SETS"]
        )


def test_random_displacements_of_a_program(truth, tmp_path):
    crystal, _ = of_program(truth, "abinit")
    crystal.generate_displacements(0.03 / BOHR, number_of_snapshots=12, random_seed=1)
    length, force = UNITS["abinit"]
    full = compact_fc_to_full_fc(truth.phonopy().primitive, truth.force_constants)
    forces = -np.einsum("ijab,cjb->cia", full, crystal.displacements * length) / force
    add_born(crystal, truth)
    crystal.save(tmp_path / "phonopy_disp.yaml")
    outputs = [tmp_path / f"{n}.out" for n in range(len(forces))]
    for output, each in zip(outputs, forces, strict=True):
        output.write_text(abinit(each))
    same(read_lattice_dynamics(tmp_path / "phonopy_disp.yaml", forces=outputs), truth)


def test_a_program_that_phonopy_has_no_interface_for(truth, tmp_path):
    crystal, _ = of_program(truth, "abinit")
    path = tmp_path / "phonopy_disp.yaml"
    crystal.save(path)
    path.write_text(path.read_text().replace("calculator: abinit", "calculator: abinot"))
    with pytest.raises(ConfigError, match="Unknown calculator interface: abinot"):
        read_lattice_dynamics(path)
