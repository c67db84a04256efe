"""Scripts of a workflow in forks of a process that has imported the libraries that they import.

A job is then spared a second of imports, and is otherwise what it would be: the script that
Snakemake wrote, in a process of its own, with the folder, the environment and the output of its
command. That command is asking_for_a_job.py, which `replace_interpreter` has Snakemake call for
`python`.
"""

import atexit
import json
import os
import runpy
import socket
import sys
import threading
import traceback
from pathlib import Path

from snakemake.script import PythonScript

_PROGRAM = Path(__file__).with_name("asking_for_a_job.py")


def become(cwd, environment, path, arguments):
    """Be a Python that was started in a folder, with an environment.

    path : str, the folder that comes first in sys.path
    arguments : list of str, sys.argv
    """
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = bool(environment.get("PYTHONDONTWRITEBYTECODE"))
    sys.path[:0] = [path, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    sys.argv[:] = arguments


def to_the_end(program, *arguments):
    """Run a program and end as Python does, but that what was imported is not taken apart.

    Which takes a sixth of a second.

    program : function of the arguments
    """
    status = 0
    try:
        program(*arguments)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        status = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)


def replace_interpreter(address):
    """Have the Snakemake of this process ask at a socket for its scripts' runs."""

    def execute_script(self, fname, edit=False):
        command = "{python} -IS {program:q} {address:q} {fname:q}"
        words = {"python": sys.executable, "program": str(_PROGRAM), "address": address}
        self._execute_cmd(command, fname=fname, is_python_script=True, **words)

    PythonScript.execute_script = execute_script


def serve(listener):
    """Fork for every request, until the process that started this one has ended.

    listener : socket.socket, bound to the address that is asked at
    """
    parent = os.getppid()
    listener.settimeout(5.0)
    while os.getppid() == parent:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        child = os.fork()
        if child == 0:
            connection.settimeout(None)
            _answer(connection)
        connection.close()
        _reap()


def _reap():
    """Take leave of children that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _answer(connection):
    """Run one script in another fork, send its exit status, and end."""
    _, descriptors, _, _ = socket.recv_fds(connection, 1, 3)
    request = b"".join(iter(lambda: connection.recv(65536), b""))
    child = os.fork()
    if child == 0:
        connection.close()
        for descriptor, given in enumerate(descriptors):
            os.dup2(given, descriptor)
            os.close(given)
        _run(**json.loads(request))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    # a signal as a shell tells it
    connection.sendall(str(status if status >= 0 else 128 - status).encode())
    os._exit(0)


def _run(script, cwd, environment):
    become(cwd, environment, str(Path(script).parent), [script])
    to_the_end(runpy.run_path, script, None, "__main__")
