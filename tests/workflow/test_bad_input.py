"""Bad input stops with one clear message, and finished results stay as they are."""

import datetime
import shutil

import pytest

from tests.workflow.conftest import refused

MISTAKES = {
    "misspelt key": (
        {"temperature": {"T_hott_K": 50.0}},
        ["temperature.T_hott_K", "did you mean temperature.T_hot_K"],
    ),
    "number as text": (
        {"temperature": {"T_cold_K": "1e-1"}},
        ["temperature.T_cold_K", "'1e-1'", "1.0e-1"],
    ),
    "negative temperature": ({"temperature": {"T_hot_K": -5.0}}, ["temperature.T_hot_K", "-5.0"]),
    "unknown preset": ({"short_range": {"preset": "pbesol"}}, ["short_range.preset", "'pbesol'"]),
    "mismatched kernel": (
        {"short_range": {"preset": "pbesol-s11"}},
        ["short_range.preset", "dipole.kernel", "longitudinal"],
    ),
    "too small lattice": ({"lattice": {"ny": 4}}, ["lattice.ny", "4", "5 to 10000"]),
    "scan of what theory ignores": (
        {"scan": [{"key": "time.dt_ps", "values": [0.001]}]},
        ["scan.0.key", "time.dt_ps", "neither time step"],
    ),
    "scan of a refused value": (
        {"scan": [{"key": "lattice.ny", "values": [6, 4]}]},
        ["lattice.ny = 4 is refused", "5 to 10000"],
    ),
    "date for a name": (
        {"campaign": datetime.date(2026, 1, 2)},
        ["campaign", "a date (2026-01-02)"],
    ),
    "number for a name": ({"campaign": 2026}, ["campaign", "a number (2026)"]),
    "line's end in a name": ({"campaign": "tiny\n"}, ["campaign", "'tiny\\n' is not allowed"]),
    "name longer than a file's": ({"campaign": "m" * 300}, ["campaign", "300 characters"]),
    "missing material": ({"material": "nowhere.yaml"}, ["material", "nowhere.yaml"]),
    "device as material": ({"material": "/dev/zero"}, ["material", "/dev/zero", "it is a device"]),
}


def check(project, done, before, words):
    text = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Traceback" not in text, text
    for word in words:
        assert word in text
    assert project.results() == before


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_bad_configuration(project, mistake):
    change, words = MISTAKES[mistake]
    before = project.results()
    with project.configured(**change):
        done = project.snakemake("--cores", "2")
    check(project, done, before, words)


def test_a_key_given_twice(project):
    before = project.results()
    with project.edited("config/config.yaml", "lattice:", "campaign: other\nlattice:"):
        done = project.snakemake("--cores", "2")
    check(project, done, before, ["config.yaml", "campaign: stands twice in one group"])


def test_first_principles_without_keys(project):
    before = project.results()
    with project.configured(first_principles=None):
        done = project.snakemake("--cores", "2")
    check(project, done, before, ["first_principles"])


def test_data_of_second_order_that_are_not_there(project):
    """A dry run says so; a campaign that does not ask for them does not mind."""
    with project.configured(second_order={"data": "data/gone"}):
        done = project.snakemake("second_order", "--dry-run")
        assert project.planned() == {}
    refused(done, "second_order.data", "data/gone/dataset.yaml", "no such file")
    shutil.copytree(project.folder / "data/second-order", project.folder / "data/half")
    (project.folder / "data/half/polarizations.csv").unlink()
    with project.configured(second_order={"data": "data/half"}):
        done = project.snakemake("second_order", "--dry-run")
    refused(done, "second_order.data", "data/half/polarizations.csv")
    shutil.rmtree(project.folder / "data/half")


def test_densities_that_are_not_there(project):
    folder = project.folder / "data/second-order/HfO2/density"
    folder.rename(folder.with_name("elsewhere"))
    try:
        done = project.snakemake("second_order", "--dry-run")
    finally:
        folder.with_name("elsewhere").rename(folder)
    refused(done, "data/second-order/HfO2/density", "no densities of the fluorite")


def test_a_name_in_quotes_may_look_like_a_number(project):
    for name in ("2026", "2026-01-02"):
        with project.configured(campaign=name):
            assert project.planned("parameters") == {"preflight": 1, "parameters": 1}
    done = project.snakemake("parameters", "--dry-run", "--config", "campaign=2026-01-02")
    assert "results/2026-01-02/parameters.nc" in done.stdout + done.stderr


UNUSABLE = {
    "unstable kernel": (
        {
            "lattice": {"nx": 11, "ny": 7, "nz": 5},
            "short_range": {"preset": "nishimatsu2010"},
            "dipole": {"kernel": "longitudinal"},
        },
        ["unstable", "q_x = ", "short_range.preset"],
    ),
    "too large a time step": (
        {"time": {"dt_ps": 0.04, "substeps": 1, "samples_per_block": 10}},
        ["time.dt_ps", "omega_max"],
    ),
}


@pytest.mark.parametrize("mistake", UNUSABLE)
def test_a_model_that_cannot_run(project, mistake):
    change, words = UNUSABLE[mistake]
    before = project.results()
    with project.configured(**change):
        done = project.snakemake("--cores", "2")
    check(project, done, before, words)
    log = (project.folder / "results/tiny/logs/preflight.log").read_text()
    assert words[0] in log
    assert project.planned() == {}
