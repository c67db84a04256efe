"""Fig. 1: the geometry, its profiles and the sign of the polarization."""

import numpy as np
import pytest

from ferronhall.results import figures
from tests.unit.synthetic_campaign import make_ensemble, make_parameters

from .drawn_artists import labels


def test_fig1_shows_the_profiles_of_the_campaign(campaign, drawings):
    parameters, _ = campaign
    data = dict(drawings["fig1"].data)
    np.testing.assert_array_equal(data["b: temperature"]["T (K)"], parameters["temperature"])
    np.testing.assert_array_equal(data["c: damping"]["gamma (1/ps)"], parameters["damping"])


@pytest.mark.parametrize("direction", [(0, 0, -1), (1, 0, 0), (0.6, 0, 0.8)])
def test_fig1_takes_any_field_direction(direction):
    parameters = make_parameters(direction=direction)
    drawn = figures.draw("fig1", parameters=parameters, ensemble=make_ensemble(parameters))
    assert any("delta P" in text for text in labels(drawn)) == (direction[2] != 0)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_geometry_takes_the_polarizations_sign_from_the_campaign(sign):
    """The label farthest up and to the right is that of the corner x > 0, y > 0."""
    parameters = make_parameters()
    signed = make_ensemble(parameters)
    signed["edge_delta_polarization"] *= sign
    drawn = labels(figures.draw("fig1", parameters=parameters, ensemble=signed))
    shifts = [(*place, text) for text in drawn if "delta P$" in text for place, _ in drawn[text]]
    corners = [text for *place, text in shifts if len(text) < 12]
    assert sorted(corners) == [r"$+\delta P$"] * 2 + [r"$-\delta P$"] * 2
    farthest = max((s for s in shifts if len(s[2]) < 12), key=lambda s: s[0] + s[1])
    assert farthest[2] == rf"${'+' if sign > 0 else '-'}\delta P$"
    assert any("as simulated" in text and f"{8 * sign}" in text.replace("−", "-") for text in drawn)


@pytest.mark.parametrize("walls", [[], [6], [4, 9], [2, 4, 6, 8, 10]])
def test_the_polarization_of_every_domain_is_drawn(walls):
    """In their order along y, with opposite signs on both sides of a wall, which is dashed."""
    parameters = make_parameters().assign_attrs(walls_y=walls)
    ensemble = make_ensemble(parameters)
    drawn = figures.draw("fig1", parameters=parameters, ensemble=ensemble)
    named = {"$P_0$": 1, "$-P_0$": -1}
    found = [
        (place[1], sign) for text, sign in named.items() for place, _ in labels(drawn).get(text, [])
    ]
    assert [sign for _, sign in sorted(found)] == [1, -1, 1, -1, 1, -1][: len(walls) + 1]
    axes = drawn.figure.axes[0]
    assert len([line for line in axes.lines if line.get_linestyle() == "--"]) == len(walls)
    schematic = figures.draw("fig2", parameters=parameters, ensemble=ensemble).figure.axes[2]
    dashed = [line for line in schematic.lines if line.get_linestyle() == "--"]
    assert len(dashed) == len(walls)
