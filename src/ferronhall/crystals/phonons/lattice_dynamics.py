"""A crystal's force constants, Born charges and ε∞ in eV and Å, whatever code they come from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from phonopy import Phonopy
from phonopy.interface.calculator import get_calculator_physical_units
from phonopy.structure.atoms import PhonopyAtoms
from phonopy.structure.cells import get_supercell

from ferronhall.base import units


@dataclass(frozen=True)
class Note:
    """A line on what was read or changed; `loud` where the user should look into it."""

    text: str
    loud: bool = False

    def __str__(self):
        return f"Warning: {self.text}" if self.loud else self.text


@dataclass(frozen=True)
class LatticeDynamics:
    """Force constants of a primitive cell, the dipoles' part included, and what the dipoles carry.

    cell : phonopy.structure.atoms.PhonopyAtoms
        Primitive cell, lengths in Å, masses in amu.
    mesh : tuple of 3 ints
        Supercell, or commensurate mesh of wave vectors.
    force_constants : ndarray, shape (n, n·prod(mesh), 3, 3), eV/Å²
        In the order of phonopy's supercell.
    born : ndarray, shape (n, 3, 3), e; first index the field's
    dielectric : ndarray, shape (3, 3)
    notes : tuple of Note
        What was found and changed on the way here.
    """

    cell: object
    mesh: tuple
    force_constants: np.ndarray
    born: np.ndarray
    dielectric: np.ndarray
    notes: tuple = ()

    def phonopy(self, with_dipoles=False):
        """The crystal as a Phonopy object in eV and Å, frequencies in THz.

        with_dipoles : bool
            Whether the non-analytical term is added, by the scheme of Gonze and Lee.
        """
        crystal = Phonopy(self.cell, np.diag(self.mesh), primitive_matrix=np.eye(3), log_level=0)
        crystal.force_constants = self.force_constants.copy()
        if with_dipoles:
            crystal.nac_params = {
                "born": self.born,
                "dielectric": self.dielectric,
                "factor": get_calculator_physical_units("vasp").nac_factor,
                "method": "gonze",
            }
        return crystal

    @cached_property
    def _bare(self):
        return self.phonopy()

    @cached_property
    def _polar(self):
        return self.phonopy(with_dipoles=True)

    def known_phonopy(self, with_dipoles=False):
        """The same object each time, as finding the symmetry takes longest; not to be changed."""
        return self._polar if with_dipoles else self._bare

    def hessian(self, q, with_dipoles=False):
        """Φ(q) = Σ Φ_st exp(iq·(r_t − r_s)) (eV/Å²), shape (n, 3, n, 3), complex.

        q : array, shape (3,), fractions of the reciprocal lattice
            Between the commensurate wave vectors force constants reach to the nearest images.
        with_dipoles : bool
            Whether the dipoles' part is interpolated by itself, as phonopy does with Born charges;
            on the mesh but at q = 0 this changes nothing.
        """
        matrix = self.known_phonopy(with_dipoles).dynamical_matrix
        matrix.run(np.asarray(q, float))
        roots = np.sqrt(np.repeat(self.cell.masses, 3))
        n = len(self.cell.masses)
        return (matrix.dynamical_matrix * np.outer(roots, roots)).reshape(n, 3, n, 3)

    def frequencies(self, q, with_dipoles=False, direction=None):
        """Frequencies at q (THz), imaginary ones negative, ascending.

        direction : array, shape (3,), fractions of the reciprocal lattice
            Along which q = 0 is approached, where dipoles make a difference.
        """
        crystal = self.known_phonopy(with_dipoles)
        crystal.run_qpoints([np.asarray(q, float)], nac_q_direction=direction)
        return np.sort(crystal.qpoints.frequencies[0])

    @property
    def commensurate(self):
        """Wave vectors of the mesh, as commensurate_waves gives them."""
        return commensurate_waves(self.mesh)

    @property
    def volume(self):
        """Volume of the cell (Å³)."""
        return abs(np.linalg.det(self.cell.cell))

    def ionic_dielectric(self):
        """Contribution of the ions to the static dielectric tensor (Table S3), shape (3, 3).

        (4πk_e/Ω) Z*ᵀ Φ(0)⁺ Z*: unstable modes count negative, translations not at all.
        """
        n = len(self.cell.masses)
        hessian = self.hessian(np.zeros(3)).real.reshape(3 * n, 3 * n)
        charge = self.born.transpose(1, 0, 2).reshape(3, 3 * n)
        response = np.linalg.pinv(hessian, rcond=1e-6, hermitian=True)
        return 4 * np.pi * units.COULOMB / self.volume * charge @ response @ charge.T


def commensurate_waves(mesh):
    """Wave vectors of a mesh in fractions, each in −1/2 < q ≤ 1/2, shape (prod(mesh), 3)."""
    axes = [np.arange(n) / n for n in mesh]
    grid = np.array(np.meshgrid(*axes, indexing="ij")).reshape(3, -1).T
    return np.where(grid > 0.5, grid - 1, grid)


def supercell_sites(cell, mesh):
    """Which atom of which cell each atom of phonopy's supercell is.

    returns : (atoms, cells), ndarrays of shape (n·prod(mesh),) and (n·prod(mesh), 3)
    """
    places = np.array(cell.scaled_positions)
    fractions = get_supercell(cell, np.diag(mesh)).scaled_positions * np.array(mesh)
    offsets = fractions[:, None] - places[None]
    atoms = np.abs(offsets - np.rint(offsets)).max(axis=2).argmin(axis=1)
    cells = np.rint(offsets[np.arange(len(atoms)), atoms]).astype(int)
    return atoms, cells % np.array(mesh)


def in_supercell(cell, mesh, constants):
    """Force constants on the mesh, shape (n, n, *mesh, 3, 3), in the order of the supercell."""
    atoms, cells = supercell_sites(cell, mesh)
    return constants[:, atoms, cells[:, 0], cells[:, 1], cells[:, 2]]


def right_handed(cell, constants):
    """The same crystal along a right-handed set of lattice vectors, and whether it was turned.

    A left-handed set is reversed as a whole, which leaves every atom where it is: phonopy's
    non-analytical term takes the volume with its sign.
    cell : PhonopyAtoms
    constants : ndarray, shape (n, n, *mesh, 3, 3), on the mesh
    returns : (cell, constants, bool)
    """
    if np.linalg.det(cell.cell) > 0:
        return cell, constants, False
    reversed_cell = PhonopyAtoms(
        cell=-cell.cell,
        scaled_positions=-cell.scaled_positions,
        symbols=cell.symbols,
        masses=cell.masses,
    )
    axes = (2, 3, 4)
    # cell R is cell −R, and cell 0 stays the first
    return reversed_cell, np.roll(np.flip(constants, axes), 1, axes), True
