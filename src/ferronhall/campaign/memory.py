"""Whether a campaign fits into this machine, said before it runs."""

from ferronhall.base.errors import ConfigError
from ferronhall.base.machine import installed_memory
from ferronhall.campaign.job_resources import model_memory, replica_arrays, replica_memory

_LATTICE = "lower lattice.nx, lattice.ny, lattice.nz or lattice.padding_y"
_LESS = {
    "lattice": _LATTICE,
    "time": "raise time.samples_per_block, for fewer and longer blocks, or lower time.t_max_ps",
    "balances": (
        "raise time.samples_per_block or balances.blocks_averaged, for fewer and longer blocks, "
        "lower time.t_max_ps, or set balances.enabled to false"
    ),
}
"""What makes the arrays of a replica smaller, see job_resources.replica_arrays."""


def require_model(config):
    """Refuse a lattice whose couplings alone do not fit, which theory and pre-flight need as well.

    raises : ConfigError
    """
    asked, installed = model_memory(config), installed_memory()
    if asked > installed:
        raise ConfigError(
            f"lattice: its couplings ask for {asked / 1000:.3g} GB of memory and this machine has "
            f"{installed / 1000:.3g} GB, so nothing runs; take a larger machine, or {_LATTICE}"
        )


def require_replica(config):
    """Refuse a campaign of which one replica does not fit.

    raises : ConfigError
    """
    asked, installed = replica_memory(config), installed_memory()
    if asked <= installed:
        return
    arrays = replica_arrays(config)
    largest = max(arrays, key=arrays.get)
    what = "the arrays of the lattice" if largest == "lattice" else "the means of the blocks"
    raise ConfigError(
        f"{largest}: a replica asks for up to {asked / 1000:.3g} GB of memory, "
        f"{arrays[largest] / 1000:.3g} GB of it for {what}, and this machine has "
        f"{installed / 1000:.3g} GB, so none runs; take a larger machine, or {_LESS[largest]}"
    )
