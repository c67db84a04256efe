"""Snakemake in forks of one process that has imported it: a run is spared two seconds of imports.

Run as a program, `python -P forked_snakemake.py`, it reads requests (JSON, one a line, with the
arguments of `run`) and answers each with the exit status. It has imported nothing of ferronhall.
"""

import json
import os
import runpy
import sys

import jsonschema  # noqa: F401
import netCDF4  # noqa: F401
import numba  # noqa: F401
import scipy.fft
import scipy.linalg
import scipy.optimize
import scipy.spatial.transform  # noqa: F401
import snakemake.cli
import xarray  # noqa: F401


def run(arguments, cwd, environment, stdout, stderr):
    """Be `python -m snakemake` from here on.

    arguments : list of str
    cwd : str
    environment : dict, PYTHONPATH among it
    stdout, stderr : paths of the files that take what it prints
    """
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, path in enumerate((os.devnull, stdout, stderr)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), descriptor)
    sys.path[:0] = [cwd, *environment["PYTHONPATH"].split(os.pathsep)]
    sys.argv[1:] = arguments
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)


def main():
    # looks for Snakemake's plugins, which takes as long as the imports do
    snakemake.cli.get_argument_parser()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(**json.loads(line))
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
