"""Independent samples of the maps, gathered from the trajectories' files one at a time."""

from dataclasses import dataclass

import numpy as np

from ferronhall.base import storage
from ferronhall.base.errors import DataFileError
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.observables import OBSERVABLES, TWIN_OBSERVABLES

FEWEST_REPLICAS = 4
"""Fewer are not told apart: the scatter of two or three says little of their error, and the blocks
of all of them, nearly independent of each other, say more."""


@dataclass(frozen=True)
class Samples:
    """What an ensemble's means and errors are taken over.

    maps : dict observable → ndarray, shape (sample, field, nx, ny)
    edge_blocks : dict observable → ndarray, shape (replica, field, block)
        Edge accumulation of every block of every trajectory.
    kind : "replicas", or "blocks" (see sampled_over)
    replicas : int
    """

    maps: dict
    edge_blocks: dict
    kind: str
    replicas: int

    @property
    def attributes(self):
        """How many replicas and samples stand behind a dataset, as its attributes."""
        return counts(self.replicas, self.kind, len(next(iter(self.maps.values()))))


def counts(replicas, kind, samples):
    """How many replicas and samples stand behind a dataset, as its attributes."""
    return {"replicas": replicas, "samples": kind, "sample_count": samples}


def read_samples(trajectories, cells, control=None, blocks=None):
    """Gather the samples of a campaign.

    trajectories : dict "minus"/"zero"/"plus" → list of paths, replicas in one order
    cells : Cells
    control : ControlVariate, optional
        Takes from every sample what the trajectory's twin knows to be chance.
    blocks : int, optional
        Of every trajectory, the first so many; all by default.
    raises : DataFileError when the fields disagree in their replicas or configurations
    """
    replicas = len(trajectories["zero"])
    kind = sampled_over(replicas)
    maps = {name: [] for name in OBSERVABLES}
    edges = {name: [] for name in OBSERVABLES}
    for datasets in read_replicas(trajectories):
        chance = _chance(control, datasets)
        for name in OBSERVABLES:
            values = (np.array([d[name].values for d in datasets]) - chance[name])[:, :blocks]
            edges[name].append(cells.edge_accumulation(values))
            if kind == "replicas":
                maps[name].append(values.mean(axis=1))
            else:
                maps[name].extend(np.moveaxis(values, 0, 1))
    return Samples(
        {name: np.array(values) for name, values in maps.items()},
        {name: np.array(values) for name, values in edges.items()},
        kind,
        replicas,
    )


def sampled_over(replicas):
    """What errors are taken over: "replicas", or "blocks" of all of them where they are few."""
    return "replicas" if replicas >= FEWEST_REPLICAS else "blocks"


def read_replicas(trajectories):
    """Yield the three datasets of each replica, fields ordered −Ω_B, 0, +Ω_B.

    raises : DataFileError when the fields disagree in their replicas or configurations
    """
    counts = {len(trajectories[field]) for field in FIELD_SIGNS}
    if len(counts) != 1 or counts == {0}:
        raise DataFileError("trajectories: the three fields need the same replicas, at least one")
    identities = set()
    for paths in zip(*(trajectories[field] for field in FIELD_SIGNS), strict=True):
        datasets = [storage.read(path) for path in paths]
        _check_identity(datasets, paths, identities)
        yield datasets


def sampled_twins(datasets):
    """What the twins of one replica measured, from its datasets at the three fields.

    returns : dict of TWIN_OBSERVABLES → ndarray, shape (field, block, nx, ny)
    raises : DataFileError when the trajectories ran without twins
    """
    if any(name not in d for name in TWIN_OBSERVABLES for d in datasets):
        raise DataFileError(
            "trajectories: they ran without harmonic twins; delete them and run again, or set "
            "ensemble.harmonic_twin to false"
        )
    return {name: np.array([d[name].values for d in datasets]) for name in TWIN_OBSERVABLES}


def _chance(control, datasets):
    """What to take from the blocks, observable → ndarray (field, block, nx, ny)."""
    if control is None:
        return dict.fromkeys(OBSERVABLES, 0.0)
    return control.deviations(sampled_twins(datasets))


def _check_identity(datasets, paths, identities):
    if len({int(d.attrs["replica"]) for d in datasets}) != 1:
        raise DataFileError(
            f"trajectories: {', '.join(map(str, paths))} hold different replicas (the three fields "
            "need the same replicas in the same order); delete them and run again"
        )
    identities.update(d.attrs["config_digest"] for d in datasets)
    if len(identities) > 1:
        raise DataFileError(
            "trajectories: the files come from different configurations or codes; delete "
            f"{paths[0]} and its neighbours made before the change, and run again"
        )
