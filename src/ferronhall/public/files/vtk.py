"""Maps and states as VTK image data, which ParaView opens: one file, one value a cell."""

import base64
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import xarray as xr

from ferronhall.base.storage import replacing
from ferronhall.public.files.columns import columns

__all__ = ["write_vtk"]


def write_vtk(dataset: xr.Dataset, path: str | Path) -> Path:
    """Write every map of a dataset, or a state, as cell data of a VTK image (.vti).

    dataset : Dataset with variables over (x, y), or over (x, y, z) as Campaign.state gives them.
        What stands at the three fields becomes three arrays, <name>.minus, .zero and .plus; a
        vector of three components stays one.
    path : file to write; coordinates in it are in cells, units stand beside each array
    returns : Path
    raises : ValueError when the name does not end in .vti or nothing lies over (x, y);
        DataFileError when the file cannot be written

    >>> import ferronhall as fh
    >>> campaign = fh.open("results/demo")
    >>> fh.write_vtk(campaign.ensemble, "maps.vti").name
    'maps.vti'
    >>> fh.write_vtk(campaign.state(), "state.vti").name
    'state.vti'
    """
    path = Path(path)
    if path.suffix != ".vti":
        raise ValueError(f"path: '{path}' does not end in .vti, by which ParaView knows the format")
    found = list(columns(dataset))
    if not found:
        raise ValueError("dataset: it has no variable over (x, y), so there is no map to write")
    shape = (dataset.sizes["x"], dataset.sizes["y"], dataset.sizes.get("z", 1))
    arrays = [_array(name, _in_order(values, shape), unit) for name, values, unit in found]
    extent = " ".join(f"0 {n}" for n in shape)
    origin = [float(dataset[axis].values[0]) - 0.5 for axis in "xy"]
    text = "\n".join(
        [
            '<?xml version="1.0"?>',
            '<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" '
            'header_type="UInt64">',
            f'<ImageData WholeExtent="{extent}" Origin="{origin[0]:g} {origin[1]:g} 0" '
            'Spacing="1 1 1">',
            f'<Piece Extent="{extent}">',
            "<CellData>",
            *arrays,
            "</CellData>",
            "</Piece>",
            "</ImageData>",
            "</VTKFile>",
            "",
        ]
    )
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


def _in_order(values: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """(components, cells), x fastest; what has no z of its own stands in every layer."""
    vector = values.reshape(-1, *shape[:2], values.shape[-1] if shape[2] > 1 else 1)
    return (
        np.broadcast_to(vector, (len(vector), *shape))
        .transpose(0, 3, 2, 1)
        .reshape(len(vector), -1)
    )


def _array(name: str, values: np.ndarray, unit: str) -> str:
    content = np.ascontiguousarray(values.T, "<f8").tobytes()
    header = np.array([len(content)], "<u8").tobytes()
    # VTK reads the numbers only where they come before anything else
    return (
        f'<DataArray type="Float64" Name={quoteattr(name)} NumberOfComponents="{len(values)}" '
        'format="binary">\n'
        f"{base64.b64encode(header + content).decode()}\n"
        '<InformationKey name="UNITS_LABEL" location="vtkDataArray">'
        f"{escape(unit)}</InformationKey>\n</DataArray>"
    )
