"""Times a substep of several checkouts' engines in turn, each in a process of its own.

    python benchmarks/checkouts.py <checkout>        such a process: one line in, one line out

Only what every checkout has is used here, so that an older one can be timed. One process measures
while the others wait; a time is the least processor time of several.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

TURNS = 8


class Checkout:
    """A process with the library of one checkout."""

    def __init__(self, folder):
        folder = Path(folder).resolve()
        one = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        environment = os.environ | one | {"PYTHONPATH": str(folder / "src")}
        command = [sys.executable, __file__, str(folder)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, env=environment, text=True, **pipes)

    def ask(self, *request):
        """Its answer to one request."""
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


def time_checkouts(folders, name, shape, dtype, seconds):
    """Seconds a substep and member, with the twins' members, in the order of the checkouts.

    name : file of config/; shape : (nx, ny, nz), or None for the file's own
    seconds : float
        How long each checkout is timed at least.
    """
    checkouts = [Checkout(folder) for folder in folders]
    try:
        for checkout in checkouts:
            checkout.ask("prepare", name, shape, dtype)
        turns = [[c.ask("time", seconds / TURNS) for c in checkouts] for _ in range(TURNS)]
    finally:
        for checkout in checkouts:
            checkout.close()
    return [min(times) for times in zip(*turns, strict=True)]


def _prepared(folder, name, shape, dtype):
    """A propagator, its substeps between samples, and its sums."""
    import numpy as np

    from ferronhall.campaign.config import load_config
    from ferronhall.engine.propagator import Propagator
    from ferronhall.model.members import members_of
    from ferronhall.model.model import Model
    from ferronhall.model.schedule import schedule

    config = load_config(folder / "config" / name)
    if shape:
        config["lattice"].update(zip(("nx", "ny", "nz"), shape, strict=True))
        config["damping"]["sponge_layers"] = min(10, shape[1] // 2)
    config["material"] = str(folder / config["material"])
    model = Model.from_config(config)
    propagator = Propagator(model, members_of(model, True), 1, 0, np.dtype(dtype))
    every, sums = schedule(config, model.omega_max).every, propagator.new_sums()
    propagator.run(every, every, sums)
    return propagator, every, sums


def _timed(propagator, every, sums, seconds):
    """Least seconds a substep and member, of calls over so many seconds."""
    times = []
    while sum(times) < seconds or len(times) < 2:
        begun = time.thread_time()
        propagator.run(every, every, sums)
        times.append(time.thread_time() - begun)
    return min(times) / every / len(propagator.members)


def main(folder):
    """Answer requests until there are no more."""
    prepared = None
    for line in sys.stdin:
        kind, *arguments = json.loads(line)
        if kind == "prepare":
            prepared, answer = _prepared(folder, *arguments), None
        else:
            answer = _timed(*prepared, *arguments)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
