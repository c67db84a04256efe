"""Maps: the right way up, centred on zero, pale where they are scatter."""

import numpy as np
import pytest

from ferronhall.results import figures
from ferronhall.results.figures import maps, quantities
from tests.unit.synthetic_campaign import centred, make_ensemble, make_parameters, make_theory

from .drawn_artists import meshes

MAP_FIGURES = {
    "fig3": 3,
    "figS2": 6,
    "theory_maps": 3,
    "theory_statistics": 6,
    "theory_comparison": 9,
    "balance_energy": 3,
}
MAP_FIGURES |= {"bond_maps": 6}


@pytest.mark.parametrize("name", MAP_FIGURES)
def test_maps_are_centred_on_zero_and_marked_at_the_hot_band(name, drawings):
    drawn = drawings[name]
    assert len(meshes(drawn)) == MAP_FIGURES[name]
    for mesh in meshes(drawn):
        if mesh.get_array().min() < 0:
            assert mesh.norm.vmin == -mesh.norm.vmax
        (line,) = [a for a in mesh.axes.lines if a.get_gid() == "hot-band-centre"]
        np.testing.assert_array_equal(line.get_xdata(), 0.0)


def test_the_plus_y_face_is_on_top_and_plus_x_at_the_right(campaign):
    parameters, ensemble = campaign
    lopsided = ensemble.copy(deep=True)
    lopsided["delta_polarization"][:] = -1.0
    lopsided["delta_polarization"][-1, -2] = 7.0
    theory = make_theory(parameters)
    mesh = meshes(figures.draw("fig3", parameters=parameters, theory=theory, ensemble=lopsided))[2]
    values = mesh.get_array()
    row, column = np.unravel_index(np.argmax(values), values.shape)
    corners = mesh.get_coordinates()[row : row + 2, column : column + 2]
    nx, ny = parameters.sizes["x"], parameters.sizes["y"]
    np.testing.assert_allclose(
        corners.mean(axis=(0, 1)), [centred(nx)[-1], centred(ny)[-2]], atol=1e-12
    )
    right, up = mesh.axes.transAxes.inverted().transform(
        mesh.axes.transData.transform(corners.mean(axis=(0, 1)))
    )
    assert right > 0.9 and 0.75 < up < 1.0


def test_scatter_is_pale_and_what_is_seen_is_not():
    """Cells of noise, a weak pattern of many cells, one certain cell, and no error at all."""
    parameters = make_parameters(61, 41, 3)
    ensemble = make_ensemble(parameters, noise=0.0)
    rng = np.random.default_rng(5)
    values = rng.normal(size=(61, 41))
    values[5:15, 5:15] += 3.0
    values[40, 30] = 12.0
    values[50:, :] = 0.5
    error = np.ones(values.shape)
    error[50:] = 0.0
    ensemble["delta_polarization"].values[:] = values
    ensemble["delta_polarization_stderr"].values[:] = error
    found = maps.strength(quantities.field_odd(ensemble, "polarization"))
    assert np.mean(found[16:38]) < 0.2
    assert np.mean(found[6:14, 6:14] == 1.0) > 0.8
    assert found[40, 30] == 1.0
    assert np.all((0 <= found) & (found <= 1))
    heat = quantities.zero_field(ensemble, "kinetic_energy")
    assert maps.strength(heat) is None
