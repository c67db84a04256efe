"""What kind of file of force constants one is, told by its first lines and not by its name."""

import re
from pathlib import Path

from ferronhall.base.errors import ConfigError

Q2R, GAMMA, PHONOPY = "q2r", "gamma", "phonopy"
"""Force constants of q2r.x, a dynamical matrix of ph.x, phonopy's YAML file."""

_HEAD = 4000
"""Bytes that are looked at."""

_HDF5, _PACKED = b"\x89HDF", (b"\x1f\x8b", b"\xfd7zXZ", b"BZh", b"]\x00\x00")

CONSTANTS, HDF5, FORCE_SETS = "FORCE_CONSTANTS", "hdf5", "FORCE_SETS"

VASP, OUTCAR = "vasp", "outcar"
"""Outputs of VASP that phonopy takes forces from, and the one that it does not."""

DDB = "ddb"
"""ABINIT's derivative database."""

_CRYSTALS = {
    Q2R: "a file of q2r.x",
    GAMMA: "a matrix of ph.x",
    PHONOPY: "a YAML file of phonopy",
}

_BESIDE = (
    "it holds no cell: name phonopy's phonopy_disp.yaml or phonopy.yaml under `force_constants`; "
    "this file is found beside it, or named by the key `forces`"
)
_OTHER = {
    CONSTANTS: f"is phonopy's FORCE_CONSTANTS; {_BESIDE}",
    HDF5: f"is an HDF5 file, as phonopy's force_constants.hdf5 is; {_BESIDE}",
    FORCE_SETS: f"is phonopy's FORCE_SETS; {_BESIDE}",
    VASP: (
        "is an output of VASP, with the forces of one run; name phonopy_disp.yaml under "
        "`force_constants`, and the outputs of all its displacements under `forces`"
    ),
    OUTCAR: (
        "is an OUTCAR of VASP, which is not read for forces; name phonopy_disp.yaml under "
        "`force_constants`, and the vasprun.xml or vaspout.h5 of all its displacements under "
        "`forces`"
    ),
    DDB: (
        "is ABINIT's derivative database (DDB), which is not read; let anaddb write the "
        "interatomic force constants on its mesh, the charges and ε∞ of it to anaddb.nc, "
        "`abipy.dfpt.converters.abinit_to_phonopy` make phonopy's object of that file, with the "
        "mesh as diagonal supercell matrix, and name what the object's "
        "`save('phonopy_params.yaml', settings={'force_constants': True})` writes"
    ),
    "xml": (
        "is in Quantum ESPRESSO's XML format, which is not read; run q2r.x on matrices that ph.x "
        "wrote to a fildyn without .xml, and give its flfrc a name without .xml"
    ),
    "list": (
        "is ph.x's list of wave vectors; give the file of q2r.x, or the matrix at Γ, which ends "
        "in 1"
    ),
    "": (
        "is no force-constant file of q2r.x, no matrix of ph.x and no YAML file of phonopy, or it "
        "is truncated"
    ),
}


def recognise(path):
    """Q2R, GAMMA or PHONOPY, another kind that holds no crystal, or '' for none that is known.

    raises : ConfigError for a file that cannot be read
    """
    try:
        with open(path, "rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise ConfigError(f"'{path}' cannot be read ({error.strerror})") from error
    if head.startswith(_PACKED) and ".yaml" in Path(path).name:
        return PHONOPY
    if head.startswith(_HDF5):
        return _of_hdf5(path)
    return _of_text(head.decode("utf-8-sig", "replace"))


def require_crystal(path, kind):
    """ConfigError, with what the file is, for a kind that holds no cell to go with its numbers."""
    if kind not in _CRYSTALS:
        raise ConfigError(f"'{path}' {_OTHER[kind]}")


def require_forces(path):
    """The kind of a file that the key `forces` names, '' for one that may be a program's output.

    raises : ConfigError, with what the file is, where it is known to hold no forces that are read
    """
    kind = recognise(path)
    if kind in _CRYSTALS:
        raise ConfigError(
            f"forces: '{path}' is {_CRYSTALS[kind]}, with a cell of its own; name it under "
            "`force_constants`"
        )
    if kind == OUTCAR:
        raise ConfigError(f"forces: '{path}' {_OTHER[OUTCAR]}")
    return kind if kind in (CONSTANTS, HDF5, FORCE_SETS) else ""


def _of_hdf5(path):
    try:
        import h5py

        with h5py.File(path, "r") as stream:
            return VASP if "intermediate" in stream else HDF5
    except OSError:
        # truncated, as its reader will say
        return HDF5


def _of_text(text):
    lines = [line.strip() for line in text.splitlines()]
    filled = [line for line in lines if line]
    first, second = (*filled, "", "")[:2]
    counts = [_whole_numbers(line) for line in (first, second)]
    if first.startswith("<"):
        return VASP if "<modeling" in text else "xml"
    if first.startswith("**** DERIVATIVE DATABASE"):
        return DDB
    if first.startswith("Dynamical matrix"):
        return GAMMA
    if re.match(r"vasp\.\d", first):
        return OUTCAR
    if re.match(r"\d+\s+\d+\s+-?\d+(\s+-?\d+\.\d*){6}", first):
        return Q2R
    if counts == [3, 1]:
        return "list"
    if counts in ([1, 2], [2, 2]):
        return CONSTANTS
    if counts == [1, 1] or (_numbers(first) == 6 and _numbers(second) == 6):
        return FORCE_SETS
    if re.search(r"^(phonopy|phono3py|unit_cell|primitive_cell|supercell_matrix)\s*:", text, re.M):
        return PHONOPY
    return ""


def _whole_numbers(line):
    words = line.split()
    return len(words) if all(re.fullmatch(r"\d+", word) for word in words) else 0


def _numbers(line):
    words = line.split()
    try:
        return len([float(word) for word in words])
    except ValueError:
        return 0
