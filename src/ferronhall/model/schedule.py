"""What a replica does when: equilibration, samples, blocks, in whole substeps.

Samples at an interval τ cannot tell an oscillation at 2π/τ from a constant: it stays in the
averages and raises their variance. Displacements and velocities oscillate at up to ω_max, what is
of second order in them at up to 2ω_max, so τ has to stay below π/ω_max. A field turns the highest
frequency into at most ω_B = Ω_B/2 + √(Ω_B²/4 + ω_max²), and where it is strong τ has to stay below
2π/ω_B, at which the displacements themselves land on zero frequency.
"""

import math
from typing import NamedTuple

from ferronhall.model.field import Field

AUTO = "auto"
"""The word for an interval chosen by `automatic_steps`."""

MARGIN = 0.92
"""The longest interval over the one at which the top of the spectrum lands on zero frequency.

At 0.92 what oscillates at 2ω_max appears at 0.17 ω_max, 25 rad/ps in BaTiO₃: five times the width
that a damping of 5/ps gives it, so little of it reaches zero. In the harmonic slab of 7 × 5 × 1
cells the exact variances of kinetic energy, L_z, ⟨w_x²⟩ and ⟨v_x²⟩ then lie 1 to 3 % above those of
samples at every substep (3 to 8 % at 1.0), that of P less than 1 %. In a field of 80 rad/ps, which
spreads the top to 156 rad/ps, it is 5 and 1 % for the first two, 22 and 80 % for the others.
"""


class Schedule(NamedTuple):
    """Substeps of equilibration and between samples, samples a block, whole blocks."""

    equilibration: int
    every: int
    per_block: int
    blocks: int


class BalanceSampling(NamedTuple):
    """Substeps between samples of the balances (0 for none), and blocks averaged into one."""

    every: int
    averaged: int


def substep(config):
    """h = dt/substeps (ps)."""
    return config["time"]["dt_ps"] / config["time"]["substeps"]


def longest_interval(config, omega_max):
    """Interval (ps) that samples have to stay below.

    omega_max : float, rad/ps
        Highest mode frequency without a field.
    """
    half = Field.from_config(config).omega_B / 2
    in_field = half + math.hypot(half, omega_max)
    return MARGIN * math.pi / max(omega_max, in_field / 2)


def automatic_steps(config, omega_max):
    """The most whole steps that stay below the longest interval; one where none does."""
    return max(1, math.ceil(longest_interval(config, omega_max) / config["time"]["dt_ps"]) - 1)


def sampling_steps(config, section, omega_max):
    """Steps from one sample to the next.

    section : "time", or "balances" for those of the balances
    """
    steps = config[section]["sample_every_steps"]
    return automatic_steps(config, omega_max) if steps == AUTO else steps


def schedule(config, omega_max):
    """The Schedule of a validated configuration."""
    t = config["time"]
    every = sampling_steps(config, "time", omega_max) * t["substeps"]
    equilibration = round(t["t_equil_ps"] / t["dt_ps"]) * t["substeps"]
    sampling = round((t["t_max_ps"] - t["t_equil_ps"]) / t["dt_ps"]) * t["substeps"]
    blocks = sampling // every // t["samples_per_block"]
    return Schedule(equilibration, every, t["samples_per_block"], blocks)


def balance_sampling(config, omega_max):
    """The BalanceSampling of a validated configuration."""
    balances = config["balances"]
    if not balances["enabled"]:
        return BalanceSampling(0, 1)
    every = sampling_steps(config, "balances", omega_max) * config["time"]["substeps"]
    return BalanceSampling(every, balances["blocks_averaged"])
