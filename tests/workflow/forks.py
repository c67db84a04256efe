"""Runs of Snakemake that spare its imports and those of its jobs, see forked_snakemake."""

import json
import os
import subprocess
import sys
import tempfile
from functools import cached_property
from pathlib import Path

_PROGRAM = Path(__file__).with_name("forked_snakemake.py")


class Snakemake:
    """A process that has imported Snakemake and forks for every run; it ends with this one."""

    @cached_property
    def _server(self):
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        # read when the libraries are imported, where a job sets them itself
        environment |= {"HDF5_USE_FILE_LOCKING": "FALSE", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-P", str(_PROGRAM)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        return subprocess.Popen(command, env=environment, text=True, **pipes)

    def run(self, arguments, cwd, environment):
        """`python -m snakemake` with arguments; returns a CompletedProcess with its output.

        cwd : str
        environment : dict, with PYTHONPATH
        """
        with tempfile.TemporaryDirectory() as folder:
            output = {name: str(Path(folder, name)) for name in ("stdout", "stderr")}
            request = {"arguments": arguments, "cwd": cwd, "environment": dict(environment)}
            request |= {"jobs": str(Path(folder, "jobs"))}
            print(json.dumps(request | output), file=self._server.stdin, flush=True)
            status = int(self._server.stdout.readline())
            printed = {k: Path(v).read_text(encoding="utf-8") for k, v in output.items()}
        return subprocess.CompletedProcess(list(arguments), status, **printed)
