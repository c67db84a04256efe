"""Files for other programs, read back by other means; energies in their own conventions."""

import base64
import itertools
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import erfc

import ferronhall as fh
from ferronhall.base import units
from ferronhall.model import dipole
from ferronhall.model.cubic_potential import CubicPotential
from ferronhall.model.model import Model
from ferronhall.model.slab_operator import bloch_sum
from tests.conftest import ROOT


@pytest.fixture
def campaign(here):
    return fh.open("results/demo")


def cell_data(path):
    """Arrays of a VTK image by the letter of the format: (cells, components), with units."""
    image = ElementTree.parse(path).getroot().find("ImageData")
    extent = [int(n) for n in image.get("WholeExtent").split()]
    cells = np.prod(np.diff(np.reshape(extent, (3, 2))))
    found = {}
    for array in image.iter("DataArray"):
        unit = array.find("InformationKey").text
        # before anything else, or VTK does not find them
        content = base64.b64decode(array.text.strip())
        assert int.from_bytes(content[:8], "little") == len(content) - 8
        values = np.frombuffer(content[8:], "<f8").reshape(
            cells, int(array.get("NumberOfComponents"))
        )
        found[array.get("Name")] = (values, unit)
    return image, found


def test_a_map_in_vtk(campaign, tmp_path):
    image, found = cell_data(fh.write_vtk(campaign.ensemble, tmp_path / "maps.vti"))
    assert image.get("WholeExtent") == "0 7 0 5 0 1" and image.get("Origin") == "-3.5 -2.5 0"
    values, unit = found["kinetic_energy.plus"]
    assert unit == "meV"
    # x runs fastest: the cell at x index 4, y index 1
    assert values[1 * 7 + 4, 0] == campaign.ensemble.kinetic_energy.sel(field=1)[4, 1]
    assert "delta_polarization_stderr" in found and "edge_delta_polarization" not in found


def test_a_state_in_vtk_is_a_vector_a_cell(campaign, tmp_path):
    state = campaign.state()
    image, found = cell_data(fh.write_vtk(state, tmp_path / "state.vti"))
    assert image.get("WholeExtent") == "0 7 0 5 0 2"
    values, unit = found["u"]
    assert unit == "angstrom" and values.shape == (70, 3)
    np.testing.assert_array_equal(values[(1 * 5 + 3) * 7 + 2], state.u[:, 2, 3, 1])


def test_vtk_refuses_what_it_cannot_hold(campaign, tmp_path):
    with pytest.raises(ValueError, match=r"does not end in \.vti"):
        fh.write_vtk(campaign.ensemble, tmp_path / "maps.vtk")
    with pytest.raises(ValueError, match="no variable over"):
        fh.write_vtk(campaign.efficiency, tmp_path / "maps.vti")


def test_atoms_are_displaced_by_the_local_mode(campaign, tmp_path):
    model, state = campaign.model, campaign.state(0, "minus")
    path = fh.write_extxyz(model, tmp_path / "a.xyz", state, campaign.ensemble[["polarization"]])
    count, heading, *lines = path.read_text().splitlines()
    assert int(count) == len(lines) == 70 * 5
    properties = re.search(r"Properties=(\S+)", heading).group(1).split(":")
    names, widths = properties[::3], [int(n) for n in properties[2::3]]
    assert names == [
        "species",
        "pos",
        "velo",
        *(f"polarization_{f}" for f in ("minus", "zero", "plus")),
    ]
    assert 'pbc="T F T"' in heading
    box = [float(x) for x in re.search(r'Lattice="([^"]*)"', heading).group(1).split()]
    a = model.material.lattice_constant
    np.testing.assert_allclose(np.reshape(box, (3, 3)), np.diag([7 * a, 5 * a, 2 * a]), rtol=1e-7)
    # cell (2, 3, 1), its titanium, whose pattern is 1 along each axis
    number = ((2 * 5 + 3) * 2 + 1) * 5 + list(model.material.mode.labels).index("Ti")
    words = lines[number].split()
    assert words[0] == "Ti" and len(words) == sum(widths)
    row = np.array(words[1:], float)
    place = a * np.array([2.5, 3.5, 1.5])
    np.testing.assert_allclose(row[:3], place + state.u.values[:, 2, 3, 1], atol=1e-7)
    np.testing.assert_allclose(row[3:6], state.v.values[:, 2, 3, 1], rtol=1e-7)
    np.testing.assert_allclose(row[6:], campaign.ensemble.polarization[:, 2, 3], rtol=1e-7)


