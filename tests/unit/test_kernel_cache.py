"""No kernel of old sources runs, wherever compiled kernels are kept."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ferronhall.engine import kernel_cache, kernels
from ferronhall.engine.kernels import compilation

FOLDER = Path(kernels.__file__).parent
RUN = (
    "from ferronhall.engine.kernels.outer import outer; import sys;"
    "value, stats = outer(1.0), outer.dispatcher.stats;"
    "print(value, stats.cache_path, sum(stats.cache_hits.values()))"
)


class Library:
    """A library whose one kernel calls another, in another file."""

    def __init__(self, folder):
        self.folder = folder
        self.kernels = folder / "ferronhall" / "engine" / "kernels"
        self.kernels.mkdir(parents=True)
        for package in (self.kernels.parents[1], self.kernels.parent):
            (package / "__init__.py").write_text("")
        shutil.copy(kernel_cache.__file__, self.kernels.parent)
        for module in (kernels, compilation):
            shutil.copy(module.__file__, self.kernels)
        head = "from ferronhall.engine.kernels import kernel\n"
        inner = "from ferronhall.engine.kernels.inner import inner\n"
        (self.kernels / "outer.py").write_text(
            f"{head}{inner}\n@kernel\ndef outer(x):\n    return inner(x)\n"
        )
        self.edit(2)

    def edit(self, factor):
        """Let the called kernel multiply by another factor."""
        (self.kernels / "inner.py").write_text(
            "from ferronhall.engine.kernels import kernel\n\n"
            f"@kernel\ndef inner(x):\n    return {factor} * x\n"
        )

    def call(self, **environment):
        """outer(1.0) in a new process, the folder of its cache, and how often that was used."""
        variables = os.environ | {"PYTHONPATH": str(self.folder)} | environment
        command = [sys.executable, "-c", RUN]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
        value, folder, hits = done.stdout.split()
        return float(value), folder, int(hits)


@pytest.mark.parametrize("base", ["NUMBA_CACHE_DIR", "library", "XDG_CACHE_HOME"])
def test_an_edit_of_a_called_kernel_is_seen(tmp_path, base):
    library = Library(tmp_path / "library")
    place, variables = library.kernels / "__pycache__", {"NUMBA_CACHE_DIR": ""}
    if base != "library":
        place = tmp_path / "elsewhere"
        variables[base] = str(place)
    if base == "XDG_CACHE_HOME":
        # no permissions would stop root, a file in the folder's place does
        (library.kernels / "__pycache__").write_text("")
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
    first = library.call(**variables)
    again = library.call(**variables)
    library.edit(3)
    after = library.call(**variables)
    assert first[0] == again[0] == 2.0 and again[2] == 1
    assert after[0] == 3.0 and after[2] == 0
    for folder in (first[1], after[1]):
        assert Path(folder).is_relative_to(place)
    assert first[1] == again[1] != after[1]


@pytest.mark.parametrize("base", ["NUMBA_CACHE_DIR", "library"])
def test_a_library_that_was_moved_compiles_nothing_anew(tmp_path, base):
    library = Library(tmp_path / "library")
    variables = {"NUMBA_CACHE_DIR": str(tmp_path / "kept") if base != "library" else ""}
    assert library.call(**variables)[2] == 0
    shutil.move(library.folder, tmp_path / "moved")
    moved = Library.__new__(Library)
    moved.folder = tmp_path / "moved"
    moved.kernels = moved.folder / "ferronhall" / "engine" / "kernels"
    value, _, hits = moved.call(**variables)
    assert (value, hits) == (2.0, 1)
    moved.edit(3)
    value, _, hits = moved.call(**variables)
    assert (value, hits) == (3.0, 0)


@pytest.mark.parametrize("variable", ["NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES"])
def test_processors_that_share_a_folder_keep_their_own_kernels(tmp_path, variable):
    library = Library(tmp_path / "library")
    here = {"NUMBA_CACHE_DIR": str(tmp_path / "shared")}
    other = here | {variable: {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}[variable]}
    first, elsewhere = library.call(**here), library.call(**other)
    assert first[1] != elsewhere[1] and elsewhere[2] == 0
    assert library.call(**here) == (2.0, first[1], 1)
    assert library.call(**other) == (2.0, elsewhere[1], 1)


def test_another_clone_that_is_told_the_same_folder_compiles_nothing(tmp_path):
    first, second = Library(tmp_path / "first"), Library(tmp_path / "second")
    shared = {"NUMBA_CACHE_DIR": str(tmp_path / "shared")}
    assert first.call(**shared)[2] == 0
    value, folder, hits = second.call(**shared)
    assert (value, hits) == (2.0, 1)
    second.edit(3)
    value, edited, hits = second.call(**shared)
    assert (value, hits) == (3.0, 0) and edited != folder
    assert first.call(**shared) == (2.0, folder, 1)


@pytest.mark.parametrize("module", ["numba", "llvmlite"])
def test_another_version_of_the_compiler_has_a_folder_of_its_own(tmp_path, module, monkeypatch):
    before = kernel_cache.cache_folder(FOLDER, str(tmp_path))
    monkeypatch.setattr(f"{module}.__version__", "0")
    assert kernel_cache.cache_folder(FOLDER, str(tmp_path)) != before


def test_without_any_folder_kernels_are_compiled_all_the_same(tmp_path):
    library = Library(tmp_path / "library")
    (library.kernels / "__pycache__").write_text("")
    (tmp_path / "file").write_text("")
    nowhere = {name: str(tmp_path / "file") for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    value, folder, hits = library.call(PYTHONDONTWRITEBYTECODE="1", **nowhere)
    assert (value, folder, hits) == (2.0, "None", 0)


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    refused = tmp_path / "told"
    refused.write_text("a file, no folder")
    found = kernel_cache.cache_folder(FOLDER, str(refused))
    assert Path(found).parent == FOLDER / "__pycache__"
    found = kernel_cache.cache_folder(FOLDER, str(tmp_path / "new"))
    assert Path(found).parent == tmp_path / "new" / "ferronhall"


def test_a_renamed_or_moved_line_counts(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text("")
    before = kernel_cache.sources_digest(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "c.py")
    renamed = kernel_cache.sources_digest(tmp_path)
    (tmp_path / "c.py").write_text("")
    (tmp_path / "b.py").write_text("x = 1\n")
    assert len({before, renamed, kernel_cache.sources_digest(tmp_path)}) == 3


def test_kernels_are_made_of_this_folder_alone():
    """What a kernel took from outside would be frozen into it without entering the digest."""
    for path in FOLDER.rglob("*.py"):
        assert path.parent == FOLDER
        if path.name == "__init__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [module or ""]
            for name in names:
                inside = name.startswith("ferronhall.engine.kernels")
                assert inside or not name.startswith("ferronhall"), f"{path.name}: {name}"
