"""A table as rows of text and numbers, and its CSV and Markdown files."""

import csv
from dataclasses import dataclass, field, replace

from ferronhall.base.storage import replacing
from ferronhall.results.tables import rounding

MISSING = "–"
"""Stands for what is not computed or not printed."""


@dataclass(frozen=True)
class Table:
    """A titled table.

    columns : list of str
        Headings, with units.
    rows : list of lists
        Strings, numbers, or None for what is not computed or not printed.
    notes : list of str
        Lines that stand below the table.
    errors : dict of heading → heading
        Columns that have a standard error, and the column it stands in.
    formats : dict of heading → function of a number that returns text
        How Markdown shows the other columns, where not as `rounding.plain` does.
    """

    title: str
    columns: list
    rows: list
    notes: list = field(default_factory=list)
    errors: dict = field(default_factory=dict)
    formats: dict = field(default_factory=dict)

    def of_other_code(self, accepted):
        """The table with a note of the other code that was accepted in its data; "" for none."""
        note = f"Of other code, accepted as it is: {accepted}."
        return replace(self, notes=[*self.notes, note]) if accepted else self


def deviation(value, printed):
    """How far our value is from a printed one, relative to that one (%): (ours − printed)/printed.

    Positive where ours is the larger in size, whatever the sign they share. None where either is
    missing or the printed one is 0.
    """
    if value is None or not printed:
        return None
    return 100 * (value - printed) / printed


def write_table(table, csv_path, md_path):
    """Write a table as CSV (full precision) and as Markdown (rounded to read)."""
    with replacing(csv_path) as path, open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(table.columns)
        writer.writerows([["" if cell is None else cell for cell in row] for row in table.rows])
    with replacing(md_path) as path:
        path.write_text(markdown(table), encoding="utf-8")


def markdown(table):
    """The table as Markdown text, without columns in which no row has an entry."""
    rows = [_cells(table, row) for row in table.rows]
    kept = [n for n in range(len(table.columns)) if not rows or any(r[n] != MISSING for r in rows)]
    lines = [f"# {table.title}", ""]
    for cells in (table.columns, ["---"] * len(table.columns), *rows):
        lines.append("| " + " | ".join(cells[n] for n in kept) + " |")
    lines += ["", *[f"{note}\n" for note in table.notes]]
    return "\n".join(lines).rstrip() + "\n"


def _cells(table, row):
    """A row as text, its numbers rounded to read."""
    by_name = dict(zip(table.columns, row, strict=True))
    return [_cell(table, name, value, by_name) for name, value in by_name.items()]


def _cell(table, name, value, row):
    if value is None or value != value:
        return MISSING
    if not isinstance(value, float):
        return str(value)
    stderr = row.get(table.errors.get(name))
    if stderr is not None:
        return rounding.supported(value, stderr)
    if name in table.errors.values():
        return rounding.error(value)
    return table.formats.get(name, rounding.plain)(value)