def test_mass_and_charge_follow_from_the_atoms(campaign, tmp_path):
    """Kinetic energy and dipole of the cells, from masses and Born charges of the atoms' motion."""
    model, state = campaign.model, campaign.state()
    moved = fh.write_extxyz(model, tmp_path / "a.xyz", state).read_text().splitlines()[2:]
    mode, a = model.material.mode, model.material.lattice_constant
    table = np.array([line.split()[1:] for line in moved], float).reshape(7, 5, 2, 5, 6)
    speeds = np.sum(mode.masses[:, None] * table[..., 3:] ** 2, axis=(3, 4)) * units.AMU / 2
    expected = model.material.mass[0, 0] / 2 * np.sum(state.v.values**2, axis=0)
    np.testing.assert_allclose(speeds, expected, rtol=1e-6)
    corner = np.stack(np.meshgrid(*map(np.arange, (7, 5, 2)), indexing="ij"), -1)[..., None, :]
    shift = table[..., :3] - a * (corner + mode.positions)
    dipoles = np.einsum("smn,xyzsn->mxyz", mode.born_charges, shift)
    np.testing.assert_allclose(dipoles, mode.charge[0, 0] * state.u.values, atol=1e-5)


def test_maps_of_another_lattice_are_refused(campaign, tmp_path):
    with pytest.raises(ValueError, match=r"maps: 'polarization\.minus' has the shape"):
        fh.write_extxyz(
            campaign.model,
            tmp_path / "a.xyz",
            maps=campaign.ensemble[["polarization"]].isel(x=[0, 1]),
        )


def short_range(j, u):
    """½ Σ u J u of Zhong, Vanderbilt and Rabe, Table I, neighbour by neighbour (eV).

    u : ndarray, shape (nx, ny, nz, 3), Å, periodic
    """
    j1, j2, j3, j4, j5, j6, j7 = j
    total = 0.0
    for bond in itertools.product((-1, 0, 1), repeat=3):
        r = np.array(bond, float)
        length = np.linalg.norm(r)
        if length == 0:
            continue
        r /= length
        matrix = np.zeros((3, 3))
        for a, b in itertools.product(range(3), repeat=2):
            same = a == b
            if np.isclose(length, 1):
                matrix[a, b] = (j1 + (j2 - j1) * abs(r[a])) * same
            elif np.isclose(length, np.sqrt(2)):
                matrix[a, b] = (j4 + np.sqrt(2) * (j3 - j4) * abs(r[a])) * same
                matrix[a, b] += 2 * j5 * r[a] * r[b] * (not same)
            else:
                matrix[a, b] = j6 * same + 3 * j7 * r[a] * r[b] * (not same)
        there = np.roll(u, [-n for n in bond], axis=(0, 1, 2))
        total += 0.5 * np.einsum("xyza,ab,xyzb->", u, matrix, there)
    return total


def screened(eta, r):
    """B and C of the real-space sum, B p·p′ − C (p·r)(p′·r) for a pair of dipoles."""
    fall = 2 * eta / np.sqrt(np.pi) * np.exp(-((eta * r) ** 2))
    b = (erfc(eta * r) / r + fall) / r**2
    return b, (3 * b + 2 * eta**2 * fall) / r**2


def point_dipoles(charge, dielectric, a, u):
    """Energy of point dipoles without a macroscopic field: Ewald's three sums (eV)."""
    shape = u.shape[:3]
    box = a * np.array(shape)
    eta, volume = 2.0 / a, np.prod(box)
    p = charge * u.reshape(-1, 3)
    grid = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), -1)
    sites = a * grid.reshape(-1, 3).astype(float)
    reach = np.ceil(2 * eta * 6 / (2 * np.pi / box)).astype(int)
    total = 0.0
    for n in itertools.product(*(range(-m, m + 1) for m in reach)):
        g = 2 * np.pi * np.array(n) / box
        if any(n) and (g @ g) / (4 * eta**2) < 36:
            wave = np.abs(np.sum((p @ g) * np.exp(1j * sites @ g))) ** 2
            total += 2 * np.pi / volume * wave * np.exp(-(g @ g) / (4 * eta**2)) / (g @ g)
    images = [range(-m, m + 1) for m in np.ceil(4 * a / box).astype(int) + 1]
    for image in itertools.product(*images):
        for shift in itertools.product(*map(range, shape)):
            there = (np.roll(u, [-n for n in shift], axis=(0, 1, 2)) * charge).reshape(-1, 3)
            d = a * (np.array(shift) + np.array(image) * np.array(shape))
            r = np.linalg.norm(d)
            if 0 < r < 3.5 * a:
                b, c = screened(eta, r)
                total += 0.5 * np.sum(b * np.sum(p * there, 1) - c * (p @ d) * (there @ d))
    total -= 2 * eta**3 / (3 * np.sqrt(np.pi)) * np.sum(p**2)
    return units.COULOMB / dielectric * total


