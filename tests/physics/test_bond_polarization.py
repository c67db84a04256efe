"""Second-order polarization of neighbouring cells: symmetry, parities, simulation and theory."""

import copy
from itertools import permutations, product

import numpy as np
import pytest

from ferronhall.analysis.bond_polarization import (
    MIRROR_SIGNS,
    bond_polarization_dataset,
    polarization_per_bilinear,
    whole_bilinear,
)
from ferronhall.base.storage import read, write
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.map_algebra import field_odd, fold
from ferronhall.model.model import Model
from ferronhall.theory.bond_covariance import bond_bilinear_maps, transverse_mean
from ferronhall.theory.datasets import theory_dataset
from ferronhall.theory.solver import Solver
from tests.conftest import CONFIG

REPLICAS = 16
OPERATIONS = [
    np.array(signs)[:, None] * np.eye(3)[list(order)]
    for order in permutations(range(3))
    for signs in product((-1, 1), repeat=3)
]
"""The 48 operations of m-3m."""


def silent(_):
    """A log that keeps nothing."""


def averaged(tensor, bond):
    """Z[α, i, j] of p_α = Z u_i(0) u_j(R), averaged over what leaves the bond as it is.

    That are the operations which keep R, and those which turn it round with the cells exchanged.
    """
    found = []
    for g in OPERATIONS:
        turned = np.einsum("ax,iy,jz,xyz->aij", g, g, g, tensor)
        if np.array_equal(g @ bond, bond):
            found.append(turned)
        elif np.array_equal(g @ bond, -np.array(bond)):
            found.append(turned.transpose(0, 2, 1))
    return np.mean(found, axis=0)


@pytest.mark.parametrize(
    ("bond", "constants"), [((0, 0, 0), 0), ((0, 0, 1), 1), ((1, 1, 0), 2), ((1, 1, 1), 1)]
)
def test_constants_that_the_cubic_crystal_leaves(bond, constants, rng):
    """None within a cell, one for nearest neighbours, two and one for the next two shells."""
    draws = np.array([averaged(z, bond).ravel() for z in rng.normal(size=(40, 3, 3, 3))])
    assert np.linalg.matrix_rank(draws, tol=1e-10) == constants


@pytest.mark.parametrize("axis", range(3))
def test_the_one_constant_is_that_of_the_bilinear(axis, rng):
    """p = ζ [u(0) (R·u(R)) − u(R) (R·u(0))], for any bond with the same ζ."""
    one, r = np.eye(3), np.eye(3)[axis]
    expected = np.einsum("ai,j->aij", one, r) - np.einsum("aj,i->aij", one, r)
    found = averaged(rng.normal(size=(3, 3, 3)), r)
    zeta = np.sum(found * expected) / np.sum(expected**2)
    np.testing.assert_allclose(found, zeta * expected, atol=1e-12)
    for g in OPERATIONS:
        turned = np.einsum("ax,iy,jz,xyz->aij", g, g, g, expected)
        s = g @ r
        bracket = np.einsum("ai,j->aij", one, s) - np.einsum("aj,i->aij", one, s)
        np.testing.assert_allclose(turned, bracket, atol=1e-12)


def test_the_part_of_u0_is_that_of_the_whole_displacement(make_model, rng):
    """Means at rest in a random ⟨u_x⟩, each bond by itself, against the moment counted from u0."""
    shape = (5, 4, 2)
    model = make_model(shape, np.full(5, 20.0))
    u0 = model.material.onsite.amplitude
    u = np.zeros((3, *shape[:2]))
    u[0] = u0 + 0.01 * rng.normal(size=shape[:2])
    u[1] = transverse_mean(model, u[0])
    found = np.zeros((2, *shape[:2]))
    for n, field in enumerate((u, u - [[[u0]], [[0]], [[0]]])):
        for x, y in np.ndindex(shape[:2]):
            for step in (-1, 1):
                if 0 <= y + step < shape[1]:
                    here, there = field[:, x, y], field[:, x, y + step]
                    found[n, x, y] += step * (here[0] * there[1] - there[0] * here[1]) / 2
    np.testing.assert_allclose(whole_bilinear(found[1], u[0], model), found[0], atol=1e-15)
    assert np.abs(found[0] - found[1]).max() > 0.1 * np.abs(found[0]).max()


