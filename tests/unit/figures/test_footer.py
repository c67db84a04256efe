"""The footer names couplings and box."""

import copy

import pytest

from ferronhall.results.figures import style
from tests.unit.synthetic_campaign import INTERACTIONS


@pytest.mark.parametrize(
    "name", ["fig3", "figS2", "theory_maps", "balance_torque", "spectrum", "bond_maps"]
)
def test_the_footer_names_couplings_and_box(name, drawings):
    (foot,) = (t.get_text() for t in drawings[name].figure.texts if "preset" in t.get_text())
    assert "preset pbesol-gaussian" in foot and "gaussian dipoles" in foot and "2\\,n_y" in foot


def test_an_isolated_slab_has_no_images():
    config = copy.deepcopy(INTERACTIONS)
    config["lattice"]["padding_y"] = "isolated"
    assert "no images along $y$" in style.interactions(config)
