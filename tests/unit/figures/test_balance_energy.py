"""The arrows of the energy current."""

import numpy as np
import pytest
from matplotlib.quiver import Quiver

from ferronhall.results import figures
from tests.unit.synthetic_campaign import make_balances, make_ensemble, make_parameters


def test_the_currents_arrows_point_where_the_energy_goes(campaign):
    parameters, ensemble = campaign
    found = make_balances(parameters)
    found["energy_current_x_folded"][:] = 0.0
    found["energy_current_y_folded"][:] = 2.0
    drawn = figures.draw("balance_energy", parameters=parameters, ensemble=ensemble, balances=found)
    arrows = next(c for a in drawn.figure.axes for c in a.collections if isinstance(c, Quiver))
    np.testing.assert_array_equal(arrows.U, 0.0)
    np.testing.assert_allclose(arrows.V, 2.0)


@pytest.mark.parametrize("nx", [15, 31, 32, 45])
def test_arrows_of_a_symmetric_current_are_symmetric_and_keep_its_mean(nx):
    """J_x odd and J_y even in x give arrows so to rounding, at places that mirror each other."""
    parameters = make_parameters(nx, 21, 3)
    x, y = parameters["x"].values, parameters["y"].values
    found = make_balances(parameters)
    along = np.outer(np.sign(x) * np.exp(-np.abs(x) / 3), np.cos(y / 9))
    found["energy_current_x_folded"][:] = along
    found["energy_current_y_folded"][:] = np.abs(along) * np.arange(21)
    ensemble = make_ensemble(parameters)
    drawn = figures.draw("balance_energy", parameters=parameters, ensemble=ensemble, balances=found)
    arrows = next(c for a in drawn.figure.axes for c in a.collections if isinstance(c, Quiver))
    shape = (min(16, nx), 16)
    u, v, places = (np.reshape(a, shape) for a in (arrows.U, arrows.V, arrows.X))
    np.testing.assert_allclose(u, -u[::-1], atol=1e-12)
    np.testing.assert_allclose(v, v[::-1], atol=1e-12)
    np.testing.assert_allclose(places, -places[::-1], atol=1e-9)
    steps = np.diff(places[:, 0])
    np.testing.assert_allclose(steps, steps[0])
    assert np.mean(v) == pytest.approx(float(found["energy_current_y_folded"].sel(field=0).mean()))
