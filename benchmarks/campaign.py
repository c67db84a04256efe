"""Wall time of whole small campaigns, through Snakemake, against the number of replicas."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("Snakefile", "workflow", "config", "envs", "profiles", "src")
LATTICE = {"nx": 24, "ny": 20, "nz": 8}


class CampaignCopy:
    """A copy of the project in a temporary folder, whose campaigns are timed."""

    def __init__(self, folder, t_max_ps):
        self.folder, self.t_max_ps, self.count = Path(folder), t_max_ps, 0
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            copy(ROOT / part, self.folder / part)

    def seconds(self, replicas, cores):
        """Wall time of the stages up to the trajectories, from nothing."""
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
        environment = os.environ | {"PYTHONPATH": str(self.folder / "src")}
        begun = time.perf_counter()
        done = subprocess.run(
            [*command, "--configfile", str(config)],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"the campaign {name} failed:\n{done.stdout}{done.stderr}")
        return time.perf_counter() - begun


def time_campaigns(replicas, cores, t_max_ps, repeats=2):
    """Least wall time (s) of campaigns of t_max_ps: dict cores → list along `replicas`."""
    with tempfile.TemporaryDirectory() as folder:
        copy = CampaignCopy(folder, t_max_ps)
        # leaves the kernels compiled
        copy.seconds(1, max(cores) + 1)
        return {
            n: [min(copy.seconds(count, n) for _ in range(repeats)) for count in replicas]
            for n in cores
        }
