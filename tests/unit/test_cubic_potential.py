"""The on-site potential with cubic symmetry: energies, phases, averages, and what is refused."""

from itertools import permutations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from ferronhall.base.errors import ConfigError, UnstableKernelError
from ferronhall.campaign.config import validate
from ferronhall.engine.kernels.cubic_well import add_cubic_well, cubic_stiffness
from ferronhall.model import ferroelectric_phases as phases
from ferronhall.model.cubic_potential import CubicPotential
from ferronhall.model.material import Material, read_material
from ferronhall.model.model import Model
from ferronhall.model.onsite_potential import OnSitePotential
from ferronhall.model.parameters import parameters_dataset
from tests.conftest import BATIO3, ROOT

NISHIMATSU = ROOT / "config" / "materials" / "batio3-nishimatsu2010.yaml"

# P_kappa2, P_alpha, P_gamma and P_k1 to P_k4 of the paper's table, κ of a uniform mode (eV, Å)
KAPPA2, ALPHA, GAMMA = 8.53400622096412, 78.9866142426818, -115.484148812672
SIXTH, K4 = (-267.98013991724, 197.500718362573, 830.199979293529), 641.968099408642
KAPPA = -1.51821042113588


@pytest.fixture(scope="module")
def published():
    return Material.read(NISHIMATSU)


@pytest.fixture
def full():
    """A well with every term, in a strain and a field."""
    numbers = (KAPPA, ALPHA, GAMMA, *SIXTH, K4)
    return CubicPotential(*numbers, coupling=(-185.0, -3.3), strain=(0.022, -0.005), tilt=0.01)


def energy(x, y, z):
    """The published polynomial as feram's documentation writes it, of one u."""
    k1, k2, k3 = SIXTH
    x2, y2, z2 = x * x, y * y, z * z
    r2 = x2 + y2 + z2
    mixed = x2**2 * (y2 + z2) + y2**2 * (z2 + x2) + z2**2 * (x2 + y2)
    fourth = ALPHA * r2**2 + GAMMA * (x2 * y2 + y2 * z2 + z2 * x2)
    return KAPPA * r2 + fourth + k1 * r2**3 + k2 * mixed + k3 * x2 * y2 * z2 + K4 * r2**4


def test_the_published_set_has_its_charge_and_mass(published):
    """Z* = 10.33 e and 38.24 amu as printed, from Born charges and the mode's displacements."""
    assert published.mode.charge[0, 0] == pytest.approx(10.33, abs=0.005)
    assert published.mode.mass[0, 0] == pytest.approx(38.24, abs=0.005)


def test_kappa_is_that_of_a_uniform_mode(published):
    """κ2 of a cell by itself, its neighbours and the Lorentz field make the published κ."""
    j1, j2, j3, j4, _, j6, _ = published.short_range["nishimatsu2010-points"].shells
    neighbours = 2 * j1 + j2 + 4 * j3 + 2 * j4 + 4 * j6
    coulomb, volume = 14.399645, published.lattice_constant**3
    lorentz = 2 * np.pi / 3 * coulomb * 10.33**2 / (6.86915 * volume)
    assert published.onsite.kappa == pytest.approx(KAPPA2 + neighbours - lorentz, abs=2e-5)


def test_energies_are_the_published_polynomial(published, rng):
    for u in rng.normal(scale=0.15, size=(20, 3)):
        assert published.onsite.energy(u[:, None]) == pytest.approx(energy(*u), rel=1e-12)


@pytest.mark.parametrize(
    ("direction", "name"),
    [((1, 0, 0), "tetragonal"), ((1, 1, 0), "orthorhombic"), ((1, 1, 1), "rhombohedral")],
)
def test_the_three_ferroelectric_phases(published, direction, name):
    """Amplitude and energy of each in the unstrained cell; each lower than the one before."""
    unit = np.array(direction) / np.linalg.norm(direction)
    options = {"bounds": (0.05, 0.25), "method": "bounded", "options": {"xatol": 1e-12}}
    exact = minimize_scalar(lambda size: energy(*(size * unit)), **options)
    found = phases.along(published.onsite, direction)
    assert found.name == name
    assert np.linalg.norm(found.mode) == pytest.approx(exact.x, rel=1e-6)
    assert found.energy == pytest.approx(exact.fun, rel=1e-10)
    if name == "rhombohedral":
        assert phases.lowest(published.onsite).energy == pytest.approx(exact.fun, rel=1e-8)
        assert phases.lowest(published.onsite).direction == "[1 1 1]"


