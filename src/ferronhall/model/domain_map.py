"""Domains of any shape: a sign of P for every cell, as stripes of given width or from a file.

Walls normal to y and z are parallel to P and carry no bound charge. Those normal to x meet P head
to head or tail to tail: they are charged with 2 P, and what holds them apart is the lattice alone.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ferronhall.base import storage
from ferronhall.base.errors import ConfigError, DataFileError

AXES = ("x", "y", "z")
VARIABLE = "domain"
_FORM = (
    f"it is a NetCDF file (.nc) with a variable {VARIABLE} over x, y and z or some of them, whose "
    "values are +1 (P along +x) and -1 alone, or stripes: {stripes: {axis: z, width_cells: 4}}"
)


@dataclass(frozen=True, eq=False)
class DomainMap:
    """Where P is along +x and where along −x.

    signs : ndarray of int8, shape (nx, ny, nz), +1 and −1
    name : str, of messages: the file, or the stripes in words
    axis : str, "x" or "z" of stripes, whose walls are normal to it; "" of any other map
    """

    signs: np.ndarray
    name: str
    axis: str = ""

    @classmethod
    def from_config(cls, config, slab):
        """That of a configuration; None without one.

        raises : ConfigError when it does not fit the slab, or a file is no map
        """
        wanted = config.get("domains", {}).get("map", "")
        if not wanted:
            return None
        if isinstance(wanted, dict):
            stripes = wanted["stripes"]
            return _stripes(slab, stripes["axis"], stripes["width_cells"])
        return cls(_read(wanted, slab), f"'{wanted}'")

    @classmethod
    def of_dataset(cls, parameters):
        """That of a parameters dataset."""
        if "domain_sign" not in parameters:
            return None
        name, axis = (parameters["domain_sign"].attrs[key] for key in ("map", "stripes"))
        return cls(parameters["domain_sign"].values, name, axis)

    @property
    def charged(self):
        """Number of pairs of neighbours along x between which a charged wall stands."""
        return int(np.count_nonzero(self.signs != np.roll(self.signs, -1, axis=0)))


def _stripes(slab, axis, width):
    cells = slab.shape[AXES.index(axis)]
    if cells % (2 * width):
        fitting = [n for n in range(1, cells // 2 + 1) if cells % (2 * n) == 0]
        least = 2 * width * max(1, round(cells / (2 * width)))
        widths = f"a width of {', '.join(map(str, fitting))}, or " if fitting else ""
        raise ConfigError(
            f"domains.map: stripes of {width} cells do not fill lattice.n{axis} = {cells}, which "
            f"is periodic and needs as many along +x as along −x; give {widths}lattice.n{axis}: "
            f"{least}"
        )
    sign = 1 - 2 * (np.arange(cells) // width % 2)
    shape = [1, 1, 1]
    shape[AXES.index(axis)] = cells
    signs = np.broadcast_to(sign.reshape(shape), slab.shape).astype(np.int8)
    return DomainMap(signs, f"stripes of {width} cells along {axis}", axis)


def _read(path, slab):
    """Signs of every cell from a file, shape (nx, ny, nz)."""
    if not Path(path).is_file():
        raise ConfigError(f"domains.map: '{path}' cannot be read (no such file); {_FORM}")
    try:
        found = storage.read(path, [VARIABLE])[VARIABLE]
    except DataFileError as error:
        raise ConfigError(f"domains.map: {error}; {_FORM}") from error
    if not found.dims or not set(found.dims) <= set(AXES):
        raise ConfigError(
            f"domains.map: {VARIABLE} in '{path}' is over ({', '.join(map(str, found.dims))}), "
            f"which are not x, y or z; {_FORM}"
        )
    for axis, cells in zip(AXES, slab.shape, strict=True):
        if axis in found.dims and found.sizes[axis] != cells:
            raise ConfigError(
                f"domains.map: {VARIABLE} in '{path}' has {found.sizes[axis]} cells along {axis}, "
                f"and lattice.n{axis} is {cells}; give a map of the lattice's size, or the lattice "
                "that of the map"
            )
    values = found.values
    if not np.issubdtype(values.dtype, np.number) or not np.all(np.abs(values) == 1):
        wrong = "text" if values.dtype.kind in "OUS" else _other_than_signs(values)
        raise ConfigError(
            f"domains.map: {VARIABLE} in '{path}' holds {wrong}, and a cell is polarized along +x "
            f"(+1) or −x (-1); {_FORM}"
        )
    missing = [axis for axis in AXES if axis not in found.dims]
    whole = found.expand_dims(missing).transpose(*AXES).values
    signs = np.broadcast_to(whole, slab.shape).astype(np.int8)
    if np.all(signs == signs.flat[0]):
        raise ConfigError(
            f"domains.map: {VARIABLE} in '{path}' is {signs.flat[0]:+d} everywhere, so that there "
            "is no wall; give a map with both signs, or leave domains.map empty"
        )
    return signs


def _other_than_signs(values):
    wrong = values[~(np.abs(values) == 1)]
    return f"{wrong.flat[0]:g} ({wrong.size} such)"
