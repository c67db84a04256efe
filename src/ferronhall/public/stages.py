"""The files of a campaign: opened when asked for, and checked against those opened before."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import xarray as xr

from ferronhall.base import paths, storage
from ferronhall.base.dotted_keys import leaves
from ferronhall.base.errors import DataFileError

__all__ = ["STAGES", "Stages"]

STAGES = {
    "parameters": "model, profiles and stability report",
    "phonons": "lattice dynamics of the material",
    "self_consistent": "baths without a net power between two contacts",
    "domain_walls": "domain walls at rest",
    "wall_velocity": "where domain walls went in the trajectories, and how fast",
    "disorder": "responses of an uneven crystal by its concentrations",
    "theory": "maps of the noise-free theory",
    "theory_spectrum": "edge responses by frequency and wave vector",
    "laboratory": "responses to a weak gradient and a weak field, in laboratory units",
    "lock_in": "responses to modulated heating",
    "hysteresis": "static loop of P against a field along x",
    "timestep": "what the substep does to the maps",
    "twin": "exact averages of the harmonic twin",
    "ensemble": "maps with errors, of all replicas",
    "comparison": "theory against simulation",
    "efficiency": "what an error bar costs",
    "balances": "powers, currents and torques of every cell",
    "bond_polarization": "second-order polarization of neighbouring cells",
    "scan": "responses against keys of the configuration",
    "second_order": "second-order mode effective charges",
    "fluorite_density": "polar electron densities of the fluorite",
    "perovskite_density": "polar electron densities of the perovskite",
}
"""Stage → what it holds, in the order they are made; the names are those of paths.Campaign."""

_PATHS = ("material", "second_order.data")
"""Keys that may differ between stages of one campaign: the same file by another path."""


class Stages:
    """The datasets of one folder, each read once.

    folder : Path
        The campaign's.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._layout = paths.Campaign(folder.name)
        self._opened: dict[str, xr.Dataset] = {}
        # dotted key → (value, file it was read in), of everything the opened files record
        self._recorded: dict[str, tuple[Any, Path]] = {}
        self._cells: dict[str, tuple[np.ndarray, Path]] = {}

    def path(self, file: str) -> Path:
        """Where a file of paths.Campaign lies in this folder."""
        root = paths.RESULTS / self.folder.name
        return self.folder / PurePosixPath(file).relative_to(root)

    def path_of(self, stage: str) -> Path:
        """The file of a stage."""
        return self.path(getattr(self._layout, stage))

    def figure(self, name: str) -> dict[str, Path]:
        """The files of a figure, by format."""
        return {kind: self.path(file) for kind, file in self._layout.figure(name).items()}

    def trajectory(self, field: str, replica: int) -> xr.Dataset:
        """Block means of a trajectory."""
        return self._read(self.path(self._layout.trajectory(field, replica)))

    def checkpoint(self, replica: int) -> Path:
        """What a finished replica left to go on from."""
        return self.path(self._layout.checkpoint(f"{replica:04d}")).with_suffix(".final.ckpt")

    def made(self) -> list[str]:
        """The stages whose files are there."""
        return [stage for stage in STAGES if self.path_of(stage).exists()]

    def open(self, stage: str) -> xr.Dataset:
        """The dataset of a stage; DataFileError when it is missing or is not of this campaign."""
        if stage not in self._opened:
            self._opened[stage] = self._read(self.path_of(stage))
        return self._opened[stage]

    def _read(self, path: Path) -> xr.Dataset:
        if not path.exists():
            there = ", ".join(self.made()) or "none"
            raise DataFileError(
                f"{path}: no such file; the stage that makes it has not run, or was left out by "
                f"the configuration. Of this campaign's stages there are: {there}"
            )
        dataset = storage.read(path)
        # all are compared before any is taken, so that a file refused leaves no trace
        recorded = leaves(json.loads(dataset.attrs.get("config", "{}")))
        recorded = {key: value for key, value in recorded.items() if key not in _PATHS}
        for key, value in recorded.items():
            known, other = self._recorded.get(key, (value, path))
            if known != value:
                raise DataFileError(
                    f"{path}: it was made with {key}: {value}, {other.name} with {known}; they are "
                    "of different campaigns, or one was made before the configuration changed. Run "
                    "`snakemake` with one configuration to bring them together, or open each file "
                    "by itself with xarray"
                )
        cells = {axis: dataset[axis].values for axis in "xy" if _counts_cells(dataset, axis)}
        for axis, values in cells.items():
            known, other = self._cells.get(axis, (values, path))
            if not np.array_equal(known, values):
                raise DataFileError(
                    f"{path}: it has {len(values)} cells along {axis}, {other.name} {len(known)}; "
                    "they are of different campaigns"
                )
        self._recorded = {key: (value, path) for key, value in recorded.items()} | self._recorded
        self._cells = {axis: (values, path) for axis, values in cells.items()} | self._cells
        return dataset


def _counts_cells(dataset: xr.Dataset, axis: str) -> bool:
    """Whether an axis is one of the slab, as a density's, in Å, is not."""
    return axis in dataset.coords and dataset[axis].attrs.get("units") == "1"