@pytest.mark.parametrize("shape", [(6, 5, 3), (7, 4, 4)])
def test_mirrors_turn_the_second_order_round(make_model, shape):
    """Even in x where the field-odd linear polarization is odd; nothing but folding is assumed."""
    centre = (shape[0] - 1) / 2
    profile = 50 * np.exp(-(((np.arange(shape[0]) - centre) / 1.5) ** 2))
    model = make_model(shape, profile)
    (solution,) = Solver(model, log=silent).harmonic()
    maps = bond_bilinear_maps(model, solution.states, solution.means)
    scale = np.abs(maps).max()
    folded = fold(maps, MIRROR_SIGNS, model.mirrors)
    np.testing.assert_allclose(folded, maps, rtol=0, atol=1e-9 * scale)
    odd = field_odd(maps)
    np.testing.assert_allclose(odd, odd[::-1], rtol=0, atol=1e-9 * scale)
    np.testing.assert_allclose(odd, -odd[:, ::-1], rtol=0, atol=1e-9 * scale)
    assert np.abs(odd).max() > 1e-3 * scale


def test_equilibrium_has_no_second_order_polarization(make_model):
    """At uniform T the covariance is symmetric under exchange of the cells, in any field."""
    model = make_model((6, 5, 3), np.full(6, 20.0))
    (solution,) = Solver(model, log=silent).harmonic()
    maps = bond_bilinear_maps(model, solution.states, solution.means)
    largest = max(s.displacement.max() for s in solution.states)
    assert np.abs(maps).max() < 1e-10 * largest


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """A small slab of 50 K, simulated without twins: model, theory, trajectories."""
    config = copy.deepcopy(CONFIG)
    config["lattice"].update(nx=9, ny=5, nz=3)
    # one substep: its bias stays within the errors here, at half the cost
    config["time"].update(substeps=1, t_max_ps=70.0, t_equil_ps=10.0, samples_per_block=500)
    config["ensemble"].update(precision="float32", harmonic_twin=False)
    model = Model.from_config(config)
    theory = theory_dataset(model, config, log=silent)
    folder = tmp_path_factory.mktemp("bonds")
    files = {"minus": [], "zero": [], "plus": []}
    for replica in range(REPLICAS):
        for field, dataset in run_replica(model, config, replica, "d", silent).items():
            files[field].append(folder / f"{field}-{replica}.nc")
            write(dataset, files[field][-1])
    return model, config, theory, files


@pytest.mark.parametrize("part", ["field_odd", "zero_field"])
def test_simulation_holds_the_theorys_map(campaign, part):
    """Amplitude 1 within four standard errors over replicas, and at least four from zero."""
    found = bond_polarization_dataset(*campaign).sel(part=part, approximation="closure")
    value, error = float(found["amplitude"]), float(found["amplitude_stderr"])
    assert abs(value - 1) < 4 * error and value > 4 * error, (value, error)


@pytest.mark.parametrize("part", ["field_odd", "zero_field"])
def test_the_accumulation_of_the_linear_parity_vanishes(campaign, part):
    """In theory to rounding, in the simulation within four standard errors."""
    found = bond_polarization_dataset(*campaign).sel(part=part, parity="linear")
    scale = np.abs(found["bilinear_theory"]).max()
    assert np.all(np.abs(found["edge_theory"]) < 1e-9 * scale)
    assert abs(found["edge"]) < 4 * found["edge_stderr"]


def test_a_charge_makes_a_polarization_of_it(campaign):
    """−2 e/Å in a cell of 63.3 Å³; without a charge no polarization is claimed."""
    charge = {"value_e_per_A": -2.0, "stderr_e_per_A": 0.1, "source": "a test"}
    with_it = bond_polarization_dataset(*campaign, charge=charge)
    bare = bond_polarization_dataset(*campaign)
    expected = -2.0 / 3.985236**3 * 1.602176634e-19 / 1e-20
    assert with_it.attrs["polarization_per_bilinear"] == pytest.approx(expected, rel=1e-12)
    assert polarization_per_bilinear(1.0, 1.0) == pytest.approx(16.02176634)
    assert "polarization_per_bilinear" not in bare.attrs
    assert bare.equals(with_it)


def test_blocks_without_moments_are_left_out_of_the_polarization_too(campaign, tmp_path):
    """Trajectories cut to 7 blocks of 3 moments are as good as ones of 6."""
    model, config, theory, files = campaign
    cut = copy.deepcopy(config)
    cut["balances"]["blocks_averaged"] = 2
    for replicas, samples in ((1, 3), (2, 6), (5, 15)):
        found = {}
        for blocks in (6, 7):
            cut["time"]["t_max_ps"] = 10.0 + 5.0 * blocks
            few = {
                field: [tmp_path / f"{field}-{r}.nc" for r in range(replicas)] for field in files
            }
            for field, paths in few.items():
                for source, path in zip(files[field], paths, strict=False):
                    write(read(source).isel(block=slice(blocks), balance_block=slice(3)), path)
            found[blocks] = bond_polarization_dataset(model, cut, theory, few)
        assert found[6].equals(found[7])
        assert found[6].attrs["sample_count"] == samples
