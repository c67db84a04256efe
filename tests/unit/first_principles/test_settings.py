"""Settings of first-principles runs: what a mistake in them is answered with."""

import pytest
import yaml

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.first_principles.quantum_espresso import settings
from tests.conftest import ROOT

BAD = [
    (("cubic", "cutoff_Ry"), 5, ["5 is below the smallest allowed value 10"]),
    (("cubic", "cutoff_Ry"), "8e1", ["'8e1' is text", "8.0e+1"]),
    (("cubic", "density_cutoff_Ry"), 300.0, ["300.0 Ry is below four times", "320.0 Ry"]),
    (("cubic", "q_mesh"), [3, 3, 2], ["breaks the cubic symmetry"]),
    (("cubic", "q_mesh"), [], ["has 0 entries, not 3"]),
    (("cubic", "relax"), "positions", ["'positions' is not known", "none, cell"]),
    (("tetragonal", "q_mesh"), [1, 2, 1], ["does not fit the tetragonal symmetry"]),
    (("path", "lambdas"), [0.0, 0.5, 0.7, 0.9], ["has to rise and to hold 0"]),
    (("path", "lambdas"), [0.0, 1.0, 0.5, 1.2], ["has to rise"]),
    (("path", "lambdas"), [0.0, 0.3333, 0.7, 1.0], ["more than three decimals", "write 0.333"]),
    (("path", "lambdas"), [0.0, 1.0], ["has 2 entries, not 4"]),
    (("species", 0, "sha256"), "abc", ["species.0.sha256: 'abc' is not allowed", "64 hexadec"]),
    (("species", 0, "symbol"), "Ti", ["Ti stands there 2 times", "'Ba' is not among"]),
    (("species", 0, "pseudopotential"), "../Ba.upf", ["'../Ba.upf' is not allowed"]),
    (("atoms", 0, "species"), "Sr", ["atoms.0.species: 'Sr' is not among", "no atom is Ba"]),
    (("cores",), 0, ["0 is below"]),
    (("comands",), {}, ["did you mean first_principles.commands?"]),
]


@pytest.mark.parametrize(("path", "value", "words"), BAD)
def test_a_mistake_names_key_value_and_remedy(config, path, value, words):
    place = config["first_principles"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ConfigError) as error:
        settings.check(config)
    for word in ("first_principles.", *words):
        assert word in str(error.value)


def test_a_start_without_polar_shifts_is_refused(config):
    for atom in config["first_principles"]["atoms"]:
        atom["polar_shift"] = 0.0
    with pytest.raises(ConfigError, match="no polar_shift differs from 0"):
        settings.check(config)


@pytest.mark.parametrize("name", ["batio3", "pbtio3"])
def test_the_configurations_of_the_repository_say_every_key(name):
    text = (ROOT / "config" / "first_principles" / f"{name}.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    assert settings.check(content) == content
    assert text.startswith(
        "# yaml-language-server: $schema=../../src/ferronhall/base/schemas/first_principles"
    )
