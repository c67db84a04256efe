"""The configuration of second-order runs, checked."""

from itertools import chain

from ferronhall.base import schema
from ferronhall.base.errors import ConfigError
from ferronhall.crystals.second_order import runs
from ferronhall.crystals.second_order.parents import ROLES

SECTION = "first_principles"


def check(config):
    """Check a configuration of second-order runs; returns a copy with defaults filled in.

    config : dict, as read from YAML
    raises : ConfigError naming each wrong key, its value and the way out
    """
    schema.check(config, "second_order_runs")
    config = schema.fill(config, "second_order_runs")
    section = config[SECTION]
    report(section, _density_cutoffs(section), runs.every_run(section))
    return config


def report(section, further, planned):
    """ConfigError for what does not fit together in a section of second-order runs.

    section : dict, defaults filled in
    further : iterable of str, messages of one code alone
    planned : iterable of runs.Displaced, taken once the modes are known to be right
    """
    schema.report([f"{SECTION}.{message}" for message in chain(_elements(section), further)])
    schema.report([f"{SECTION}.{message}" for message in _modes(section)])
    schema.report([f"{SECTION}.{message}" for message in _twice(planned)])


def _elements(section):
    known = [kind["symbol"] for kind in section["species"]]
    for name, group in section["crystals"].items():
        places = ROLES[group["family"]]
        if len(group["species"]) != len(places):
            yield (
                f"crystals.{name}.species: a {group['family']} has {len(places)} elements, "
                f"{', '.join(places)}; there are {len(group['species'])}, {group['species']}"
            )
        for symbol in group["species"]:
            if symbol not in known:
                yield (
                    f"crystals.{name}.species: '{symbol}' is not among the symbols of "
                    f"{SECTION}.species ({', '.join(known)}); add it there or correct it"
                )


def _density_cutoffs(section):
    for name, group in section["crystals"].items():
        density = group["density_cutoff_Ry"]
        if density and density < 4 * group["cutoff_Ry"]:
            yield (
                f"crystals.{name}.density_cutoff_Ry: {density} Ry is below four times cutoff_Ry, "
                f"{4 * group['cutoff_Ry']} Ry, so the density would be cut; raise it, or give 0 "
                "for that value"
            )


def _modes(section):
    for name, group in section["crystals"].items():
        for kind in ("pairs", "variations"):
            for n, entry in enumerate(group[kind]):
                try:
                    runs.patterns(group, (*entry["modes"], "")[:2])
                except ConfigError as error:
                    yield f"crystals.{name}.{kind}.{n}.modes: {error}"
                for amplitude in chain.from_iterable(entry["amplitudes_A"]):
                    if round(amplitude, 3) != amplitude:
                        yield (
                            f"crystals.{name}.{kind}.{n}.amplitudes_A: {amplitude!r} has more than "
                            f"three decimals, and runs are named by three; write {amplitude:.3f}"
                        )


def _twice(planned):
    keys = [run.key for run in planned]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"crystals: the run {key} stands there {keys.count(key)} times; once is enough"
