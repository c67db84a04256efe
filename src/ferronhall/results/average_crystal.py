"""What is said of a theory that knows the average crystal alone, where cells differ."""

import json

from ferronhall.base.digest import even_cells

WORDS = "average crystal"

_NOTE = (
    "Of the average crystal, of the mean stiffness and mass in every cell: this theory knows no "
    "uneven one."
)


def is_average(dataset):
    """Whether a dataset of the theory was made with cells that differ.

    dataset : xarray.Dataset, with the configuration that it records
    """
    return not even_cells(json.loads(dataset.attrs.get("config", "{}")).get("disorder"))


def notes(dataset):
    """The note below a table of such a theory, as a list; empty where all cells are alike."""
    return [_NOTE] if is_average(dataset) else []


def after(text, dataset):
    """A line of small print, with the words where they are due."""
    return f"{text},  {WORDS}" if is_average(dataset) else text
