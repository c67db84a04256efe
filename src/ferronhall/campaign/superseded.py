"""Finished trajectories, and states of unfinished ones, that only a change of code would replace.

They are set aside under results/<campaign>/superseded/<digest>/, where the digest is that of the
configuration and code they were made with, and can be deleted or taken back.
"""

import os
from pathlib import Path

from ferronhall.base import digest, paths
from ferronhall.base.errors import DataFileError
from ferronhall.base.record import modules_in_words
from ferronhall.engine import checkpoint

_NOTE = """\
Trajectories of the campaign in the folder two levels up, made by code that has changed since.
Changed modules when they were set aside: {modules}

To delete them:
  rm -r {folder}
To take them back in the place of what replaced them, and accept them as they are:
  {restore}
"""


def replaced_by_code(replacements):
    """Those of the replaced trajectories that differ in nothing but code.

    replacements : list of replacements.Replacement
    """
    return [one for one in replacements if _is_trajectory(one) and one.difference.code_alone]


def outdated_states(campaign, replicas, block):
    """Checkpoints of unfinished replicas that differ from what would run in nothing but code.

    campaign : paths.Campaign
    replicas : sequence of str, of the jobs that run
    block : dict, the trajectories' stage_block
    returns : dict, path → code they record
    """
    wanted, found = digest.continuation_digest(block), {}
    for path in (campaign.checkpoint(replica) for replica in replicas):
        try:
            known = checkpoint.identity(path) if Path(path).exists() else {}
        except DataFileError:
            # whoever goes on from it says what is wrong with it
            continue
        if known.get("configuration") == wanted and known.get("code") != block["code"]:
            found[path] = known.get("code")
    return found


def core_hours(campaign, replicas):
    """What replicas took, by their benchmarks, one core each; without those that have none."""
    seconds = 0.0
    for replica in replicas:
        try:
            lines = Path(campaign.benchmark("trajectories", replica)).read_text().splitlines()
            seconds += float(lines[1].split("\t")[0])
        except (OSError, IndexError, ValueError):
            continue
    return seconds / 3600


def announcement(campaign, trajectories, states, dryrun):
    """Lines that say what is set aside, and how it would be accepted instead.

    trajectories : list of Replacement, as replaced_by_code returns
    states : dict, as outdated_states returns
    """
    modules = sorted({name for one in trajectories for name in one.difference.modules})
    replicas = [_replica(one) for one in trajectories]
    files = sum(len(one.files) for one in trajectories)
    verb = "would be" if dryrun else "are"
    if trajectories:
        yield (
            f"Code has changed: {modules_in_words(modules)}. {files} finished trajectories "
            f"({core_hours(campaign, replicas):.3g} core-hours) differ from what is to run in "
            f"nothing else; they {verb} set aside in {campaign.superseded}/ and run anew."
        )
    if states:
        yield (
            f"Other code left the checkpoints of {len(states)} unfinished replicas; they {verb} "
            f"set aside in {campaign.superseded}/, and the replicas start from their beginning."
        )
    if trajectories or states:
        yield "To keep them as they are instead: --config accept_code=true"


def set_aside(campaign, trajectories, states, restore, resume):
    """Move trajectories with their final states, and checkpoints, out of the way of a run.

    restore, resume : str
        The commands that accept trajectories, and go on from checkpoints, once they are back.
    returns : list of str, the folders they were moved to
    """
    notes = {}
    for one in trajectories:
        block = one.recorded.block
        folder = f"{campaign.superseded}/{digest.fingerprint(block)}"
        notes.setdefault(folder, set()).update(one.difference.modules)
        for file in (*one.files, campaign.final_state(_replica(one))):
            _move(campaign, file, folder)
    for path, code in states.items():
        folder = f"{campaign.superseded}/{digest.fingerprint({'code': code})}"
        notes.setdefault(folder, set())
        _move(campaign, path, folder)
    for folder, modules in notes.items():
        then = restore if Path(folder, "trajectories").exists() else resume
        back = f"cp -a {folder}/*/ {campaign.folder}/ && {then}"
        text = _NOTE.format(
            modules=", ".join(sorted(modules)) or "not recorded", folder=folder, restore=back
        )
        Path(folder, "README.txt").write_text(text, encoding="utf-8")
    return list(notes)


def _move(campaign, file, folder):
    if Path(file).exists():
        target = Path(folder, Path(file).relative_to(campaign.folder))
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, target)


def _is_trajectory(one):
    return Path(one.files[0]).parent.name in paths.FIELDS


def _replica(one):
    return Path(one.files[0]).stem
