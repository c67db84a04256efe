"""The rooms of the library: none of them imports from one that is built on it."""

import ast
from pathlib import Path

import pytest

import ferronhall

PACKAGE = Path(ferronhall.__file__).parent
BUILT_ON = {
    "base": (),
    "model": ("base",),
    "engine": ("base", "model"),
    "theory": ("base", "model"),
    "crystals": ("base", "model"),
    "analysis": ("base", "model", "engine", "theory"),
    "campaign": ("base", "model", "engine", "theory"),
    "results": ("base", "model", "engine", "theory", "analysis", "crystals"),
    "public": (
        *("base", "model", "engine", "theory", "crystals"),
        *("analysis", "campaign", "results"),
    ),
}
"""Room → the rooms that it may import from, besides itself."""


def imported(source):
    """Dotted names of everything that a source imports from ferronhall, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == "ferronhall")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "ferronhall":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows(package):
    """(module, imported name) of every import between rooms that BUILT_ON does not allow."""
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).parts[0]
        if room == "__init__.py":
            continue
        for name in imported(path.read_text(encoding="utf-8")):
            other = name.split(".")[1]
            if other not in (room, *BUILT_ON[room]):
                yield f"{path.relative_to(package)} → {name}"


def test_no_module_lies_outside_the_rooms():
    loose = {path.name for path in PACKAGE.iterdir() if not path.name.startswith("__pycache__")}
    assert loose == {"__init__.py", "py.typed", *BUILT_ON}


def test_imports_point_down():
    inside = {"__init__.py": (), **BUILT_ON}
    assert {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py")} == set(inside)
    assert list(arrows(PACKAGE)) == []


@pytest.mark.parametrize(
    "line", ["from ferronhall.engine.run import Run", "import ferronhall.results.tables"]
)
def test_an_arrow_up_is_seen(tmp_path, line):
    module = tmp_path / "theory" / "sub" / "new.py"
    module.parent.mkdir(parents=True)
    module.write_text(f"def late():\n    {line}\n")
    assert len(list(arrows(tmp_path))) == 1