def well(u, k2, alpha, gamma, k1=0.0, c2=0.0, c3=0.0):
    """The cubic well of feram and, without its sixth order, of OpenFerro (eV)."""
    x, y, z = np.moveaxis(u, -1, 0)
    square = x**2 + y**2 + z**2
    across = x**4 * (y**2 + z**2) + y**4 * (z**2 + x**2) + z**4 * (x**2 + y**2)
    return np.sum(
        k2 * square
        + alpha * square**2
        + gamma * (x**2 * y**2 + y**2 * z**2 + z**2 * x**2)
        + k1 * square**3
        + c2 * across
        + c3 * x**2 * y**2 * z**2
    )


def couplings(model, u):
    """½ Σ u(−q) [K_sr(q) + K_dip(q)] u(q)/N of the endless crystal, as the model has it (eV)."""
    shape = u.shape[:3]
    q = dipole.wave_vectors(shape, model.material.lattice_constant)
    kernel = dipole.gaussian(q, model.material, model.operator.eta_a)
    kernel = kernel + bloch_sum(model.operator.bonds, shape)
    wave = np.fft.fftn(u, axes=(0, 1, 2))
    return np.einsum("xyza,abxyz,xyzb->", wave.conj(), kernel, wave).real / 2 / np.prod(shape)


def feram(path):
    """Numbers of a feram input by their names."""
    lines = [line.split("=") for line in path.read_text().splitlines() if "=" in line]
    return {name.strip(): value.split() for name, value in lines if not name.startswith("#")}


@pytest.fixture
def sextic(campaign):
    """The model with a well of sixth order, the same minimum and barrier."""
    model = campaign.model
    onsite = replace(model.material.onsite, sextic=2e5)
    return replace(model, material=replace(model.material, onsite=onsite))


def test_energies_in_the_convention_of_feram(sextic, tmp_path, rng):
    given = feram(fh.write_feram(sextic, tmp_path / "a.feram"))
    number = {
        name: float(v[0])
        for name, v in given.items()
        if name not in ("j", "L", "method", "bulk_or_film")
    }
    j = [float(x) for x in given["j"]]
    terms = [number[f"P_{n}"] for n in ("kappa2", "alpha", "gamma", "k1", "k2", "k3")]
    onsite = sextic.material.onsite
    for along in (True, False):
        u = rng.normal(scale=0.03, size=(3, 3, 3, 3))
        u[..., 0] += onsite.amplitude
        if along:
            u[..., 1:] = 0
        theirs = well(u, *terms) + short_range(j, u)
        theirs += point_dipoles(number["Z_star"], number["epsilon_inf"], number["a0"], u)
        ours = onsite.energy(np.moveaxis(u, -1, 0)) + couplings(sextic, u)
        # across the axis feram has the well where the model has κ⊥
        across = [
            np.sum(onsite.well_force.integ()(u[..., n]))
            - onsite.transverse / 2 * np.sum(u[..., n] ** 2)
            for n in (1, 2)
        ]
        assert theirs == pytest.approx(ours + sum(across), rel=1e-6, abs=1e-7)


@pytest.fixture
def cubic(campaign):
    """The model with a cubic well of eighth order."""
    onsite = CubicPotential(-15.0, 1460.0, 300.0, 2e4, 1e4, -3e4, 1e6)
    return replace(campaign.model, material=replace(campaign.model.material, onsite=onsite))


def test_energies_of_a_cubic_well_in_the_convention_of_feram(cubic, tmp_path, rng):
    """The same in all directions, as feram's own well is cubic."""
    given = feram(fh.write_feram(cubic, tmp_path / "a.feram"))
    number = {
        name: float(v[0]) for name, v in given.items() if name[:2] in ("P_", "Z_", "ep", "a0")
    }
    j, names = [float(x) for x in given["j"]], ("kappa2", "alpha", "gamma", "k1", "k2", "k3")
    u = rng.normal(scale=0.03, size=(3, 3, 3, 3))
    u[..., 0] += cubic.material.onsite.amplitude
    theirs = well(u, *(number[f"P_{name}"] for name in names)) + short_range(j, u)
    theirs += number["P_k4"] * np.sum(np.sum(u**2, axis=-1) ** 4)
    theirs += point_dipoles(number["Z_star"], number["epsilon_inf"], number["a0"], u)
    ours = cubic.material.onsite.energy(np.moveaxis(u, -1, 0)) + couplings(cubic, u)
    assert theirs == pytest.approx(ours, rel=1e-6, abs=1e-7)


