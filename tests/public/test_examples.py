"""Every public name is documented by an example, and the examples run."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import ferronhall
from ferronhall import public

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def modules():
    """Every module of the public room."""
    return [m.name for m in pkgutil.walk_packages(public.__path__, "ferronhall.public.")]


@pytest.mark.parametrize("name", modules())
def test_examples_run(name, here):
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)
    assert failed == 0


@pytest.mark.parametrize("name", ["Material", "Model"])
def test_examples_of_the_model_run(name, here):
    made = getattr(ferronhall, name)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    found = [t for t in doctest.DocTestFinder(recurse=False).find(made, name) if t.examples]
    assert found
    for example in found:
        assert runner.run(example).failed == 0


def test_the_list_of_public_names():
    assert ferronhall.__all__ == [
        "Campaign",
        "FerronHallError",
        "Material",
        "Model",
        "configuration",
        "material_from_phonopy",
        "open",
        "simulate",
        "steady_state",
        "write_extxyz",
        "write_feram",
        "write_openferro",
        "write_vtk",
    ]


def documented():
    """Public names with what has to have an example: all but the base of the errors."""
    return [(n, getattr(ferronhall, n)) for n in ferronhall.__all__ if n != "FerronHallError"]


@pytest.mark.parametrize(
    ("name", "made"), [pytest.param(*each, id=each[0]) for each in documented()]
)
def test_every_public_name_has_an_example(name, made):
    assert ">>> import ferronhall as fh" in inspect.getdoc(made)
    assert "fh." + name in inspect.getdoc(made) or name == "Campaign"


def test_all_names_what_a_module_defines():
    for name in modules():
        module = importlib.import_module(name)
        if hasattr(module, "__path__"):
            continue
        for public_name in module.__all__:
            assert hasattr(module, public_name), (name, public_name)
        for thing, found in vars(module).items():
            if getattr(found, "__module__", None) == name and not thing.startswith("_"):
                assert thing in module.__all__, (name, thing)


def test_a_name_that_is_none_is_told_apart():
    with pytest.raises(AttributeError, match="no attribute 'opne'"):
        _ = ferronhall.opne


def test_importing_the_library_loads_nothing_heavy():
    import subprocess
    import sys

    code = (
        "import ferronhall, sys; print({'numpy','xarray','numba','matplotlib'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"
