"""The configuration's checks: every mistake is named with its key, its value and the way out."""

import copy
import datetime
from pathlib import Path

import pytest
import yaml

from ferronhall.base import schema, yaml_files
from ferronhall.base.errors import ConfigError
from ferronhall.campaign.config import load_config, validate
from ferronhall.model.material import read_material

ROOT = Path(__file__).resolve().parents[2]
BATIO3 = ROOT / "config" / "materials" / "batio3.yaml"


def leaves(branch, path=()):
    """(dotted key, schema) of every key that holds a value; N stands for the place in a list."""
    for key, child in branch["properties"].items():
        if child.get("type") == "object" and "properties" in child:
            yield from leaves(child, (*path, key))
        else:
            yield ".".join((*path, key)), child
            if "properties" in child.get("items", {}):
                yield from leaves(child["items"], (*path, key, "N"))


def read_schema(name):
    return yaml.safe_load((schema.SCHEMAS / f"{name}.schema.yaml").read_text(encoding="utf-8"))


def changed(config, key, value):
    """The config with another value under a dotted key."""
    content = copy.deepcopy(config)
    *groups, last = key.split(".")
    place = content
    for group in groups:
        place = place[group]
    place[last] = value
    return content


BAD = [
    ("campaign", "a/b", ["'a/b' is not allowed", "letters"]),
    ("campaign", "", ["campaign", "letters"]),
    ("campaign", "mine\n", ["'mine\\n' is not allowed", "letters"]),
    ("campaign", "m" * 300, ["it has 300 characters, more than 200"]),
    ("campaign", datetime.date(2026, 1, 2), ["as a date (2026-01-02)", "put it in quotes"]),
    ("campaign", 2026, ["as a number (2026)", "put it in quotes"]),
    ("campaign", True, ["as true or false (True)", "put it in quotes"]),
    ("lattice", 5, ["lattice: 5 is not a group of keys"]),
    ("lattice.nx", 4, ["4 is below the smallest allowed value 5", "cells"]),
    ("lattice.nx", 7.5, ["7.5 is not a whole number"]),
    ("lattice.nx", True, ["True is not a whole number"]),
    ("lattice.nx", "9", ["'9' is text, not a whole number", "take the quotes away"]),
    ("lattice.ny", 4, ["4 is below", "5 to 10000"]),
    ("lattice.nz", 0, ["0 is below", "1 to 10000"]),
    ("lattice.nz", None, ["has no value", "delete the line"]),
    ("lattice.padding_y", 1.5, ["1.5 is below the smallest allowed value 2", "or isolated"]),
    ("lattice.padding_y", "isolatd", ["'isolatd' is not known", "did you mean", "isolated"]),
    ("lattice.padding_y", "3e0", ["'3e0' is text", "write 3.0e+0"]),
    ("lattice.padding", 2.0, ["unknown key", "did you mean lattice.padding_y?", "allowed here"]),
    ("latice", {}, ["latice: unknown key", "did you mean lattice?"]),
    ("short_range.preset", "pbesol", ["'pbesol' is not known", "pbesol-gaussian"]),
    ("short_range.preset", "pbesol-s11", ["dipole.kernel", "longitudinal"]),
    ("onsite.transverse_eV_per_A2", -0.1, ["-0.1 is below the smallest allowed value 0", "eV/"]),
    ("onsite.transverse_eV_per_A2", "materiel", ["'materiel' is not known", "did you mean"]),
    ("dipole.kernel", "longitudinal", ["short_range.preset", "pbesol-gaussian", "gaussian"]),
    ("dipole.kernel", "gausian", ["'gausian' is not known", "did you mean gaussian?"]),
    ("checkpoint.restart", "maybe", ["'maybe' is not true or false", "Default: false"]),
    ("checkpoint.every_minutes", 0, ["0 is not above the limit 0", "minutes"]),
    ("temperature.T_hot_K", -1.0, ["-1.0 is below the smallest allowed value 0", "Unit: K"]),
    ("temperature.T_hot_K", "1e-1", ["'1e-1' is text", "YAML 1.1", "write 1.0e-1"]),
    ("temperature.T_hot_K", "5e1", ["'5e1' is text", "write 5.0e+1"]),
    ("temperature.T_hot_K", "2.5e2", ["write 2.5e+2"]),
    ("temperature.T_hot_K", "hot", ["'hot' is text", "give a number"]),
    ("temperature.T_hot_K", float("nan"), ["nan is not a finite number"]),
    ("temperature.T_hot_K", float("inf"), ["inf is not a finite number"]),
    ("temperature.T_cold_K", 60.0, ["60.0 K is above temperature.T_hot_K, 50.0 K"]),
    ("temperature.T_hot", 1.0, ["temperature.T_hot", "did you mean temperature.T_hot_K?"]),
    ("temperature.hot_fraction", 0.0, ["0.0 is not above the limit 0"]),
    ("temperature.hot_fraction", 0.8, ["0.8", "hot_fraction + 2 smoothing_fraction", "below 1"]),
    ("damping.gamma_bulk_per_ps", 0, ["0 is below the smallest allowed value 1e-05", "1/ps"]),
    ("damping.sponge_layers", 3, ["3 layers a face overlap", "lattice.ny = 5", "at most 2"]),
    ("damping.sponge_layers", -1, ["-1 is below"]),
    ("field.omega_B_rad_per_ps", 0.0, ["0.0 is not above the limit 0", "rad/ps"]),
    ("field.tesla", 10.0, ["given by omega_B_rad_per_ps and tesla", "alone", "0.176 rad/ps"]),
    ("field", {"tesla": 10.0, "moment_muB": 1e3}, ["a rate of 1759 rad/ps", "up to 1000"]),
    ("field", {"tesla": 10.0, "moment_muB": 0.0}, ["a rate of 0 rad/ps"]),
    ("field", {"tesla": -1.0, "moment_muB": 1.0}, ["field.tesla: -1.0 is not above", "Unit: T"]),
    ("field", {"tesla": 1.0, "moment_muB": [1.0, 2.0]}, ["moment_muB", "has 2 entries, not 3"]),
    ("field", {"direction": [0, 0, 1]}, ["given by nothing", "field.moment_muB"]),
    ("theory.modulation_GHz", [-1.0], ["-1.0 is not above the limit 0", "Unit: GHz"]),
    ("theory.modulation_GHz", [], ["has 0 entries, not 1"]),
    ("laboratory.temperatures_K", [0.0], ["0.0 is not above the limit 0", "Unit: K"]),
    ("laboratory.temperatures_K", 300.0, ["300.0 is not a list"]),
    ("laboratory.gradient_K_per_m", -1.0, ["-1.0 is below", "K/m"]),
    ("temperature.T_hot_K", 10**400, ["has 300 digits or more"]),
    ("field.direction", [0, 0, 0], ["has no length", "[0.0, 0.0, 1.0]"]),
    ("field.direction", [0, 1], ["has 2 entries, not 3"]),
    ("field.direction", [0, 1, "z"], ["field.direction.2", "'z' is text"]),
    ("time.dt_ps", 0.0, ["0.0 is below the smallest allowed value 1e-06"]),
    ("time.substeps", 0, ["0 is below the smallest allowed value 1"]),
    ("time.t_max_ps", 2.0012, ["not a whole number of steps", "0.005 ps", "2 ps is the nearest"]),
    ("time.t_equil_ps", 2.0, ["leave nothing of time.t_max_ps = 2.0 ps"]),
    ("time.sample_every_steps", 1000, ["more than the 200", "lower it to 200 or less"]),
    ("time.sample_every_steps", 0, ["0 is below the smallest allowed value 1", "auto"]),
    ("time.sample_every_steps", 2.5, ["2.5 is not a whole number", "Unit: steps"]),
    ("time.sample_every_steps", "auot", ["'auot' is not known", "did you mean auto?"]),
    ("time.sample_every_steps", "10", ["'10' is text", "take the quotes away"]),
    ("balances.sample_every_steps", True, ["True is not a whole number"]),
    ("dipole.eta_a", 1.5, ["1.5 is not the width", "made for, 1.2", "set dipole.eta_a to 1.2"]),
    ("time.samples_per_block", 101, ["101 samples every 2 steps", "lower it to 100 or less"]),
    ("time.samples_per_block", 1e308, ["time.samples_per_block", "1000000000"]),
    ("time.dt_ps", 1e-320, ["time.dt_ps", "is below the smallest allowed value 1e-06"]),
    ("ensemble.replicas", 0, ["0 is below", "1 to 10000"]),
    ("ensemble.root_seed", 2**63, ["is above the largest allowed value"]),
    ("ensemble.precision", "double", ["'double' is not known", "float32, float64"]),
    ("balances.enabled", "yes", ["'yes' is not true or false"]),
    ("balances.sample_every_steps", 51, ["every 51 steps", "50 steps long", "50 or less"]),
    ("balances.blocks_averaged", 5, ["5 blocks are not complete", "trajectory of 4", "to 4"]),
    ("material", "config/nowhere.yaml", ["material: 'config/nowhere.yaml' cannot be read"]),
]


