"""What pushes a wall: virtual work against a dense free energy, and the field that moves it."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from ferronhall.analysis.wall_push import wall_push
from ferronhall.base import units
from ferronhall.base.errors import UnstableKernelError
from ferronhall.model.domains import domain_state
from ferronhall.theory.solver import Solver
from ferronhall.theory.wall_motion import advance, depinning_field
from tests.physics import harmonic
from tests.physics.test_domain_walls import silent, with_walls


def pushed(model):
    """Pressure on every wall (Pa) and as a field (kV/cm), shape (wall, field, x), harmonic."""
    slab, material = model.slab, model.material
    (found,) = Solver(model, log=silent).harmonic()
    third = 6 * material.onsite.quartic * model.rest
    pull = [-third / 2 * s.displacement[0] for s in found.states]
    pull = xr.DataArray(pull, dims=("field", "x", "y"))
    walls = xr.Dataset({"advance": (("wall", "y"), [advance(model, w) for w in model.walls])})
    parameters = xr.Dataset(
        {
            "mode_charge": (("component", "axis"), material.mode.charge),
            "lattice_constant": ((), material.lattice_constant),
        }
    )
    found = [a.transpose("wall", "field", "x").values for a in wall_push(walls, pull, parameters)]
    assert found[0].shape == (len(model.walls), 3, slab.nx)
    return found


@pytest.mark.parametrize("walls", [(2,), (2, 4)])
def test_the_push_is_the_slope_of_the_vibrations_free_energy(walls):
    """At one temperature: d/ds of k_B T/2 ln det H about rest + s advance, by dense algebra."""
    model, _ = with_walls(walls, (3, 6, 2))
    kelvin = 20.0
    model = replace(model, temperature=np.full(3, kelvin))
    onsite, shape, a = model.material.onsite, model.slab.shape, model.material.lattice_constant
    coupling = harmonic.hessian(model.operator, np.zeros(3))

    def free_energy(rest):
        stiffness = np.full((3, *shape), onsite.transverse)
        curvature = onsite.quadratic + 3 * onsite.quartic * rest**2
        stiffness[0] = curvature[None, :, None]
        _, logarithm = np.linalg.slogdet(coupling + np.diag(stiffness.ravel()))
        return units.BOLTZMANN_EV_PER_K * kelvin / 2 * logarithm

    pressure, _ = pushed(model)
    area = model.slab.nx * model.slab.nz * a**2
    for n, wall in enumerate(walls):
        way, step = advance(model, wall), 1e-3
        ahead, behind = (free_energy(model.rest + s * way) for s in (step, -step))
        slope = (ahead - behind) / (2 * step) / a
        expected = -slope / area * 1.602176634e11
        np.testing.assert_allclose(pressure[n], expected, rtol=1e-5, atol=1e-6 * abs(expected))


def test_a_field_does_twice_its_work_on_the_polarization():
    """The advance turns about one layer round, whatever the profile: 2 P E on the wall."""
    model, _ = with_walls((6,), (1, 12, 1))
    way = advance(model, 6)
    assert way.sum() == pytest.approx(2 * model.material.onsite.amplitude, rel=0.01)
    assert np.all(way > -1e-12)
    # a wall above which P is along +x comes down in the same field
    two, _ = with_walls((4, 8), (1, 12, 1))
    assert advance(two, 8).sum() == pytest.approx(-advance(two, 4).sum(), rel=1e-9)


@pytest.mark.parametrize("step", [-1, 1])
def test_the_depinning_field_is_where_the_slab_is_refused(step):
    model, _ = with_walls((6,), (1, 12, 1))
    field = depinning_field(model, 6, step)
    # a field along +x lets the lower domain grow, so that the wall moves up
    assert np.sign(field) == step
    for part, holds in ((0.995, True), (1.005, False)):
        material = model.material.in_field(part * field)
        if holds:
            domain_state(model.operator, material.onsite, model.walls)
        else:
            with pytest.raises(UnstableKernelError, match="no local minimum"):
                domain_state(model.operator, material.onsite, model.walls)
    # a static field leaves that much less
    model, _ = with_walls((6,), (1, 12, 1), electric_field={"x_kV_per_cm": field / 2})
    assert depinning_field(model, 6, step) == pytest.approx(field / 2, rel=5e-3)


def test_heat_pushes_a_wall_to_the_warmer_side_and_a_magnetic_field_up_or_down_by_the_flank():
    model, _ = with_walls((3,), (8, 6, 2))
    pressure, field = pushed(model)
    scale = np.abs(pressure[0, 2]).max()
    # by symmetry nothing without field, and opposite pushes at opposite fields and flanks
    assert np.abs(pressure[0, 1]).max() < 1e-9 * scale
    np.testing.assert_allclose(pressure[0, 0], -pressure[0, 2], atol=1e-9 * scale)
    np.testing.assert_allclose(pressure[0, 2, ::-1], -pressure[0, 2], atol=1e-9 * scale)
    polarization = model.material.polarization_derivative[0, 0] * advance(model, 3).sum()
    work = polarization * field * 1e5
    np.testing.assert_allclose(work, pressure, rtol=1e-9, atol=1e-9 * scale)
    # a slab warmer above
    warm = np.broadcast_to(np.linspace(5, 30, 6), (8, 6))
    above, _ = pushed(replace(model, temperature=warm))
    below, _ = pushed(replace(model, temperature=warm[:, ::-1]))
    assert np.all(above[0, 1] > 0)
    np.testing.assert_allclose(above[0, 1], -below[0, 1], rtol=1e-6)


def test_a_wall_that_rests_nowhere_else_has_no_push():
    model, _ = with_walls((1,), (1, 2, 1))
    assert np.all(np.isnan(advance(model, 1)))
