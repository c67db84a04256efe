"""The campaign's configuration: reading, checking against the schema, and across keys."""

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from ferronhall.base import schema, shipped, yaml_files
from ferronhall.base.errors import ConfigError
from ferronhall.campaign.domain_checks import domains_beyond_theory, walls
from ferronhall.model import short_range
from ferronhall.model.bath_profile import is_self_consistent
from ferronhall.model.contacts import Contacts
from ferronhall.model.disorder import Disorder
from ferronhall.model.electrical_boundary import NONE, OPEN_CIRCUIT
from ferronhall.model.field import Field
from ferronhall.model.geometry import HotBand, Slab
from ferronhall.model.material import CUBIC, Material, campaign_content
from ferronhall.model.schedule import AUTO, sampling_steps
from ferronhall.model.temperature_map import read_temperature_map

_HOT = 0.9
"""Part of the temperature difference that the hottest column has to reach."""

_ROUNDING = 1e-6
"""Relative distance from a whole number of steps that still counts as one."""

_RATE, _MOMENT, _MOST_RATE = "omega_B_rad_per_ps", ("moment_muB", "tesla"), 1000.0
"""The two ways to write the field, and the largest Ω_B (rad/ps) by either."""

_UNKNOWN = math.inf
"""ω_max before the pre-flight: `auto` then stands for its shortest interval, one step."""


def load_config(path):
    """Read a configuration file and validate it; ConfigError when it cannot be used."""
    return validate(yaml_files.read(path))


def validate(config, root="."):
    """Check a configuration; returns a copy with every default filled in.

    config : dict, as read from YAML
    root : str or Path
        Folder of the workflow; paths of files that are there alone are completed with it.
    raises : ConfigError naming each wrong key, its value and the way out
    """
    schema.check(config, "config")
    config = schema.fill(config, "config")
    config["field"]["direction"] = _unit(config["field"]["direction"])
    config["material"] = shipped.find(config["material"], root)
    if config["temperature"]["map"]:
        config["temperature"]["map"] = shipped.find(config["temperature"]["map"], root)
    config["second_order"]["data"] = shipped.find(config["second_order"]["data"], root)
    config["domains"]["walls_y"] = sorted(config["domains"]["walls_y"])
    if isinstance(config["domains"]["map"], str) and config["domains"]["map"]:
        config["domains"]["map"] = shipped.find(config["domains"]["map"], root)
    config["disorder"]["isotopes"] = sorted(config["disorder"]["isotopes"])
    checks = (
        *(_lattice, walls, domains_beyond_theory, _disorder, _electrical_boundary),
        *(_temperature, _damping, _field, _time),
    )
    messages = [message for check in checks for message in check(config)]
    schema.report([*_material(config, root), *messages, *_balances(config, _UNKNOWN)])
    return config


def _unit(direction):
    """The direction with length 1, so that equal fields are the same campaign; zero stays zero."""
    largest = max(map(abs, direction))
    # components of any size, as their squares may be too large or too small for a number
    scaled = [component / largest for component in direction] if largest else direction
    return [component / (math.hypot(*scaled) or 1.0) for component in scaled]


def _material(config, root):
    if not Path(config["material"]).exists():
        yield (
            f"material: '{config['material']}' cannot be read (no such file, neither in the "
            f"working folder '{Path.cwd()}' nor beside the workflow in '{Path(root).resolve()}'); "
            "give the path of a material file, as config/materials/batio3.yaml is one"
        )
        return
    try:
        known = Material.from_dict(campaign_content(config)).short_range
        dipole = config["dipole"]
        name = config["short_range"]["preset"]
        short_range.choose(known, name, dipole["kernel"], dipole["eta_a"])
    except ConfigError as error:
        yield str(error)


def _lattice(config):
    if is_self_consistent(config):
        yield from _contacts(config)
        return
    slab, band = Slab.from_config(config), HotBand.from_config(config)
    if not band.flanks(slab).any():
        longer = (replace(slab, nx=nx) for nx in itertools.count(slab.nx))
        least = next(candidate.nx for candidate in longer if band.flanks(candidate).any())
        yield (
            f"lattice.nx: {slab.nx} cells are too few, no column lies on a flank of the hot "
            f"band; raise lattice.nx to {least} or more, or temperature.smoothing_fraction"
        )
    t = config["temperature"]
    if t["map"]:
        return
    hottest = band.temperature(slab).max()
    if hottest - t["T_cold_K"] < _HOT * (t["T_hot_K"] - t["T_cold_K"]):
        yield (
            f"temperature.hot_fraction: no column is as hot as T_hot_K = {t['T_hot_K']:g} K, the "
            f"hottest of {slab.nx} has {hottest:.3g} K; raise lattice.nx, or hot_fraction to "
            f"{1 / slab.nx:.2g} (one column) or more"
        )


