"""Domains of any shape: statics against dense minimisation, forces, symmetry, what is left out."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov
from scipy.optimize import minimize

from ferronhall.analysis.ensemble import ensemble_dataset
from ferronhall.analysis.wall_velocity import wall_velocity_dataset
from ferronhall.base import paths, storage, units
from ferronhall.base.errors import DataFileError, TheoryError, UnstableKernelError
from ferronhall.campaign.config import validate
from ferronhall.engine.kernels.layered_well import add_well
from ferronhall.engine.layout import from_storage
from ferronhall.engine.propagator import Propagator
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.domain_map import DomainMap
from ferronhall.model.members import field_members
from ferronhall.model.model import Model
from ferronhall.model.onsite_potential import well_energy
from ferronhall.model.parameters import parameters_dataset
from ferronhall.model.stability import preflight_at_rest
from ferronhall.model.static_state import hessian_extremes, static_state
from ferronhall.results import figures
from ferronhall.results.page.document import Content, document
from ferronhall.results.tables import result_table
from ferronhall.theory.datasets import theory_dataset
from ferronhall.theory.linear_response.laboratory import laboratory_dataset
from ferronhall.theory.modulated.lock_in import lock_in_dataset
from ferronhall.theory.spectra.edge_spectrum import spectrum_dataset
from ferronhall.theory.twin import twin_dataset
from tests.conftest import CONFIG
from tests.unit.figures.drawn_artists import texts_of


def silent(_):
    """A log that keeps nothing."""


def mapped(domain_map="", shape=(5, 4, 4), **changed):
    """A configuration with a domain map, without what the theory is needed for."""
    config = copy.deepcopy(CONFIG)
    config["lattice"] |= dict(zip(("nx", "ny", "nz"), shape, strict=True))
    config["domains"]["map"] = domain_map
    config["ensemble"]["harmonic_twin"] = config["balances"]["enabled"] = False
    for key, value in changed.items():
        config[key] |= value
    return config


def stripes(axis, width):
    return {"stripes": {"axis": axis, "width_cells": width}}


def of_signs(signs, **changed):
    """The model of a map that is given as an array."""
    model = Model.from_config(mapped(shape=signs.shape, **changed))
    return replace(model, domain_map=DomainMap(signs.astype(np.int8), "a test"))


def energy(model, u):
    """Energy (eV) and its gradient (eV/Å) of the whole slab in a field u (3, nx, ny, nz)."""
    onsite, linear = model.material.onsite, model.operator.apply(u)
    well = (onsite.quadratic, onsite.quartic, onsite.sextic)
    total = well_energy(well, u[0]).sum() - onsite.tilt * u[0].sum()
    total += onsite.transverse / 2 * np.sum(u[1:] ** 2)
    slope = onsite.transverse * u
    slope[0] = well[0] * u[0] + well[1] * u[0] ** 3 + well[2] * u[0] ** 5 - onsite.tilt
    return total - np.sum(u * linear) / 2, slope - linear


def corner(shape):
    """An L-shaped column of reversed cells that runs along x: its walls are neutral."""
    signs = np.ones(shape)
    signs[:, 2:, : shape[2] // 2] = -1
    signs[:, 1, 0] = -1
    return signs


@pytest.mark.parametrize("field", [0.0, 500.0])
def test_the_relaxed_state_is_that_of_a_dense_minimisation(field, rng):
    """From the bare domains with random displacements of every cell in every direction."""
    signs = corner((5, 4, 4))
    model = of_signs(signs, electric_field={"x_kV_per_cm": field})
    u0 = model.material.onsite.amplitude
    start = 0.05 * u0 * rng.standard_normal((3, *signs.shape))
    start[0] += u0 * signs

    def flat(values):
        value, slope = energy(model, values.reshape(start.shape))
        return value, slope.ravel()

    options = {"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-9}
    found = minimize(flat, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    np.testing.assert_allclose(model.rest_state.ravel(), found.x, atol=2e-6)
    assert np.abs(energy(model, model.rest_state)[1]).max() < 1e-10
    # an L has no mirror, so that displacements across the axis could have stayed
    assert np.ptp(model.rest_state[0]) > 1.5 * u0


def test_the_extremes_of_the_hessian_are_those_of_a_matrix():
    model = of_signs(corner((5, 4, 4)))
    state, size = model.rest_state, model.rest_state.size
    columns = [
        (energy(model, state + step)[1] - energy(model, state - step)[1]).ravel() / 2e-4
        for step in 1e-4 * np.eye(size).reshape(size, *state.shape)
    ]
    eigenvalues = np.linalg.eigvalsh((np.array(columns) + np.array(columns).T) / 2)
    found = hessian_extremes(model.operator, model.material.onsite, state)
    np.testing.assert_allclose(found, eigenvalues[[0, -1]], rtol=1e-4)
    # what one domain, which may take the whole slab, has still higher counts as well
    uniform = preflight_at_rest(replace(model, domain_map=None), 0.001).omega_max
    right = np.sqrt(eigenvalues[-1] / model.material.mass[0, 0])
    assert uniform > right
    assert preflight_at_rest(model, 0.001).omega_max == pytest.approx(uniform)


def test_a_map_of_layers_is_the_slab_with_walls():
    """Both relax to one state, by different ways, have one symmetry and move alike."""
    signs = np.ones((5, 6, 2))
    signs[:, 4:] = -1
    model = of_signs(signs)
    walls = replace(model, domain_map=None, walls=(4,))
    np.testing.assert_allclose(model.rest_state, walls.rest_state, atol=1e-10)
    assert model.mirrors == walls.mirrors
    paths = [Propagator(m, field_members(m), 1, 0, np.dtype(float)) for m in (model, walls)]
    for p in paths:
        p.run(40, 0, p.new_sums())
    np.testing.assert_allclose(paths[0].w, paths[1].w, atol=1e-9)


def test_forces_are_those_of_the_whole_energy():
    model = of_signs(corner((5, 5, 4)), electric_field={"x_kV_per_cm": 300.0})
    p = Propagator(model, field_members(model), 1, 0, np.dtype(float))
    p.run(40, 0, p.new_sums())
    p.force(p.w, p.linear)
    add_well(p.w, p.coefficients.wells, p.linear)
    stored = (3, model.slab.nx, model.slab.nz, model.slab.ny)
    for w, linear in zip(p.displacement, p.linear, strict=True):
        force = from_storage(linear.reshape(stored))
        force[1:] -= model.material.onsite.transverse * w[1:]
        np.testing.assert_allclose(force, -energy(model, model.rest_state + w)[1], atol=1e-10)


def test_stripes_are_symmetric():
    """Moved by their width they are their own reverse, and every mirror of the slab is theirs."""
    model = Model.from_config(mapped(stripes("z", 2), (5, 5, 8)))
    state = model.rest_state
    np.testing.assert_allclose(np.roll(state, 2, axis=-1), -state, atol=1e-12)
    np.testing.assert_allclose(state, state[:, ::-1], atol=1e-12)
    np.testing.assert_allclose(state[0], state[0, :, ::-1], atol=1e-12)
    assert not state[1:].any() or np.abs(state[1:]).max() < 1e-12
    uniform = replace(model, domain_map=None)
    assert model.mirrors == uniform.mirrors
    # the layer beside a wall gives way as beside a wall along y in the middle of a thick slab
    walls = replace(Model.from_config(mapped(shape=(5, 16, 2))), walls=(8,))
    beside = walls.rest[7] / model.material.onsite.amplitude
    assert state[0, 0, 2, 1] / model.material.onsite.amplitude == pytest.approx(beside, abs=0.01)


def test_lost_mirrors_are_not_folded_by():
    model = of_signs(corner((5, 4, 4)))
    # the mirror of y is lost, with z turned round or not; that of x holds with u → −u
    assert model.mirrors.images == ((1, 1, 1), (-1, 1, -1))
    assert model.mirrors.zero_field == ((1, 1, 1), (-1, 1, 1))
    halves = np.ones((5, 4, 4))
    halves[:, 2:] = -1
    assert of_signs(halves).mirrors.polar == -1


def test_charged_walls_are_refused_with_their_charge():
    """P meets head to head, and no cell along x stays what it is."""
    model = Model.from_config(mapped(stripes("x", 4), (8, 5, 4)))
    charge = 2 * model.material.polarization
    words = rf"stripes of 4 cells along x: relaxed, \d+ of 160 cells .*{charge:.3g} C/m²"
    with pytest.raises(UnstableKernelError, match=words):
        preflight_at_rest(model, 0.0025)
    # by the energy itself: from the charged state it falls all the way to another
    start = np.zeros((3, *model.slab.shape))
    start[0] = model.material.onsite.amplitude * model.signs
    assert energy(model, model.rest_state)[0] < energy(model, start)[0] - 1.0


@pytest.mark.parametrize(
    "dataset", [theory_dataset, twin_dataset, spectrum_dataset, lock_in_dataset, laboratory_dataset]
)
@pytest.mark.parametrize("torn", [False, True])
def test_the_theory_says_that_it_does_not_apply(dataset, torn):
    config = mapped("" if torn else stripes("z", 1))
    if torn:
        config["domains"] |= {"walls_y": [2], "relaxed": "without_field"}
    words = "without_field: of walls" if torn else "stripes of 1 cells along z"
    with pytest.raises(TheoryError, match=f"{words}.* theory does not apply"):
        dataset(Model.from_config(config), config, log=silent)


def trajectories(config, folder, replicas=1):
    """Model, files and datasets of a run."""
    config = validate(config)
    storage.write(parameters_dataset(config), folder / "parameters.nc")
    model = Model.from_dataset(storage.read(folder / "parameters.nc"))
    files, found = {"minus": [], "zero": [], "plus": []}, []
    for replica in range(replicas):
        found.append(run_replica(model, config, replica, "d", silent))
        for field, dataset in found[-1].items():
            files[field].append(folder / f"{field}-{replica}.nc")
            storage.write(dataset, files[field][-1])
    return model, files, found


def test_cold_trajectories_rest_in_their_domains(tmp_path):
    config = mapped(stripes("z", 2), (7, 5, 8))
    config["temperature"] |= {"T_hot_K": 0.0, "T_cold_K": 0.0}
    model, files, (plus,) = trajectories(config, tmp_path)
    found, charge = plus["plus"], model.material.polarization_derivative[0, 0]
    assert np.abs(found["polarization"]).max() < 1e-12
    along = np.mean(model.signs * model.rest_state[0], axis=-1) * charge
    np.testing.assert_allclose(found["domain_polarization"][0], along, rtol=1e-9)
    assert np.all(found["domain"] == model.signs)
    ensemble = ensemble_dataset(model, config, files)
    assert ensemble["domain_polarization"].sel(field=0).values == pytest.approx(along)


def test_warm_stripes_have_the_energy_and_rotation_of_one_domain(tmp_path):
    """KE is k_B T of the bath, and opposite domains have one L_z; P of theirs is opposite."""
    config = mapped(stripes("z", 4), (9, 5, 8))
    config["temperature"] |= {"T_hot_K": 20.0, "T_cold_K": 20.0}
    config["time"] |= {"t_max_ps": 21.0, "t_equil_ps": 1.0, "samples_per_block": 250}
    config["ensemble"]["precision"] = "float32"
    model, _, (found,) = trajectories(config, tmp_path)
    energies = [found[field]["kinetic_energy"].values.mean() for field in ("minus", "plus")]
    assert energies == pytest.approx([1.5 * 0.0861733 * 20] * 2, rel=0.02)
    assert np.all(found["zero"]["domain"] == model.signs)


def dense_covariance(model):
    """L_z (ħ) and KE (meV) maps without field about the state at rest, from all cells at once."""
    onsite, slab = model.material.onsite, model.slab
    state, mass, size = model.rest_state, model.material.mass[0, 0], 3 * slab.sites
    stiffness = np.full(state.shape, onsite.transverse)
    stiffness[0] = onsite.quadratic + 3 * onsite.quartic * state[0] ** 2
    stiffness[0] += 5 * onsite.sextic * state[0] ** 4
    unit = np.eye(size).reshape(size, *state.shape)
    hessian = np.array([(stiffness * e - model.operator.apply(e)).ravel() for e in unit])
    damping = np.broadcast_to(model.damping[:, None], state.shape).ravel()
    heat = np.broadcast_to(model.temperature_map[..., None], state.shape).ravel()
    drift = np.block([[0 * hessian, np.eye(size)], [-hessian / mass, -np.diag(damping)]])
    noise = np.append(0 * heat, 2 * damping * heat * units.BOLTZMANN_EV_PER_K / mass)
    moments = solve_continuous_lyapunov(drift, -np.diag(noise))
    moments = moments.reshape(2, 3, slab.sites, 2, 3, slab.sites)
    cell = np.arange(slab.sites)
    rotation = moments[0, 0, cell, 1, 1, cell] - moments[0, 1, cell, 1, 0, cell]
    speed = sum(moments[1, c, cell, 1, c, cell] for c in range(3))
    maps = [m.reshape(slab.shape).mean(axis=-1) for m in (rotation, speed)]
    matrix = model.material.angular_momentum_matrices[2, 0, 1]
    return maps[0] * matrix / units.HBAR, maps[1] * mass / 2 * units.MEV


def test_cold_fluctuations_are_those_of_a_dense_covariance(tmp_path):
    """In stripes at 0.2 K, within four standard errors; at the edges, and in all cells by χ²."""
    config = mapped(stripes("z", 1), (7, 5, 4))
    config["temperature"] |= {"T_hot_K": 0.2}
    # so short a substep leaves the energy no bias that could be seen
    config["time"] |= {"dt_ps": 0.004, "substeps": 4, "t_max_ps": 88.0, "t_equil_ps": 8.0}
    config["time"] |= {"sample_every_steps": 4, "samples_per_block": 125}
    model, files, _ = trajectories(config, tmp_path)
    found = ensemble_dataset(model, config, files)
    rotation, energy = dense_covariance(model)
    edge = model.cells.edge_accumulation(rotation)
    error = float(found["edge_angular_momentum_zero_stderr"])
    assert abs(float(found["edge_angular_momentum_zero"]) - edge) < 4 * error < abs(edge)
    for name, right in (("angular_momentum", rotation), ("kinetic_energy", energy)):
        cells = found.sel(field=0)
        z = (cells[name].values - right) / cells[f"{name}_stderr"].values
        # 35 cells, whose errors are themselves known to 10 %
        assert np.mean(z**2) < 2 and np.abs(z).max() < 5


def test_a_wall_that_moved_is_noticed_and_left_out(tmp_path):
    """A cell of one block turned round in the files of a replica, as a bent wall leaves it."""
    config = mapped(stripes("z", 2), (7, 5, 8))
    model, files, _ = trajectories(config, tmp_path, replicas=2)
    bent = storage.read(files["plus"][1]).load()
    assert model.stands_in(bent)
    bent["domain"].values[1, 3, 2, 1] *= -1
    assert not model.stands_in(bent)
    storage.write(bent, files["plus"][1])
    ensemble = ensemble_dataset(model, config, files)
    assert ensemble.attrs["replicas_with_moved_walls"] == 1 and ensemble.attrs["replicas"] == 1
    only = {field: paths[1:] for field, paths in files.items()}
    with pytest.raises(DataFileError, match=r"domains\.map: stripes of 2 .*walls moved in every"):
        ensemble_dataset(model, config, only)


def test_a_saddle_is_told_by_its_eigenvalue():
    """Domains of one cell in PbTiO₃ whose walls want to meet."""
    config = mapped(stripes("z", 2), (5, 5, 8), short_range={"preset": "dft-gaussian"})
    config["material"] = str(CONFIG["material"]).replace("batio3", "pbtio3")
    config["theory"]["closure"] = "averaged"
    model = Model.from_config(config)
    smallest, _ = hessian_extremes(model.operator, model.material.onsite, model.rest_state)
    with pytest.raises(UnstableKernelError, match=rf"eigenvalue {smallest:.3g} eV"):
        preflight_at_rest(model, 0.001)


def test_static_states_of_opposite_signs_are_opposite():
    signs = corner((5, 4, 4))
    model = of_signs(signs)
    onsite = model.material.onsite
    np.testing.assert_allclose(
        static_state(model.operator, onsite, -signs), -model.rest_state, atol=1e-12
    )


def test_what_owes_the_theory_nothing_is_drawn_and_told(tmp_path):
    """Every figure, table and the page that a campaign with a map makes."""
    config = mapped(stripes("z", 2), (7, 5, 8))
    model, files, _ = trajectories(config, tmp_path, replicas=2)
    datasets = {
        "parameters": storage.read(tmp_path / "parameters.nc"),
        "ensemble": ensemble_dataset(model, config, files),
        "wall_velocity": wall_velocity_dataset(model, config, files),
    }
    parameters, ensemble = datasets["parameters"], datasets["ensemble"]
    made = paths.FIGURES | paths.MAP_FIGURES | paths.MOVING_WALL_FIGURES
    needs = {name: set(needed) - {"theory"} for name, needed in made.items()}
    drawn = {
        name: figures.draw(name, **{key: datasets[key] for key in needs[name]})
        for name in ("fig1", "fig2", "fig3", "figS2", "domain_map", "wall_velocity")
    }
    assert any("pm P_0" in text for text in texts_of(drawn["fig1"]))
    assert not any("theory" in name for _, columns in drawn["fig3"].data for name in columns)
    section, cut = (dict(columns) for _, columns in drawn["domain_map"].data)
    right = model.rest_state[0, 3].T / model.material.onsite.amplitude
    np.testing.assert_allclose(section["u/u0"], right.ravel())
    plus, minus = (ensemble["domain_polarization"].sel(field=sign) for sign in (1, -1))
    odd = 1e6 * (plus - minus).values / 2
    flank = model.flank & (model.slab.x > 0)
    line = cut["Delta_B P along the domain, right (uC/m^2)"]
    np.testing.assert_allclose(line, odd[flank].mean(axis=0), rtol=1e-9)
    assert not drawn["wall_velocity"].data[0][1]["$z = 2$: moved (cells)"].any()
    notes = " ".join(result_table("summary", ensemble=ensemble).notes)
    assert "Counted along the domain" in notes
    content = {"material": "BaTiO3", "config": config, "picture": b"", "tables": {}}
    html = document(Content(parameters, ensemble, None, None, **content, aliasing=[], citation=""))
    assert "stripes of 2 cells along z" in html and "Theory: none of these domains" in html
    assert "@theory{" not in html
