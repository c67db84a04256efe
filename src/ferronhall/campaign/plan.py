"""The jobs that Snakemake has planned for a campaign, and why each of them runs."""

import ast
from dataclasses import dataclass
from pathlib import Path, PurePath

from ferronhall.base.paths import RESULTS

NEW, MISSING = "new", "missing output"


@dataclass(frozen=True)
class Job:
    """One job of a campaign.

    name : str
        Path of its first output below the campaign's folder, without suffix:
        "trajectories/minus/0003", "theory".
    threads : int
    after : tuple of int
        Numbers of the jobs it waits for.
    runs : bool
        Whether Snakemake runs it, or leaves its results as they are.
    finished : bool
        Whether all its outputs are there.
    causes : tuple of str
        Why it runs, in a user's words; empty where it does not, or only follows other jobs.
    follows : tuple of str
        Stages whose jobs it runs after, because they make its input anew.
    """

    name: str
    threads: int = 1
    after: tuple = ()
    runs: bool = True
    finished: bool = False
    causes: tuple = ()
    follows: tuple = ()

    @property
    def stage(self):
        """What the job belongs to."""
        return _stage(self.name)


def planned_jobs(workflow, campaign):
    """The jobs of a workflow whose graph is built, as dict number → Job, none before its input's.

    workflow : snakemake's object of that name
    campaign : str
        Its name; jobs without outputs below its folder, as those that only gather files, are left
        out.
    """
    dag = workflow.dag
    ordered = [job for level in dag.toposorted() for job in level]
    names = {job: _name(job.output[0], campaign) for job in ordered if job.output}
    numbers = {job: n for n, job in enumerate(j for j in ordered if names.get(j))}
    stages = {str(file): _stage(names[job]) for job in numbers for file in job.output}
    jobs = {}
    for job, number in numbers.items():
        runs, reason = dag.needrun(job), dag.reason(job)
        follows = {stages[f] for f in map(str, reason.updated_input_run) if f in stages}
        jobs[number] = Job(
            name=names[job],
            threads=job.rule.resources["_cores"].value,
            after=tuple(numbers[d] for d in dag.dependencies[job] if d in numbers),
            runs=runs,
            finished=all(Path(file).exists() for file in job.output),
            causes=tuple(_causes(job, reason, workflow.persistence)) if runs else (),
            follows=tuple(sorted(follows)) if runs else (),
        )
    return jobs


def _name(file, campaign):
    """A file's path below the campaign's folder, without suffix; "" elsewhere."""
    folder = f"{RESULTS / campaign}/"
    # a module may put a folder of its own before it
    _, found, below = f"/{file}".partition(f"/{folder}")
    return str(PurePath(below).with_suffix("")) if found else ""


def _stage(name):
    # the file of a pre-flight is named after its configuration
    return name.split("/")[0].split("-")[0]


def _causes(job, reason, persistence):
    """Why Snakemake runs a job, apart from others that make its input anew."""
    if reason.forced:
        yield "forced"
    if reason.missing_output:
        known = any(persistence.metadata(file) for file in reason.missing_output)
        yield MISSING if known else NEW
    if reason.incomplete_output:
        yield "left unfinished by a run that was killed"
    if reason.params_changed:
        yield from changes(_block(reason.params_changed.only_old), job.params.stage)
    if reason.software_stack_changed:
        yield "software environment"
    if reason.input_changed and not reason.params_changed:
        yield "other input files"
    for file in sorted(reason.updated_input):
        yield f"{file} changed"


def _block(recorded):
    """The stage's block among the parameters that Snakemake recorded; None where there is none."""
    for text in sorted(recorded):
        value = ast.literal_eval(text)
        if isinstance(value, dict) and "code" in value:
            return value
    return None


def changes(old, new):
    """What differs between two blocks of a stage (see base.digest), as texts.

    old, new : dict; old may be None, where a parameter of another kind has changed
    returns : list of str: "key: old → new" for every key of the configuration, "code", "material"
    """
    if old is None:
        return ["parameters"]
    before, now = dict(_leaves(old["config"])), dict(_leaves(new["config"]))
    keys = [k for k in dict.fromkeys([*now, *before]) if before.get(k) != now.get(k)]
    texts = [f"{k}: {_text(before, k)} → {_text(now, k)}" for k in keys]
    others = [key for key in new if key != "config" and old.get(key) != new[key]]
    return texts + others


def _text(values, key):
    return str(values[key]) if key in values else "not there"


def _leaves(config, path=()):
    for key, value in config.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield ".".join((*path, key)), value
