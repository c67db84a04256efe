"""A table as rows of text and numbers, and its CSV and Markdown files."""

import csv
from dataclasses import dataclass, field

from ferronhall.base.storage import replacing


@dataclass(frozen=True)
class Table:
    """A titled table.

    columns : list of str
        Headings, with units.
    rows : list of lists
        Strings, numbers, or None for what is not computed or not printed.
    notes : list of str
        Lines that stand below the table.
    """

    title: str
    columns: list
    rows: list
    notes: list = field(default_factory=list)


def deviation(value, printed):
    """How far a value is from a printed one (%); None where either is missing or that one is 0."""
    if value is None or not printed:
        return None
    return 100 * (value - printed) / abs(printed)


def write_table(table, csv_path, md_path):
    """Write a table as CSV (full precision) and as Markdown (rounded to read)."""
    with replacing(csv_path) as path, open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(table.columns)
        writer.writerows([["" if cell is None else cell for cell in row] for row in table.rows])
    with replacing(md_path) as path:
        path.write_text(markdown(table), encoding="utf-8")


def markdown(table):
    """The table as Markdown text."""
    lines = [f"# {table.title}", "", _line(table.columns), _line(["---"] * len(table.columns))]
    lines += [_line([_cell(cell) for cell in row]) for row in table.rows]
    lines += ["", *[f"{note}\n" for note in table.notes]]
    return "\n".join(lines).rstrip() + "\n"


def _line(cells):
    return "| " + " | ".join(cells) + " |"


def _cell(value):
    if value is None or value != value:
        return "–"
    if isinstance(value, float):
        return f"{value:.7g}"
    return str(value)