def test_phases_of_a_quartic_well():
    """−κ²/4α, −κ²/(4α + γ) and −κ²/(4α + 4γ/3), as King-Smith and Vanderbilt give them."""
    kappa, alpha, gamma = -2.0, 50.0, -40.0
    well = CubicPotential(kappa, alpha, gamma)
    for direction, stiffness in (
        ((1, 0, 0), 4 * alpha),
        ((1, 1, 0), 4 * alpha + gamma),
        ((1, 1, 1), 4 * alpha + 4 * gamma / 3),
    ):
        found = phases.along(well, direction).energy
        assert found == pytest.approx(-(kappa**2) / stiffness, rel=1e-9)
    assert well.transverse == pytest.approx(2 * gamma * well.amplitude**2, rel=1e-12)
    assert well.stiffness == pytest.approx(-4 * kappa, rel=1e-12)


def test_the_force_is_minus_the_gradient(full, rng):
    u, step = rng.normal(scale=0.1, size=(3, 5)), 1e-5
    expected = np.zeros_like(u)
    for place in np.ndindex(*u.shape):
        moved = np.zeros_like(u)
        moved[place] = step
        expected[place] = -(full.energy(u + moved) - full.energy(u - moved)) / (2 * step)
    np.testing.assert_allclose(full.force(u), expected, atol=1e-7)


def test_axes_are_alike_but_for_strain_and_field(rng):
    well = CubicPotential(KAPPA, ALPHA, GAMMA, *SIXTH, K4)
    u = rng.normal(scale=0.1, size=(3, 4))
    for order in permutations(range(3)):
        assert well.energy(u[list(order)]) == pytest.approx(well.energy(u), rel=1e-12)


