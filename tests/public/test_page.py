"""The code blocks of docs/library.md run, one after the other."""

import re

import pytest

from tests.conftest import ROOT

pytest.importorskip("pint_xarray", reason="pint-xarray reads the units")


def test_the_code_of_the_page_runs(here, tmp_path, monkeypatch, capsys):
    for name in ("config", "data", "results"):
        (tmp_path / name).symlink_to(here / name)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 7
    names = {}
    for block in blocks:
        exec(compile(block, "docs/library.md", "exec"), names)
    assert names["found"].attrs["replicas"] == 2
    assert {"maps.vti", "state.xyz", "batio3.feram"} <= {path.name for path in tmp_path.iterdir()}
    # the bar of each replica
    assert "replica 0001" in capsys.readouterr().err


def test_the_page_lists_every_public_name():
    import ferronhall

    text = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    table = "\n".join(line for line in text.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)`", table)) == set(ferronhall.__all__)
