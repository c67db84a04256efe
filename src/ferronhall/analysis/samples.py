"""Samples of the maps, gathered from the trajectories' files one replica at a time."""

from dataclasses import dataclass

import numpy as np

from ferronhall.analysis.estimates import estimate
from ferronhall.analysis.identity import Identities
from ferronhall.base import storage
from ferronhall.base.errors import DataFileError
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.observables import OBSERVABLES, TWIN_OBSERVABLES

MOST_SAMPLES = 128
"""Held of a campaign; more blocks are averaged before they are kept, within a replica and, of many
replicas, over several. So many tell an error to 6 %."""

MOST_EXCHANGEABLE = 64
"""Of samples whose signs are flipped against each other: so few are hardly correlated."""

SHORTEST_RUN = 2
"""Samples kept of each replica or group of them, so that a drift can be seen."""


@dataclass(frozen=True)
class Samples:
    """What an ensemble's means and errors are taken over.

    maps : dict observable → ndarray, shape (sample, field, nx, ny)
        With a control variate, less what it knows to be chance and the time-step bias it knows.
    raw : dict of the same shapes
        As they were sampled.
    chance : dict of the same shapes, or None
        What the twins tell of the samples' chance, before any coefficient.
    run : int
        Samples that follow one another in a trajectory; the runs are independent.
    replicas, blocks : int
        Trajectories at each field, and blocks of all of them.
    others : dict name → ndarray, shape (sample, field, nx, ny)
        What else was asked for.
    realisations : bool
        Whether replicas differ in their crystal: what they have in common is then told by their
        scatter alone, however long they are.
    """

    maps: dict
    raw: dict
    chance: dict | None
    run: int
    replicas: int
    blocks: int
    others: dict
    realisations: bool = False

    def estimate(self, values):
        """The Estimate of what was taken of the samples, shape (sample, ...)."""
        if self.realisations:
            return estimate(self.exchangeable(values))
        return estimate(values, self.run)

    def mean_and_error(self, values):
        """Mean and standard error of what was taken of the samples, shape (sample, ...)."""
        found = self.estimate(values)
        return found.mean, found.error

    def exchangeable(self, values):
        """Samples (sample, ...) joined to at most MOST_EXCHANGEABLE, a run at least to one."""
        runs = len(values) // self.run
        parts = max(1, min(self.run, MOST_EXCHANGEABLE // runs)) if not self.realisations else 1
        split = np.array_split(values.reshape(runs, self.run, *values.shape[1:]), parts, axis=1)
        return np.concatenate([part.mean(axis=1) for part in split])

    def series(self, values):
        """Values of one number a sample, shape (sample,), as (replica or group, part).

        What a replica owes to its own crystal is taken off: it neither drifts nor remembers.
        """
        series = values.reshape(-1, self.run)
        if self.realisations:
            series = series - series.mean(axis=1, keepdims=True) + series.mean()
        return series

    @property
    def attributes(self):
        """How many replicas and samples stand behind a dataset, as its attributes."""
        return counts(self.replicas, self.blocks, self.realisations)


def counts(replicas, blocks, realisations=False):
    """How many replicas, and samples of what kind, stand behind a dataset, as its attributes.

    realisations : bool
        Whether the replicas are crystals of their own, each one sample.
    """
    kind, count = ("crystals", replicas) if realisations else ("blocks", blocks)
    return {"replicas": replicas, "samples": kind, "sample_count": count}


def read_samples(
    trajectories, control=None, take=None, averaged=1, root_seed=None, realisations=False
):
    """Gather the samples of a campaign.

    trajectories : dict "minus"/"zero"/"plus" → list of paths, replicas in one order
    control : ControlVariate, optional
        Takes from the samples what the trajectories' twins know to be chance.
    take : callable, optional
        From the three datasets of a replica to further arrays of its own, a dict of name → ndarray
        (field, block, nx, ny), which the Samples then hold as `others`.
    averaged : int
        Blocks that are joined to one before; what is left at the end is left out.
    root_seed : int, optional
        The campaign's, which the files then have to record.
    realisations : bool
        Whether the replicas are crystals of their own (model.disorder).
    raises : DataFileError when a file cannot be read, lacks an observable, or is not what its
        place says
    """
    replicas = len(trajectories["zero"])
    gathering = None
    for datasets in read_replicas(trajectories, root_seed):
        maps = {name: np.array([d[name].values for d in datasets]) for name in OBSERVABLES}
        if control:
            known = control.deviations(sampled_twins(datasets))
            maps |= {(name, "chance"): chance for name, chance in known.items()}
        values = {key: joined(value, averaged) for key, value in maps.items()}
        values |= {
            (name, "other"): value for name, value in (take(datasets) if take else {}).items()
        }
        if gathering is None:
            gathering = _Gathering(replicas, values["kinetic_energy"].shape[1])
        gathering.add(values)
    kept = gathering.kept
    raw = {name: kept[name] for name in OBSERVABLES}
    chance = {name: kept[name, "chance"] for name in OBSERVABLES} if control else None
    maps = control.controlled(raw, chance, gathering.parts) if control else raw
    others = {key[0]: value for key, value in kept.items() if key[1:] == ("other",)}
    blocks = replicas * gathering.blocks
    counted = gathering.parts, replicas, blocks
    return Samples(maps, raw, chance, *counted, others, realisations)


def joined(blocks, averaged):
    """Means of so many blocks in a row, (field, block, ...), without what is left at the end."""
    whole = blocks.shape[1] // averaged
    kept = blocks[:, : whole * averaged]
    return kept.reshape(len(blocks), whole, averaged, *blocks.shape[2:]).mean(axis=2)


class _Gathering:
    """Averages the blocks of replicas into at most MOST_SAMPLES samples.

    parts : int
        Samples kept of each replica, or of each group of replicas.
    """

    def __init__(self, replicas, blocks):
        self.blocks = blocks
        shortest = min(SHORTEST_RUN, blocks)
        groups = min(replicas, MOST_SAMPLES // shortest)
        self.parts = min(blocks, MOST_SAMPLES // groups)
        self.group_of = np.arange(replicas) * groups // replicas
        self.sizes = np.bincount(self.group_of)
        self.kept, self.seen = {}, 0

    def add(self, values):
        """Take the next replica's values, key → ndarray (field, block, nx, ny)."""
        group = self.group_of[self.seen]
        self.seen += 1
        for key, blocks in values.items():
            parts = [part.mean(axis=1) for part in np.array_split(blocks, self.parts, axis=1)]
            if key not in self.kept:
                shape = (len(self.sizes), self.parts, *parts[0].shape)
                self.kept[key] = np.zeros((shape[0] * shape[1], *shape[2:]))
            place = self.kept[key][group * self.parts : (group + 1) * self.parts]
            place += np.array(parts) / self.sizes[group]


def read_replicas(trajectories, root_seed=None):
    """Yield the three datasets of each replica, fields ordered −Ω_B, 0, +Ω_B.

    root_seed : int, optional
        The campaign's, which the files then have to record.
    raises : DataFileError when a file cannot be read or lacks an observable, the fields differ in
        their replicas, a file is not what its place says, or two have the same noise
    """
    counts = {len(trajectories[field]) for field in FIELD_SIGNS}
    if len(counts) != 1 or counts == {0}:
        raise DataFileError("trajectories: the three fields need the same replicas, at least one")
    identities = Identities(root_seed)
    for paths in zip(*(trajectories[field] for field in FIELD_SIGNS), strict=True):
        datasets = [storage.read(path, OBSERVABLES) for path in paths]
        identities.check(FIELD_SIGNS, datasets, paths)
        yield datasets


def sampled_twins(datasets):
    """What the twins of one replica measured, from its datasets at the three fields.

    returns : dict of TWIN_OBSERVABLES → ndarray, shape (field, block, nx, ny)
    raises : DataFileError when the trajectories ran without twins
    """
    if any(name not in d for name in TWIN_OBSERVABLES for d in datasets):
        raise DataFileError(
            f"replica {datasets[0].attrs['replica']}: its trajectories ran without harmonic twins, "
            "and ensemble.harmonic_twin is true; set it to false, or move them out of results/ and "
            "run `snakemake trajectories`"
        )
    return {name: np.array([d[name].values for d in datasets]) for name in TWIN_OBSERVABLES}