def test_a_strain_changes_kappa_of_each_axis():
    """½ B1xx e_x u_x² and the like, as the effective Hamiltonians write it."""
    parallel, other, e, f = -185.0, -3.3, 0.02, -0.01
    held = CubicPotential(KAPPA, ALPHA, GAMMA, coupling=(parallel, other), strain=(e, f))
    free = CubicPotential(KAPPA, ALPHA, GAMMA)
    u = np.array([[0.1], [0.05], [-0.07]])
    x2, y2, z2 = (u[:, 0] ** 2).tolist()
    work = parallel * (e * x2 + f * y2 + f * z2)
    work += other * (2 * f * x2 + (e + f) * y2 + (e + f) * z2)
    assert held.energy(u) - free.energy(u) == pytest.approx(work / 2, rel=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_kernel_has_the_force_and_the_stiffness(full, dtype, rng):
    """About another place of rest in every layer, force less that at rest."""
    rest = np.array([0.16, -0.1, 0.02])
    table = np.array([[full.about(u) for u in rest]]).swapaxes(1, 2)
    table, w = np.ascontiguousarray(table, dtype), rng.normal(scale=0.05, size=(1, 3, 12))
    found = np.zeros(w.shape, dtype)
    add_cubic_well(w.astype(dtype), table, found)
    u, still = w[0].reshape(3, 4, 3).copy(), np.zeros((3, 4, 3))
    still[0] = rest
    u += still
    exact = (full.force(u) - full.force(still)).reshape(3, 12)
    precision = 50 * float(np.finfo(dtype).eps)
    np.testing.assert_allclose(found[0], exact, rtol=0, atol=precision * np.abs(exact).max())
    step, axes = 1e-5, np.eye(3)
    for place in range(12):
        here = u.reshape(3, 12)[:, place]
        moved = [
            full.force((here + s * step * a)[:, None])[:, 0] @ a for s in (1, -1) for a in axes
        ]
        trace = -(sum(moved[:3]) - sum(moved[3:])) / (2 * step)
        own = cubic_stiffness.py_func(tuple(table[0, :, place % 3]), *w[0, :, place].astype(dtype))
        assert own == pytest.approx(trace, abs=max(1e-5, 10 * precision * full.stiffness))


def test_averages_are_integrals(full):
    """Over normal w of any covariance in the plane, by Gauss and Hermite's rule."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(6)
    grid = np.array(np.meshgrid(nodes, nodes, nodes, indexing="ij")).reshape(3, -1)
    weight = np.einsum("i,j,k->ijk", *3 * [weights / weights.sum()]).ravel()
    covariance = np.array([[2e-3, 5e-4, 0], [5e-4, 3e-3, 0], [0, 0, 1e-3]])
    points = np.linalg.cholesky(covariance) @ grid + np.array([[0.12], [0.01], [0.0]])
    at = np.array(0.12), np.diag(covariance), np.array(5e-4), np.array(0.01)
    exact = -(full.force(points) * weight).sum(axis=1)
    for orders, component in (((1, 0, 0), 0), ((0, 1, 0), 1)):
        assert full.average(orders, *at) == pytest.approx(exact[component], rel=1e-10)
    step, straight = 1e-4, np.sqrt(np.diag(covariance))[:, None] * grid

    def pull(x):
        return -(full.force(straight + np.array([[x], [0.0], [0.0]]))[0] * weight).sum()

    variance = np.diag(covariance)
    assert full.mean_force(0.12, variance) == pytest.approx(pull(0.12), rel=1e-10)
    slope = (pull(0.12 + step) - pull(0.12 - step)) / (2 * step)
    assert full.mean_stiffness(0.12, variance)[0] == pytest.approx(slope, rel=1e-6)
    bend = (pull(0.12 + step) - 2 * pull(0.12) + pull(0.12 - step)) / step**2
    assert full.mean_third(0.12, variance)[0] == pytest.approx(bend, rel=1e-4)


@pytest.mark.parametrize("sextic", [0.0, 2.0e5])
def test_the_axial_form_is_recovered(sextic, rng):
    """Where nothing couples the axes and a strain holds the mode across as κ⊥ does.

    The force along x is then the axial one at any u, and across the axis what the axial form leaves
    out: 4α u³ + 6 k1 u⁵.
    """
    axial = OnSitePotential(0.0716, 0.0384, sextic, transverse=1.5)
    alpha, k1 = axial.quartic / 4, axial.sextic / 6
    strain = (1.5 - axial.quadratic) / 100.0
    well = CubicPotential(
        axial.quadratic / 2,
        alpha,
        -2 * alpha,
        k1,
        -3 * k1,
        -6 * k1,
        coupling=(0.0, 100.0),
        strain=(strain, 0.0),
    )
    assert well.amplitude == pytest.approx(axial.amplitude, rel=1e-9)
    np.testing.assert_allclose(well.hessian, axial.hessian, rtol=1e-9)
    np.testing.assert_allclose(
        well.mean_third(well.equilibrium), axial.mean_third(axial.equilibrium), atol=1e-6
    )
    u = rng.normal(scale=0.05, size=(3, 8))
    left_out = 4 * alpha * u**3 + 6 * k1 * u**5
    left_out[0] = 0
    np.testing.assert_allclose(well.force(u), axial.force(u) - left_out, atol=1e-9)


def test_the_shipped_well_is_the_axial_one_along_x():
    content = read_material(BATIO3)
    axial = Material.from_dict(content).onsite
    cubic = Material.from_dict({k: v for k, v in content.items() if k != "onsite"}).onsite
    np.testing.assert_allclose(cubic.hessian, axial.hessian, rtol=1e-6)
    assert cubic.amplitude == pytest.approx(axial.amplitude, rel=1e-8)
    assert cubic.barrier == pytest.approx(axial.barrier, rel=1e-8)
    assert cubic.cubic_anharmonicity == pytest.approx(axial.cubic_anharmonicity, rel=1e-7)


def test_parameters_know_their_well(config):
    config["onsite"]["form"] = "cubic"
    written = parameters_dataset(validate(config))
    model = Model.from_dataset(written)
    assert model.material.onsite == Model.from_config(config).material.onsite
    assert (
        model.twin_transverse == float(written.twin_transverse) > model.material.onsite.transverse
    )


def refused(config, **onsite):
    config["onsite"].update(onsite)
    with pytest.raises(ConfigError) as caught:
        validate(config)
    return str(caught.value)


def test_both_stiffnesses_are_refused(config):
    message = refused(config, form="cubic", transverse_eV_per_A2=0.1)
    assert "onsite.transverse_eV_per_A2: 0.1" in message and "onsite.gamma_eV_per_A4" in message
    assert "\n" not in message


@pytest.mark.parametrize("keys", [{"gamma_eV_per_A4": 5.0}, {"strain_along": 0.01}])
def test_keys_of_the_cubic_form_are_refused_in_the_axial_one(config, keys):
    message = refused(config, **keys)
    assert next(iter(keys)) in message and "write form: cubic" in message


def test_a_strain_without_its_coupling_is_refused(config):
    message = refused(config, form="cubic", strain_along=0.01)
    assert "no strain_coupling_eV_per_A2" in message and "or set both to 0" in message


def test_a_material_without_that_well_is_refused(config):
    config["material"] = str(ROOT / "config" / "materials" / "pbtio3.yaml")
    config["short_range"]["preset"] = "dft-gaussian"
    assert "has no cubic_well" in refused(config, form="cubic")
    config["material"] = str(NISHIMATSU)
    assert "has no onsite; write cubic" in refused(config, form="axial")


def test_a_well_without_a_minimum_is_refused():
    with pytest.raises(ConfigError, match=r"has no minimum below u = 0.*take a cubic_well"):
        _ = CubicPotential(1.0, 50.0, 0.0).amplitude


def test_a_saddle_names_the_lower_phase_and_the_way_out(config):
    """γ below 0 at no strain; with the γ that the message gives it passes."""
    config["onsite"] |= {"form": "cubic", "gamma_eV_per_A4": -100.0}
    with pytest.raises(UnstableKernelError) as caught:
        parameters_dataset(validate(config))
    message = str(caught.value)
    assert "the rhombohedral state, P along [1 1 1], lies" in message and "\n" not in message
    assert "raise onsite.gamma_eV_per_A4 from -100" in message
    config["onsite"]["gamma_eV_per_A4"] = 20.0
    assert float(parameters_dataset(validate(config)).hessian_smallest) > 0
