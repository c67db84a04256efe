"""Snakemake in forks of one process that has imported it, and its jobs in others.

A run is spared two seconds of imports, and each of its scripts one. Run as a program,
`python -P forked_snakemake.py`, it reads requests (JSON, one a line, with the arguments of `run`)
and answers each with the exit status. It has imported nothing of ferronhall.
"""

import gc
import io
import json
import os
import runpy
import signal
import socket
import sys
from pathlib import Path

import jsonschema  # noqa: F401
import matplotlib.figure
import netCDF4  # noqa: F401
import numba  # noqa: F401
import pandas  # noqa: F401
import phonopy  # noqa: F401
import pint  # noqa: F401
import scipy.constants
import scipy.fft
import scipy.linalg
import scipy.optimize
import scipy.sparse.linalg
import scipy.spatial.transform
import scipy.special  # noqa: F401
import smart_open  # noqa: F401
import snakemake.cli
import xarray  # noqa: F401

# beside this file; the folder of a program is not among those that -P has Python look in
sys.path.append(str(Path(__file__).parent))
import forked_jobs

sys.path.pop()


def run(arguments, cwd, environment, stdout, stderr, jobs):
    """Be `python -m snakemake` from here on.

    arguments : list of str
    cwd : str
    environment : dict, PYTHONPATH among it
    stdout, stderr : paths of the files that take what it prints
    jobs : path of the socket that its jobs' commands ask at
    """
    for descriptor, path in enumerate((os.devnull, stdout, stderr)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), descriptor)
    forked_jobs.become(cwd, environment, cwd, [sys.argv[0], *arguments])
    forked_jobs.replace_interpreter(jobs)
    forked_jobs.to_the_end(runpy.run_module, "snakemake", None, "__main__", True)


def _look_around():
    """Let the libraries find what they look for the first time."""
    # Snakemake its plugins, which takes as long as the imports do
    snakemake.cli.get_argument_parser()
    # matplotlib the modules of its formats, fonts, and the grammar of its formulas
    for ending in ("png", "pdf"):
        figure = matplotlib.figure.Figure()
        figure.text(0.5, 0.5, "a $b_c$")
        with matplotlib.rc_context({"pdf.fonttype": 42}):
            figure.savefig(io.BytesIO(), format=ending)
    # what is there now no fork has to look through, which would copy the memory that it lies in
    gc.collect()
    gc.freeze()


def main():
    _look_around()
    for line in sys.stdin:
        request = json.loads(line)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(request["jobs"])
        listener.listen()
        server = os.fork()
        if server == 0:
            forked_jobs.serve(listener)
            os._exit(0)
        listener.close()
        child = os.fork()
        if child == 0:
            run(**request)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.kill(server, signal.SIGTERM)
        os.waitpid(server, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main()
