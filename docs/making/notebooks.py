"""Tutorials: Markdown with blocks of Python, as notebooks and as pages with what the blocks show.

    python -m docs.making.notebooks docs/tutorials/effect.md

writes effect.ipynb into the working folder, not yet run; jupytext opens the same Markdown as it is.
Every block ```python is a cell, whatever stands between them is text.
"""

import html
import re
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CELL = re.compile(r"^```python\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
TIMEOUT_S = 600


def notebook(text):
    """The notebook of a page in Markdown."""
    cells = []
    # split by a pattern with one group: text, code, text, code, …, text
    for i, part in enumerate(CELL.split(text)):
        if part.strip():
            cells.append((new_code_cell if i % 2 else new_markdown_cell)(part.strip()))
    for number, cell in enumerate(cells):
        # their identifiers are random by default, and with them every file that is written
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def executed(made, folder):
    """The same, run from top to bottom in a folder; an error in a cell is raised."""
    from nbclient import NotebookClient

    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(made, timeout=TIMEOUT_S, kernel_name="python3", resources=resources)
    return client.execute()


def shown(made):
    """A notebook as Markdown, and what its cells show as HTML.

    returns : (text with a paragraph OUTPUT-i where the i-th output stands, list of HTML)
    """
    parts, outputs = [], []
    for cell in made.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        found = "".join(as_html(output) for output in cell.get("outputs", []))
        if found:
            parts.append(f"OUTPUT-{len(outputs)}")
            outputs.append(f'<div class="output">{found}</div>')
    return "\n\n".join(parts), outputs


def as_html(output):
    """One output of a cell: a picture, HTML or text, whichever shows most."""
    if output.output_type == "stream":
        # of a bar, which overwrites its line, the last state
        lines = [line.rpartition("\r")[2] for line in output.text.rstrip().splitlines()]
        return f"<pre>{html.escape(chr(10).join(lines))}</pre>"
    data = output.get("data", {})
    if "image/png" in data:
        return f'<img alt="figure" src="data:image/png;base64,{data["image/png"].strip()}">'
    if "text/html" in data:
        return str(data["text/html"])
    return f"<pre>{html.escape(str(data.get('text/plain', '')))}</pre>"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        text = Path(name).read_text(encoding="utf-8")
        nbformat.write(notebook(text), Path(name).stem + ".ipynb")
