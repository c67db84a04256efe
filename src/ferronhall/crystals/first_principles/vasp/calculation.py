"""A finished calculation of VASP, read from vasprun.xml or vaspout.h5.

Numbers come through phonopy, which knows that VASP 5 writes the energy at σ → 0 under another name
and that vaspout.h5 holds Born charges transposed. What a run says of its own inputs comes through
pymatgen (vasprun.xml) or straight from the named data sets (vaspout.h5).
"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import h5py
import numpy as np
from phonopy.interface.vasp import get_born_vasprunxml, read_vasprun_calculation
from phonopy.structure.atoms import PhonopyAtoms
from pymatgen.io.vasp.outputs import Vasprun

from ferronhall.base.errors import FirstPrinciplesError

_BROKEN = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    RuntimeError,
    AssertionError,
    SyntaxError,
    ParseError,
    ExpatError,
)
"""What the readers raise on files that are not what they should be."""

_KBAR_PER_GPA = 10.0


@dataclass(frozen=True)
class Calculation:
    """What VASP did and found.

    path : str
    version : str
    start, end : phonopy.structure.atoms.PhonopyAtoms
        Structures it began with and ended at, Å.
    energy : float, eV per cell
        At σ → 0, of the last structure.
    forces : ndarray, shape (n, 3), eV/Å
    stress : ndarray, shape (3, 3), kbar, or None
    tags : dict
        INCAR tag → value, as VASP understood it; those it does not state are missing.
    k_mesh : tuple of 3 int, or None where it states none
    gamma_centred : bool
    potcars : tuple of str
        Names of the PAW datasets; empty where it states none.
    converged : bool or None
        Whether the electrons converged; None where the file does not tell.
    """

    path: str
    version: str
    start: PhonopyAtoms
    end: PhonopyAtoms
    energy: float
    forces: np.ndarray
    stress: np.ndarray
    tags: dict
    k_mesh: tuple
    gamma_centred: bool
    potcars: tuple
    converged: bool


def read(path):
    """A Calculation.

    path : path of vasprun.xml (or .gz) or vaspout.h5
    raises : FirstPrinciplesError for a file that is cut or no such file
    """
    path = str(path)
    try:
        end, energy, forces, stress = read_vasprun_calculation(path)
        described = _read_h5(path) if path.endswith(".h5") else _read_xml(path)
    except _BROKEN as error:
        raise _unreadable(path, error) from error
    return Calculation(
        path=path,
        end=end,
        energy=float(energy),
        forces=np.asarray(forces),
        stress=None if stress is None else _KBAR_PER_GPA * np.asarray(stress),
        **described,
    )


def read_response(path):
    """Born charges (e), shape (n, 3, 3), first index the field's, and ε∞, shape (3, 3).

    raises : FirstPrinciplesError where the file holds none
    """
    try:
        # every atom by itself, whatever the symmetry
        born, dielectric, _ = get_born_vasprunxml(str(path), is_symmetry=False)
    except _BROKEN as error:
        raise _unreadable(path, error) from error
    if np.shape(dielectric) != (3, 3):
        raise _unreadable(path, "no Born charges and dielectric tensor")
    return np.asarray(born), np.asarray(dielectric)


def _read_xml(path):
    with warnings.catch_warnings():
        # that a run has not converged is said by `converged`, and refused
        warnings.simplefilter("ignore")
        found = Vasprun(path, parse_dos=False, parse_eigen=False, parse_potcar_file=False)
        converged = bool(found.converged_electronic)
    structure = found.initial_structure
    points = found.kpoints.kpts
    return {
        "version": found.vasp_version.strip(),
        "start": PhonopyAtoms(
            cell=structure.lattice.matrix,
            scaled_positions=structure.frac_coords,
            symbols=[site.specie.symbol for site in structure],
        ),
        "tags": dict(found.parameters) | dict(found.incar),
        "k_mesh": tuple(int(n) for n in points[0]) if len(points) == 1 else None,
        "gamma_centred": found.kpoints.style.name == "Gamma",
        "potcars": tuple(titel.split()[1] for titel in found.potcar_symbols),
        "converged": converged,
    }


def _read_h5(path):
    with h5py.File(path, "r") as file:
        poscar, points = file["input/poscar"], file["input/kpoints"]
        kinds = [name.decode().strip() for name in poscar["ion_types"][:]]
        counts = poscar["number_ion_types"][:]
        steps = file["intermediate/ion_dynamics"]
        version = file["version"]
        mesh = all(f"nkp{axis}" in points for axis in "xyz")
        titles = file["input/potcar/content"][()].decode() if "input/potcar" in file else ""
        return {
            "version": ".".join(str(int(version[n][()])) for n in ("major", "minor", "patch")),
            "start": PhonopyAtoms(
                cell=steps["lattice_vectors"][0] * steps["scale"][()],
                scaled_positions=steps["position_ions"][0],
                symbols=[kind for kind, n in zip(kinds, counts, strict=True) for _ in range(n)],
            ),
            "tags": {tag: _plain(data[()]) for tag, data in file["input/incar"].items()},
            "k_mesh": tuple(int(points[f"nkp{axis}"][()]) for axis in "xyz") if mesh else None,
            "gamma_centred": points["mode"][()].decode().strip().lower() == "g",
            "potcars": tuple(
                line.split()[3] for line in titles.splitlines() if line.split()[:1] == ["TITEL"]
            ),
            "converged": None,
        }


def _plain(content):
    """A value of vaspout.h5 as Python's own."""
    if isinstance(content, bytes):
        return content.decode().strip()
    return content.tolist() if isinstance(content, np.ndarray | np.generic) else content


def _unreadable(path, reason):
    lines = str(reason).strip().splitlines() or ["it holds less than it should"]
    return FirstPrinciplesError(
        f"{path}: not the result of a finished run of VASP ({lines[0]}); put the whole file of a "
        f"run that came to its end into {Path(path).parent}"
    )
