"""What a run is about to do and what it costs, in the lines that end a dry run."""

import math
import os
from collections import Counter
from dataclasses import replace

from ferronhall.base.errors import FerronHallError
from ferronhall.campaign import stage_costs
from ferronhall.campaign.makespan import Task, makespan
from ferronhall.campaign.run_state import Expected
from ferronhall.campaign.twin_gain import CERTAIN_TO, expected_gain

_TIMED = "Cost, as timed on this machine:"
_UNTIMED = (
    "Cost, by a typical core, as the kernels of the trajectories are still to be compiled here:"
)

_MOST = 4
"""Reasons named for a stage."""


def stage_lines(jobs):
    """A line for each stage that runs: how many of its jobs, and why.

    jobs : dict number → plan.Job
    """
    stages = {}
    # in the order in which stages end
    for job in reversed(jobs.values()):
        stages.setdefault(job.stage, []).append(job)
    rows = []
    for stage, members in reversed(stages.items()):
        running = [job for job in members if job.runs]
        if running:
            total = f" of {len(members)}" if len(members) > len(running) else ""
            rows.append((stage, f"{len(running)}{total}", _why(running)))
    widths = [max((len(row[i]) for row in rows), default=0) for i in (0, 1)]
    return [f"  {a:<{widths[0]}}  {b:>{widths[1]}}  {why}" for a, b, why in rows]


def _why(running):
    """The reasons of a stage's jobs, each once; where there is none, the stages they follow."""
    found = Counter(cause for job in running for cause in job.causes)
    texts = [
        cause if count == len(running) else f"{cause} ({count} of them)"
        for cause, count in found.most_common()
    ]
    follows = sorted({stage for job in running if not job.causes for stage in job.follows})
    if follows:
        texts.append(f"after {', '.join(follows)}")
    more = [f"{len(texts) - _MOST} more reasons"] if len(texts) > _MOST else []
    return "; ".join([*texts[:_MOST], *more])


def cost_lines(jobs, costs, cores, whole):
    """What jobs take: of those that run and, where asked for, of the whole campaign.

    jobs : dict number → plan.Job
    costs : stage_costs.StageCosts
    cores : sequence of (number, words), what the jobs share, by which a time is given
    whole : bool
    returns : list of str; where a replica or a steady state cannot be timed, the reason alone
    """
    left = {number: job for number, job in jobs.items() if job.runs}
    parts = [("left" if whole else "this run", left)]
    if whole and len(left) < len(jobs):
        parts.insert(0, ("whole campaign", jobs))
    elif whole:
        parts = [("whole campaign, all of it left", jobs)]
    begins = _TIMED
    try:
        lines = [f"  {name}: {_total(part, costs, cores)}" for name, part in parts]
        if any(job.stage == "trajectories" for job in (jobs if whole else left).values()):
            lines.append(f"  a replica: {costs.replica}")
            begins = _TIMED if costs.replica.timed else _UNTIMED
    except FerronHallError as error:
        return [f"Cost: not known. {error}"]
    return [begins, *lines]


def _total(jobs, costs, cores):
    found = {number: costs.of(job.name) for number, job in jobs.items()}
    tasks = {number: _task(job, found[number]) for number, job in jobs.items()}
    spans = [(makespan(tasks, number), words) for number, words in cores]
    hours = sum(cost.core_seconds for cost in found.values()) / 3600
    times = ", ".join(f"{duration(span.seconds)} {words}" for span, words in spans)
    memory = max((span.memory_MB for span, _ in spans), default=0)
    disk = sum(cost.disk_MB for cost in found.values())
    return (
        f"{len(jobs)} jobs, {hours:.3g} core-hours, {times}; {size(memory)} of memory at a time, "
        f"{size(disk)} of disk"
    )


def _task(job, cost):
    core_seconds = cost.core_seconds + stage_costs.BETWEEN_JOBS_S
    return Task(core_seconds, job.threads, cost.memory_MB, job.after)


