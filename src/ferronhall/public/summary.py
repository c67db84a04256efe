"""Tables of results as DataFrames."""

import pandas as pd

from ferronhall.results.tables.table import Table

__all__ = ["frame"]


def frame(table: Table) -> pd.DataFrame:
    """A Table with its numbers as they are, columns of them as floats; notes in `attrs`."""
    found = pd.DataFrame(table.rows, columns=table.columns)
    for name in found.columns:
        if all(value is None or isinstance(value, int | float) for value in found[name]):
            found[name] = found[name].astype(float)
    found.attrs = {"title": table.title, "notes": list(table.notes)}
    return found
