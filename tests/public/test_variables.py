"""docs/variables.md lists what the files hold, and its examples run."""

import pytest
import xarray as xr

import ferronhall as fh
from ferronhall.public.stages import STAGES
from ferronhall.public.variables import examples, page
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "variables.md"


@pytest.fixture(scope="module")
def campaign(complete):
    return fh.open(complete)


def test_every_stage_is_there(campaign):
    assert campaign.stages == list(STAGES)


def test_the_page_is_current(campaign, tmp_path):
    right = tmp_path / "variables.md"
    right.write_text(page(campaign), encoding="utf-8")
    current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    assert current == right.read_text(encoding="utf-8"), f"cp {right} {PAGE}"


def test_every_variable_is_on_the_page(campaign):
    """By the files themselves: each variable, or the one whose standard error it is."""
    text = PAGE.read_text(encoding="utf-8")
    for path in campaign.folder.rglob("*.nc"):
        if path.parent.name not in ("scan", "zero", "minus"):
            with xr.open_dataset(path) as dataset:
                for name in dataset.data_vars:
                    row = f"| `{str(name).removesuffix('_stderr')}` |"
                    assert row in text or f"| `{name}` |" in text, (path, name)


def test_the_examples_run(campaign):
    found = examples(campaign)
    assert len(found) > 300
    for expression, name in found.items():
        assert expression in PAGE.read_text(encoding="utf-8")
        made = eval(expression, {"fh": fh, "campaign": campaign})
        if isinstance(made, xr.DataArray):
            assert made.name == name and made.size > 0
