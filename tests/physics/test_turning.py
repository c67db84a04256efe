"""Whether P stays along x in a cubic well under a hot band: the theory's word, and trajectories."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import eigh

from ferronhall.campaign.config import validate
from ferronhall.campaign.scan.point import point_dataset
from ferronhall.engine.propagator import Propagator
from ferronhall.model.members import field_members
from ferronhall.model.model import Model
from ferronhall.theory.datasets import theory_dataset
from ferronhall.theory.solver import Solver
from ferronhall.theory.turning import softest_turn
from tests.conftest import CONFIG
from tests.physics import harmonic


def silent(_):
    """A log that keeps nothing."""


def configured(shape, gamma="material", **temperature):
    """The checked configuration of a slab in the shipped material's cubic well."""
    config = copy.deepcopy(CONFIG)
    config["lattice"].update(zip(("nx", "ny", "nz"), shape, strict=True))
    config["damping"]["sponge_layers"] = 1
    config["onsite"] |= {"form": "cubic", "gamma_eV_per_A4": gamma}
    config["temperature"] |= temperature
    return validate(config)


def in_a_band(shape, gamma, hot=100.0):
    """A model with five hot columns in a cold slab."""
    middle, temperature = shape[0] // 2, np.zeros(shape[0])
    temperature[middle - 2 : middle + 3] = hot
    return replace(Model.from_config(configured(shape, gamma)), temperature=temperature)


def test_the_softest_mode_is_that_of_the_dense_hessian():
    """Averages by Gauss and Hermite's rule over forces, generalised eigenvalues of all cells."""
    shape = (7, 5, 2)
    model = in_a_band(shape, "material", 30.0)
    closure = Solver(model, log=silent).closure()
    found = softest_turn(model, closure)
    onsite, spread = model.material.onsite, closure.states[1].displacement
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)
    grid = np.array(np.meshgrid(nodes, nodes, nodes, indexing="ij")).reshape(3, 1, 1, -1)
    weight = np.einsum("i,j,k->ijk", *3 * [weights / weights.sum()]).ravel()
    u = np.sqrt(spread)[..., None] * grid
    u[0] += closure.means[1][..., None]
    step, stiffness = 1e-6, np.empty((3, *shape[:2]))
    for c in range(3):
        moved = np.zeros((3, 1, 1, 1))
        moved[c] = step
        slope = (onsite.force(u - moved)[c] - onsite.force(u + moved)[c]) / (2 * step)
        stiffness[c] = slope @ weight
    couplings = harmonic.hessian(model.operator, np.zeros(3))
    n = 3 * model.slab.sites
    cells = np.broadcast_to(stiffness[..., None], (3, *shape)).ravel()
    averaged = np.broadcast_to(closure.reference.stiffness[:, None, :, None], (3, *shape)).ravel()
    hessian, reference = (couplings.reshape(n, n) + np.diag(k) for k in (cells, averaged))
    values, vectors = eigh(hessian, reference)
    assert found.left == pytest.approx(values[0], abs=1e-6)
    pattern = vectors[:, 0]
    assert found.stiffness == pytest.approx(values[0] / (pattern @ pattern), abs=1e-5)
    weight = np.abs(pattern.reshape(3, -1)).sum(axis=1)
    assert found.component == "xyz"[weight.argmax()]


def test_a_uniform_bath_leaves_the_closure_as_it_is():
    model = replace(Model.from_config(configured((7, 5, 2))), temperature=np.full(7, 30.0))
    found = softest_turn(model, Solver(model, log=silent).closure())
    assert found.left == pytest.approx(1, abs=1e-6) and not found.message


@pytest.mark.parametrize(("gamma", "turns"), [("material", True), (97.567, False)])
def test_trajectories_turn_where_the_theory_says_so(gamma, turns):
    """Of the slab's mean u_z: more than a tenth of u0 all the time, or a remainder about 0."""
    model = in_a_band((21, 7, 9), gamma)
    found = softest_turn(model, Solver(model, log=silent).closure())
    assert (found.stiffness < 0) == turns == bool(found.message)
    p = Propagator(model, field_members(model)[1:2], 1, 0, np.dtype(float))
    p.run(8000, 0, p.new_sums())
    seen = []
    for _ in range(60):
        p.run(100, 0, p.new_sums())
        seen.append(p.displacement[0, 2].mean() / model.material.onsite.amplitude)
    seen = np.array(seen)
    if turns:
        assert found.component == "z" and "stiffness -0.57 eV/Å²" in found.message
        assert np.all(np.abs(seen) > 0.1) and np.ptp(np.sign(seen)) == 0
    else:
        assert np.sqrt(np.mean(seen**2)) < 0.05 and np.abs(seen.mean()) < 0.02


def test_the_dataset_and_a_scan_say_it():
    config = configured((15, 5, 3), T_hot_K=100.0, hot_fraction=0.2)
    model, lines = Model.from_config(config), []
    theory = theory_dataset(model, config, log=lines.append)
    assert theory["softest_turn"] < 0
    (said,) = [line for line in lines if "Warning: closure: " in line]
    assert theory.attrs["turns"] in said and "u_z" in said
    # at 100 K the thermal fluctuations of quantum statistics are smaller
    assert theory["softest_turn_quantum"] > theory["softest_turn"]
    point = point_dataset("temperature.T_hot_K/100", config, log=silent)
    assert point["turns"].sel(approximation="closure") == theory.attrs["turns"]
    assert point["turns"].sel(approximation="harmonic") == ""
    assert np.isfinite(point["edge"]).all()
    stiff = configured((15, 5, 3), 487.84, T_hot_K=100.0, hot_fraction=0.2)
    held = theory_dataset(Model.from_config(stiff), stiff, log=silent)
    assert held["softest_turn"] > 0 and "turns" not in held.attrs
