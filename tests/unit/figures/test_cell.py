"""The drawn unit cell."""

import numpy as np

from ferronhall.results.figures.cell import Cell
from tests.unit.synthetic_campaign import make_parameters


def test_the_cell_is_a_full_octahedron_moving_as_the_mode_does():
    cell = Cell.from_parameters(make_parameters())
    assert sorted(cell.elements) == ["Ba"] * 8 + ["O"] * 6 + ["Ti"]
    corners, faces = cell.octahedron()
    assert len(corners) == 6 and len(faces) == 8
    moved = cell.displacements((1.0, 0.0, 0.0))
    assert np.all(moved[:, 1:] == 0.0)
    assert moved[cell.elements.index("Ti"), 0] == 1.0
    on_chain = [i for i in corners if abs(cell.positions[i, 0]) > 0.4]
    np.testing.assert_allclose(moved[on_chain, 0], -1.515269)
