"""The bath's T(x, y) from a file: CSV, or NetCDF."""

from pathlib import Path

import numpy as np

from ferronhall.base import storage
from ferronhall.base.errors import ConfigError, DataFileError

HOTTEST = 2000.0
"""K; the highest that temperature.T_hot_K may have, too."""

_NETCDF = (".nc", ".nc4", ".cdf")
_FORM = (
    "a CSV file has a line for each column x with the T (K) of its layers, separated by commas; "
    "a NetCDF file (.nc) a variable temperature (x, y) in K"
)


def read_temperature_map(path, slab):
    """T(x, y) in K, shape (nx, ny).

    raises : ConfigError when it cannot be read, has another shape, or a value is no temperature
    """
    if not Path(path).is_file():
        raise ConfigError(f"temperature.map: '{path}' cannot be read (no such file); {_FORM}")
    values = _netcdf(path) if Path(path).suffix.lower() in _NETCDF else _csv(path)
    wanted = (slab.nx, slab.ny)
    if values.shape != wanted:
        turned = "; it is the other way round" if values.shape == wanted[::-1] else ""
        raise ConfigError(
            f"temperature.map: '{path}' has the shape {_shape(values.shape)}, not lattice.nx x "
            f"lattice.ny = {_shape(wanted)}{turned}; {_FORM}"
        )
    wrong = ~((values >= 0) & (values <= HOTTEST))
    if wrong.any():
        x, y = np.argwhere(wrong)[0]
        raise ConfigError(
            f"temperature.map: '{path}' holds {values[x, y]:g} K in column {x + 1}, layer {y + 1} "
            f"({np.count_nonzero(wrong)} such); every cell needs a temperature from 0 to "
            f"{HOTTEST:g} K"
        )
    return values


def _netcdf(path):
    try:
        found = storage.read(path, ["temperature"])["temperature"]
    except DataFileError as error:
        raise ConfigError(f"temperature.map: {error}; {_FORM}") from error
    if set(found.dims) != {"x", "y"} or not np.issubdtype(found.dtype, np.number):
        raise ConfigError(
            f"temperature.map: temperature in '{path}' is {found.dtype} over "
            f"({', '.join(map(str, found.dims))}); {_FORM}"
        )
    unit = found.attrs.get("units", "K")
    if unit != "K":
        raise ConfigError(
            f"temperature.map: temperature in '{path}' is in {unit}, not K; convert it to K"
        )
    return found.transpose("x", "y").values.astype(float)


def _csv(path):
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"temperature.map: '{path}' cannot be read ({error}); {_FORM}") from error
    rows = []
    for number, line in enumerate(lines, 1):
        content = line.partition("#")[0].strip()
        if not content:
            continue
        try:
            rows.append([float(entry) for entry in content.split(",")])
        except ValueError as error:
            raise ConfigError(
                f"temperature.map: '{path}', line {number}: {error}; {_FORM}"
            ) from error
        if len(rows[-1]) != len(rows[0]):
            raise ConfigError(
                f"temperature.map: '{path}', line {number} has {len(rows[-1])} numbers, the first "
                f"{len(rows[0])}; {_FORM}"
            )
    if not rows:
        raise ConfigError(f"temperature.map: '{path}' holds no numbers; {_FORM}")
    return np.array(rows)


def _shape(shape):
    return " x ".join(map(str, shape))
