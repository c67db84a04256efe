"""What harmonic twins cost: a replica with them, timed beside one without."""

import time

import numpy as np
from threadpoolctl import threadpool_limits

from ferronhall.engine.propagator import Propagator
from ferronhall.model.members import members_of
from ferronhall.model.schedule import schedule

_TIMINGS, _TIMED_SUBSTEPS = 9, 20


def twin_cost(model, config):
    """Time a replica with twins takes over that of one without, from a short timing."""
    every = schedule(config, model.omega_max).every
    dtype = np.dtype(config["ensemble"]["precision"])
    runs, seconds = [], []
    for twins in (False, True):
        propagator = Propagator(model, members_of(model, twins), 0, 0, dtype)
        runs.append((propagator, propagator.new_sums()))
    with threadpool_limits(limits=1, user_api="blas"):
        for propagator, sums in runs:
            propagator.run(2, 1, sums)
        # in turns, since other work on the machine comes and goes
        for _ in range(_TIMINGS):
            seconds.append([_timed(propagator, every, sums) for propagator, sums in runs])
    plain, with_twins = np.min(seconds, axis=0)
    return with_twins / plain


def _timed(propagator, every, sums):
    begun = time.perf_counter()
    propagator.run(max(_TIMED_SUBSTEPS, every), every, sums)
    return time.perf_counter() - begun
