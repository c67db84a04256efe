"""One calculation of VASP: what it is of, and the files it is started with."""

from dataclasses import dataclass

from phonopy.interface.vasp import get_vasp_structure_lines
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.crystals.first_principles.vasp import incar

FILES = ("POSCAR", "INCAR", "KPOINTS", "POTCAR.spec")
"""What a folder holds before VASP runs in it. POTCAR itself belongs to VASP's licence; POTCAR.spec
names, a line each, the datasets to put together for it."""


@dataclass(frozen=True)
class Run:
    """A calculation.

    name : str
        Path of its folder below that of all runs.
    cell : phonopy.structure.atoms.PhonopyAtoms
        Å; atoms of an element stand together.
    tags : dict
        INCAR tag → value, as incar.text takes them.
    k_mesh : tuple of 3 int
        Γ-centred.
    potcars : tuple of str
        Names of the PAW datasets, in the order of the elements in the cell.
    """

    name: str
    cell: PhonopyAtoms
    tags: dict
    k_mesh: tuple
    potcars: tuple

    @property
    def polarizes(self):
        """Whether the polarization is wanted of it, which OUTCAR alone holds."""
        return bool(self.tags.get("LCALCPOL"))

    @property
    def keeps_density(self):
        """Whether CHGCAR is wanted of it."""
        return bool(self.tags.get("LCHARG"))

    def files(self):
        """Name → text of the files of FILES."""
        mesh = " ".join(map(str, self.k_mesh))
        texts = (
            "\n".join(get_vasp_structure_lines(self.cell, first_line_str=self.name)),
            incar.text(self.tags, self.name),
            f"{self.name}\n0\nGamma\n{mesh}\n0 0 0\n",
            "".join(f"{name}\n" for name in self.potcars),
        )
        return dict(zip(FILES, texts, strict=True))
