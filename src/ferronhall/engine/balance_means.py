"""When the balance moments are sampled, where they gather, and what they are."""

import numpy as np

from ferronhall.engine.kernels.balance_moments import LANES, MOMENTS, ROWS, BalancePlan
from ferronhall.model.members import FIELD_SIGNS

UNITS = {
    "onsite_power": ("eV/ps", "v·F_on (Eq. S27)"),
    "intercell_power": ("eV/ps", "v·F of short range and dipoles together (Eq. S26, S28)"),
    "kicked_speed_squared": ("angstrom^2/ps^2", "v² after the kick, before the bath"),
    "onsite_work": ("eV", "on-site energy given up in the drifts of a substep"),
    "longitudinal_speed_squared": ("angstrom^2/ps^2", "v_x² (Eq. S56)"),
    "longitudinal_displacement": ("angstrom", "u_x − u0 (Eq. S45)"),
    "longitudinal_displacement_squared": ("angstrom^2", "(u_x − u0)² (Eq. S53)"),
    "onsite_torque": ("eV", "w × F_on about z (Eq. S39)"),
    "intercell_torque": ("eV", "w × F about z, short range and dipoles together (Eq. S37, S40)"),
    "magnetic_impulse": ("angstrom^2/ps", "change of w × v about z by the rotations of a substep"),
    "damping_impulse": ("angstrom^2/ps", "change of w × v about z by the damping of a substep"),
    "short_range_power": ("eV/ps", "v·F_sr (Eq. S26)"),
    "energy_outflow": ("eV/ps", "sum over R of J^E (Eq. S30)"),
    "energy_current_x": ("eV/ps", "sum over R of J^E R_x/2, R in cells"),
    "energy_current_y": ("eV/ps", "sum over R of J^E R_y/2, R in cells"),
    "bond_work": ("eV", "half of the bonds' energy given up in a substep, without its noise part"),
    "short_range_torque": ("eV", "w × F_sr about z (Eq. S37)"),
    "spin_current_x": ("eV", "sum over R of −w × F_sr(R) R_x/2 (Eq. S37)"),
    "spin_current_y": ("eV", "sum over R of −w × F_sr(R) R_y/2 (Eq. S37)"),
    "bond_bilinear": ("angstrom^2", "half the sum over nearest R of w_x(0) R·w(R) − w_x(R) R·w(0)"),
}
"""Moment → unit and meaning, z-averaged. F_sr and dipoles differ by the bonds' part."""

CELLS = {
    "free_cells": "part of a column along z that is not pinned",
    "noise_share": "mean along z of M̄/M over the cells that are not pinned",
}
"""What the balances of an uneven crystal have to know of its cells, dimensionless."""

DIM = "balance_block"
PREFIX = "moment_"

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
