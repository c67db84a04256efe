"""The jobs that Snakemake has planned for a campaign, and why each of them runs."""

import ast
from dataclasses import dataclass
from pathlib import Path

from ferronhall.base.paths import below
from ferronhall.base.record import Record

NEW, MISSING = "new", "missing output"


@dataclass(frozen=True)
class Job:
    """One job of a campaign.

    name : str
        Path of its first output below the campaign's folder, without suffix:
        "trajectories/minus/0003", "theory"; of what campaigns share, below results/.
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


def planned_jobs(workflow, campaign, replacements):
    """The jobs of a workflow whose graph is built, as dict number → Job, none before its input's.

    workflow : snakemake's object of that name
    campaign : str
        Its name; jobs that make nothing of it, as those that only gather files, are left out.
    replacements : list of replacements.Replacement
        What is known of the results that are replaced.
    """
    dag = workflow.dag
    known = {file: one.difference for one in replacements for file in one.files}
    ordered = [job for level in dag.toposorted() for job in level]
    names = {job: below(job.output[0], campaign) for job in ordered if job.output}
    numbers = {job: n for n, job in enumerate(j for j in ordered if names.get(j))}
    stages = {str(file): _stage(names[job]) for job in numbers for file in job.output}
    jobs = {}
    for job, number in numbers.items():
        runs, reason = dag.needrun(job), dag.reason(job)
        files = [str(file) for file in job.output]
        follows = {stages[f] for f in map(str, reason.updated_input_run) if f in stages}
        difference = next((known[f] for f in files if known.get(f)), None)
        jobs[number] = Job(
            name=names[job],
            threads=job.rule.resources["_cores"].value,
            after=tuple(numbers[d] for d in dag.dependencies[job] if d in numbers),
            runs=runs,
            finished=all(Path(file).exists() for file in files),
            causes=tuple(_causes(job, reason, workflow.persistence, difference)) if runs else (),
            follows=tuple(sorted(follows)) if runs else (),
        )
    return jobs


def _stage(name):
    # the file of a pre-flight is named after its configuration
    return name.split("/")[0].split("-")[0]


def _causes(job, reason, persistence, difference):
    """Why Snakemake runs a job, apart from others that make its input anew."""
    if reason.forced:
        yield "forced"
    if reason.missing_output:
        known = any(persistence.metadata(file) for file in reason.missing_output)
        yield MISSING if known else NEW
    if reason.incomplete_output:
        yield "left unfinished by a run that was killed"
    # asked for once more, as Snakemake stops at the first reason that it finds
    changed = persistence.params_changed(job)
    difference = difference or _recorded_difference(changed, job.params.get("stage"))
    if difference:
        yield in_words(difference)
    elif changed:
        yield "other parameters"
    if reason.software_stack_changed:
        yield "another software environment"
    if reason.input_changed and not changed:
        yield "other input files"
    for file in sorted(reason.updated_input):
        yield f"{file} changed"


def _recorded_difference(changed, block):
    """How a stage's block differs from that which Snakemake recorded; None without either."""
    for text in sorted(changed.only_old):
        value = ast.literal_eval(text)
        if block and isinstance(value, dict) and "code" in value:
            return Record(value, {}).difference(Record(block, {}))
    return None


def in_words(difference):
    """A Difference; of files that record no modules, code alone is "code"."""
    unknown = difference.code_alone and not difference.modules
    return "code" if unknown else str(difference)
