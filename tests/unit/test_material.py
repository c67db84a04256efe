"""The material's derived numbers against the values the paper prints (Tables S2, S7, S9)."""

import numpy as np
import pytest
import yaml

from ferronhall.base import units
from ferronhall.base.errors import ConfigError
from ferronhall.model.material import (
    Material,
    OnSitePotential,
    cubic_partners,
    model_content,
    read_material,
)
from tests.conftest import BATIO3


def test_charge_mass_and_angular_momentum(batio3):
    mode = batio3.mode
    np.testing.assert_allclose(mode.charge, 19.76637 * np.eye(3), atol=5e-6)
    np.testing.assert_allclose(mode.mass, 103.594 * np.eye(3), atol=5e-4)
    expected = np.zeros((3, 3))
    expected[0, 1], expected[1, 0] = 94.714, -94.714
    np.testing.assert_allclose(mode.angular_momentum_matrices[2], expected, atol=5e-4)


def test_angular_momentum_matrices_are_antisymmetric_and_cyclic(batio3):
    lam = batio3.mode.angular_momentum_matrices
    np.testing.assert_allclose(lam, -lam.transpose(0, 2, 1), atol=1e-12)
    assert lam[0, 1, 2] == pytest.approx(lam[1, 2, 0]) == pytest.approx(lam[2, 0, 1])


def test_angular_momentum_matrix_is_that_of_the_moving_atoms(batio3, rng):
    """L = Σ m r × v about the cell's centre of mass, for atoms moving as the mode says."""
    mode = batio3.mode
    u, v = rng.normal(size=(2, 3))
    r = np.einsum("a,asn->sn", u, mode.eigenvector)
    p = np.einsum("a,asn->sn", v, mode.eigenvector)
    m = mode.masses[:, None]
    r, p = r - (m * r).sum(0) / m.sum(), p - (m * p).sum(0) / m.sum()
    expected = np.sum(m * np.cross(r, p), axis=0)
    found = np.einsum("a,kab,b->k", u, mode.angular_momentum_matrices, v)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_well_has_the_printed_coefficients(batio3):
    well = batio3.onsite
    assert well.quadratic == pytest.approx(-29.99958791, rel=5e-7)
    assert well.quartic == pytest.approx(5.85396071e3, rel=5e-7)
    assert well.stiffness == pytest.approx(59.999, abs=5e-4)
    assert well.cubic_anharmonicity == pytest.approx(2514.4, abs=0.05)
    assert batio3.polarization == pytest.approx(0.35819, abs=5e-6)
    assert batio3.polarization_derivative[0, 0] == pytest.approx(5.00351, abs=1e-5)
    dipole = 4 * np.pi * units.COULOMB * batio3.mode.charge[0, 0] ** 2
    dipole /= batio3.cell_volume * batio3.dielectric[0, 0]
    assert dipole == pytest.approx(162.605, abs=5e-4)


@pytest.mark.parametrize("sextic", [0.0, 2e5, -1e5])
def test_well_keeps_minimum_and_barrier_with_a_sextic_term(sextic):
    well = OnSitePotential(amplitude=0.0716, barrier=0.0384, sextic=sextic, transverse=0.1)
    at_minimum = np.array([0.0716, 0, 0])
    np.testing.assert_allclose(well.force(at_minimum), 0, atol=1e-12)
    assert well.energy(np.zeros(3)) - well.energy(at_minimum) == pytest.approx(0.0384)


def test_partners_follow_from_cubic_symmetry(batio3):
    vectors = batio3.mode.eigenvector
    labels = batio3.mode.labels
    for axis, parallel in enumerate(("O1", "O2", "O3")):
        assert vectors[axis, labels.index(parallel), axis] == -1.515269
        assert np.count_nonzero(vectors[axis]) == len(labels)


def test_a_cell_that_is_not_cubic_is_refused():
    with pytest.raises(ConfigError, match=r"not cubic.*fractional"):
        cubic_partners([[0, 0, 0], [0.5, 0.5, 0.45]], [1.0, -1.0])


def test_partners_differ_in_their_places_alone():
    content = read_material(BATIO3)
    content["atoms"][4]["mass_amu"] = 30.0
    with pytest.raises(ConfigError, match=r"mass_amu: .* 111\.901, 111\.901, 135\.741 amu along"):
        Material.from_dict(content)
    content = read_material(BATIO3)
    second, third = (atom["born_charge_e"] for atom in content["atoms"][3:])
    content["atoms"][3]["born_charge_e"], content["atoms"][4]["born_charge_e"] = third, second
    with pytest.raises(ConfigError, match=r"born_charge_e: .*exchanged with the axes"):
        Material.from_dict(content)
    content = read_material(BATIO3) | {"dielectric_electronic": [6.9, 6.9, 5.7]}
    with pytest.raises(ConfigError, match=r"dielectric_electronic: ε∞ is 6\.9, 6\.9, 5\.7"):
        Material.from_dict(content)


def test_charges_that_do_not_cancel_are_refused():
    content = read_material(BATIO3)
    content["atoms"][0]["born_charge_e"] = [9.0, 9.0, 9.0]
    with pytest.raises(ConfigError, match=r"born_charge_e: .* add up to \+6\.25 e along z"):
        Material.from_dict(content)


def test_a_mode_that_moves_nothing_is_refused():
    content = read_material(BATIO3)
    for atom in content["atoms"]:
        atom["mode_z"] = 0.0
    with pytest.raises(ConfigError, match="mode_z: no atom moves"):
        Material.from_dict(content)


def test_a_missing_material_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"gone\.yaml"):
        read_material(tmp_path / "gone.yaml")


def test_a_bond_charge_is_no_part_of_the_model(tmp_path):
    content = model_content(read_material(BATIO3))
    assert "first_principles" not in content
    file, charge = tmp_path / "charged.yaml", {"value_e_per_A": 2.5, "stderr_e_per_A": 0.1}
    file.write_text(yaml.safe_dump(content | {"bond_charge": charge | {"source": "a test"}}))
    assert read_material(file)["bond_charge"]["value_e_per_A"] == 2.5
    assert model_content(read_material(file)) == content
    file.write_text(yaml.safe_dump(content | {"bond_charge": charge}))
    with pytest.raises(ConfigError, match=r"bond_charge\.source: missing"):
        read_material(file)
