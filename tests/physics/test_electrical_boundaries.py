"""Depolarizing fields and electrodes: textbook capacitors, sums of images, crystals of mirrors."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import constants
from scipy.linalg import solve_banded

from ferronhall.base import units
from ferronhall.base.errors import UnstableKernelError
from ferronhall.engine.forces import LinearForce
from ferronhall.engine.layout import from_storage, to_storage
from ferronhall.model import dipole, short_range, stability
from ferronhall.model.electrical_boundary import ElectricalBoundary
from ferronhall.model.electrodes import Electrodes
from ferronhall.model.geometry import Slab
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.model.reference import relaxed_reference
from ferronhall.model.slab_operator import SlabOperator, mirror_real
from ferronhall.theory.domain_walls import domain_walls_dataset
from ferronhall.theory.heat_flow.kinetic_conductivity import _slopes

POINT = 5.0
"""η a of a gaussian dipole that is a point to rounding."""

NO_BONDS = np.zeros((3, 3, 3, 3, 3))


def images(material, shape, distance, screening_length=0.0, qx=None):
    """The couplings by electrodes alone."""
    plates = ElectricalBoundary((), Electrodes(distance, screening_length))
    return plates.couplings(Slab.padded(*shape, "isolated"), material, qx)


def field_on(material, force):
    """The electric field (V/m) behind a force (eV/Å) on the mode's charge."""
    return force * constants.e / constants.angstrom / (material.mode.charge[0, 0] * constants.e)


def polarization(material, u):
    """P (C/m²) of a uniform displacement u (Å)."""
    moment = material.mode.charge[0, 0] * constants.e * u * constants.angstrom
    return moment / (material.cell_volume * constants.angstrom**3)


def uniform(shape, component, u):
    field = np.zeros((3, *shape))
    field[component] = u
    return field