def _electrical_boundary(config):
    field, plates = config["electric_field"]["x_kV_per_cm"], config["electrodes"]
    if field and config["dipole"]["boundary"]["x"] == OPEN_CIRCUIT:
        yield (
            f"dipole.boundary.x: {OPEN_CIRCUIT} leaves no plates that a source could hold apart, "
            f"and electric_field.x_kV_per_cm: {field:g} is the field between such; take "
            "short_circuit, or no electric field"
        )
    distance, length = plates["distance_A"], plates["screening_length_A"]
    if distance == NONE:
        if length:
            yield (
                f"electrodes.screening_length_A: {length:g} Å, and there are no electrodes; give "
                "electrodes.distance_A a number (Å), or take the screening length away"
            )
        return
    if config["lattice"]["padding_y"] != "isolated":
        yield (
            f"electrodes.distance_A: {distance:g} Å, and in a box of lattice.padding_y = "
            f"{config['lattice']['padding_y']:g} periodic copies of the slab stand behind the "
            "electrodes; set lattice.padding_y to isolated"
        )
    if config["dipole"]["kernel"] != "gaussian":
        yield (
            f"electrodes.distance_A: {distance:g} Å, and dipole.kernel "
            f"'{config['dipole']['kernel']}' has no dipoles in space that could have images; take "
            "gaussian and a short_range.preset made for it"
        )


def _disorder(config):
    section = config["disorder"]
    twice = sorted({e for e in section["isotopes"] if section["isotopes"].count(e) > 1})
    if twice:
        yield f"disorder.isotopes: {', '.join(twice)} stands there more than once; once is enough"
        return
    try:
        material = Material.from_dict(campaign_content(config))
        disorder = Disorder.of(section, material)
    except (ConfigError, FileNotFoundError) as error:
        # what else is wrong with the material is told elsewhere
        if "disorder" in str(error):
            yield str(error)
        return
    if disorder and config["onsite"]["form"] == CUBIC:
        yield (
            "disorder: cells that differ are known with onsite.form: axial alone; write axial, or "
            "in disorder every concentration to 0 and isotopes to []"
        )
    if disorder and config.get("engine") == "gpu":
        yield (
            "engine: gpu knows no uneven crystal; set engine: cpu, or in disorder every "
            "concentration to 0 and isotopes to []"
        )


def _contacts(config):
    t, slab = config["temperature"], Slab.from_config(config)
    contacts = Contacts.from_config(config)
    for key, columns in (
        ("hot_fraction", contacts.hot_columns(slab)),
        ("cold_fraction", contacts.cold_columns(slab)),
    ):
        if not columns.any():
            yield (
                f"temperature.{key}: {t[key]:g} of lattice.nx = {slab.nx} cells hold no column of "
                f"a contact; raise it to {2 / slab.nx:.2g} or more"
            )
    if np.count_nonzero(contacts.between(slab)) < 4:
        yield (
            f"temperature.cold_fraction: the contacts (hot_fraction {t['hot_fraction']:g}, "
            f"cold_fraction {t['cold_fraction']:g}) leave fewer than two columns between them on "
            f"either side of lattice.nx = {slab.nx} cells; lower one of them, or raise lattice.nx"
        )
    if t["T_hot_K"] == t["T_cold_K"]:
        yield (
            f"temperature.T_hot_K: both contacts have {t['T_hot_K']:g} K, so that no heat flows "
            "between them; raise T_hot_K, or take temperature.profile: imposed"
        )
    if t["map"]:
        yield (
            f"temperature.map: '{t['map']}' gives every cell its temperature, and "
            "temperature.profile: self_consistent solves for them; take one of them away"
        )


def _temperature(config):
    t = config["temperature"]
    if is_self_consistent(config):
        if t["T_cold_K"] > t["T_hot_K"]:
            yield _exchanged(t)
        return
    if t["map"]:
        try:
            read_temperature_map(t["map"], Slab.from_config(config))
        except ConfigError as error:
            yield str(error)
    if t["T_cold_K"] > t["T_hot_K"]:
        yield _exchanged(t)
    total = t["hot_fraction"] + 2 * t["smoothing_fraction"]
    if total >= 1:
        yield (
            f"temperature.hot_fraction: the band ({t['hot_fraction']}) and its two flanks "
            f"(temperature.smoothing_fraction, {t['smoothing_fraction']} each) take {total:g} of "
            "the slab's length and leave nothing cold; bring hot_fraction + 2 smoothing_fraction "
            "below 1"
        )


def _exchanged(t):
    return (
        f"temperature.T_cold_K: {t['T_cold_K']} K is above temperature.T_hot_K, "
        f"{t['T_hot_K']} K; exchange them"
    )


