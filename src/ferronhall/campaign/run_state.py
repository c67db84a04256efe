"""How far a run is: jobs done, running and left of every stage, core-hours, and the time left."""

import time
from collections import Counter
from dataclasses import dataclass, replace

from ferronhall.base.paths import below
from ferronhall.campaign.makespan import Task, makespan

ENOUGH = 0.05
"""Part of a job from which on it tells better how long it takes than what was expected."""

current = None
"""The RunState of this process's run, once `begin` has made one: the workflow makes it, and what
writes on the terminal reads it."""


@dataclass(frozen=True)
class Expected:
    """A job that is to run.

    stage : str
    task : makespan.Task, or None where its cost is not known
    """

    stage: str
    task: Task | None = None


def begin(campaign, jobs, cores, submitted=False):
    """Make the state of a run of a campaign that is about to start; arguments as of RunState."""
    global current
    current = RunState(campaign, jobs, cores, submitted)


class RunState:
    """The jobs of a run.

    campaign : str
    jobs : dict name → Expected
        As plan.Job names them, by their first outputs.
    cores : int, or math.inf
        What they share.
    submitted : bool
        Whether jobs go to a scheduler: one that has been submitted may wait there, and nothing
        tells how long, so neither core-hours nor a time left are counted.
    clock : callable without arguments, seconds
    """

    def __init__(self, campaign, jobs, cores, submitted=False, clock=time.monotonic):
        self.jobs, self.cores, self.submitted = dict(jobs), cores, submitted
        self._campaign, self._clock = campaign, clock
        self._started, self._took, self._part = {}, {}, {}

    def start(self, file, threads=1):
        """The job of an output starts.

        returns : str, the job's name; None where it is none of those expected
        """
        name = below(file, self._campaign)
        if name not in self.jobs:
            return None
        self._started[name] = self._clock(), threads
        return name

    def end(self, name, done=True):
        """A job is done, or has failed and may be tried again; its stage."""
        started = self._started.pop(name, None)
        self._part.pop(name, None)
        if started and done:
            self._took[name] = (self._clock() - started[0]) * started[1]
        return self.jobs[name].stage

    def advance(self, name, part):
        """A running job says how much of it is done, from 0 to 1."""
        if name in self._started:
            self._part[name] = part, self._spent(name)

    def started(self):
        """Names of the jobs that run."""
        return list(self._started)

    def running(self):
        """Stages that run now, in the order in which they started."""
        return list(dict.fromkeys(self.jobs[name].stage for name in self._started))

    def line(self, stage):
        """A stage in one line: how many of its jobs are done, running and left; core-hours."""
        names = [name for name, job in self.jobs.items() if job.stage == stage]
        done, run = (sum(n in found for n in names) for found in (self._took, self._started))
        word = "submitted" if self.submitted else "running"
        counts = {"done": done, word: run, "left": len(names) - done - run}
        parts = [part for name, (part, _) in self._part.items() if self.jobs[name].stage == stage]
        at = f" (at {100 * sum(parts) / len(parts):.0f} %)" if parts else ""
        marks = {word: at}
        shown = ", ".join(f"{n} {word}{marks.get(word, '')}" for word, n in counts.items() if n)
        return f"{stage:<18} {shown}{self._hours(names)}"

    def finished(self, stage):
        """Whether every job of a stage is done."""
        return all(n in self._took for n, job in self.jobs.items() if job.stage == stage)

    def total(self):
        """The whole run in one line."""
        shown = f"{len(self._took)} of {len(self.jobs)} jobs{self._hours(self.jobs)}"
        left = self.seconds_left()
        return shown if left is None else f"{shown}, {_clock_time(left)} left"

    def _hours(self, names):
        spent = sum(self._spent(name) for name in names) / 3600
        return f", {spent:.2g} core-hours" if spent >= 0.005 and not self.submitted else ""

    def _spent(self, name):
        """Core-seconds that a job has taken so far."""
        if name in self._started:
            since, threads = self._started[name]
            return (self._clock() - since) * threads
        return self._took.get(name, 0.0)

    def seconds_left(self):
        """Wall time until the last job ends; None where a cost or a queue is not known.

        What was expected of a stage is corrected by what its finished jobs took.
        """
        left = {n: job for n, job in self.jobs.items() if n not in self._took}
        if self.submitted or any(job.task is None for job in left.values()):
            return None
        pace = self._pace()
        tasks = {}
        # those that run have their cores already
        for name in sorted(left, key=lambda n: n not in self._started):
            task = left[name].task
            whole = task.core_seconds * pace.get(left[name].stage, 1.0)
            part, spent = self._part.get(name, (0.0, 0.0))
            if part > ENOUGH:
                whole = spent / part
            # one that takes longer than expected is taken to be near its end
            rest = max(whole - self._spent(name), 0.02 * whole)
            tasks[name] = replace(task, core_seconds=rest)
        return makespan(tasks, self.cores).seconds

    def _pace(self):
        """Stage → core-seconds of its finished jobs over those expected of them."""
        took, expected = Counter(), Counter()
        for name, seconds in self._took.items():
            job = self.jobs[name]
            if job.task is not None:
                took[job.stage] += seconds
                expected[job.stage] += job.task.core_seconds
        return {stage: took[stage] / seconds for stage, seconds in expected.items() if seconds}


def _clock_time(seconds):
    """A time in the two units a person would use, for a line that changes every second."""
    hours, rest = divmod(round(seconds), 3600)
    if hours >= 24:
        return f"{hours // 24} d {hours % 24} h"
    return f"{hours} h {rest // 60:02d} min" if hours else f"{rest // 60} min {rest % 60:02d} s"
