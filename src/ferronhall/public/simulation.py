"""Replicas of a model at hand: trajectories and their averages without Snakemake."""

import tempfile
from pathlib import Path
from typing import Any

import xarray as xr

from ferronhall.analysis.control_variate import ControlVariate
from ferronhall.analysis.ensemble import ensemble_dataset
from ferronhall.base import paths, storage
from ferronhall.base.digest import fingerprint
from ferronhall.base.errors import ConfigError
from ferronhall.base.progress import ALWAYS
from ferronhall.campaign.config import check_sampling
from ferronhall.engine.trajectory import run_replica
from ferronhall.model import stability
from ferronhall.model.model import Model
from ferronhall.model.schedule import AUTO, automatic_steps
from ferronhall.public.settings import NAME, silent, with_cells
from ferronhall.theory.twin import twin_dataset

__all__ = ["PRECISIONS", "simulate"]

PRECISIONS = ("float32", "float64")

_BLOCKS = 20
"""Blocks of a trajectory: enough for an error, each long enough to forget the one before it."""


def simulate(
    model: Model,
    t_max_ps: float = 60.0,
    t_equil_ps: float = 20.0,
    replicas: int = 1,
    root_seed: int = 1,
    harmonic_twin: bool = True,
    precision: str = "float32",
    progress: bool = True,
) -> xr.Dataset:
    """Trajectories at −Ω_B, 0 and +Ω_B and their averages with errors, as ensemble.nc holds them.

    For a look from a notebook, one replica after another on one core; what runs for hours belongs
    in a campaign, which keeps checkpoints. Nothing is left on disk.

    model : Model, of a configuration with a time step
    t_max_ps, t_equil_ps : float, ps
        Length of a trajectory, and what of it is discarded, in whole substeps.
    replicas : int
        Independent noises; the error falls as one over the square root of their number.
    root_seed : int
        The same number gives the same bits.
    harmonic_twin : bool
        Run a harmonic twin beside each trajectory, which takes the scatter they share off the
        averages: the same means, smaller errors, nearly twice the time.
    precision : "float32" or "float64"
        Of the state; averages are in double precision always.
    progress : bool
        Whether to draw a bar, of plain text.
    returns : Dataset, dims (field, x, y): the maps, field-odd parts delta_…, folded maps, cuts and
        edge accumulations of ensemble.nc, each with its standard error …_stderr
    raises : ConfigError, UnstableKernelError, TrajectoryDivergedError

    >>> import ferronhall as fh
    >>> config = fh.configuration("config/config.yaml", lattice={"nx": 7, "ny": 5, "nz": 2},
    ...     damping={"sponge_layers": 2}, temperature={"hot_fraction": 0.3})
    >>> model = fh.Model.from_config(config)
    >>> found = fh.simulate(model, t_max_ps=3.0, t_equil_ps=1.0, progress=False)
    >>> found.attrs["sample_count"], bool(found.edge_delta_kinetic_energy_stderr > 0)
    (20, True)
    """
    if replicas < 1:
        raise ConfigError(f"replicas: {replicas} leave nothing to average; ask for 1 or more")
    if precision not in PRECISIONS:
        raise ConfigError(
            f"precision: '{precision}' is not known; choose one of {', '.join(PRECISIONS)}"
        )
    config = _configuration(model, t_max_ps, t_equil_ps)
    config["ensemble"] = {
        "replicas": replicas,
        "root_seed": root_seed,
        "precision": precision,
        "harmonic_twin": harmonic_twin,
    }
    check_sampling(config, model.omega_max)
    stability.preflight_at_rest(model, model.h)
    control = (
        ControlVariate(model, twin_dataset(model, config, log=silent)) if harmonic_twin else None
    )
    names = paths.Campaign(NAME)
    with tempfile.TemporaryDirectory() as folder:
        files: dict[str, list[Path]] = {field: [] for field in paths.FIELDS}
        for replica in range(replicas):
            bar = ALWAYS if progress else False
            digest = fingerprint(config)
            found = run_replica(model, config, replica, digest, silent, bar=bar)
            for field, dataset in found.items():
                path = Path(folder, names.trajectory(field, replica))
                storage.write(dataset, path)
                files[field].append(path)
        return with_cells(ensemble_dataset(model, config, files, control), model.cells)


def _configuration(model: Model, t_max_ps: float, t_equil_ps: float) -> dict[str, Any]:
    """What trajectories read of a configuration, in the model's own substeps."""
    if model.h is None:
        raise ConfigError(
            "model: it has no time step; make it of a configuration that has the group `time`"
        )
    if not 0 <= t_equil_ps < t_max_ps:
        raise ConfigError(
            f"t_equil_ps: {t_equil_ps:g} ps of equilibration leave nothing of t_max_ps = "
            f"{t_max_ps:g} ps to sample; lower it or raise t_max_ps"
        )
    config: dict[str, Any] = {
        "campaign": NAME,
        "field": {
            "omega_B_rad_per_ps": model.field.omega_B,
            "direction": list(model.field.direction),
        },
        "time": {
            "dt_ps": model.h,
            "substeps": 1,
            "t_max_ps": t_max_ps,
            "t_equil_ps": t_equil_ps,
            "sample_every_steps": AUTO,
        },
        "balances": {"enabled": False, "sample_every_steps": AUTO, "blocks_averaged": 1},
    }
    every = automatic_steps(config, model.omega_max)
    samples = round((t_max_ps - t_equil_ps) / model.h) // every
    config["time"]["samples_per_block"] = max(1, samples // _BLOCKS)
    return config
