"""Seven shells on meshes denser than they can hold: the crystal's unstable modes decide.

The meshes are those of the project's own crystals, their dipoles interpolated by phonopy.
"""

from dataclasses import replace

import numpy as np
import pytest

from ferronhall.crystals.phonons import short_range_fit
from ferronhall.crystals.phonons.dataset import read_first_principles
from ferronhall.crystals.phonons.lattice_dynamics import commensurate_waves
from ferronhall.crystals.phonons.material_file import local_mode_content, make_material
from ferronhall.crystals.phonons.material_report import report
from ferronhall.crystals.phonons.projected_kernel import centred_shares, projected_kernel
from ferronhall.crystals.phonons.short_range_fit import fit_shells, shell_basis
from ferronhall.crystals.phonons.soft_branch import soft_branch
from ferronhall.crystals.phonons.soft_mode import find_soft_mode
from ferronhall.model import dipole
from ferronhall.model.material import Material
from tests.conftest import ROOT


@pytest.fixture(scope="module", params=["batio3-pbesol", "pbtio3-pbesol"])
def data(request):
    return read_first_principles(ROOT / "data" / request.param / "dataset.yaml")


def on_mesh(data, n):
    """Material, wave vectors and the crystal's K(q) on n × n × n."""
    material = Material.from_dict(local_mode_content(data))
    waves = commensurate_waves((n, n, n))
    shares = centred_shares(data.cubic.cell, data.soft_mode.b_site)
    arguments = (data.cubic, material.mode.eigenvector, shares)
    kernels = projected_kernel(*arguments, waves, with_dipoles=True)
    kernels[0] = projected_kernel(*arguments, waves[:1])[0]
    return material, waves, kernels


def branches(shells, material, waves, stiffness):
    """The model's K(q) put together anew: shells, dipoles and the stiffness at Γ."""
    kernel = np.tensordot(shells, shell_basis(waves), axes=1) + dipoles(material, waves)
    return np.linalg.eigvalsh(kernel + stiffness)


def dipoles(material, waves):
    """The gaussian kernel, shape (m, 3, 3)."""
    q = 2 * np.pi * waves.T / material.lattice_constant
    return np.moveaxis(dipole.dipole_kernel("gaussian", q, material, 1.2), -1, 0)


@pytest.mark.parametrize("n", [4, 5])
def test_the_unstable_region_is_the_crystals(data, n):
    material, waves, kernels = on_mesh(data, n)
    fit = fit_shells(kernels, waves, material, "gaussian", 1.2)
    crystal = np.linalg.eigvalsh(kernels)
    model = branches(fit.shells, material, waves, kernels[0].real)
    depth = abs(crystal[0, 0])
    clear = np.abs(crystal) > 0.01 * depth
    assert ((model < 0) == (crystal < 0))[clear].all()
    assert fit.unstable == ((crystal < 0).sum(), (model < 0).sum())
    assert fit.misplaced == 0 and not fit.exact
    # what the fit says of itself is so
    apart = model[:, 0] - crystal[:, 0]
    assert abs(fit.worst) == pytest.approx(np.abs(apart).max())
    where = np.abs(waves - fit.worst_wave).max(axis=1).argmin()
    assert apart[where] == pytest.approx(fit.worst)
    # an unweighted fit to the same data is what it must not be
    rest = (kernels - kernels[0]).real - dipoles(material, waves)
    basis = shell_basis(waves)
    flat = np.linalg.lstsq(basis.reshape(7, -1).T, rest.ravel(), rcond=None)[0]
    unweighted = branches(flat, material, waves, kernels[0].real)
    assert np.abs(apart).max() < np.abs(unweighted[:, 0] - crystal[:, 0]).max()


def test_the_soft_branch_at_the_zone_boundary_is_kept():
    """BaTiO3 on 4 × 4 × 4: −9.54 eV/Å² at X, where an unweighted fit has +1.5."""
    data = read_first_principles(ROOT / "data" / "batio3-pbesol" / "dataset.yaml")
    material, waves, kernels = on_mesh(data, 4)
    fit = fit_shells(kernels, waves, material, "gaussian", 1.2)
    at_x = np.abs(waves - [0, 0, 0.5]).max(axis=1).argmin()
    assert np.linalg.eigvalsh(kernels[at_x])[0] == pytest.approx(-9.54, abs=0.01)
    model = branches(fit.shells, material, waves, kernels[0].real)
    assert model[at_x, 0] == pytest.approx(-9.54, abs=0.5)


def test_the_condition_decides_where_weights_alone_do_not(monkeypatch):
    """PbTiO3's mode centred on Pb: weights leave three stable modes of the mesh unstable."""
    found = read_first_principles(ROOT / "data" / "pbtio3-pbesol" / "dataset.yaml")
    found = replace(found, soft_mode=find_soft_mode(found.cubic, "Pb"))
    material, waves, kernels = on_mesh(found, 4)
    fit = fit_shells(kernels, waves, material, "gaussian", 1.2)
    assert fit.misplaced == 0 and fit.unstable == (3, 3)
    monkeypatch.setattr(short_range_fit, "_same_region", lambda *_: None)
    assert fit_shells(kernels, waves, material, "gaussian", 1.2).misplaced > 0


def test_the_coarse_mesh_is_still_met_exactly(data):
    material, waves, kernels = on_mesh(data, 3)
    fit = fit_shells(kernels, waves, material, "gaussian", 1.2)
    model = branches(fit.shells, material, waves, kernels[0].real)
    np.testing.assert_allclose(model, np.linalg.eigvalsh(kernels), atol=1e-4)
    assert fit.exact


def test_the_branch_along_the_path_is_that_of_either_side(data):
    content, fits = make_material(data)
    material = Material.from_dict(content)
    found = soft_branch(data, material, fits)
    shares = centred_shares(data.cubic.cell, data.soft_mode.b_site)
    for label, wave in (("X", (0, 0.5, 0)), ("R", (0.5, 0.5, 0.5))):
        k = found.corners[label]
        np.testing.assert_allclose(found.waves[k], wave, atol=1e-12)
        stiffness = projected_kernel(
            data.cubic, material.mode.eigenvector, shares, np.zeros((1, 3))
        )[0].real
        model = branches(fits["gaussian"].shells, material, np.array([wave]), stiffness)
        assert found.model["gaussian"][k] == pytest.approx(model[0, 0])
    assert found.crystal[0] == pytest.approx(found.model["gaussian"][0], abs=0.05)


def test_a_region_that_is_not_the_crystals_is_said_loudly():
    """Stable where the crystal is not: said in the report and in the file."""
    data = read_first_principles(ROOT / "data" / "batio3-pbesol" / "dataset.yaml")
    content, fits = make_material(data)
    loud = [line for line in report(data, content, fits) if line.startswith("Warning")]
    assert len(loud) == 1 and loud[0].startswith("Warning: longitudinal: the model's unstable")
    presets = content["short_range"]
    assert "UNSTABLE REGION" in presets["dft-s11"]["origin"]
    assert "exact on the commensurate wave vectors" in presets["dft-gaussian"]["origin"]
    wrong = {"gaussian": replace(fits["gaussian"], shells=(-2.38, -8.3, 0, -1.8, -2.9, 0.3, 0.4))}
    assert any(line.startswith("Warning: gaussian") for line in report(data, content, wrong))
