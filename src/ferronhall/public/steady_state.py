"""The theory without noise, of a model at hand."""

from collections.abc import Callable

import xarray as xr

from ferronhall.base import schema
from ferronhall.base.errors import ConfigError
from ferronhall.model.model import Model
from ferronhall.model.schedule import AUTO
from ferronhall.public.settings import NAME, silent, with_cells
from ferronhall.theory.datasets import CLOSURES, theory_dataset

__all__ = ["steady_state"]


def steady_state(
    model: Model,
    closure: str = "auto",
    threads: int = 1,
    log: Callable[[str], object] = silent,
) -> xr.Dataset:
    """The driven steady state at −Ω_B, 0 and +Ω_B, as theory.nc holds it (docs/theory.md).

    model : Model
    closure : "auto", "averaged" or "site"
        Whose stiffness the fluctuations feel: averaged over x, or of every cell.
    threads : int
    log : callable taking a line of text, such as print
    returns : Dataset, dims (field, x, y): kinetic_energy (meV), polarization (C/m²) and
        angular_momentum (ħ) in the Gaussian closure, their field-odd parts delta_… and edge
        accumulations edge_…; the same with _harmonic, to first order in the temperature
    raises : TheoryError when there is no steady state; ConfigError when the closure is none or does
        not fit in memory

    >>> import ferronhall as fh
    >>> config = fh.configuration("config/config.yaml", lattice={"nx": 7, "ny": 5, "nz": 2},
    ...     damping={"sponge_layers": 2}, temperature={"hot_fraction": 0.3})
    >>> theory = fh.steady_state(fh.Model.from_config(config), closure="averaged")
    >>> theory.angular_momentum.dims, theory.angular_momentum.units
    (('field', 'x', 'y'), 'hbar')
    >>> bool(abs(theory.edge_delta_polarization) > 0)
    True
    >>> fh.steady_state(fh.Model.from_config(config), closure="sites")
    Traceback (most recent call last):
    ...
    ferronhall.base.errors.ConfigError: closure: 'sites' is not known; choose one of auto, ...
    """
    if closure != AUTO and closure not in CLOSURES:
        known = ", ".join((AUTO, *CLOSURES))
        raise ConfigError(f"closure: '{closure}' is not known; choose one of {known}")
    # the other keys of the group as a campaign has them that leaves them out
    settings = schema.fill({"theory": {"closure": closure}}, "config")["theory"]
    found = theory_dataset(model, {"campaign": NAME, "theory": settings}, threads, log)
    return with_cells(found, model.cells)
