"""A static electric field along the polarization: where the well rests, and how stiff it is."""

import copy

import numpy as np
import pytest
from scipy import constants
from scipy.optimize import minimize_scalar

from ferronhall.base.errors import ConfigError
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.material import Material, read_material
from ferronhall.model.model import Model
from ferronhall.model.reference import hessian_block, relaxed_reference
from ferronhall.public.files.feram import write_feram
from tests.conftest import BATIO3


def in_field(kV_per_cm):
    return Material.from_dict(read_material(BATIO3) | {"electric_field_kV_per_cm": kV_per_cm})


def modelled(config, kV_per_cm):
    config = copy.deepcopy(config)
    config["electric_field"]["x_kV_per_cm"] = kV_per_cm
    return Model.from_config(config)


@pytest.mark.parametrize("kV_per_cm", [-3000.0, -100.0, 0.0, 500.0, 20000.0])
def test_the_well_rests_where_its_energy_is_least(kV_per_cm):
    material = in_field(kV_per_cm)
    onsite, plain = material.onsite, in_field(0.0).onsite
    # the force in newtons of a field in V/m on the charge of the mode, and back
    newton = material.mode.charge[0, 0] * constants.e * kV_per_cm * 1e5
    force = newton * constants.angstrom / constants.e

    def energy(u):
        return plain.energy(np.array([[u], [0.0], [0.0]])) - force * u

    u0 = plain.amplitude
    found = minimize_scalar(energy, bounds=(0.62 * u0, 2 * u0), options={"xatol": 1e-11})
    assert onsite.equilibrium == pytest.approx(found.x, rel=1e-6)
    assert onsite.energy(np.array([[0.03], [0.0], [0.0]])) == pytest.approx(energy(0.03), rel=1e-12)
    step = 1e-4
    curvature = energy(found.x + step) - 2 * energy(found.x) + energy(found.x - step)
    assert onsite.stiffness == pytest.approx(curvature / step**2, rel=1e-4)


def test_the_spinodal_of_a_quartic_well(config):
    plain = in_field(0.0)
    onsite = plain.onsite
    assert onsite.sextic == 0
    # the most that −A2 u − B4 u³ reaches, as in every textbook on ferroelectrics
    force = 2 / (3 * np.sqrt(3)) * np.sqrt(-(onsite.quadratic**3) / onsite.quartic)
    spinodal = force / (plain.mode.charge[0, 0] * 1e-5)
    assert in_field(-0.999 * spinodal).onsite.stiffness > 0
    with pytest.raises(ConfigError, match=rf"-?{spinodal:.5g} \(the spinodal"):
        in_field(-1.001 * spinodal)
    with pytest.raises(ConfigError, match=r"electric_field\.x_kV_per_cm"):
        modelled(config, -5000.0)


def test_a_sextic_term_that_turns_down_holds_no_strong_field():
    content = read_material(BATIO3)
    onsite = content["onsite"] | {"sextic_eV_per_A6": -5e5}
    with pytest.raises(ConfigError, match="weaker field"):
        Material.from_dict(content | {"onsite": onsite, "electric_field_kV_per_cm": 20000.0})


def test_a_weak_field_polarizes_as_the_dense_hessian_says(config):
    small = 1.0
    up, down = (modelled(config, sign * small) for sign in (1, -1))
    change = relaxed_reference(up).mean - relaxed_reference(down).mean
    rest = modelled(config, 0.0)
    hessian = hessian_block(rest.operator, relaxed_reference(rest).stiffness, 0, 0)
    force = np.zeros(3 * rest.slab.ny)
    force[: rest.slab.ny] = rest.material.mode.charge[0, 0] * 2 * small * 1e-5
    right = np.linalg.solve(hessian, force).real[: rest.slab.ny]
    np.testing.assert_allclose(change, right, rtol=1e-5)


def test_cold_trajectories_come_to_rest_in_the_field(config):
    config["temperature"] |= {"T_hot_K": 0.0, "T_cold_K": 0.0}
    config["time"] |= {"t_max_ps": 40.0, "t_equil_ps": 30.0}
    config["electric_field"]["x_kV_per_cm"] = -2000.0
    model = Model.from_config(config)
    assert model.material.onsite.equilibrium < 0.93 * model.material.onsite.amplitude
    found = run_replica(model, config, 0, "digest", lambda _: None)["zero"]
    derivative = model.material.polarization_derivative[0, 0]
    mean = found["polarization"].mean("block").values / derivative
    right = np.tile(relaxed_reference(model).mean, (model.slab.nx, 1))
    np.testing.assert_allclose(mean, right, rtol=2e-6)


def test_other_codes_get_no_file_without_the_field(config, tmp_path):
    with pytest.raises(ConfigError, match=r"electric_field\.x_kV_per_cm"):
        write_feram(modelled(config, 100.0), tmp_path / "batio3.feram")
