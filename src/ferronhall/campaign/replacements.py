"""Which finished results a run would replace and why, and which would be taken for others."""

from dataclasses import dataclass
from pathlib import Path

from ferronhall.base import record
from ferronhall.base.errors import DataFileError
from ferronhall.base.record import Difference, Record


@dataclass(frozen=True)
class Planned:
    """A job of a plan.

    rule : str
    files : tuple of str, its datasets
    wanted : Record, what they record when made today
    runs : bool, whether the job is to run
    """

    rule: str
    files: tuple
    wanted: Record
    runs: bool


@dataclass(frozen=True)
class Replacement:
    """Finished results of one job, and how they differ from what it would make today.

    rule : str
    files : tuple of str, those that are there
    recorded : Record of the first of them that differs, of any where none does
    difference : Difference; empty where the job runs for another reason, as a lost file
    """

    rule: str
    files: tuple
    recorded: Record
    difference: Difference


def replacements(plan):
    """What the jobs of a plan that run would replace.

    plan : sequence of Planned
    returns : list of Replacement, of jobs whose results are there and can be read
    """
    found = (_compared(job) for job in plan if job.runs)
    return [one for one in found if one]


def mistaken(plan, accept_code=False):
    """Results that would be taken for today's, and are none: of jobs that are not to run.

    plan : sequence of Planned
    accept_code : bool
        Whether those that differ in nothing but code are taken as they are.
    returns : list of Replacement
    """
    found = [_compared(job) for job in plan if not job.runs]
    return [
        one
        for one in found
        if one and one.difference and not (accept_code and one.difference.code_alone)
    ]


def refusal(wrong):
    """What to say of results that would be taken for others, and the way out.

    wrong : list of Replacement, as mistaken returns
    """
    lines = [
        "Results are not what this configuration and code make, and Snakemake would take them for "
        "it: it has no records of them (they were moved here, or .snakemake was lost), or was told "
        "not to look at those. Nothing was started.",
    ]
    for reasons in by_rule(wrong).values():
        for reason, found in reasons.items():
            files = [file for one in found for file in one.files]
            lines.append(f"  {record.in_words(files)} (recorded → wanted): {reason}")
    if any(one.difference.keys for one in wrong):
        lines.append(
            "Put the values back, or give this configuration a `campaign` of its own; or have them"
        )
    else:
        lines.append("Have them")
    rules = " ".join(dict.fromkeys(one.rule for one in wrong))
    lines[-1] += f" made anew in their places: --forcerun {rules}"
    if all(one.difference.code_alone for one in wrong):
        lines.append("Or accept them as they are: --config accept_code=true")
    return "\n".join(lines)


def _compared(job):
    """A Replacement for a job's results; None where none is there or can be read."""
    there, first = [], None
    for file in job.files:
        if not Path(file).exists():
            continue
        try:
            found = record.read(file)
        except record.UnrecordedError:
            found = Record({}, {})
        except DataFileError:
            # whoever reads it says what is wrong with it
            continue
        there.append(file)
        difference = found.difference(job.wanted)
        if first is None or (difference and not first[1]):
            first = found, difference
    return Replacement(job.rule, tuple(there), *first) if there else None


def by_rule(found):
    """rule → difference in words → replacements, in the order of the plan."""
    grouped = {}
    for one in found:
        grouped.setdefault(one.rule, {}).setdefault(str(one.difference), []).append(one)
    return grouped
