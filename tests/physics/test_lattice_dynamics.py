"""From first-principles files to the local mode and its kernels, against what the codes printed."""

import re

import numpy as np
import pytest
import yaml

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.first_principles.quantum_espresso.pw_output import BOHR, RYDBERG
from ferronhall.crystals.phonons.dataset import read_first_principles
from ferronhall.crystals.phonons.dispersion import (
    CUBIC,
    crystal_branches,
    model_branches,
    zone_path,
)
from ferronhall.crystals.phonons.double_well import (
    SwitchingPath,
    matched_quartic,
    project_displacement,
    sextic_fit,
)
from ferronhall.crystals.phonons.material_file import make_material, short_range_fits
from ferronhall.crystals.phonons.projected_kernel import (
    asymmetry,
    centred_shares,
    literal_shares,
    projected_kernel,
)
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from ferronhall.crystals.phonons.short_range_fit import fit_shells
from ferronhall.model import short_range, stability
from ferronhall.model.geometry import Slab
from ferronhall.model.material import Material, read_material
from ferronhall.model.model import Model
from ferronhall.model.slab_operator import SlabOperator
from tests.conftest import ROOT

PRESETS = {"batio3-pbesol": "pbesol", "batio3-pbesol-66Ry": "pbesol-66Ry"}
"""Data set of BaTiO3 → beginning of the names of the presets made of it."""


@pytest.fixture(scope="module", params=PRESETS)
def folder(request):
    return ROOT / "data" / request.param


@pytest.fixture(scope="module")
def data(folder):
    return read_first_principles(folder / "dataset.yaml")


@pytest.fixture(scope="module")
def preset(folder, batio3):
    """The shipped preset with gaussian dipoles."""
    return batio3.short_range[f"{PRESETS[folder.name]}-gaussian"]


def printed_matrices(path):
    """Every (q in 2π/a, matrix in eV/Å²) that a file of ph.x prints."""
    blocks = re.split(r"\n\s+Dynamical  Matrix in cartesian axes\n", path.read_text())[1:]
    for block in blocks:
        lines = [line for line in block.splitlines() if line.strip()]
        q = np.array([float(x) for x in lines[0].split("(")[1].split(")")[0].split()])
        matrix = np.empty((5, 3, 5, 3), complex)
        for k in range(25):
            a, b = (int(x) - 1 for x in lines[1 + 4 * k].split())
            for i in range(3):
                cells = np.array(lines[2 + 4 * k + i].split(), float)
                matrix[a, i, b] = cells[::2] + 1j * cells[1::2]
        yield q, matrix * RYDBERG / BOHR**2


def check_matrices(dynamics, printed):
    """Dipoles taken out by q2r.x and put back by the reader; ph.x printed the matrices before."""
    lengths = np.diag(np.array(dynamics.cell.cell))
    places = np.array(dynamics.cell.scaled_positions)
    self_term = None
    for wave, matrix in printed:
        q = wave * lengths / lengths[0]
        # ph.x leaves the phases of the atoms inside the cell out
        phase = np.exp(2j * np.pi * places @ q)
        ours = dynamics.hessian(q) * phase[:, None, None, None] * phase.conj()[None, None, :, None]
        difference = matrix - ours
        # the sum rule moves each atom's own term by the same matrix at every q, nothing else
        own = np.array([difference[a, :, a] for a in range(5)])
        for a in range(5):
            difference[a, :, a] = 0
        assert np.abs(difference).max() < 1e-5
        assert np.abs(own.imag).max() < 1e-5
        self_term = own if self_term is None else self_term
        np.testing.assert_allclose(own, self_term, atol=1e-5)


def all_matrices(folder, numbers):
    return [m for n in numbers for m in printed_matrices(folder / f"bto.dyn{n}")]


def test_force_constants_give_back_the_matrices_they_were_made_of(folder, data):
    printed = all_matrices(folder / "cubic", range(1, 5))
    assert len(printed) == 27
    check_matrices(data.cubic, printed)


def test_tetragonal_force_constants_give_back_their_matrices():
    folder = ROOT / "data" / "batio3-pbesol" / "tetragonal"
    printed = all_matrices(folder, range(1, 7))
    assert len(printed) == 8
    check_matrices(read_lattice_dynamics(folder / "bto222.fc"), printed)


def test_the_matrix_at_gamma_and_the_force_constants_agree(folder, data):
    gamma = read_lattice_dynamics(folder / "cubic" / "bto.dyn1")
    for dipoles, direction in ((False, None), (True, [0, 0, 1]), (True, [1, 1, 0])):
        np.testing.assert_allclose(
            gamma.frequencies([0, 0, 0], dipoles, direction),
            data.cubic.frequencies([0, 0, 0], dipoles, direction),
            atol=1e-4,
        )


