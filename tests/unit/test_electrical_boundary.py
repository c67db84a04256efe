"""Electrodes and open circuit of a configuration: what is refused, kept, scanned and recorded."""

import copy
import json

import pytest

from ferronhall.base import digest
from ferronhall.base.errors import ConfigError
from ferronhall.campaign.config import validate
from ferronhall.campaign.scan.collection import scan_dataset
from ferronhall.campaign.scan.point import point_dataset
from ferronhall.campaign.scan.variation import points
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.public.files.feram import write_feram
from ferronhall.results.page.headline import asked
from tests.conftest import ROOT

PLATES = {"distance_A": 2.0, "screening_length_A": 0.5}
SCRIPT = ROOT / "workflow" / "scripts" / "theory.py"


def between_plates(config, **changed):
    config = copy.deepcopy(config)
    config["lattice"]["padding_y"] = "isolated"
    config["electrodes"] = PLATES | changed
    return config


@pytest.mark.parametrize(
    ("group", "key", "value", "words"),
    [
        ("electrodes", "distance_A", -1.0, "below the smallest allowed value 0"),
        ("electrodes", "distance_A", "near", "'near' is not known; choose one of none"),
        ("electrodes", "screening_length_A", -0.1, "below the smallest allowed value 0"),
        ("lattice", "padding_y", 2.0, "periodic copies .* set lattice.padding_y to isolated"),
        ("dipole", "boundary", {"x": "open"}, r"'open' is not known.*open_circuit"),
        ("dipole", "boundary", {"y": "open_circuit"}, "unknown key"),
    ],
)
def test_what_cannot_be_is_refused_in_one_message(config, group, key, value, words):
    config = between_plates(config)
    config[group][key] = value
    with pytest.raises(ConfigError, match=words) as refused:
        validate(config)
    assert "mistakes" not in str(refused.value)


def test_the_printed_kernel_has_no_images(config):
    config = between_plates(config)
    config["dipole"]["kernel"], config["short_range"]["preset"] = "longitudinal", "pbesol-s11"
    with pytest.raises(ConfigError, match=r"electrodes\.distance_A: 2 Å.*take gaussian"):
        validate(config)


def test_a_screening_length_needs_electrodes(config):
    config["electrodes"]["screening_length_A"] = 0.5
    with pytest.raises(ConfigError, match=r"screening_length_A: 0\.5 Å, and there are no"):
        validate(config)


def test_open_circuit_has_no_source(config):
    config["dipole"]["boundary"]["x"] = "open_circuit"
    config["electric_field"]["x_kV_per_cm"] = 100.0
    with pytest.raises(ConfigError, match=r"dipole\.boundary\.x: open_circuit.*or no electric"):
        validate(config)


def test_results_without_them_stay_what_they_are(config):
    """The part of the configuration in a stage's block is that of a file without the keys."""
    block = digest.stage_block("theory", validate(config), SCRIPT)
    assert "electrodes" not in block["config"] and "boundary" not in block["config"]["dipole"]
    plates = digest.stage_block("theory", validate(between_plates(config)), SCRIPT)
    assert plates["config"]["electrodes"] == PLATES
    opened = copy.deepcopy(config)
    opened["dipole"]["boundary"]["z"] = "open_circuit"
    opened = digest.stage_block("theory", validate(opened), SCRIPT)
    digests = {digest.configuration_digest(each) for each in (block, plates, opened)}
    assert len(digests) == 3


def test_a_scan_from_none_to_near(config):
    """Also where no point but the scanned ones has electrodes or an open circuit."""
    config["lattice"]["padding_y"] = "isolated"
    config["scan"] = [
        {"key": "electrodes.distance_A", "values": [0.1, 2.0]},
        {"key": "dipole.boundary.z", "values": ["open_circuit"]},
    ]
    config = validate(config)
    found = points(config)
    assert sorted(found) == [
        "base",
        "dipole.boundary.z/open_circuit",
        "electrodes.distance_A/0.1",
        "electrodes.distance_A/2",
    ]
    blocks = {name: digest.stage_block("theory", at, SCRIPT) for name, at in found.items()}
    solved = [
        point_dataset(name, block["config"] | {"material": config["material"]}, log=lambda _: None)
        for name, block in blocks.items()
    ]
    part = digest.stage_block("scan", config, SCRIPT)["config"]
    scan = scan_dataset(part | {"material": config["material"]}, solved)
    refused = [text for text in scan["failure"].values.ravel() if text]
    assert refused and all("raise electrodes.distance_A" in text for text in refused)


def test_a_file_of_another_code_has_no_electrodes(config, tmp_path):
    with pytest.raises(ConfigError, match=r"electrodes.distance_A to none"):
        write_feram(Model.from_config(between_plates(config)), tmp_path / "batio3.feram")


def test_they_are_told_of(config):
    config = between_plates(config)
    config["dipole"]["boundary"]["z"] = "open_circuit"
    parameters = parameters_dataset(config)
    said = asked(parameters, "BaTiO₃")
    assert "electrodes 2 Å from the faces, screening length 0.5 Å; open circuit along z" in said
    assert json.loads(parameters.attrs["config"])["electrodes"] == PLATES
