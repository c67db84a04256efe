"""The configuration of second-order runs by VASP, checked."""

from ferronhall.base import schema
from ferronhall.crystals.first_principles.vasp import settings
from ferronhall.crystals.second_order import run_settings, vasp_runs


def check(config):
    """Check a configuration; returns a copy with defaults filled in.

    config : dict, as read from YAML
    raises : ConfigError naming each wrong key, its value and the way out
    """
    schema.check(config, "second_order_runs_vasp")
    config = schema.fill(config, "second_order_runs_vasp")
    section = config[run_settings.SECTION]
    run_settings.report(section, _clashes(section), vasp_runs.every_run(section))
    return config


def _clashes(section):
    yield from settings.tag_clashes(section)
    for name, group in section["crystals"].items():
        if len(group["charge_grid"]) not in (0, 3):
            yield (
                f"crystals.{name}.charge_grid: {group['charge_grid']} is neither three numbers nor "
                "[] for VASP's own grid"
            )