def test_longitudinal_modes_obey_lyddane_sachs_teller(data):
    """Π ω_LO²/ω_TO² = ε0/ε∞ with the static dielectric constant from the response of the ions."""
    bare = data.cubic.frequencies([0, 0, 0])
    along = data.cubic.frequencies([0, 0, 0], True, [0, 0, 1])
    optical = [np.prod(np.sort(np.sign(f) * f**2)[np.abs(f) > 1e-3]) for f in (bare, along)]
    epsilon = data.cubic.dielectric[0, 0]
    static = epsilon + data.cubic.ionic_dielectric()[0, 0]
    assert optical[1] / optical[0] == pytest.approx(static / epsilon, rel=1e-3)


def test_the_soft_mode_is_polar_along_the_axes_and_free_of_translation(data):
    mode = data.soft_mode
    assert mode.b_site == 1
    for axis in range(3):
        assert mode.eigenvector[axis, 1] == pytest.approx(np.eye(3)[axis], abs=1e-9)
    momentum = np.einsum("s,asi->ai", data.cubic.cell.masses, mode.eigenvector)
    np.testing.assert_allclose(momentum, 0, atol=1e-4)


def test_the_kernel_at_gamma_is_the_soft_mode(data):
    """K(0) = M ω² when the pattern is the eigenvector: two ways to the same stiffness."""
    shares = centred_shares(data.cubic.cell, 1)
    kernel = projected_kernel(data.cubic, data.soft_mode.eigenvector, shares, np.zeros((1, 3)))[0]
    material = Material.from_dict(make_material(data)[0])
    expected = -(material.mass[0, 0]) * (2 * np.pi * data.soft_mode.frequency) ** 2
    np.testing.assert_allclose(kernel, expected * np.eye(3), rtol=1e-4, atol=1e-6)


def test_shared_oxygens_keep_the_symmetry_that_the_printed_formula_breaks(data):
    waves = data.cubic.commensurate
    found = {}
    for name, shares in (("centred", centred_shares), ("literal", literal_shares)):
        kernels = projected_kernel(
            data.cubic, data.soft_mode.eigenvector, shares(data.cubic.cell, 1), waves
        )
        found[name] = asymmetry(kernels, waves)
    assert found["centred"] < 1e-5
    assert found["literal"] > 10


def test_the_gaussian_preset_is_made_by_this_chain(data, batio3, preset):
    fit = short_range_fits(data, batio3)["gaussian"]
    np.testing.assert_allclose(fit.shells, preset.shells, atol=6e-5)
    assert fit.residual < 1e-5


def test_the_first_set_has_the_digits_found_without_this_chain(batio3):
    """Numbers of another program for the same files, which read and projected them on its own."""
    first = read_first_principles(ROOT / "data" / "batio3-pbesol-66Ry" / "dataset.yaml")
    assert first.soft_mode.frequency == pytest.approx(-5.670, abs=1e-3)
    optical = first.cubic.frequencies([0, 0, 0])[[6, 9, 12]]
    assert optical == pytest.approx([5.148, 8.792, 13.808], abs=1e-3)
    pattern = first.soft_mode.eigenvector[2, :, 2]
    assert pattern == pytest.approx([0.0077, 1, -0.726, -0.726, -1.607], abs=6e-4)
    made = Material.from_dict(make_material(first)[0])
    assert made.mode.charge[0, 0] == pytest.approx(19.07, abs=0.01)
    shells = [-1.9320, -10.6302, 0.3862, -1.9115, -2.4949, 0.9828, 0.3811]
    fit = short_range_fits(first, batio3)["gaussian"]
    assert fit.shells == pytest.approx(shells, abs=6e-5)


def test_the_model_meets_the_projected_force_constants_on_the_mesh(data, batio3, preset):
    """Branches of the model, eigenvalues of K(q): the same at commensurate wave vectors."""
    waves = data.cubic.commensurate
    pattern = batio3.mode.eigenvector
    shares = centred_shares(data.cubic.cell, 1)
    kernels = projected_kernel(data.cubic, pattern, shares, waves)
    stiffness = kernels[0, 0, 0].real
    path = zone_path((("Γ", (0, 0, 0)), ("q", (1 / 3, 1 / 3, 0))), np.eye(3) * 3.985236, 2)
    model = model_branches(batio3, preset, path, stiffness, 1.2)[-1]
    squares = np.linalg.eigvalsh(
        projected_kernel(data.cubic, pattern, shares, [(1 / 3, 1 / 3, 0)])[0]
    )
    expected = np.sign(squares) * np.sqrt(np.abs(squares) / batio3.mass[0, 0]) / (2 * np.pi)
    np.testing.assert_allclose(model, expected, atol=2e-3)


def test_the_longitudinal_preset_is_made_by_this_chain(batio3):
    converged = read_first_principles(ROOT / "data" / "batio3-pbesol" / "dataset.yaml")
    fit = short_range_fits(converged, batio3)["longitudinal"]
    np.testing.assert_allclose(fit.shells, batio3.short_range["pbesol-s11"].shells, atol=0.01)


