"""What to ask a scheduler for: minutes and memory of a job, from its configuration alone.

Upper bounds, the same on every machine; `estimate` says what a campaign takes on this one.
"""

import math
from dataclasses import replace

from ferronhall.engine.balance_variables import UNITS
from ferronhall.model.domains import beyond_theory, mirrored_walls, walls_of
from ferronhall.model.field import Field
from ferronhall.model.geometry import Slab
from ferronhall.model.material import AXIAL
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.schedule import sampling_steps
from ferronhall.model.slab_operator import mirror_block_numbers
from ferronhall.theory.by_site.cost import site_cost
from ferronhall.theory.columns import MOST_COLUMNS, dense_memory

_MODEST_OPERATIONS = 2e11
"""Of the responses' spectrum, where all of the theory takes about a minute on one core."""


def members(config):
    """Trajectories that one replica advances together: its three fields, and their twins."""
    return len(FIELD_SIGNS) * (2 if config["ensemble"]["harmonic_twin"] else 1)


def replica_minutes(config):
    """Minutes of a replica on one core, or up to its wall limit."""
    time, limit = config["time"], config["checkpoint"]["wall_limit_minutes"]
    substeps = time["t_max_ps"] / time["dt_ps"] * time["substeps"]
    # three times what each member takes on one core: 27 ns a cell, and 15 µs a substep
    each = 3 * (15e-6 + 27e-9 * Slab.from_config(config).sites)
    needed = 10 + math.ceil(each * members(config) * substeps / 60)
    # a replica that stops at its limit goes on in the next job, so none asks for more
    return min(needed, math.ceil(limit)) if limit else needed


def replica_memory(config, replicas=1):
    """MB of a replica, or of several in one process: their arrays and the processes around them.

    The same for all replicas of a campaign: a job array asks what its first job asks.
    """
    # a process with its libraries takes 250 MB, each of the two of Snakemake around it 100 MB
    return 700 + math.ceil(sum(replica_arrays(config, replicas).values()))


def replica_arrays(config, replicas=1):
    """MB of the arrays of so many replicas, by the group of keys that they follow from.

    returns : dict with "lattice", "time" (block means) and "balances" (theirs)
    """
    slab, time = Slab.from_config(config), config["time"]
    blocks = mirror_block_numbers(slab)
    # `auto` needs a frequency that is not known yet: here it is the shortest interval, one step
    every = sampling_steps(config, "time", math.inf)
    samples = time["t_max_ps"] / time["dt_ps"] / every
    stored = samples / time["samples_per_block"] * slab.nx * slab.ny
    # of domains that are followed cell by cell a map more for each z
    maps = 4 + (slab.nz if beyond_theory(config) else 0)
    together = members(config) * replicas
    moments = len(FIELD_SIGNS) * len(UNITS) if config["balances"]["enabled"] else 0
    # in doubles: the kernel with its transform, the blocks before, during and after packing, some
    # forty fields, and the block means with the copies that a dataset and a checkpoint take
    doubles = {
        "lattice": 5 * _kernel(slab) + 4 * blocks + 40 * together * slab.sites,
        "time": 4 * maps * together * stored,
        "balances": 4 * replicas * moments * stored / config["balances"]["blocks_averaged"],
    }
    return {group: 8e-6 * number for group, number in doubles.items()}


def model_memory(config):
    """MB of a model: its kernel while it is made, and the process around it."""
    return 250 + math.ceil(8e-6 * 5 * _kernel(Slab.from_config(config)))


def steady_state_memory(config):
    """MB of a steady state: the modes of one q_z, and the processes around them."""
    slab = Slab.from_config(config)
    # with a field or walls that break the mirrors every q_x has modes of its own
    mirrored = Field.from_config(config).along_z and mirrored_walls(walls_of(config), slab.ny)
    blocks = slab.nx // 2 + 1 if mirrored else slab.nx
    # rows and drive 162 ny² doubles with a mirror, twice that without; in layers the same
    modes = blocks * (1 if mirrored else 2) * 162 * slab.ny**2
    return 1000 + math.ceil(8e-6 * modes + 8e-6 * 5 * _kernel(slab))


def laboratory_memory(config):
    """MB of the responses to a weak gradient: modes and kernel of COUNT pairs, a mirror's half."""
    # here, as it brings the whole theory, and is asked of a job that is about to run
    from ferronhall.theory.linear_response.weak_gradient import COUNT

    slab = replace(Slab.from_config(config), nx=COUNT + 2)
    modes = slab.nx * 162 * slab.ny**2
    return 1000 + math.ceil(8e-6 * modes + 8e-6 * 5 * _kernel(slab))


def uneven_memory(config):
    """MB of the uneven crystal's dense solution, two realisations at a time, where it has one."""
    slab = Slab.from_config(config)
    columns = min(slab.nx * slab.ny, MOST_COLUMNS)
    return steady_state_memory(config) + math.ceil(2 * dense_memory(columns))


def theory_memory(config):
    """MB of a campaign's theory: its steady states, and its closure by the site if it has one."""
    shape, form = Slab.from_config(config).shape, config["onsite"]["form"]
    cost, wanted = site_cost(shape, form), config["theory"]["closure"]
    by_site = wanted == "site" or (wanted == "auto" and form == AXIAL and cost.modest)
    return steady_state_memory(config) + math.ceil(cost.memory_MB if by_site else 0)


def spectrum_memory(config):
    """MB of the responses' spectrum: all modes of one q_z, and their lines in bands of 2 rad/ps."""
    slab = Slab.from_config(config)
    # the highest phonon of any stable preset stays below 250 rad/ps
    bands = (250 + abs(config["field"]["omega_B_rad_per_ps"])) / 2
    complex_numbers = slab.nx * (54 * slab.ny**2 + 6 * slab.ny * 10 * bands)
    return steady_state_memory(config) + math.ceil(16e-6 * complex_numbers)


def theory_modest(config):
    """Whether a stage of the theory takes seconds, not minutes.

    The responses' spectrum is then made unasked.
    """
    slab = Slab.from_config(config)
    pairs = slab.nx**2 / 4 * (slab.nz // 2 + 1)
    # two fields of complex products of (6 ny, 3 ny) and of (6 ny, some 2 ny) with (6 ny, 6 ny)
    return 2 * pairs * 8 * 36 * 5 * slab.ny**3 < _MODEST_OPERATIONS


def theory_threads(config):
    """Cores for a stage of the theory: two small ones get further side by side."""
    return 1 if theory_modest(config) else 2


def heat_balance_memory(config):
    """MB of the self-consistent baths: a steady state, and the matrix of all cells twice."""
    cells = math.prod(Slab.from_config(config).shape[:2])
    return steady_state_memory(config) + math.ceil(8e-6 * 3 * cells**2)


def _kernel(slab):
    """Numbers in the intercell kernel where it is largest, while it is made."""
    return 9 * slab.nx * slab.nz * max(slab.padding, slab.zone_points)
