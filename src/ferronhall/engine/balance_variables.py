"""What the balance moments are called in a trajectory's file, and what they are."""

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
