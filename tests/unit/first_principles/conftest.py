"""The configuration of BaTiO3, for tests of runs without Quantum ESPRESSO."""

import pytest
import yaml

from ferronhall.crystals.first_principles.quantum_espresso import settings
from tests.conftest import ROOT


@pytest.fixture
def config():
    """The configuration of BaTiO3, checked."""
    path = ROOT / "config" / "first_principles" / "batio3.yaml"
    return settings.check(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.fixture
def section(config):
    return config["first_principles"]