@pytest.mark.parametrize(("key", "value", "words"), BAD)
def test_a_mistake_names_key_value_and_remedy(config, key, value, words):
    with pytest.raises(ConfigError) as error:
        validate(changed(config, key, value))
    for word in (key.split(".")[0], *words):
        assert word in str(error.value)


def test_a_lattice_too_short_for_the_flanks(config):
    config["lattice"]["nx"] = 5
    config["temperature"] = {"T_hot_K": 50.0, "T_cold_K": 1.0}
    with pytest.raises(ConfigError, match=r"lattice\.nx: 5 cells are too few.*raise .* to 6 or"):
        validate(config)


@pytest.mark.parametrize("value", ["auto", 3])
def test_an_interval_is_a_word_or_a_whole_number(config, value):
    config["time"]["sample_every_steps"] = config["balances"]["sample_every_steps"] = value
    checked = validate(config)
    for section in ("time", "balances"):
        found = checked[section]["sample_every_steps"]
        assert found == value and type(found) is type(value)
    del config["time"]["sample_every_steps"], config["balances"]["sample_every_steps"]
    assert validate(config)["time"]["sample_every_steps"] == "auto"
    assert validate(config)["balances"]["sample_every_steps"] == "auto"


def test_a_missing_key_is_named_with_its_meaning(config):
    del config["temperature"]["T_hot_K"]
    with pytest.raises(ConfigError, match=r"temperature\.T_hot_K: missing; add it\n  Bath temp"):
        validate(config)


