"""Scans in the workflow: a job a point, no trajectory, and nothing else reruns."""

import numpy as np

from ferronhall.base import storage

REDUCED = {"scan_collection": 1, "scan": 1, "scan_table": 1}
NY = {"key": "lattice.ny", "values": [6]}
KERNEL = {"key": "short_range.preset", "values": ["pbesol-gaussian", "pbesol-s11"]}


def test_a_scan_needs_no_trajectory_and_a_new_value_runs_alone(project):
    with project.configured(campaign="scanned", scan=[NY, KERNEL]):
        assert project.planned("scans") == {"scan_point": 3, **REDUCED}
        project.run("scans")
        assert project.planned("scans") == {}
    files = project.results("scanned")
    assert set(files) == {
        "scan/base.nc",
        "scan/lattice.ny/6.nc",
        "scan/short_range.preset/pbesol-s11.nc",
        "scan.nc",
        *(f"figures/scan.{ext}" for ext in ("png", "pdf", "csv")),
        *(f"tables/scan.{ext}" for ext in ("csv", "md")),
    }
    scan = storage.read(project.folder / "results/scanned/scan.nc")
    assert scan["base"].values.tolist() == [True, False, True, False]
    assert np.isfinite(scan["edge"]).all()

    more = {"key": "lattice.ny", "values": [6, 7]}
    with project.configured(campaign="scanned", scan=[more, KERNEL]):
        assert project.planned("scans") == {"scan_point": 1, **REDUCED}
        project.run("scans")
    after = project.results("scanned")
    assert all(after[f] == files[f] for f in files if f.startswith("scan/"))
    with project.configured(campaign="scanned", scan=[KERNEL]):
        assert project.planned("scans") == REDUCED
    with project.configured(campaign="scanned", scan=[NY], time={"t_max_ps": 3.0}):
        assert project.planned("scans") == REDUCED


def test_a_scan_touches_nothing_else(project):
    with project.configured(scan=[NY]):
        assert project.planned() == {"scan_point": 2, **REDUCED}


def test_without_a_scan_the_target_says_what_to_add(project):
    done = project.snakemake("--cores", "1", "scans")
    assert done.returncode != 0
    assert "scan:\n  - {key: field.omega_B_rad_per_ps" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
