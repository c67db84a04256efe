"""The static loop: both ways of it, and what softens on the branch."""

import numpy as np
import xarray as xr

from ferronhall.results import figures
from tests.unit.synthetic_campaign import make_parameters


def test_the_figure_holds_both_ways_and_three_stiffnesses():
    field = np.linspace(-5, 5, 6)
    down, up = np.sign(field + 4.5), np.sign(field - 4.5)
    loop = ("direction", "field"), np.array([down, up])
    soft = np.array([0.1, 1.0, 10.0])
    variables = {f"polarization_{name}": loop for name in ("cell", "slab")}
    for n, name in enumerate(("cell", "static", "softest")):
        variables[f"stiffness_{name}"] = "branch_field", soft / 10**n
    variables["spinodal_cell"] = -4.0
    coords = {"direction": ["down", "up"], "field": field, "branch_field": [-4.0, -2.0, 0.0]}
    drawn = figures.draw(
        "hysteresis", parameters=make_parameters(), hysteresis=xr.Dataset(variables, coords)
    )
    (_, left), (_, right) = drawn.data
    np.testing.assert_array_equal(left["P, slab, down (C/m^2)"], down)
    np.testing.assert_array_equal(left["P, cell, up (C/m^2)"], up)
    np.testing.assert_array_equal(right["slab, softest of all (eV/A^2)"], soft / 100)
    loops, stiffness = drawn.figure.axes
    assert len([line for line in loops.lines if len(line.get_ydata()) == 6]) == 4
    assert stiffness.get_yscale() == "log"
