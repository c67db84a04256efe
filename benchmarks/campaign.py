"""Wall time of whole small campaigns, through Snakemake, against the number of replicas."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
LATTICE = {"nx": 24, "ny": 20, "nz": 8}
READ = ("config", "data")
"""Folders that a configuration names files of, relative to where the campaign runs."""


class Workplace:
    """A folder away from the project, in which the project's workflow runs timed campaigns."""

    def __init__(self, folder, t_max_ps):
        self.folder, self.t_max_ps, self.count = Path(folder), t_max_ps, 0
        for part in READ:
            (self.folder / part).symlink_to(ROOT / part)

    def seconds(self, replicas, cores):
        """Wall time (s) of the stages up to the trajectories, from nothing.

        raises : RuntimeError with what Snakemake printed when the campaign fails
        """
        content = yaml.safe_load((ROOT / "config" / "config.yaml").read_text(encoding="utf-8"))
        self.count += 1
        name = f"campaign-{self.count}"
        content["campaign"] = name
        content["lattice"] |= LATTICE
        content["time"] |= {"t_max_ps": self.t_max_ps, "t_equil_ps": 5.0, "samples_per_block": 10}
        content["ensemble"] |= {"replicas": replicas, "harmonic_twin": False}
        config = self.folder / f"{name}.yaml"
        config.write_text(yaml.safe_dump(content), encoding="utf-8")
        command = [sys.executable, "-m", "snakemake", "trajectories", "--cores", str(cores)]
        command += ["--snakefile", str(ROOT / "Snakefile"), "--directory", str(self.folder)]
        begun = time.perf_counter()
        done = subprocess.run(
            [*command, "--configfile", str(config)],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"the campaign {name} failed:\n{done.stdout}{done.stderr}")
        return time.perf_counter() - begun


def time_campaigns(replicas, cores, t_max_ps, repeats):
    """Least wall time (s) of several campaigns each of so many replicas, along `replicas`."""
    with tempfile.TemporaryDirectory() as folder:
        place = Workplace(folder, t_max_ps)
        # the very first may have to compile the kernels, which all others find compiled
        return [min(place.seconds(n, cores) for _ in range(repeats)) for n in replicas]