def _damping(config):
    layers, ny = config["damping"]["sponge_layers"], config["lattice"]["ny"]
    if layers > ny // 2:
        yield (
            f"damping.sponge_layers: {layers} layers a face overlap in a slab of lattice.ny = {ny} "
            f"cells; give at most {ny // 2}, or raise lattice.ny"
        )


def _field(config):
    direction = config["field"]["direction"]
    if not any(direction):
        yield (
            f"field.direction: {direction} has no length; give the field's direction, "
            "[0.0, 0.0, 1.0] for z"
        )
    given = [key for key in (_RATE, *_MOMENT) if key in config["field"]]
    if given not in ([_RATE], list(_MOMENT)):
        yield (
            f"field.{_RATE}: the field is given by {' and '.join(given) or 'nothing'}; give either "
            f"field.{_RATE} (rad/ps) alone, or field.moment_muB (µ_B) with field.tesla (T), of "
            "which 1 µ_B and 1 T make 0.176 rad/ps"
        )
        return
    rate = Field.from_config(config).omega_B
    if not 0 < rate <= _MOST_RATE:
        yield (
            f"field.moment_muB: in {config['field']['tesla']:g} T it makes a rate of {rate:.4g} "
            f"rad/ps; bring 0.176 rad/ps per µ_B and T above 0 and up to {_MOST_RATE:g} rad/ps"
        )


def _time(config):
    t = config["time"]
    for key in ("t_max_ps", "t_equil_ps"):
        steps = t[key] / t["dt_ps"]
        if abs(steps - round(steps)) > _ROUNDING * max(steps, 1):
            yield (
                f"time.{key}: {t[key]} ps is not a whole number of steps of time.dt_ps = "
                f"{t['dt_ps']} ps; {round(steps) * t['dt_ps']:.12g} ps is the nearest that is"
            )
    if t["t_equil_ps"] >= t["t_max_ps"]:
        yield (
            f"time.t_equil_ps: {t['t_equil_ps']} ps of equilibration leave nothing of "
            f"time.t_max_ps = {t['t_max_ps']} ps to sample; lower it or raise t_max_ps"
        )
        return
    yield from _blocks(config, _UNKNOWN)


def check_sampling(config, omega_max):
    """Check once more what hangs on an interval chosen by `auto`, now that ω_max is known.

    config : dict, validated
    omega_max : float, rad/ps
    raises : ConfigError when no block is complete, or one of the balances holds no sample
    """
    schema.report([*_blocks(config, omega_max), *_balances(config, omega_max)])


def _interval(config, section, omega_max):
    """Steps between samples, and how to call them in a message."""
    steps = sampling_steps(config, section, omega_max)
    chosen = config[section]["sample_every_steps"] == AUTO
    words = f"{steps} steps" if steps != 1 else "step"
    return steps, f"{words} (auto)" if chosen else words


def _sampled_steps(config):
    t = config["time"]
    return round((t["t_max_ps"] - t["t_equil_ps"]) / t["dt_ps"])


def _blocks(config, omega_max):
    t, steps = config["time"], _sampled_steps(config)
    every, interval = _interval(config, "time", omega_max)
    block = t["samples_per_block"] * every
    if steps < every:
        yield (
            f"time.sample_every_steps: {interval} are more than the {steps} "
            f"after equilibration, so nothing is sampled; lower it to {steps} or less, or raise "
            "time.t_max_ps"
        )
    elif steps < block:
        yield (
            f"time.samples_per_block: {t['samples_per_block']} samples every "
            f"{interval} take {block * t['dt_ps']:g} ps, but only "
            f"{steps * t['dt_ps']:g} ps are sampled after equilibration, so no block is complete; "
            f"lower it to {steps // every} or less, or raise "
            "time.t_max_ps"
        )


def _balances(config, omega_max):
    balances, t = config["balances"], config["time"]
    if not balances["enabled"]:
        return
    averaged = balances["blocks_averaged"]
    block = t["samples_per_block"] * sampling_steps(config, "time", omega_max)
    blocks = _sampled_steps(config) // block
    if 0 < blocks < averaged:
        yield (
            f"balances.blocks_averaged: {averaged} blocks are not complete in a trajectory of "
            f"{blocks}; lower it to {blocks} or less, or raise time.t_max_ps"
        )
    if omega_max == _UNKNOWN and t["sample_every_steps"] == AUTO:
        # the block may be longer, and hold a sample
        return
    every, interval = _interval(config, "balances", omega_max)
    if every > averaged * block:
        yield (
            f"balances.sample_every_steps: every {interval} leave some "
            f"blocks of the balances, {averaged * block} steps long, without a sample; lower it to "
            f"{averaged * block} or less, or raise balances.blocks_averaged"
        )