def test_a_published_set_comes_back_as_it_was(config, tmp_path):
    """κ2 and j1 to j7 of the paper, from the material file that has κ of a uniform mode."""
    config["material"] = str(ROOT / "config" / "materials" / "batio3-nishimatsu2010.yaml")
    config["short_range"]["preset"] = "nishimatsu2010-points"
    config["dipole"]["eta_a"] = 5.0
    config["onsite"]["form"] = "cubic"
    given = feram(fh.write_feram(Model.from_config(config), tmp_path / "a.feram"))
    # Z* is printed with four digits, and the Lorentz field goes with its square
    assert float(given["P_kappa2"][0]) == pytest.approx(8.53400622096412, rel=5e-4)
    published = [-2.08403, -1.12904, 0.68946, -0.61134, 0.0, 0.27690, 0.0]
    np.testing.assert_allclose([float(x) for x in given["j"]], published, atol=1e-5)
    assert float(given["P_k4"][0]) == pytest.approx(641.968099408642, rel=1e-8)


def test_energies_in_the_convention_of_openferro(campaign, tmp_path, rng):
    model = campaign.model
    content = json.loads(fh.write_openferro(model, tmp_path / "a.json").read_text())
    j = list(content["short_range"].values())
    born = content["born"].values()
    u = np.zeros((3, 3, 3, 3))
    u[..., 0] = model.material.onsite.amplitude + rng.normal(scale=0.03, size=(3, 3, 3))
    theirs = well(u, *content["onsite"].values()) + short_range(j, u)
    theirs += point_dipoles(*born, content["lattice"]["a1"], u)
    ours = model.material.onsite.energy(np.moveaxis(u, -1, 0)) + couplings(model, u)
    assert theirs == pytest.approx(ours, rel=1e-8)


def test_between_the_wave_vectors_of_three_cells_the_energies_are_close(campaign, tmp_path, rng):
    """Seven constants cannot hold the tail of the gaussian dipoles beyond the 26 bonds."""
    model = campaign.model
    content = json.loads(fh.write_openferro(model, tmp_path / "a.json").read_text())
    u = rng.normal(scale=0.03, size=(4, 4, 4, 3))
    theirs = content["onsite"]["k2"] - model.material.onsite.quadratic / 2
    theirs = theirs * np.sum(u**2) + short_range(list(content["short_range"].values()), u)
    theirs += point_dipoles(*content["born"].values(), content["lattice"]["a1"], u)
    a, eta = model.material.lattice_constant, model.operator.eta_a / model.material.lattice_constant
    tail = 0.0
    for n in itertools.product(range(-5, 6), repeat=3):
        if max(map(abs, n)) > 1:
            # the larger of what a pair has along and across its bond
            b, c = screened(eta, a * np.linalg.norm(n))
            tail += max(abs(b), abs(b - c * a**2 * np.dot(n, n)))
    strength = (
        units.COULOMB * model.material.mode.charge[0, 0] ** 2 / content["born"]["epsilon_inf"]
    )
    # once where the bonds are, once where the 27 wave vectors fold them to
    bound = 2 * strength * tail * np.sum(u**2) / 2
    assert abs(theirs - couplings(model, u)) < bound


def test_what_other_codes_have_not_is_refused(sextic, cubic, make_operator, tmp_path):
    with pytest.raises(fh.FerronHallError, match="ends with the fourth power"):
        fh.write_openferro(sextic, tmp_path / "a.json")
    with pytest.raises(fh.FerronHallError, match=r"cubic_well\.k1: 20000, and OpenFerro"):
        fh.write_openferro(cubic, tmp_path / "a.json")
    strained = replace(cubic.material.onsite, coupling=(-185.0, -3.0), strain=(0.01, 0.0))
    held = replace(cubic, material=replace(cubic.material, onsite=strained))
    with pytest.raises(fh.FerronHallError, match="holds no strain"):
        fh.write_feram(held, tmp_path / "a.feram")
    longitudinal = replace(sextic, operator=make_operator((7, 5, 2), "longitudinal", "pbesol-s11"))
    with pytest.raises(fh.FerronHallError, match=r"dipole\.kernel: 'longitudinal'"):
        fh.write_feram(longitudinal, tmp_path / "a.feram")
