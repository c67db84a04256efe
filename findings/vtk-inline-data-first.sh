#!/usr/bin/env bash
# VTK's reader of XML images finds the numbers of a DataArray written inline only where they stand before
# every other element of it. Guess before trying: in XML the order of an InformationKey (here the unit that
# ParaView shows) and of the text beside it plays no part. Seen with vtk 9.7.2: with the key first the
# reader says "the data array in the element may be too short" and the array is gone; with the key last
# both arrive.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet vtk==9.7.2
cd "$folder"

cat > probe.py <<'PYTHON'
import base64
import struct

import vtk

vtk.vtkObject.GlobalWarningDisplayOff()
content = struct.pack("<2d", 1.0, 2.0)
numbers = base64.b64encode(struct.pack("<Q", len(content)) + content).decode()
key = '<InformationKey name="UNITS_LABEL" location="vtkDataArray">meV</InformationKey>'


def arrays(*parts):
    """Arrays that the reader finds, and the unit of the first."""
    inner = "\n".join(parts)
    with open("image.vti", "w") as stream:
        stream.write(
            '<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" header_type="UInt64">'
            '<ImageData WholeExtent="0 2 0 1 0 1" Origin="0 0 0" Spacing="1 1 1">'
            '<Piece Extent="0 2 0 1 0 1"><CellData>'
            f'<DataArray type="Float64" Name="a" format="binary">\n{inner}\n</DataArray>'
            "</CellData></Piece></ImageData></VTKFile>"
        )
    reader = vtk.vtkXMLImageDataReader()
    reader.SetFileName("image.vti")
    reader.Update()
    data = reader.GetOutput().GetCellData()
    unit = data.GetArray(0).GetInformation().Get(vtk.vtkDataArray.UNITS_LABEL()) if data.GetArray(0) else None
    return data.GetNumberOfArrays(), unit


first, last = arrays(key, numbers), arrays(numbers, key)
print(f"key first: {first[0]} arrays; key last: {last[0]} arrays, in {last[1]}")
raise SystemExit(first[0] != 0 or last != (1, "meV"))
PYTHON
"$folder/venv/bin/python" probe.py
