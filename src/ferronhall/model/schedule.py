"""What a replica does when: equilibration, samples, blocks, in whole substeps."""

from typing import NamedTuple


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


def schedule(config):
    """The Schedule of a validated configuration."""
    t = config["time"]
    every = t["sample_every_steps"] * t["substeps"]
    equilibration = round(t["t_equil_ps"] / t["dt_ps"]) * t["substeps"]
    sampling = round((t["t_max_ps"] - t["t_equil_ps"]) / t["dt_ps"]) * t["substeps"]
    blocks = sampling // every // t["samples_per_block"]
    return Schedule(equilibration, every, t["samples_per_block"], blocks)


def balance_sampling(config):
    """The BalanceSampling of a validated configuration."""
    balances = config["balances"]
    if not balances["enabled"]:
        return BalanceSampling(0, 1)
    every = balances["sample_every_steps"] * config["time"]["substeps"]
    return BalanceSampling(every, balances["blocks_averaged"])