def expected(jobs, costs):
    """The jobs that run, as a RunState expects them; without tasks where a cost is not known.

    jobs : dict number → plan.Job
    costs : stage_costs.StageCosts
    """
    running = {number: job for number, job in jobs.items() if job.runs}
    names = {number: job.name for number, job in running.items()}
    try:
        tasks = {number: _task(job, costs.of(job.name)) for number, job in running.items()}
    except FerronHallError:
        return {job.name: Expected(job.stage) for job in running.values()}
    return {
        job.name: Expected(
            job.stage,
            replace(tasks[number], after=tuple(names[a] for a in job.after if a in names)),
        )
        for number, job in running.items()
    }


def replacement_lines(jobs, kept, hours, another):
    """Which finished replicas a run replaces.

    jobs : dict number → plan.Job
    kept : set of str
        Replicas whose results are set aside.
    hours : callable, list of replicas → core-hours that they took
    another : str
        The configuration file that the folder's results were made with, if it is not this one.
    returns : list of str, empty where none is replaced
    """
    replaced = [job for job in jobs.values() if job.runs and job.finished]
    trajectories = (job for job in replaced if job.stage == "trajectories")
    replicas = {job.name.rpartition("/")[2]: job for job in trajectories}
    lost = {replica: job for replica, job in replicas.items() if replica not in kept}
    lines = []
    if lost:
        s = "s" if len(lost) > 1 else ""
        lines.append(
            f"Replaced: {len(lost)} finished replica{s} ({hours(list(lost)):.3g} core-hours): "
            f"{_why(list(lost.values()))}"
        )
    if another and replaced:
        lines.append(
            f"The folder holds results of another configuration file, {another}; to keep them give "
            "this one a `campaign` of its own"
        )
    return lines


def twin_lines(jobs, config, model):
    """What the harmonic twin is expected to bring to the trajectories that run, if any.

    jobs : dict number → plan.Job
    model : callable without arguments, returns the Model of the configuration
    """
    if not any(job.runs and job.stage == "trajectories" for job in jobs.values()):
        return []
    try:
        gain = expected_gain(model())
    except FerronHallError:
        # the cost has said what is wrong
        return []
    if gain > 100:
        amount = "more than 100"
    elif gain < 1 + 1 / CERTAIN_TO:
        amount = f"less than {CERTAIN_TO:g}, perhaps nothing"
    else:
        amount = f"about {gain:.2g}, to within a factor {CERTAIN_TO:g}"
    named = "the harmonic twin" if config["ensemble"]["harmonic_twin"] else "a harmonic twin"
    return [
        f"At {config['temperature']['T_hot_K']:g} K {named} is expected to lower the variance of "
        f"the transverse edge responses by a factor of {amount}, for less than twice the time of a "
        "replica"
    ]


def sharing(cores, jobs_at_a_time, dry):
    """What jobs share, as (number, words) for which a time is given.

    cores : int or None
    jobs_at_a_time : int or None
        Of a scheduler that they are submitted to, where there is one.
    dry : bool
        A dry run has one core where it is given none.
    """
    if jobs_at_a_time is not None:
        few = jobs_at_a_time < 10**6
        words = f"with {jobs_at_a_time} jobs at a time" if few else "with all jobs at a time"
        return [(jobs_at_a_time if few else math.inf, words)]
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    numbers = [cores, here] if dry and cores == 1 and here > 1 else [cores]
    return [(n, f"on {n} core{'s' if n > 1 else ''}") for n in numbers]


def duration(seconds):
    """A time in the two units a person would use."""
    for unit, name, lower, lower_name in (
        (86400, "d", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        whole, rest = divmod(round(seconds / lower), unit // lower)
        if whole:
            return f"{whole} {name}" + (f" {rest} {lower_name}" if rest and whole < 10 else "")
    return f"{seconds:.0f} s"


def size(megabytes):
    """An amount of memory or disk."""
    return f"{megabytes / 1000:.3g} GB" if megabytes >= 1000 else f"{megabytes:.0f} MB"
