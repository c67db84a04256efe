"""Tasks of a Slurm job array start as themselves."""

import os
import shutil
import sys
import zlib


def own_command():
    """The command of this task of a job array; None in every other process.

    The executor starts each task of an array with the command of the first, which runs the task's
    own command and then looks for the outputs of the *first*: where those are not there yet, or the
    first has failed, it fails a task that succeeded, and a task that fails deletes them
    (github.com/snakemake/snakemake-executor-plugin-slurm/issues/447).
    """
    option = "--slurm-jobstep-array-execs"
    task = os.environ.get("SLURM_ARRAY_TASK_ID")
    if option not in " ".join(sys.argv) or task is None:
        return None
    from snakemake_executor_plugin_slurm_jobstep import parse_array_execs

    (payload,) = [
        argument.partition("=")[2] or sys.argv[i + 1]
        for i, argument in enumerate(sys.argv)
        if argument.split("=")[0] == option
    ]
    # the first task is not listed: its command is the one that is running
    compressed = parse_array_execs(payload).get(task)
    return compressed and zlib.decompress(bytes.fromhex(compressed)).decode()


if command := own_command():
    os.execv(shutil.which("sh"), ["sh", "-c", command])