# Lorentz's field is that of all other dipoles in the endless crystal, which a uniform polarization
# feels in short circuit; the kernels count from it, so what is left is the macroscopic field.
@pytest.mark.parametrize(("padding", "left"), [("isolated", 1.0), (2.0, 0.5), (4.0, 0.75)])
def test_the_open_faces_are_in_open_circuit(batio3, padding, left):
    """−P/(ε₀ε∞) in the middle of a thick slab; with a box's copies less, as between its plates."""
    ny, u = 40, 0.01
    slab = Slab.padded(3, ny, 3, padding)
    operator = SlabOperator.build(slab, batio3, NO_BONDS, "gaussian", 1.2)
    total = polarization(batio3, u) / (constants.epsilon_0 * batio3.dielectric[0, 0])
    for component, expected in ((0, 0.0), (1, -left * total), (2, 0.0)):
        force = operator.apply(uniform(slab.shape, component, u))
        field = field_on(batio3, force[component, 1, ny // 2, 1])
        assert field == pytest.approx(expected, rel=1e-4, abs=1e-6 * total)


@pytest.mark.parametrize("axis", ["x", "z"])
def test_open_circuit_is_the_field_of_the_mean_polarization(batio3, rng, axis):
    slab, component = Slab.padded(5, 6, 3, "isolated"), "xyz".index(axis)
    plain = SlabOperator.build(slab, batio3, NO_BONDS, "gaussian", 1.2)
    boundary = ElectricalBoundary((axis,))
    opened = SlabOperator.build(slab, batio3, NO_BONDS, "gaussian", 1.2, boundary=boundary)
    u = 0.01 * rng.normal(size=(3, *slab.shape))
    mean = polarization(batio3, u[component].mean())
    field = np.zeros((3, *slab.shape))
    field[component] = -mean / (constants.epsilon_0 * batio3.dielectric[0, 0])
    found = field_on(batio3, opened.apply(u) - plain.apply(u))
    np.testing.assert_allclose(found, field, atol=1e-9 * np.abs(field).max())


@pytest.mark.parametrize("d", [0.0, 3.0, 500.0])
@pytest.mark.parametrize("screening", [0.0, 0.7, 40.0])
def test_a_short_circuited_capacitor(batio3, d, screening):
    """A uniform slab has the field −P/(ε₀ε∞) · 2(d + λ)/(L + 2d + 2λ), of two dead layers."""
    ny, u = 40, 0.01
    slab, length = Slab.padded(3, ny, 3, "isolated"), ny * batio3.lattice_constant
    boundary = ElectricalBoundary((), Electrodes(d, screening))
    operator = SlabOperator.build(slab, batio3, NO_BONDS, "gaussian", 1.2, boundary=boundary)
    force = operator.apply(uniform(slab.shape, 1, u))
    found = field_on(batio3, force[1, 1, ny // 2, 1])
    total = polarization(batio3, u) / (constants.epsilon_0 * batio3.dielectric[0, 0])
    dead = 2 * (d + screening)
    assert found == pytest.approx(-total * dead / (length + dead), abs=1e-4 * total)


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_ideal_electrodes_are_mirrors(batio3, rng, gap):
    """Beside a metal the crystal goes on as its image: the crystal that is periodic with both.

    `gap` empty layers between a slab and its image put the metal half as far from the face.
    """
    nx, ny, nz = shape = 4, 3, 3
    slab = Slab.padded(*shape, "isolated")
    plates = Electrodes(gap / 2 * batio3.lattice_constant)
    operator = SlabOperator.build(
        slab, batio3, NO_BONDS, "gaussian", POINT, boundary=ElectricalBoundary((), plates)
    )
    u = rng.normal(size=(3, *shape))
    image = u[:, :, ::-1] * np.array([-1, 1, -1])[:, None, None, None]
    between = np.zeros((3, nx, gap, nz))
    crystal = np.concatenate([u, between, image, between], axis=2)
    q = dipole.wave_vectors(crystal.shape[1:], batio3.lattice_constant)
    kernel = dipole.gaussian(q, batio3, POINT)
    waves = np.fft.fftn(crystal, axes=(1, 2, 3))
    force = -np.fft.ifftn(np.einsum("abxyz,bxyz->axyz", kernel, waves), axes=(1, 2, 3)).real
    scale = np.abs(force).max()
    np.testing.assert_allclose(operator.apply(u), force[:, :, :ny], atol=1e-11 * scale)


@pytest.mark.parametrize("d", [0.0, 1.3])
def test_images_of_point_dipoles_one_by_one(batio3, d):
    """Every image of every dipole of a tiny box, summed in space."""
    nx, ny, nz = shape = 3, 2, 2
    found = images(batio3, shape, d)
    right = np.fft.fft2(_image_sum(batio3, Slab.padded(*shape, "isolated"), d), axes=(0, 1))
    for ix, iz in np.ndindex(nx, nz):
        expected = right[ix, iz].transpose(0, 2, 1, 3).reshape(3 * ny, 3 * ny)
        # of uniform layers the sum converges with the window's radius alone
        tolerance = 0.3 if ix == iz == 0 else 5e-4
        np.testing.assert_allclose(found.block(ix, iz), expected, atol=tolerance)


def _image_sum(material, slab, d, orders=150, radius=12):
    """Couplings (eV/Å²), shape (nx, nz, 3, 3, ny, ny), within a smooth window of two radii."""
    a = material.lattice_constant
    strength = units.COULOMB * material.mode.charge[0, 0] ** 2 / material.dielectric[0, 0]
    between = a * slab.ny + 2 * d
    places = [(2 * n * between, 1) for n in range(-orders, orders + 1) if n]
    places += [((2 * n + 1) * between, -1) for n in range(-orders, orders + 1)]

    def windowed(size):
        reach = int(1.6 * size)
        x, z = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        window = np.exp(-(((x**2 + z**2) / size**2) ** 4))
        total = np.zeros((slab.nx, slab.nz, 3, 3, slab.ny, slab.ny))
        for i, j in np.ndindex(slab.ny, slab.ny):
            tensor = np.zeros((3, 3, *x.shape))
            for shift, sign in places:
                # a mirror turns the components along itself round, an even number does not
                turned = np.array([sign, 1, sign])
                r = [a * x, np.full(x.shape, a * slab.y[i] - shift - sign * a * slab.y[j]), a * z]
                r = np.array(r)
                square = np.sum(r**2, axis=0)
                pairs = np.eye(3)[:, :, None, None] * square - 3 * r[:, None] * r[None]
                tensor += pairs / square**2.5 * turned[:, None, None]
            for ix, iz in np.ndindex(slab.nx, slab.nz):
                alike = (x % slab.nx == ix) & (z % slab.nz == iz)
                total[ix, iz, :, :, i, j] = np.sum((tensor * window)[:, :, alike], axis=-1)
        return strength * total

    # what a window of radius R misses goes as 1/R
    return 2 * windowed(2 * radius) - windowed(radius)


@pytest.mark.parametrize("screening", [0.4, 3.0])
def test_screening_in_the_metal_as_its_equation_has_it(batio3, screening):
    """Poisson's and Thomas and Fermi's equations on a fine mesh across slab and both plates."""
    shape, d, wave = (5, 3, 3), 0.9, (1, 2)
    ny, a = shape[1], batio3.lattice_constant
    found = images(batio3, shape, d, screening).block(*wave)
    strength = units.COULOMB * batio3.mode.charge[0, 0] ** 2 / batio3.dielectric[0, 0]
    right = np.zeros((3, ny, 3, ny), complex)
    for n, m in np.ndindex(9, 9):
        # wave 2 of 3 along z is −1
        kx, kz = 2 * np.pi / a * np.array([wave[0] / shape[0] + n - 4, -1 / shape[2] + m - 4])
        if np.hypot(kx, kz) < 12 / a:
            potentials, slopes = _potentials(np.hypot(kx, kz), a, ny, d, screening)
            right += strength / a**2 * _couplings(kx, kz, potentials, slopes)
    # components across and along the layers of receiver and source
    np.testing.assert_allclose(
        found, right.reshape(3 * ny, 3 * ny), atol=3e-4 * np.abs(found).max()
    )


def _potentials(k, a, ny, d, screening):
    """Potential of a charge and of a dipole across, and its slope, at the layers, without plates'.

    returns : two ndarrays, shape (2, ny, ny): by charge and dipole, at layer i of layer j
    """
    layers, half = a * (np.arange(ny) - (ny - 1) / 2), a * ny / 2 + d
    # a node on either surface, which belongs half to the metal
    step = half / 6000
    count = 6000 + int(25 / np.hypot(k, 1 / screening) / step)
    y = step * np.arange(-count, count + 1)
    surface = np.abs(np.abs(y) - half) < step / 2
    metal = np.where(surface, 0.5, np.abs(y) > half)
    decay = k**2 + metal / screening**2
    bands = np.array([np.full(y.size, -1.0), 2 + step**2 * decay, np.full(y.size, -1.0)])
    values, slopes = np.zeros((2, ny, ny)), np.zeros((2, ny, ny))
    for j, place in enumerate(layers):
        # without plates the potential is known, and the metal answers to it
        apart = y - place
        for kind, bare in enumerate(
            (
                2 * np.pi / k * np.exp(-k * np.abs(apart)),
                2 * np.pi * np.sign(apart) * np.exp(-k * np.abs(apart)),
            )
        ):
            answer = solve_banded((1, 1), bands, -(step**2) * (decay - k**2) * bare)
            values[kind, :, j] = np.interp(layers, y, answer)
            slopes[kind, :, j] = np.interp(layers, y, np.gradient(answer, step))
    return values, slopes


def _couplings(kx, kz, potentials, slopes):
    """Energy of dipoles at layer i, by component, in the potential of those at layer j."""
    along = np.array([kx, 0, kz])
    ny = potentials.shape[1]
    total = np.zeros((3, ny, 3, ny), complex)
    for source in range(3):
        kind, factor = (1, 1) if source == 1 else (0, -1j * along[source])
        for receiver in range(3):
            seen = slopes if receiver == 1 else 1j * along[receiver] * potentials
            total[receiver, :, source] += seen[kind] * factor
    return total


def test_far_electrodes_are_none(batio3):
    shape = 5, 4, 3
    for ix, iz in np.ndindex(5, 3):
        near = np.abs(images(batio3, shape, 0.0).block(ix, iz)).max()
        for far in (images(batio3, shape, 1e6), images(batio3, shape, 0.0, 1e6)):
            assert np.abs(far.block(ix, iz)).max() < 1e-4 * near


def test_bonds_and_dipoles_are_what_they_were(config, batio3):
    """Short circuit without electrodes adds no term, not even a zero."""
    assert Model.from_config(config).operator.surroundings is None
    config["dipole"].pop("boundary")
    config.pop("electrodes")
    assert Model.from_config(config).operator.surroundings is None


@pytest.fixture
def between_plates(config):
    """A configuration with electrodes, open along z."""
    config["lattice"].update(nx=5, ny=6, nz=3, padding_y="isolated")
    config["electrodes"].update(distance_A=1.5, screening_length_A=0.6)
    config["dipole"]["boundary"]["z"] = "open_circuit"
    return config


def test_forces_are_minus_the_gradient(between_plates, rng):
    """Of the energy as a double sum over cells, with couplings in space from the blocks."""
    operator = Model.from_config(between_plates).operator
    shape = nx, ny, nz = operator.slab.shape
    blocks = np.array([[operator.block(ix, iz) for iz in range(nz)] for ix in range(nx)])
    space = np.fft.ifft2(blocks, axes=(0, 1))
    assert np.abs(space.imag).max() < 1e-12 * np.abs(space.real).max()
    space = space.real.reshape(nx, nz, 3, ny, 3, ny)

    def energy(u):
        total = 0.0
        for x, z in np.ndindex(nx, nz):
            away = np.roll(u, (-x, -z), axis=(1, 3))
            total += np.einsum("aXiZ,aibj,bXjZ->", away, space[x, z], u) / 2
        return total

    u = rng.normal(size=(3, *shape))
    found, fast = operator.apply(u), LinearForce(operator, 0.0, np.float64)
    storage = to_storage(u)[None]
    force = np.zeros_like(storage)
    fast(storage, force)
    np.testing.assert_allclose(from_storage(force[0]), found, atol=1e-9)
    for index in [(0, 1, 0, 2), (1, 3, 5, 0), (1, 0, 2, 1), (2, 4, 3, 2)]:
        step = np.zeros_like(u)
        step[index] = 1e-3
        right = -(energy(u + step) - energy(u - step)) / 2e-3
        assert found[index] == pytest.approx(right, abs=1e-8)


def test_both_faces_are_alike(between_plates):
    """Under y → −y, u_y → −u_y no coupling changes, so that the blocks are real and fall apart."""
    operator = Model.from_config(between_plates).operator
    assert operator.mirror_symmetric
    ny = operator.slab.ny
    turned = np.concatenate([np.arange(ny)[::-1] + ny * c for c in range(3)])
    sign = np.repeat([1, -1, 1], ny)
    for ix, iz in np.ndindex(5, 3):
        block = operator.surroundings.block(ix, iz)
        image = block[np.ix_(turned, turned)] * np.outer(sign, sign)
        # the mirror of x as well, which reverses q_x: (q_x, q_z) → (−q_x, q_z)
        other = operator.surroundings.block(-ix, iz)
        across = np.repeat([-1, 1, 1], ny)
        scale = np.abs(block).max()
        np.testing.assert_allclose(image, block, atol=1e-13 * scale)
        np.testing.assert_allclose(other * np.outer(across, across), block, atol=1e-13 * scale)
        real = mirror_real(block)
        phase = np.repeat([1, 1j, 1], ny)
        np.testing.assert_allclose(phase.conj()[:, None] * block * phase, real, atol=1e-13 * scale)


def test_parameters_hold_the_boundary(between_plates):
    model = Model.from_config(between_plates)
    read = Model.from_dataset(parameters_dataset(between_plates))
    assert read.operator.boundary == model.operator.boundary
    np.testing.assert_array_equal(read.operator.block(1, 2), model.operator.block(1, 2))
    narrow = model.operator.on(replace(model.slab, nx=3), model.material)
    assert narrow.boundary == model.operator.boundary


def test_the_velocity_of_waves_between_plates(batio3):
    """∂K/∂q_x on a long ring against differences of blocks between its wave vectors."""
    slab = Slab.padded(24, 3, 2, "isolated")
    boundary = ElectricalBoundary((), Electrodes(1.0, 0.5))
    bonds = short_range.kernel(batio3.short_range["pbesol-gaussian"].shells)
    build = SlabOperator.build
    with_plates = build(slab, batio3, bonds, "gaussian", 1.2, boundary=boundary)
    without = build(slab, batio3, bonds, "gaussian", 1.2)
    for ix in (5, 8, -7):
        added = _slopes(with_plates)(ix, 1) - _slopes(without)(ix, 1)
        q, step = 2 * np.pi * ix / slab.nx, 1e-4
        near = images(batio3, slab.shape, 1.0, 0.5, np.array([q - step, q + step]))
        right = (near.block(1, 1) - near.block(0, 1)) / (2 * step)
        np.testing.assert_allclose(added, right, atol=2e-3 * np.abs(right).max())


def test_the_preflight_with_open_circuit(config):
    """Along z the uniform mode alone is stiffened; along x no single domain is left."""
    plain = Model.from_config(config)
    closed = stability.preflight_at_rest(plain, plain.h)
    config["dipole"]["boundary"]["z"] = "open_circuit"
    opened = Model.from_config(config)
    assert stability.preflight_at_rest(opened, opened.h).smallest >= closed.smallest
    before, after = (m.operator.block(0, 0)[10:, 10:] for m in (plain, opened))
    stiffness = 4 * np.pi * units.COULOMB * plain.material.mode.charge[0, 0] ** 2
    stiffness /= plain.material.dielectric[0, 0] * plain.material.cell_volume
    assert np.ones(5) @ (after - before).real @ np.ones(5) / 5 == pytest.approx(stiffness)
    config["dipole"]["boundary"] = {"x": "open_circuit", "z": "short_circuit"}
    with pytest.raises(UnstableKernelError, match=rf"{stiffness:.4g} eV.*-30 eV.*walls_y"):
        parameters_dataset(config)
    config["lattice"]["ny"], config["domains"]["walls_y"] = 6, [3]
    model = Model.from_config(config)
    assert stability.preflight_at_rest(model, model.h).smallest > 0
    assert model.rest.sum() == pytest.approx(0.0, abs=1e-9)


def test_a_domain_that_open_circuit_melts_is_refused_in_a_cubic_well_too(config):
    """Its stiffness at u = 0 is twice the κ of its material."""
    config["dipole"]["boundary"]["x"], config["onsite"]["form"] = "open_circuit", "cubic"
    onsite = Model.from_config(config).material.onsite
    with pytest.raises(UnstableKernelError, match=rf"the well {2 * onsite.kappa:.3g} eV.*walls_y"):
        parameters_dataset(config)


def test_two_domains_in_open_circuit_have_the_walls_of_short_circuit(config):
    """A wall in the middle leaves no mean P, and the energy of a wall is not the slab's field."""
    config["lattice"]["ny"], config["domains"]["walls_y"] = 6, [3]
    closed = domain_walls_dataset(Model.from_config(config), config, log=lambda _: None)
    config["dipole"]["boundary"]["x"] = "open_circuit"
    opened = domain_walls_dataset(Model.from_config(config), config, log=lambda _: None)
    xr.testing.assert_allclose(opened, closed, rtol=1e-8)
    assert 0 < float(opened["total_energy"]) < 100


def test_a_domain_withstands_a_weak_depolarizing_field(config, batio3):
    """The well −|A2| u²/2 + B4 u⁴/4 of uniform cells then has its minimum at √((|A2| − c)/B4)."""
    config["dipole"]["boundary"]["x"] = "open_circuit"
    config["lattice"].update(ny=40, padding_y="isolated")
    config["damping"]["sponge_layers"] = 2
    model = Model.from_config(config)
    weaker = replace(batio3, dielectric=20 * batio3.dielectric)
    operator = model.operator.on(model.slab, weaker)
    model = replace(model, material=weaker, operator=operator)
    stability.preflight_at_rest(model, model.h)
    onsite, c = weaker.onsite, operator.surroundings.depolarizing
    assert 5 < c < 10
    expected = np.sqrt((-onsite.quadratic - c) / onsite.quartic)
    assert relaxed_reference(model).mean[18:22] == pytest.approx(expected, rel=5e-3)


def test_electrodes_too_near_are_refused_with_the_way_out(config):
    config["lattice"]["padding_y"] = "isolated"
    config["electrodes"]["distance_A"] = 0.0
    with pytest.raises(UnstableKernelError, match=r"electrodes 0 Å.*raise electrodes.distance_A"):
        parameters_dataset(config)
    config["electrodes"]["screening_length_A"] = 2.0
    assert parameters_dataset(config)["hessian_smallest"] > 0
