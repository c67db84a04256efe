"""Running Quantum ESPRESSO: finding it, its folder, recovery, and the outcome."""

import os
import shlex
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

from ferronhall.base import schema
from ferronhall.base.digest import fingerprint
from ferronhall.base.errors import FirstPrinciplesError
from ferronhall.base.storage import replacing
from ferronhall.crystals.first_principles.quantum_espresso import pseudopotentials, settings
from ferronhall.crystals.first_principles.quantum_espresso.plans import Step
from ferronhall.crystals.first_principles.quantum_espresso.pw_output import complaint

_STAMP = "inputs"
"""File in a scratch folder that says which inputs it belongs to."""

_ENDINGS = {"q_points": "uniform grid of q-points"}
"""Run → what its output holds when it has come to its end, where it is not the usual word. Asked
for no representation, ph.x prints the list of wave vectors and stops without a farewell."""


def check(commands):
    """ConfigError that lists every program not found, one message a command.

    commands : dict of "pw", "ph", "q2r" to command lines
    """
    missing = []
    for key, command in commands.items():
        words = shlex.split(command)
        programs = [w for n, w in enumerate(words) if n == 0 or w.endswith(".x")]
        missing += [
            f"first_principles.commands.{key}: '{program}' is not on the PATH; install Quantum "
            "ESPRESSO (Debian and Ubuntu: the package quantum-espresso; conda-forge: qe) or give "
            "the program's absolute path"
            for program in programs
            if shutil.which(program) is None
        ]
    schema.report(missing)


def identity(steps, section):
    """What decides a calculation's results, as JSON can hold it: "runs" and "pseudopotentials".

    steps : list of plans.Step
    section : dict, a checked first-principles section
    """
    return {
        "runs": [[step.program, step.name, step.text] for step in steps],
        "pseudopotentials": [kind["sha256"] for kind in section["species"]],
    }


def calculate(plan, scratch, outputs, section, log, files=()):
    """Run a calculation and put its files in place.

    plan : dict, of `identity`
    scratch : path
        Folder it runs in. One that an interrupted run left is gone on from, unless it belongs to
        other inputs or pseudopotentials.
    outputs : paths of the files to copy from there when all steps have finished
    section : dict, a checked first-principles section
    log : callable of one line
    files : paths of results the steps read
    raises : ConfigError for missing programs or wrong pseudopotentials, FirstPrinciplesError when
        a step fails or does not converge
    """
    check(section["commands"])
    pseudopotentials.check(section["pseudopotentials"], settings.species(section))
    scratch = Path(scratch)
    _prepare(scratch, plan, section["pseudopotentials"])
    for path in files:
        shutil.copy(path, scratch)
    for step in (Step(*run) for run in plan["runs"]):
        (scratch / f"{step.name}.in").write_text(step.text, encoding="utf-8")
        output = scratch / f"{step.name}.out"
        # ph.x always starts, and finds by itself what it need not repeat
        if step.program == "pw" and output.exists() and not _complaint(step, output):
            log(f"{step.name}: finished before")
        else:
            _run(step, section["commands"][step.program], output, log)
    for target in outputs:
        with replacing(target) as temporary:
            shutil.copyfile(scratch / Path(target).name, temporary)
    if not section["keep_scratch"]:
        shutil.rmtree(scratch)


def _prepare(scratch, plan, folder):
    """Make the folder, or empty one of another plan."""
    stamp = fingerprint(plan)
    file = scratch / _STAMP
    if file.exists() and file.read_text() == stamp:
        return
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    (scratch / "pseudo").symlink_to(Path(folder).resolve())
    file.write_text(stamp)


def _run(step, command, output, log):
    command = [*shlex.split(command), "-in", f"{step.name}.in"]
    log(f"{step.name}: OMP_NUM_THREADS=1 {shlex.join(command)}, in {output.parent}")
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    with open(output, "wb") as out, _ended_with_us():
        process = subprocess.Popen(
            command, cwd=output.parent, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            status = process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    reason = _complaint(step, output) or (f"exit status {status}" if status else None)
    if reason:
        raise FirstPrinciplesError(
            f"{command[0]} failed on {step.name}.in: {reason}; see {output}. That folder is kept, "
            "and the next attempt goes on from it; move it away to start anew"
        )


@contextmanager
def _ended_with_us():
    """Turn a SIGTERM into SystemExit, so that the program is not left running by itself."""

    def stop(number, frame):
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _complaint(step, output):
    text = output.read_text(encoding="utf-8", errors="replace")
    return complaint(text, _ENDINGS.get(step.name, "JOB DONE."))
