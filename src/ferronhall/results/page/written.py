"""What lies in the campaign's folder: its Markdown tables as HTML, and links to its files."""

from html import escape
from itertools import groupby
from pathlib import PurePosixPath

from ferronhall.results.display_units import typeset
from ferronhall.results.tables.table import MISSING


def table_html(markdown):
    """A table that tables.table.markdown wrote, as (title, HTML).

    Its columns sort by a click; its notes stand below it. Units are written as figures have them.
    """
    title, *lines = typeset(markdown).strip().splitlines()
    grid = [_cells(line) for line in lines if line.startswith("|")]
    notes = [line for line in lines if line.strip() and not line.startswith("|")]
    kinds = [_kind(column) for column in zip(*grid[2:], strict=True)] or [""] * len(grid[0])
    head, *body = (_row(cells, kinds, tag) for cells, tag in _tagged(grid))
    below = "".join(f"<p class='note'>{escape(note)}</p>" for note in notes)
    return title.lstrip("# "), (
        "<div class='wide'><table class='sortable'>"
        f"<thead>{head}</thead><tbody>{''.join(body)}</tbody></table></div>{below}"
    )


def _cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def _tagged(grid):
    """Rows with the tag of their cells, without the line of dashes below the headings."""
    return [(grid[0], "th"), *((row, "td") for row in grid[2:])]


def _row(cells, kinds, tag):
    both = zip(cells, kinds, strict=True)
    return f"<tr>{''.join(f'<{tag}{kind}>{escape(cell)}</{tag}>' for cell, kind in both)}</tr>"


def _kind(column):
    """Numbers stand at the right."""
    entries = [cell for cell in column if cell not in ("", MISSING)]
    return " class='number'" if entries and all(map(_is_number, entries)) else ""


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def links(files):
    """Lists of links to files, a list for each folder.

    files : paths relative to the page
    """
    found = sorted(map(PurePosixPath, files), key=lambda path: (str(path.parent), path.name))
    parts = []
    for folder, members in groupby(found, key=lambda path: path.parent):
        shown = []
        for stem, alike in groupby(members, key=lambda path: path.stem):
            endings = " ".join(f'<a href="{escape(str(p))}">{p.suffix[1:]}</a>' for p in alike)
            shown.append(f"<li>{escape(stem)}: {endings}</li>")
        heading = "" if str(folder) == "." else f"<h3>{escape(str(folder))}/</h3>"
        parts.append(f"{heading}<ul class='files'>{''.join(shown)}</ul>")
    return "".join(parts)
