"""A campaign's results, opened: `fh.open("results/demo")`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from ferronhall.base import paths
from ferronhall.base.errors import DataFileError
from ferronhall.engine import checkpoint
from ferronhall.engine.layout import from_storage
from ferronhall.model.model import Model
from ferronhall.public import page
from ferronhall.public.stages import STAGES, Stages
from ferronhall.public.summary import frame
from ferronhall.results.tables import result_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Campaign", "open"]

_FIGURES = (
    paths.FIGURES
    | paths.SCAN_FIGURES
    | paths.SELF_CONSISTENT_FIGURES
    | paths.BOND_FIGURES
    | paths.LOCK_IN_FIGURES
    | paths.HYSTERESIS_FIGURES
    | paths.DOMAIN_FIGURES
    | paths.DISORDER_FIGURES
    | paths.MOVING_WALL_FIGURES
    | paths.MAP_FIGURES
    | paths.PHONON_FIGURES
    | paths.SECOND_ORDER_FIGURES
)
_TABLES = (
    paths.RESULT_TABLES
    | paths.TWIN_TABLES
    | paths.SCAN_TABLES
    | paths.SELF_CONSISTENT_TABLES
    | paths.BOND_TABLES
    | paths.DOMAIN_TABLES
    | paths.DISORDER_TABLES
    | paths.HYSTERESIS_TABLES
    | paths.MOVING_WALL_TABLES
    | paths.LABORATORY_TABLES
    | paths.SECOND_ORDER_TABLES
)


def open(folder: str | Path) -> "Campaign":
    """Open the results of a campaign.

    folder : that of the campaign, such as results/demo
    returns : Campaign; its files are read when they are asked for
    raises : DataFileError when the folder holds no results

    >>> import ferronhall as fh
    >>> campaign = fh.open("results/demo")
    >>> campaign.ensemble.delta_polarization.units
    'uC/m^2'
    >>> fh.open("results/none")
    Traceback (most recent call last):
    ...
    ferronhall.base.errors.DataFileError: results/none: no such folder; ...
    """
    folder = Path(folder)
    if not folder.is_dir():
        beside = (path for path in folder.parent.glob("*") if path.is_dir())
        near = sorted(str(path) for path in beside if path.name not in paths.SHARED)
        there = f"; beside it are {', '.join(near)}" if near else ""
        raise DataFileError(
            f"{folder}: no such folder; give that of a campaign, as results/demo is one{there}. "
            "A campaign has one once `snakemake` has begun it"
        )
    campaign = Campaign(folder)
    if not campaign.stages:
        raise DataFileError(
            f"{folder}: it holds none of a campaign's files ({', '.join(STAGES)}); give the folder "
            "that bears the campaign's name, or run `snakemake` first"
        )
    return campaign


class Campaign:
    """The results of one campaign; `open` makes it.

    Each stage is an xarray Dataset, read when first asked for. What files record of their
    configuration is compared: one of another campaign, or from before the configuration changed, is
    refused with the key in which they differ.

    >>> import ferronhall as fh
    >>> campaign = fh.open("results/demo")
    >>> campaign.stages[0], campaign.name
    ('parameters', 'demo')
    >>> campaign.theory.ferron.edge_accumulation()["delta_polarization"].units
    'uC/m^2'
    """

    def __init__(self, folder: str | Path) -> None:
        # its name is the campaign's, also of "." and of a path that ends in one
        self._files = Stages(Path(folder).absolute())

    @property
    def folder(self) -> Path:
        """Where the results lie."""
        return self._files.folder

    @property
    def stages(self) -> list[str]:
        """The stages whose files are there, in the order they are made."""
        return self._files.made()

    @property
    def name(self) -> str:
        """The campaign's name, as its files record it."""
        return str(self._any.attrs.get("campaign", self.folder.name))

    @property
    def config(self) -> dict[str, Any]:
        """The configuration, of all that the files of the stages record of it."""
        found: dict[str, Any] = {}
        for stage in self.stages:
            _merge(found, json.loads(self._files.open(stage).attrs.get("config", "{}")))
        return found

    @property
    def _any(self) -> xr.Dataset:
        return self._files.open(self.stages[0])

    @property
    def parameters(self) -> xr.Dataset:
        """Material tensors, K_sr(R), T(x), γ(y), stability report (parameters.nc)."""
        return self._files.open("parameters")

    @property
    def phonons(self) -> xr.Dataset:
        """Lattice dynamics of the material (phonons.nc)."""
        return self._files.open("phonons")

    @property
    def theory(self) -> xr.Dataset:
        """Maps without noise (theory.nc)."""
        return self._files.open("theory")

    @property
    def self_consistent(self) -> xr.Dataset:
        """Baths without a net power between two contacts (self_consistent.nc)."""
        return self._files.open("self_consistent")

    @property
    def domain_walls(self) -> xr.Dataset:
        """Domain walls at rest: profile, energy, width, Peierls barrier (domain_walls.nc)."""
        return self._files.open("domain_walls")

    @property
    def wall_velocity(self) -> xr.Dataset:
        """Positions of domain walls by block, and their velocities (wall_velocity.nc)."""
        return self._files.open("wall_velocity")

    @property
    def disorder(self) -> xr.Dataset:
        """Responses of an uneven crystal by its concentrations (disorder.nc)."""
        return self._files.open("disorder")

    @property
    def theory_spectrum(self) -> xr.Dataset:
        """Edge responses by frequency and wave vector (theory_spectrum.nc)."""
        return self._files.open("theory_spectrum")

    @property
    def laboratory(self) -> xr.Dataset:
        """Responses to a weak gradient and a weak field, in laboratory units (laboratory.nc)."""
        return self._files.open("laboratory")

    @property
    def lock_in(self) -> xr.Dataset:
        """Responses to modulated heating (lock_in.nc)."""
        return self._files.open("lock_in")

    @property
    def hysteresis(self) -> xr.Dataset:
        """Static loop of P against a field along x (hysteresis.nc)."""
        return self._files.open("hysteresis")

    @property
    def timestep(self) -> xr.Dataset:
        """What the integrator's substep does to the maps (timestep.nc)."""
        return self._files.open("timestep")

    @property
    def twin(self) -> xr.Dataset:
        """Exact averages of the harmonic twin (twin.nc)."""
        return self._files.open("twin")

    @property
    def ensemble(self) -> xr.Dataset:
        """Maps with errors, averaged over replicas (ensemble.nc)."""
        return self._files.open("ensemble")

    @property
    def comparison(self) -> xr.Dataset:
        """Theory against simulation (comparison.nc)."""
        return self._files.open("comparison")

    @property
    def efficiency(self) -> xr.Dataset:
        """What an error bar costs (efficiency.nc)."""
        return self._files.open("efficiency")

    @property
    def balances(self) -> xr.Dataset:
        """Powers, currents and torques of every cell (balances.nc)."""
        return self._files.open("balances")

    @property
    def bond_polarization(self) -> xr.Dataset:
        """Second-order polarization of neighbouring cells (bond_polarization.nc)."""
        return self._files.open("bond_polarization")

    @property
    def scan(self) -> xr.Dataset:
        """Responses against keys of the configuration (scan.nc)."""
        return self._files.open("scan")

    @property
    def second_order(self) -> xr.Dataset:
        """Second-order mode effective charges (second_order.nc)."""
        return self._files.open("second_order")

    @property
    def fluorite_density(self) -> xr.Dataset:
        """Polar electron densities of the fluorite (fluorite_density.nc)."""
        return self._files.open("fluorite_density")

    @property
    def perovskite_density(self) -> xr.Dataset:
        """Polar electron densities of the perovskite (perovskite_density.nc)."""
        return self._files.open("perovskite_density")

    @property
    def model(self) -> Model:
        """The equation of motion, read back from parameters.nc."""
        return Model.from_dataset(self.parameters)

    def trajectory(self, field: str, replica: int = 0) -> xr.Dataset:
        """Block means of one trajectory.

        field : "minus", "zero" or "plus"

        >>> import ferronhall as fh
        >>> fh.open("results/demo").trajectory("plus", 1).kinetic_energy.dims
        ('block', 'x', 'y')
        """
        _require_field(field)
        return self._files.trajectory(field, replica)

    def state(self, replica: int = 0, field: str = "plus") -> xr.Dataset:
        """The instantaneous state in which a replica ended.

        field : "minus", "zero" or "plus"
        returns : Dataset of u (Å), the local mode of every cell, and v (Å/ps), its velocity before
            the closing half kick; dims (component, x, y, z)
        raises : DataFileError when the replica kept none (checkpoint.keep_final: false)

        >>> import ferronhall as fh
        >>> state = fh.open("results/demo").state(replica=0, field="zero")
        >>> state.u.dims, state.u.units
        (('component', 'x', 'y', 'z'), 'angstrom')
        """
        _require_field(field)
        model, path = self.model, self._files.checkpoint(replica)
        if not path.exists():
            raise DataFileError(
                f"{path}: no such file; a finished replica leaves its last state with "
                "checkpoint.keep_final: true"
            )
        kept = checkpoint.read(path, {})
        slab, member = model.slab, paths.FIELDS.index(field)
        stored = (3, slab.nx, slab.nz, slab.ny)
        u, v = (from_storage(a[member].reshape(stored)).astype(float) for a in (kept.w, kept.v))
        u += model.rest_state
        dims = ("component", "x", "y", "z")
        return xr.Dataset(
            {
                "u": (dims, u, {"units": "angstrom", "long_name": "local mode"}),
                "v": (dims, v, {"units": "angstrom/ps", "long_name": "velocity of the local mode"}),
            },
            coords={
                "component": list("xyz"),
                **model.cells.coordinates,
                "z": ("z", np.arange(slab.nz), {"units": "1", "long_name": "cells along z"}),
            },
            attrs={"campaign": self.name, "field": field, "replica": replica, "step": kept.step},
        )

    def summary(self) -> pd.DataFrame:
        """Extremes and edge accumulations of the six maps, with their standard errors.

        >>> import ferronhall as fh
        >>> summary = fh.open("results/demo").summary()
        >>> list(summary.columns[:5])
        ['map', 'quantity', 'unit', 'value', 'standard error']
        """
        return self.table("summary")

    def table(self, name: str) -> pd.DataFrame:
        """A table of results, unrounded, made anew from the datasets.

        name : any in tables/ but those of the material: "summary", "comparison", "projection",
            "timestep", "efficiency", "twin", "scan", "bond_polarization", …
        """
        return frame(result_table(name, **self._datasets(name, _TABLES, "table")))

    def figure(self, name: str) -> "Figure":
        """A figure, drawn anew from the datasets.

        name : any in figures/: "fig1" … "fig3", "figS1", "figS2", "theory_maps",
            "theory_comparison", "balance_energy", "bond_maps", "scan", "disorder", …

        >>> import ferronhall as fh
        >>> fh.open("results/demo").figure("theory_maps").get_size_inches()[0] > 3
        np.True_
        """
        # matplotlib doubles the time that the library takes to load
        from ferronhall.results.figures import draw

        return draw(name, **self._datasets(name, _FIGURES, "figure")).figure

    def _datasets(self, name: str, known: dict[str, Any], kind: str) -> dict[str, xr.Dataset]:
        if name not in known:
            raise DataFileError(f"{kind}: '{name}' is none; choose one of {', '.join(known)}")
        return {stage: self._files.open(stage) for stage in known[name]}

    def __repr__(self) -> str:
        return page.text(self)

    def _repr_html_(self) -> str:
        return page.html(self)


def _require_field(field: str) -> None:
    if field not in paths.FIELDS:
        raise DataFileError(f"field: '{field}' is none; choose one of {', '.join(paths.FIELDS)}")


def _merge(found: dict[str, Any], other: dict[str, Any]) -> None:
    for key, value in other.items():
        if isinstance(value, dict):
            _merge(found.setdefault(key, {}), value)
        else:
            found.setdefault(key, value)
