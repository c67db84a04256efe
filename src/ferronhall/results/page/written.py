"""What lies in the campaign's folder: its Markdown tables as HTML, and links to its files."""

from html import escape
from itertools import groupby
from pathlib import PurePosixPath

from ferronhall.results.tables.table import MISSING


def table_html(markdown):
    """A table that tables.table.markdown wrote, as (title, HTML).

    Its columns sort by a click; its notes stand below it.
    """
    title, *lines = markdown.strip().splitlines()
    grid = [_cells(line) for line in lines if line.startswith("|")]
    notes = [line for line in lines if line.strip() and not line.startswith("|")]
    head = "".join(f"<th>{escape(name)}</th>" for name in grid[0])
    body = "".join(
        f"<tr>{''.join(f'<td{_kind(cell)}>{escape(cell)}</td>' for cell in row)}</tr>"
        for row in grid[2:]
    )
    below = "".join(f"<p class='note'>{escape(note)}</p>" for note in notes)
    return title.lstrip("# "), (
        "<div class='wide'><table class='sortable'>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{below}"
    )


def _cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def _kind(cell):
    """Numbers stand at the right."""
    try:
        float(cell)
    except ValueError:
        return " class='number'" if cell == MISSING else ""
    return " class='number'"


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
