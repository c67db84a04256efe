"""Fig. 3: the theory's cuts beside the simulation's."""

import numpy as np

from tests.unit.synthetic_campaign import make_theory


def test_fig3_shows_the_theorys_cuts_beside_the_simulations(campaign, drawings):
    parameters, _ = campaign
    cut = dict(drawings["fig3"].data)["c: cut"]
    theory = make_theory(parameters)["delta_polarization"].values
    flank, x = parameters["flank"].values, parameters["x"].values
    for side, sign in (("left", -1), ("right", 1)):
        expected = theory[flank & (sign * x > 0)].mean(axis=0)
        shown = cut["theory Delta_B P (uC/m2)"][cut["flank"] == side]
        np.testing.assert_allclose(shown, expected, rtol=1e-12)
        assert any(
            line.get_linewidth() == 0.6 and np.allclose(line.get_ydata(), expected)
            for axes in drawings["fig3"].figure.axes
            for line in axes.lines
        )
