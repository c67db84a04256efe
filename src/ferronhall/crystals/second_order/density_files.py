"""Electron densities written by first-principles programs: CHGCAR, Gaussian cube, pw.x.

A cube file carries six digits, CHGCAR eleven. Where a change of 1e-6 of the density is looked for,
use CHGCAR or `charge-density.dat` of pw.x, whose Fourier components are double-precision numbers.
"""

import struct
from itertools import islice
from pathlib import Path

import numpy as np

from ferronhall.base.errors import DataFileError
from ferronhall.base.units import BOHR
from ferronhall.crystals.second_order.density import Density, from_grid


def read_density(path):
    """Read a density; the name tells the format (`*.dat`, `*.cube`, `CHGCAR*`).

    returns : Density
    raises : DataFileError naming the file and what is wrong with it
    """
    path = Path(path)
    reader = {".dat": _read_pw, ".cube": _read_cube}.get(path.suffix)
    if reader is None and path.name.startswith("CHGCAR"):
        reader = _read_chgcar
    if reader is None:
        raise DataFileError(
            f"{path}: no format is known by this name; call it *.dat (charge-density.dat of pw.x), "
            "*.cube or CHGCAR*"
        )
    try:
        density = reader(path)
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, IndexError, struct.error, StopIteration) as error:
        raise DataFileError(
            f"{path}: is truncated or no file of its kind ({error or 'too short'}); write it again"
        ) from error
    if not np.all(np.isfinite(density.coefficients)):
        raise DataFileError(f"{path}: holds values that are not numbers; write it again")
    return density


def _read_chgcar(path):
    """VASP: density times cell volume, the first index fastest; a second spin block is left out."""
    with open(path, encoding="utf-8") as stream:
        next(stream)
        scale = float(next(stream))
        cell = np.array([next(stream).split() for _ in range(3)], dtype=float)
        # a negative scale is the volume of the cell
        cell *= scale if scale > 0 else (-scale / abs(np.linalg.det(cell))) ** (1 / 3)
        counts = next(stream).split()
        if not counts[0].isdigit():
            counts = next(stream).split()
        next(stream)
        positions = list(islice(stream, sum(map(int, counts))))
        if len(positions) < sum(map(int, counts)) or next(stream).split():
            raise ValueError("no empty line after the atoms")
        values, shape = _numbers(stream, next(stream).split())
    volume = abs(np.linalg.det(cell))
    return from_grid(cell, values.reshape(shape, order="F") / volume)


def _read_cube(path):
    """Gaussian cube as pp.x writes it: bohr, e/bohr³, the last index fastest."""
    with open(path, encoding="utf-8") as stream:
        next(stream), next(stream)
        atoms, *origin = next(stream).split()[:4]
        rows = np.array([next(stream).split()[:4] for _ in range(3)], dtype=float)
        if int(atoms) < 0 or np.any(rows[:, 0] <= 0):
            raise ValueError("orbitals, or voxels in Å: only a density in bohr is read")
        for _ in range(int(atoms)):
            next(stream)
        values, shape = _numbers(stream, rows[:, 0].astype(int))
    cell = rows[:, :1] * rows[:, 1:] * BOHR
    density = from_grid(cell, values.reshape(shape) / BOHR**3)
    shift = np.array(origin, dtype=float) * BOHR @ np.linalg.inv(cell)
    phases = np.exp(-2j * np.pi * density.miller @ shift)
    return Density(cell, density.miller, density.coefficients * phases)


def _numbers(stream, shape):
    """The n1 n2 n3 numbers that come next, and the shape as ints."""
    shape = tuple(int(n) for n in shape)
    if len(shape) != 3 or min(shape) < 1:
        raise ValueError(f"a grid of {shape} points")
    wanted = int(np.prod(shape))
    found = []
    for line in stream:
        found += line.split()
        if len(found) >= wanted:
            return np.array(found[:wanted], dtype=float), shape
    raise ValueError(f"{len(found)} of {wanted} values")


def _read_pw(path):
    """pw.x: records of (gamma_only, ngm, nspin), b1 b2 b3 (1/bohr), Miller indices and n(G)."""
    content = path.read_bytes()
    header, start = _record(content, 0)
    gamma_only, count, _ = struct.unpack("<3i", header)
    basis, start = _record(content, start)
    reciprocal = np.frombuffer(basis, "<f8").reshape(3, 3) / BOHR
    indices, start = _record(content, start)
    miller = np.frombuffer(indices, "<i4").reshape(-1, 3).astype(int)
    components, _ = _record(content, start)
    coefficients = np.frombuffer(components, "<c16") / BOHR**3
    if not len(miller) == len(coefficients) == count:
        raise ValueError(f"{len(coefficients)} components for {count} wave vectors")
    if gamma_only:
        other = np.any(miller != 0, axis=1)
        miller = np.concatenate([miller, -miller[other]])
        coefficients = np.concatenate([coefficients, coefficients[other].conj()])
    return Density(2 * np.pi * np.linalg.inv(reciprocal).T, miller, coefficients)


def _record(content, start):
    """One record of a Fortran sequential file, and where the next begins."""
    (length,) = struct.unpack_from("<i", content, start)
    end = start + 4 + length
    if length < 0 or struct.unpack_from("<i", content, end)[0] != length:
        raise ValueError("its Fortran records do not close")
    return content[start + 4 : end], end + 4
