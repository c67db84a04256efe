"""A drawn figure with its numbers, and how both are written to disk."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ferronhall.base.storage import replacing
from ferronhall.results.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class DrawnFigure:
    """A figure and the numbers it plots.

    figure : matplotlib.figure.Figure
    data : list of (panel, columns)
        `columns` maps a header, "name (unit)", to a 1-D array; all of one panel are equally long.
    """

    figure: Figure
    data: list


def save(drawn, png_path, pdf_path, csv_path, accepted=""):
    """Write a DrawnFigure as PNG (300 dpi), PDF (vectors, embedded fonts) and CSV.

    No file carries a date, so the same figure gives the same bytes.

    accepted : str
        Other code that was accepted in its data; it goes into the description of PNG and PDF.
    """
    said = f"Of other code, accepted as it is: {accepted}" if accepted else None
    png = {"Software": None} | ({"Description": said} if said else {})
    with style.context():
        with replacing(png_path) as path:
            drawn.figure.savefig(path, format="png", dpi=300, metadata=png)
        with replacing(pdf_path) as path:
            pdf = {"CreationDate": None, "Subject": said}
            drawn.figure.savefig(path, format="pdf", metadata=pdf)
    write_columns(drawn.data, csv_path)


def write_columns(data, csv_path):
    """Write panels as one tidy table: a `panel` column, then every header; absent cells are empty.

    Floats are written so that reading them back gives the same number.
    """
    headers = list(dict.fromkeys(h for _, columns in data for h in columns))
    with replacing(csv_path) as path, open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["panel", *headers])
        for panel, columns in data:
            arrays = {h: np.asarray(v).ravel().tolist() for h, v in columns.items()}
            for row in zip(*arrays.values(), strict=True):
                cells = dict(zip(arrays, row, strict=True))
                writer.writerow([panel, *(_cell(cells.get(h)) for h in headers)])


def _cell(value):
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)
