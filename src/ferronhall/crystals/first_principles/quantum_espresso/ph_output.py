"""What ph.x left: the list of wave vectors, and the response at the zone centre."""

import re
from pathlib import Path

import numpy as np

from ferronhall.base.errors import FirstPrinciplesError
from ferronhall.crystals.first_principles.response import Response


def q_point_count(path):
    """Number of irreducible wave vectors in a <prefix>.dyn0 file."""
    lines = _read(path).splitlines()
    try:
        count, listed = int(lines[1]), lines[2:]
    except (IndexError, ValueError):
        count, listed = 0, []
    if count < 1 or len(listed) != count:
        raise FirstPrinciplesError(
            f"{path}: no complete list of wave vectors; to have it made anew move it to another "
            "folder and run again"
        )
    return count


def response(path):
    """Dielectric tensor, Born charges and frequencies from the dynamical matrix at Γ.

    path : path of <prefix>.dyn1
    raises : FirstPrinciplesError when the file lacks one of them
    """
    text = _read(path)
    atoms = int(_found(text, r"^\s*\d+\s+(\d+)\s+\d+\s", path, "number of atoms")[0])
    dielectric = _numbers(text, r"Dielectric Tensor:", 9, path, "dielectric tensor")
    block = _found(
        text, r"Effective Charges E-U:([\s\S]*?)(?:Effective|Diagonal|\Z)", path, "Born charges"
    )
    charges = re.findall(r"atom #\s+\d+\s*\n((?:\s*\S+\s+\S+\s+\S+\s*\n){3})", block[0])
    frequencies = re.findall(r"freq \(\s*\d+\) =\s+(\S+) \[THz\]", text)
    if len(charges) != atoms or len(frequencies) != 3 * atoms:
        raise _missing(path, f"Born charges and frequencies of {atoms} atoms")
    # E-U: each row a field's direction, each column a displacement's
    born = np.array([c.split() for c in charges], float).reshape(atoms, 3, 3)
    return Response(dielectric.reshape(3, 3), born, np.array(frequencies, float))


def _numbers(text, heading, count, path, what):
    words = _found(text, heading + r"((?:\s+[-+.\dEe]+){" + str(count) + "})", path, what)[0]
    return np.array(words.split(), float)


def _found(text, pattern, path, what):
    match = re.search(pattern, text, re.MULTILINE)
    if not match:
        raise _missing(path, what)
    return match.groups()


def _read(path):
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise FirstPrinciplesError(f"{path}: cannot be read ({error.strerror})") from error


def _missing(path, what):
    return FirstPrinciplesError(
        f"{path}: no {what} in it; ph.x writes them for the zone centre of an insulator once it "
        "has finished; to have it made anew move it to another folder and run again"
    )
