"""Slab, temperature profile and sponge against their definitions."""

import numpy as np
import pytest

from ferronhall.model.geometry import HotBand, Slab, Sponge, edges


@pytest.mark.parametrize("nx", [15, 16, 101])
@pytest.mark.parametrize("shape", ["tanh", "linear"])
def test_hot_band_is_flat_symmetric_and_cold_outside(nx, shape):
    slab = Slab(nx, 5, 1, 10)
    band = HotBand(50.0, 1e-4, 0.10, 0.05, shape)
    temperature = band.temperature(slab)
    np.testing.assert_allclose(temperature, temperature[::-1])
    centre = np.abs(slab.x) < 0.05 * nx - 1
    np.testing.assert_allclose(temperature[centre], 50.0, rtol=1e-2)
    far = np.abs(slab.x) > 0.15 * nx
    np.testing.assert_allclose(temperature[far], 1e-4, atol=1e-2)
    assert temperature.max() <= 50.0 and temperature.min() >= 1e-4


def test_flank_is_half_way_down_at_its_middle():
    slab = Slab(101, 5, 1, 10)
    band = HotBand(50.0, 0.0, 0.10, 0.05)
    middle = (0.05 + 0.025) * 101
    temperature = np.interp(middle, slab.x, band.temperature(slab))
    assert temperature == pytest.approx(25.0, rel=0.02)


def test_flank_columns_of_the_paper_lattice():
    """The flank runs from 5.05 to 10.10 cells off the centre: cells 5 to 10 touch it."""
    slab = Slab(101, 85, 13, 180)
    columns = slab.x[HotBand(50.0, 0.0, 0.10, 0.05).flanks(slab)]
    assert sorted(set(np.abs(columns))) == [5, 6, 7, 8, 9, 10]
    assert len(columns) == 12


@pytest.mark.parametrize("ny", [5, 6, 85])
def test_edges_are_two_layers_a_face(ny):
    chosen = edges(Slab(3, ny, 1, 2 * ny))
    assert np.flatnonzero(chosen).tolist() == [0, 1, ny - 2, ny - 1]


def test_sponge_of_the_paper():
    """γ rises from 2 to 5 per ps over ten layers at each face."""
    damping = Sponge(2.0, 5.0, 10).damping(Slab(3, 85, 1, 180))
    np.testing.assert_allclose(damping[:11], 5.0 - 0.3 * np.arange(11))
    np.testing.assert_allclose(damping, damping[::-1])
    assert np.all(damping[10:-10] == 2.0)
    quadratic = Sponge(2.0, 5.0, 10, "quadratic").damping(Slab(3, 85, 1, 180))
    assert quadratic[0] == 5.0 and quadratic[5] == pytest.approx(2.75)


@pytest.mark.parametrize(("ny", "factor"), [(85, 2.0), (85, 2.1), (7, 2.0), (23, 3.0)])
def test_padding_is_at_least_the_factor_and_fast(ny, factor):
    """Real transforms are fast for lengths of the factors 2, 3 and 5, which 170 is not."""
    rest = Slab.padded(101, ny, 13, factor).padding
    assert factor * ny <= rest < 1.2 * factor * ny
    for prime in (2, 3, 5):
        while rest % prime == 0:
            rest //= prime
    assert rest == 1
