"""The static loop: where its branches end, against formulas, descents and dense Hessians."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from ferronhall.base.errors import TheoryError
from ferronhall.model import short_range
from ferronhall.model.electrical_boundary import ElectricalBoundary
from ferronhall.model.slab_operator import SlabOperator
from ferronhall.results.tables.hysteresis import table
from ferronhall.theory.hysteresis import StaticBranch, hysteresis_dataset
from tests.physics.harmonic import hessian

KV_PER_CM = 1e-5
"""V/Å."""


def quiet(_):
    """A log that keeps nothing."""


@pytest.fixture
def model(make_model):
    """A small slab; its bath plays no part."""
    return make_model((6, 5, 2), np.ones(6))


def with_well(model, **changes):
    material = model.material
    return replace(model, material=replace(material, onsite=replace(material.onsite, **changes)))


def strongest_pull(well):
    """The most that the well pulls back between its top and its minimum (eV/Å), found directly."""
    found = minimize_scalar(
        lambda u: well.well_force(u), bounds=(0, well.amplitude), options={"xatol": 1e-12}
    )
    return -found.fun


@pytest.mark.parametrize("sextic", [0.0, 3e5])
def test_a_cell_alone_turns_at_its_spinodal(model, config, sextic):
    model = with_well(model, sextic=sextic)
    found = hysteresis_dataset(model, config, quiet)
    well = model.material.onsite
    right = strongest_pull(well) / (model.material.mode.charge[0, 0] * KV_PER_CM)
    if not sextic:
        a2, b4 = well.quadratic, well.quartic
        textbook = 2 / (3 * np.sqrt(3)) * np.sqrt(-(a2**3) / b4)
        assert strongest_pull(well) == pytest.approx(textbook, rel=1e-9)
    assert float(found["spinodal_cell"]) == pytest.approx(-right, rel=1e-8)
    step = float(found["field"][1] - found["field"][0])
    down, up = found["coercive_cell"].values
    assert 0 < -down - right < step
    assert up == pytest.approx(-down, rel=1e-9)


def test_the_loop_is_its_own_image(model, config):
    """Down and up are the same under E → −E, P → −P; between the jumps both have two states."""
    found = hysteresis_dataset(model, config, quiet)
    for name in ("polarization_cell", "polarization_slab"):
        down, up = found[name].values
        np.testing.assert_allclose(up, -down[::-1], rtol=1e-8)
        inside = np.abs(found["field"].values) < 0.9 * abs(float(found["spinodal_slab"]))
        assert np.all(down[inside] > 0) and np.all(up[inside] < 0)


def test_the_slab_turns_where_a_descent_leaves_its_branch(model):
    """The downhill motion of a column of layers, which knows no branches."""
    branch, onsite = StaticBranch(model), model.material.onsite
    ny = model.slab.ny
    coupling = hessian(model.operator, np.zeros(3))
    # of displacements along x that are the same in every column
    uniform = np.zeros((len(coupling), ny))
    for place, (component, _, y, _) in enumerate(np.ndindex(3, *model.slab.shape)):
        uniform[place, y] = component == 0
    coupling = uniform.T @ coupling @ uniform / (model.slab.nx * model.slab.nz)

    def descent(tilt):
        """Overdamped motion, in steps far below the stiffest mode's own time."""
        mean = branch.at(0.98 * end)
        for _ in range(20000):
            mean = mean - 2e-3 * (onsite.well_force(mean) + coupling @ mean - tilt)
        return mean

    end = branch.end(-1.3 * onsite.spinodal)
    np.testing.assert_allclose(descent(0.999 * end), branch.at(0.999 * end), atol=1e-9)
    assert descent(1.001 * end).max() < 0
    assert branch.at(1.001 * end) is None


def test_a_wave_that_turns_unstable_first(model, config, batio3):
    """Neighbours along z that want to be opposite: the dense Hessian of all cells says when."""
    bonds = short_range.kernel(batio3.short_range["pbesol-gaussian"].shells)
    bonds[1, 1, [0, 2], 0, 0] += 8.0
    bonds[1, 1, 1, 0, 0] -= 16.0
    operator = SlabOperator.build(model.slab, batio3, bonds, "gaussian", 1.2)
    model = replace(model, operator=operator)
    found = hysteresis_dataset(model, config, quiet)
    first = float(found["first_instability"])
    assert float(found["spinodal_slab"]) < 1.02 * first < 0
    assert found["unstable_wave_vector"].values == pytest.approx([0.0, 0.5])
    assert found["unstable_weight"].values == pytest.approx([1, 0, 0], abs=1e-6)
    branch, charge = StaticBranch(model), batio3.mode.charge[0, 0]
    for part, stable in ((0.9999, True), (1.0001, False)):
        mean = branch.at(part * first * charge * KV_PER_CM)
        stiffness = branch.stiffness(mean)
        dense = hessian(operator, np.zeros(3)) + np.diag(
            np.repeat(stiffness[:, None], model.slab.nx, axis=1)[..., None].repeat(2, -1).ravel()
        )
        assert (np.linalg.eigvalsh(dense)[0] > 0) == stable
    shown = table(found)
    assert shown.rows[-1][1] == first and shown.rows[-1][2] < 0
    assert "q_x = 0, q_z = 0.5" in shown.notes[1]


def test_no_loop_in_open_circuit(model, config):
    boundary = ElectricalBoundary(("x",))
    operator = SlabOperator.build(
        model.slab, model.material, model.operator.bonds, "gaussian", 1.2, boundary=boundary
    )
    with pytest.raises(TheoryError, match=r"dipole\.boundary\.x: open_circuit .* short_circuit"):
        hysteresis_dataset(replace(model, operator=operator), config, quiet)
