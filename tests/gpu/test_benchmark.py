"""The script that judges the GPU engine on a device works from end to end under emulation."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_script_checks_and_times(tmp_path):
    pytest.importorskip("numba.cuda.simulator", reason="this numba has no CUDA emulator")
    environment = os.environ | {"NUMBA_ENABLE_CUDASIM": "1", "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, str(ROOT / "benchmarks" / "gpu.py"), "--quick", str(tmp_path)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with open(tmp_path / "gpu.csv", newline="", encoding="utf-8") as stream:
        rows = {row["what"]: row for row in csv.DictReader(stream)}
    checks = [row["unit"] for row in rows.values() if row["unit"].startswith("at most")]
    assert len(checks) == 5 and all(unit.endswith(": met") for unit in checks)
    for what in (
        "1 replica, 6 members: a member-substep",
        "1 core of the CPU: a member-substep",
        "at the bandwidth of a copy",
        "at the arithmetic of a chain",
    ):
        assert float(rows[what]["value"]) > 0, what
    assert "emulated" in (tmp_path / "gpu.md").read_text(encoding="utf-8")
