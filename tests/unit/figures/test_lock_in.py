"""Modulated heating: amplitudes over that at DC, and lags."""

import numpy as np
import xarray as xr

from ferronhall.results import figures
from tests.unit.synthetic_campaign import make_parameters


def test_the_lock_in_figure_holds_amplitudes_and_lags():
    frequency = np.array([0.0, 1.0, 100.0, 1000.0])
    dims, variables = ("statistics", "frequency"), {}
    for n, name in enumerate(
        ("angular_momentum_zero", "delta_kinetic_energy", "delta_polarization")
    ):
        edge = np.array([[-4.0, -3.9, -3.0, -1.0], [2.0, 2.0, 1.9, 1.8]]) * (n + 1)
        variables |= {
            f"edge_{name}": (dims, edge),
            f"phase_{name}": (dims, np.tile([0.0, 1.0, 40.0, 90.0], (2, 1))),
            f"half_{name}": ("statistics", [550.0, np.nan]),
        }
    coords = {"statistics": ["classical", "quantum"], "frequency": frequency}
    lock_in = xr.Dataset(variables, coords)
    drawn = figures.draw("lock_in", parameters=make_parameters(), lock_in=lock_in)
    (foot,) = (t.get_text() for t in drawn.figure.texts if "preset" in t.get_text())
    assert "gaussian dipoles" in foot and "2\\,n_y" in foot
    upper, lower = drawn.figure.axes[:2]
    curves = [line.get_ydata() for line in upper.lines if len(line.get_ydata()) == 3]
    np.testing.assert_allclose(curves[0], [0.975, 0.75, 0.25])
    np.testing.assert_allclose(lower.lines[1].get_ydata(), [1.0, 40.0, 90.0])
    letter, columns = drawn.data[2]
    assert letter == "c"
    edge = columns["edge delta_polarization (uC/m^2), quantum"]
    np.testing.assert_allclose(edge, [6.0, 6.0, 5.7, 5.4])
