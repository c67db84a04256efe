"""When the balance moments are sampled, and where they gather."""

import numpy as np

from ferronhall.engine.balance_variables import CELLS, DIM, PREFIX, UNITS
from ferronhall.engine.kernels.balance_moments import LANES, MOMENTS, ROWS, BalancePlan
from ferronhall.model.members import FIELD_SIGNS

_FIELDS = len(FIELD_SIGNS)


def build_plan(operator, dtype, every, members=_FIELDS):
    """The plan of kernels.balance_moments for one replica, with sums and scratch of its own.

    operator : SlabOperator
        Its slab and bonds.
    every : int
        Substeps from one sample to the next; 0 for none.
    members : int
        How many of a replica's states are sampled, the first ones: its fields, not their twins.
    """
    slab, bonds = operator.slab, operator.bonds
    lattice = (slab.nx, slab.nz, -(-slab.ny // LANES)) if every else (0, 0, 0)
    tiles = np.zeros((*lattice, ROWS, LANES + 2), dtype)
    sums = np.zeros((members, len(MOMENTS) if every else 0, slab.nx, slab.ny))
    return BalancePlan(every, np.ascontiguousarray(bonds, dtype), tiles, sums)


class BalanceMeans:
    """Means of the moments over runs of consecutive blocks, gathered from a plan's sums.

    means : list of ndarray float64, shape (members, moments, nx, ny)
        Of the finished runs of blocks.
    """

    def __init__(self, plan, nz, equilibration, block_length, averaged):
        self.plan, self.nz, self.averaged = plan, nz, averaged
        self.equilibration, self.length = equilibration, averaged * block_length
        self.means = []

    def within(self, blocks):
        """The means that `blocks` blocks hold, shape (their number, members, moments, nx, ny).

        A state saved under a longer t_max holds more.
        """
        kept = self.means[: blocks // self.averaged]
        return np.array(kept).reshape(len(kept), *self.plan.sums.shape)

    def finished(self, sampled):
        """Number of means that are complete `sampled` substeps after equilibration."""
        return sampled // self.length if self.plan.every else 0

    def visit(self, step):
        """Finish a run of blocks if `step` is its end."""
        end = self.equilibration + (len(self.means) + 1) * self.length
        if self.plan.every and step == end:
            samples = multiples(end, self.plan.every) - multiples(
                end - self.length, self.plan.every
            )
            self.means.append(self.plan.sums / (samples * self.nz))
            self.plan.sums[:] = 0


def multiples(end, every):
    """How many multiples of `every` lie in [0, end)."""
    return -(-end // every)


def cell_variables(model, replica):
    """CELLS of a replica's own crystal as variables of a trajectory's file; none where cells agree.

    replica : int
    """
    if not model.disorder:
        return {}
    cells = model.disorder.realisation(model.slab, replica)
    values = (~cells.pinned).mean(axis=2), np.where(cells.pinned, 0, 1 / cells.mass).mean(axis=2)
    return {
        name: (("x", "y"), value, {"units": "1", "long_name": label})
        for value, (name, label) in zip(values, CELLS.items(), strict=True)
    }


def moment_variables(means):
    """Variables of a trajectory's file, in single precision; none when there are no moments.

    means : ndarray, shape (blocks, moments, nx, ny)
    """
    if not means.size:
        return {}
    stacked = means.astype(np.float32)
    return {
        PREFIX + name: ((DIM, "x", "y"), stacked[:, i], {"units": unit, "long_name": label})
        for i, (name, (unit, label)) in enumerate(UNITS.items())
    }
