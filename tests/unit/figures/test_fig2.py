"""Fig. 2: each sign of the schematic is the campaign's, and one not established is said to be."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from ferronhall.results import figures
from tests.unit.synthetic_campaign import make_ensemble, make_parameters

from .drawn_artists import labels


@pytest.mark.parametrize("signs", [(1, -1, -1), (-1, 1, 1)])
def test_the_schematic_takes_every_sign_from_the_campaign(signs):
    """Each response is labelled twice: at y > 0 with its own sign, at y < 0 with the opposite."""
    parameters = make_parameters()
    signed = make_ensemble(parameters)
    keys = ("angular_momentum_zero", "delta_kinetic_energy", "delta_polarization")
    for key, sign in zip(keys, signs, strict=True):
        signed[f"edge_{key}"] *= sign
    drawn = labels(figures.draw("fig2", parameters=parameters, ensemble=signed))
    words = (("$+L_z$", "$-L_z$"), ("hotter", "colder"), (r"$+\delta P$", r"$-\delta P$"))
    for (raised, lowered), sign in zip(words, signs, strict=True):
        (above, _), (below, _) = drawn[raised][0], drawn[lowered][0]
        assert np.sign(above[1] - below[1]) == sign
    # the current bends towards the hotter face
    middle = np.mean([drawn[w][0][0][1] for w in ("hotter", "colder")])
    assert np.sign(drawn["$J_Q$"][0][0][1] - middle) == signs[1]


def test_a_sign_that_is_not_established_is_pale_and_said_to_be():
    parameters = make_parameters()
    ensemble = make_ensemble(parameters)
    unsure = ensemble.copy(deep=True)
    unsure["edge_delta_polarization_stderr"][()] = abs(unsure["edge_delta_polarization"])
    for name in ("fig1", "fig2"):
        seen = figures.draw(name, parameters=parameters, ensemble=ensemble)
        drawn = figures.draw(name, parameters=parameters, ensemble=unsure)
        word = r"$+\delta P$"
        strong, pale = (np.mean(to_rgb(labels(d)[word][0][1])) for d in (seen, drawn))
        assert pale > strong + 0.2
        texts = [*labels(drawn), *(t.get_text() for t in drawn.figure.texts)]
        assert any("consistent with 0" in text for text in texts)
