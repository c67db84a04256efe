"""What the library reads beside its modules: it is all there, and goes where the library goes."""

import ast
import re
import tomllib

import pytest

from ferronhall.base import schema
from tests.conftest import ROOT

LIBRARY = ROOT / "src" / "ferronhall"
READERS = {"schema.check", "schema.fill", "yaml_files.read_checked"}
"""Functions that take the name of a schema as their second argument."""


def named_schemas(source):
    """Second argument of every call of a reader in a source: its text, or the expression."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in READERS:
            name = node.args[1]
            yield name.value if isinstance(name, ast.Constant) else ast.unparse(name)


def test_the_code_names_every_schema_and_no_other():
    named = {
        name
        for path in LIBRARY.rglob("*.py")
        for name in named_schemas(path.read_text(encoding="utf-8"))
    }
    # what read_checked hands on from its own callers
    named.remove("schema_name")
    files = {entry.name for entry in schema.SCHEMAS.iterdir()}
    assert files == {f"{name}.schema.yaml" for name in named}


@pytest.mark.parametrize(
    "line", ["schema.check(content, 'new')", "x = f(yaml_files.read_checked(path, 'new', 'key'))"]
)
def test_a_name_in_the_code_is_seen(line):
    assert list(named_schemas(f"def f(x):\n    {line}\n")) == ["new"]


def test_the_wheel_takes_all_files_beside_the_modules():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = {
        path
        for package, patterns in settings["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in ROOT.joinpath("src", *package.split(".")).glob(pattern)
    }
    files = {p for p in LIBRARY.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert packed == {path for path in files if path.suffix != ".py"}


def test_every_folder_with_modules_is_a_package():
    """Setuptools leaves a folder without __init__.py out of a wheel."""
    folders = {path.parent for path in LIBRARY.rglob("*.py")}
    assert LIBRARY in folders
    assert [f for f in folders if not (f / "__init__.py").exists()] == []


def test_editors_find_the_schema_that_a_configuration_names():
    lines = {
        path: re.match(r"# yaml-language-server: \$schema=(.+)\n", path.read_text(encoding="utf-8"))
        for path in ROOT.glob("config/**/*.yaml")
    }
    named = {path: (path.parent / line.group(1)).resolve() for path, line in lines.items() if line}
    # the others are what ferronhall-material wrote
    assert {path.parent.name for path in lines.keys() - named.keys()} <= {"materials"}
    assert set(named.values()) <= set((LIBRARY / "base" / "schemas").iterdir())