def test_the_fit_to_the_printed_dipoles_is_stable_everywhere(data, batio3):
    fit = short_range_fits(data, batio3)["longitudinal"]
    assert fit.softest > 0
    slab = Slab.padded(12, 9, 5, 2.0)
    kernel = short_range.kernel(fit.shells)
    operator = SlabOperator.build(slab, batio3, kernel, "longitudinal", 1.2)
    assert stability.preflight(operator, batio3, 0.0025).smallest > 0


def test_too_coarse_a_mesh_is_refused(batio3):
    waves = np.array(np.meshgrid(*[[0, 0.5]] * 3, indexing="ij")).reshape(3, -1).T
    with pytest.raises(ConfigError, match="3 × 3 × 3 or more"):
        fit_shells(np.zeros((8, 3, 3)), waves, batio3, "gaussian", 1.2)


def test_dipoles_split_the_branches_at_the_zone_centre_alone(data):
    path = zone_path(CUBIC, data.cubic.cell.cell, 4)
    bare, split = (crystal_branches(data.cubic, path, on) for on in (False, True))
    assert np.abs(bare[0] - split[0]).max() > 5
    assert path.corners[-1] == pytest.approx(
        2 * np.pi / 3.985236 * (1 + np.sqrt(0.5) + 0.5 * np.sqrt(3))
    )


def test_material_made_of_the_data_alone_runs(data, tmp_path, config):
    """The whole chain: its file is accepted, and its slab is stable."""
    path = tmp_path / "own.yaml"
    content = make_material(data)[0]
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    material = Material.from_dict(read_material(path))
    born = np.einsum("sii->si", data.cubic.born)
    charge = np.sum(born[:, 2] * data.soft_mode.eigenvector[2, :, 2])
    assert material.mode.charge[0, 0] == pytest.approx(charge, abs=1e-3)
    config["short_range"]["preset"] = "dft-gaussian"
    model = Model.from_config(config | {"material": str(path)})
    assert stability.preflight(model.operator, material, 0.0025).smallest > 0


@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_projection_ignores_where_the_origin_is(rng, shift):
    pattern = np.array([0.01, 1.0, -0.7, -0.7, -1.6])
    amplitude, residual = project_displacement(0.08 * pattern + shift, pattern)
    assert amplitude == pytest.approx(0.08)
    assert residual == pytest.approx(0, abs=1e-12)
    noise = rng.normal(size=5)
    residual = project_displacement(pattern + 0.1 * noise + shift, pattern)[1]
    assert 0 < residual < 1


def test_wells_recover_the_polynomial_they_were_made_of():
    u0, progress = 0.08, np.linspace(0, 1.25, 6)
    u = u0 * progress
    quartic = -12.0 * u**2 + 12.0 / (2 * u0**2) * u**4
    path = SwitchingPath(progress, quartic, np.full(6, np.nan), np.zeros(5))
    found = matched_quartic(path, u0)
    assert found.coefficients[:2] == pytest.approx((-24.0, 24.0 / u0**2))
    assert found.error < 1e-12 and found.bounded
    bent = SwitchingPath(progress, quartic - 2e4 * u**6 / 6, np.full(6, np.nan), np.zeros(5))
    fitted = sextic_fit(bent, u0)
    assert fitted.coefficients == pytest.approx((-24.0, 24.0 / u0**2, -2e4), rel=1e-6)
    assert not fitted.bounded


def test_born_charges_of_the_file_sum_to_zero(folder, data):
    np.testing.assert_allclose(data.cubic.born.sum(axis=0), 0, atol=1e-6)
    bare = read_lattice_dynamics(folder / "cubic" / "bto333.fc")
    np.testing.assert_allclose(bare.frequencies([0, 0, 0])[3:6], 0, atol=1e-3)


def test_the_second_material_is_made_by_this_chain():
    second = read_first_principles(ROOT / "data" / "pbtio3-pbesol" / "dataset.yaml")
    made = make_material(second)[0]
    shipped = read_material(ROOT / "config" / "materials" / "pbtio3.yaml")
    for key in ("well_amplitude_A", "barrier_meV"):
        assert made["onsite"][key] == pytest.approx(shipped["onsite"][key], rel=1e-4)
    for here, there in zip(made["atoms"], shipped["atoms"], strict=True):
        assert here["mode_z"] == pytest.approx(there["mode_z"], abs=1e-4)
        assert here["born_charge_e"] == pytest.approx(there["born_charge_e"], abs=1e-4)
    for name, preset in shipped["short_range"].items():
        shells = made["short_range"][name]["shells_eV_per_A2"]
        tolerance = 1e-3 if preset["dipole_kernel"] == "gaussian" else 0.05
        assert shells == pytest.approx(preset["shells_eV_per_A2"], abs=tolerance)
