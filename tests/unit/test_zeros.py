"""Tables print 0 for the rounding of what cancels, and every number that is one as it is."""

import numpy as np
import pytest

from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.tables import zeros

KINETIC = RESPONSE_MAPS["delta_kinetic_energy"]


def at_three_fields(observable, odd):
    """An observable of 4 × 2 cells at −, 0 and + field whose field-odd part is known."""
    pattern = np.outer([1.0, -1.0, 1.0, -1.0], [1.0, -1.0])
    return observable + np.multiply.outer([-1.0, 0.0, 1.0], odd * pattern)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3e-17, 0.0), (-3e-17, 0.0), (1e-12, 0.0), (2e-9, 2e-9), (-5e-4, -5e-4), (0.0, 0.0)],
)
def test_what_is_small_beside_its_map_is_zero(value, shown):
    maps = at_three_fields(4.0, odd=1e-3)
    # the field-odd part is half the difference of both fields, its size 1e-3 meV
    assert np.abs(KINETIC.take(maps)).max() == pytest.approx(1e-3)
    assert zeros.settled_response(value, KINETIC, maps) == shown


@pytest.mark.parametrize(("value", "shown"), [(2e-16, 0.0), (1e-10, 1e-10)])
def test_of_a_map_that_is_rounding_itself_the_observable_decides(value, shown):
    maps = at_three_fields(4.0, odd=4e-16)
    assert zeros.settled_response(value, KINETIC, maps) == shown


def test_a_real_mean_of_a_checkerboard_map_stays():
    cells = np.outer([1.0, -1.0 + 1e-7], [1.0, 1.0])
    assert zeros.settled(cells.mean(), cells, cells) == pytest.approx(5e-8)
    cells = np.outer([0.1, -0.3, 0.2], np.ones(3))
    assert cells.mean() != 0
    assert zeros.settled(cells.mean(), cells, cells) == 0.0