def test_several_mistakes_are_listed_together(config):
    config["lattice"]["nx"] = "7"
    config["temperature"]["T_hott_K"] = 1.0
    config["ensemble"]["replicas"] = 0
    with pytest.raises(ConfigError) as error:
        validate(config)
    text = str(error.value)
    assert text.startswith("3 mistakes")
    assert [text.count(f"\n- {k}") for k in ("lattice.nx", "temperature.T_h", "ensemble.r")] == [
        1
    ] * 3


def test_clashes_between_keys_are_listed_together(config):
    config["temperature"]["T_cold_K"] = 99.0
    config["damping"]["sponge_layers"] = 4
    with pytest.raises(ConfigError, match="2 mistakes"):
        validate(config)


@pytest.mark.parametrize("content", [None, [], "text", 3])
def test_a_file_without_keys(content):
    with pytest.raises(ConfigError, match="holds no keys"):
        validate(content)


def test_unreadable_yaml(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("lattice: [1,\n")
    with pytest.raises(ConfigError, match=r"bad\.yaml' cannot be read as YAML"):
        load_config(path)


@pytest.mark.parametrize(
    ("nx", "hot", "smoothing", "shape"),
    [(20, 0.04, 0.01, "linear"), (20, 0.04, 0.001, "tanh"), (16, 0.05, 0.02, "tanh")],
)
def test_a_band_that_no_column_resolves_is_refused(config, nx, hot, smoothing, shape):
    """With even nx no column stands at x = 0, and a narrow band falls between the middle two."""
    config["lattice"]["nx"] = nx
    band = {"hot_fraction": hot, "smoothing_fraction": smoothing, "shape": shape}
    config["temperature"] |= band
    with pytest.raises(ConfigError, match=rf"no column is as hot as .* to {1 / nx:.2g} \(one"):
        validate(config)


def test_a_key_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "twice.yaml"
    path.write_text("lattice:\n  nx: 9\n  ny: 7\n  nx: 8\n")
    with pytest.raises(ConfigError, match=r"twice\.yaml' .* nx: stands twice .* in line 4"):
        load_config(path)


def test_a_group_may_be_merged_into_another(tmp_path):
    path = tmp_path / "merged.yaml"
    path.write_text("base: &base {nx: 9, ny: 7}\nlattice:\n  <<: *base\n  nx: 8\n")
    assert yaml_files.read(path)["lattice"] == {"nx": 8, "ny": 7}


def test_values_of_a_command_line_are_read_as_yaml():
    given = {"ensemble": {"replicas": "12", "harmonic_twin": "false"}, "scan": [{"values": ["x"]}]}
    typed = {"ensemble": {"replicas": 12, "harmonic_twin": False}, "scan": [{"values": ["x"]}]}
    assert yaml_files.retyped(given) == typed
    assert yaml_files.retyped({"note": "[", "n": 3}) == {"note": "[", "n": 3}


@pytest.mark.parametrize("length", [1e-200, 0.5, 2.0, 1e200])
def test_a_field_of_any_length_is_the_same_campaign(config, length):
    config["field"]["direction"] = [0.0, 0.6 * length, 0.8 * length]
    assert validate(config)["field"]["direction"] == pytest.approx([0.0, 0.6, 0.8], abs=1e-15)
    config["field"]["direction"] = [0.0, 0.0, length]
    assert validate(config)["field"]["direction"] == [0.0, 0.0, 1.0]


def test_defaults_are_filled_in_and_the_input_is_left_alone():
    given = {
        "campaign": "short",
        "lattice": {"nx": 31, "ny": 25, "nz": 3},
        "temperature": {"T_hot_K": 50, "T_cold_K": 0},
        "field": {"omega_B_rad_per_ps": 80},
        "time": {"t_max_ps": 200, "t_equil_ps": 20},
        "ensemble": {"replicas": 2},
        "material": str(BATIO3),
    }
    before = copy.deepcopy(given)
    filled = validate(given)
    assert given == before
    assert filled["short_range"] == {"preset": "pbesol-gaussian"}
    closed = {"x": "short_circuit", "z": "short_circuit"}
    assert filled["dipole"] == {"kernel": "gaussian", "eta_a": 1.2, "boundary": closed}
    assert filled["electrodes"] == {"distance_A": "none", "screening_length_A": 0.0}
    assert filled["damping"]["sponge_layers"] == 10
    assert filled["field"]["direction"] == [0.0, 0.0, 1.0]
    assert isinstance(filled["temperature"]["T_hot_K"], float)
    assert validate(filled) == filled


def test_whole_numbers_may_be_written_with_a_point(config):
    config["lattice"]["nx"] = 7.0
    nx = validate(config)["lattice"]["nx"]
    assert nx == 7
    assert isinstance(nx, int)


@pytest.mark.parametrize("path", sorted((ROOT / "config").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_configurations_of_the_repository(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    validated = load_config(path)
    # each file says every key, so that nobody has to look a default up
    assert validated == yaml.safe_load(path.read_text(encoding="utf-8"))
    assert path.read_text().startswith(
        "# yaml-language-server: $schema=../src/ferronhall/base/schemas/"
    )


def test_the_papers_numbers(monkeypatch):
    monkeypatch.chdir(ROOT)
    paper = load_config(ROOT / "config" / "paper.yaml")
    assert [paper["lattice"][n] for n in ("nx", "ny", "nz")] == [101, 85, 13]
    temperature = paper["temperature"]
    assert (temperature["T_hot_K"], temperature["T_cold_K"]) == (50.0, 1e-4)
    assert (temperature["hot_fraction"], temperature["smoothing_fraction"]) == (0.10, 0.05)
    assert list(paper["damping"].values())[:3] == [2.0, 5.0, 10]
    assert paper["field"] == {"omega_B_rad_per_ps": 80.0, "direction": [0.0, 0.0, 1.0]}
    assert list(paper["time"].values()) == [0.005, 2, 2000.0, 300.0, 10, 1000]
    assert paper["ensemble"]["replicas"] == 200


@pytest.mark.parametrize("name", ["config", "material", "first_principles"])
def test_every_description_states_unit_and_range(name):
    for key, leaf in leaves(read_schema(name)):
        assert "Unit: " in leaf["description"], key
        assert "Range: " in leaf["description"], key


@pytest.mark.parametrize("name", ["config", "first_principles"])
def test_every_description_states_the_default(name):
    for key, leaf in leaves(read_schema(name)):
        stated = leaf["description"].rpartition("Default: ")[2].rstrip(".")
        if "default" in leaf:
            assert yaml.safe_load(stated) == leaf["default"], key
        else:
            assert stated in ("none", "none, must be given"), key


@pytest.mark.parametrize("name", ["config", "first_principles"])
def test_the_documentation_lists_every_key(name):
    text = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    for key, leaf in leaves(read_schema(name)):
        row = next(line for line in text.splitlines() if line.startswith(f"| `{key}` |"))
        default = leaf.get("default")
        stated = row.split("|")[-2].strip()
        given = None if stated in ("required", "none") else yaml.safe_load(stated.strip("`"))
        assert given == default, key


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "lattice_constant_A: 3.985236",
            "lattice_constant_A: -1.0",
            ["lattice_constant_A", "-1.0"],
        ),
        ("well_amplitude_A", "well_amplitud_A", ["onsite.well_amplitud_A", "did you mean"]),
        ("mass_amu: 47.867", "mass_amu: heavy", ["atoms.1.mass_amu", "'heavy' is text"]),
        ("barrier_meV: 38.43446", "barrier_meV: 4e1", ["onsite.barrier_meV", "4.0e+1"]),
        ("  mode_Ba: 0.007454", "  mode_Ba: small", ["published.mode_Ba", "'small'"]),
        ("name: BaTiO3", "name: [", ["cannot be read"]),
    ],
)
def test_a_bad_material_file(tmp_path, old, new, words):
    text = BATIO3.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "material.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_material(path)
    for word in ("material.yaml", *words):
        assert word in str(error.value)
