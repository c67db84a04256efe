"""Packs the workflow beside the library: an installed ferronhall runs campaigns without a clone.

Everything else of the build stands in pyproject.toml.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ("Snakefile", "CITATION.cff", "workflow", "config", "data", "envs", "profiles")
"""What a campaign needs beside the library, as it lies in a clone."""

FOLDER = "ferronhall/shipped"
"""Where it lies in the library; ferronhall.base.shipped finds it there."""


def shipped_files():
    """Every file of SHIPPED, without what running left there."""
    for part in map(Path, SHIPPED):
        files = [part] if part.is_file() else sorted(p for p in part.rglob("*") if p.is_file())
        yield from (file for file in files if "__pycache__" not in file.parts)


class BuildWithWorkflow(build_py):
    """The modules, and the workflow among them; a clone installed as it is (-e) has its own."""

    def run(self):
        super().run()
        # what an earlier build left would be packed too
        shutil.rmtree(Path(self.build_lib, FOLDER), ignore_errors=True)
        for source, target in self._copies():
            self.mkpath(str(target.parent))
            self.copy_file(str(source), str(target))

    def get_source_files(self):
        """What a source distribution has to hold."""
        return [*super().get_source_files(), *map(str, shipped_files())]

    def get_outputs(self, include_bytecode=True):
        return [*super().get_outputs(include_bytecode), *(str(t) for _, t in self._copies())]

    def _copies(self):
        if not self.editable_mode:
            yield from ((f, Path(self.build_lib, FOLDER, f)) for f in shipped_files())


setup(cmdclass={"build_py": BuildWithWorkflow})
