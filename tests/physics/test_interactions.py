"""Energies, forces and kernels against direct sums, finite differences and known dipole sums."""

from itertools import product

import numpy as np
import pytest
from scipy.integrate import quad

from ferronhall.base import units
from ferronhall.base.errors import ConfigError
from ferronhall.engine.forces import LinearForce
from ferronhall.engine.layout import from_storage, to_storage
from ferronhall.model import dipole, short_range
from ferronhall.model.geometry import Slab
from ferronhall.model.onsite_potential import OnSitePotential
from ferronhall.model.slab_operator import SlabOperator
from tests.conftest import PAIRS

ODD_BOXES = [(3, 5, 3), (5, 3, 1), (1, 3, 5)]
EVEN_BOXES = [(4, 6, 2), (2, 4, 4), (6, 5, 3)]


def gradient(energy, u, step=1e-4):
    """Central differences of a scalar function of a field, exact for quadratics up to rounding."""
    out = np.zeros_like(u)
    for index in np.ndindex(u.shape):
        shift = np.zeros_like(u)
        shift[index] = step
        out[index] = (energy(u + shift) - energy(u - shift)) / (2 * step)
    return out


def pair_difference_energy(values, u, open_y=True):
    """V_sr = −¼ Σ_i Σ_R dᵀ K(R) d over existing bonds, d = u_{i+R} − u_i, by explicit loops."""
    _, nx, ny, nz = u.shape
    energy = 0.0
    for i in np.ndindex(nx, ny, nz):
        for n in product((-1, 0, 1), repeat=3):
            y = i[1] + n[1]
            if open_y and not 0 <= y < ny:
                continue
            j = ((i[0] + n[0]) % nx, y % ny, (i[2] + n[2]) % nz)
            d = u[(slice(None), *j)] - u[(slice(None), *i)]
            energy -= 0.25 * d @ values[n[0] + 1, n[1] + 1, n[2] + 1] @ d
    return energy


def direct_dipole_force(material, kernel_name, slab, u):
    """−Σ_q K_dip(q) u(q) by explicit sums over wave vectors and sites of the padded box."""
    nx, ny, nz = slab.shape
    box = (nx, slab.padding, nz)
    sites = np.array(list(np.ndindex(nx, ny, nz)))
    force = np.zeros((len(sites), 3), complex)
    values = np.array([u[(slice(None), *s)] for s in sites])
    for n in np.ndindex(*box):
        fraction = np.array(
            [(m if 2 * m < size else m - size) / size for m, size in zip(n, box, strict=True)]
        )
        if not fraction.any():
            continue
        q = 2 * np.pi * fraction / material.lattice_constant
        kernel = dipole.dipole_kernel(kernel_name, q.reshape(3, 1, 1, 1), material, 1.2)[
            ..., 0, 0, 0
        ]
        wave = np.exp(-2j * np.pi * sites @ fraction)
        force -= np.outer(wave.conj(), kernel @ (wave @ values)) / np.prod(box)
    out = np.zeros_like(u)
    for site, f in zip(sites, force.real, strict=True):
        out[(slice(None), *site)] = f
    return out


@pytest.mark.parametrize("sextic", [0.0, 3e5])
def test_onsite_force_is_minus_gradient(rng, sextic):
    well = OnSitePotential(amplitude=0.0716, barrier=0.0384, sextic=sextic, transverse=0.1)
    u = 0.07 * rng.normal(size=(3, 2, 2, 2))
    expected = -gradient(well.energy, u, 1e-5)
    np.testing.assert_allclose(well.force(u), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("shape", ODD_BOXES + EVEN_BOXES)
def test_short_range_force_is_minus_gradient_with_cut_bonds(batio3, rng, shape):
    values = short_range.kernel(batio3.short_range["pbesol-gaussian"].shells)
    slab = Slab.padded(*shape, 2)
    uncharged = _without_dipoles(batio3, slab, values)
    u = rng.normal(size=(3, *shape))
    expected = -gradient(lambda f: pair_difference_energy(values, f), u)
    np.testing.assert_allclose(uncharged.apply(u), expected, atol=1e-7)


@pytest.mark.parametrize("shape", [(3, 4, 2), (5, 3, 3)])
def test_short_range_bonds_wrap_along_periodic_axes(batio3, rng, shape):
    """With a slab as high as its box, no bond is cut and y is periodic as well."""
    values = short_range.kernel(batio3.short_range["pbesol-gaussian"].shells)
    slab = Slab(*shape, padding=shape[1])
    periodic = SlabOperator(
        slab,
        _without_dipoles(batio3, slab, values).kernel,
        np.zeros((shape[1], 3, 3)),
        values,
    )
    u = rng.normal(size=(3, *shape))
    expected = -gradient(lambda f: pair_difference_energy(values, f, open_y=False), u)
    np.testing.assert_allclose(periodic.apply(u), expected, atol=1e-7)


def _without_dipoles(material, slab, values):
    from ferronhall.model.slab_operator import bloch_sum

    kernel = bloch_sum(values, (slab.nx, slab.padding, slab.nz))
    face = short_range.layer_stiffness(values, slab.ny) - values[1, 1, 1]
    return SlabOperator(slab, kernel, face, values)


def test_uniform_field_feels_no_short_range_force(batio3):
    values = short_range.kernel(batio3.short_range["wc-gaussian"].shells)
    operator = _without_dipoles(batio3, Slab.padded(5, 4, 3, 2), values)
    force = operator.apply(np.broadcast_to(np.array([1, 2, 3])[:, None, None, None], (3, 5, 4, 3)))
    np.testing.assert_allclose(force, 0, atol=1e-12)


@pytest.mark.parametrize("shape", ODD_BOXES)
@pytest.mark.parametrize(("kernel", "preset"), PAIRS)
def test_linear_force_is_the_direct_sum_on_odd_boxes(batio3, rng, shape, kernel, preset):
    values = short_range.kernel(batio3.short_range[preset].shells)
    slab = Slab(*shape, padding=2 * shape[1] + 1)
    operator = SlabOperator.build(slab, batio3, values, kernel, 1.2)
    u = rng.normal(size=(3, *shape))
    expected = direct_dipole_force(batio3, kernel, slab, u)
    expected += _without_dipoles(batio3, slab, values).apply(u)
    np.testing.assert_allclose(operator.apply(u), expected, atol=1e-10)


@pytest.mark.parametrize("shape", [(3, 3, 3), (4, 4, 2)])
@pytest.mark.parametrize(("kernel", "preset"), PAIRS)
def test_linear_force_is_minus_gradient_of_the_reciprocal_energy(
    make_operator, rng, shape, kernel, preset
):
    """V = ½ Σ_q u(−q)ᵀ K(q) u(q)/N (Eq. S10) with the face term, differentiated numerically."""
    operator = make_operator(shape, kernel, preset)
    slab = operator.slab

    def energy(u):
        padded = np.zeros((3, slab.nx, slab.padding, slab.nz))
        padded[:, :, : slab.ny] = u
        uq = np.fft.fftn(padded, axes=(1, 2, 3))
        reciprocal = np.einsum("axyz,abxyz,bxyz->", uq.conj(), operator.kernel, uq).real
        face = np.einsum("axyz,yab,bxyz->", u, operator.face, u)
        return 0.5 * (reciprocal / padded[0].size + face)

    u = rng.normal(size=(3, *shape))
    np.testing.assert_allclose(operator.apply(u), -gradient(energy, u), atol=1e-6)


@pytest.mark.parametrize("shape", [*ODD_BOXES, *EVEN_BOXES, (7, 6, 4), (8, 9, 1)])
@pytest.mark.parametrize(("kernel", "preset"), PAIRS)
def test_the_fast_force_equals_the_plain_one(batio3, make_operator, rng, shape, kernel, preset):
    operator = make_operator(shape, kernel, preset)
    u0 = batio3.onsite.amplitude
    u = 0.01 * rng.normal(size=(3, *shape))
    shifted = u.copy()
    shifted[0] += u0
    expected = operator.apply(shifted)
    w = np.array([np.zeros_like(to_storage(u)), to_storage(u)])
    assert operator.mirror_symmetric
    force = np.empty_like(w)
    LinearForce(operator, u0, np.float64, members=2)(w, force)
    np.testing.assert_allclose(from_storage(force[1]), expected, atol=1e-11)
    single = np.empty(w.shape, np.float32)
    LinearForce(operator, u0, np.float32, members=2)(w.astype(np.float32), single)
    error = np.std(from_storage(single[1]) - expected) / np.std(expected)
    assert error < 1e-6


def test_an_operator_without_mirror_symmetry_is_refused(batio3, make_operator):
    symmetric = make_operator((5, 4, 3))
    kernel = symmetric.kernel.copy()
    q = np.fft.fftfreq(5)[:, None, None]
    kernel[0, 2] += np.cos(2 * np.pi * q)
    kernel[2, 0] += np.cos(2 * np.pi * q)
    operator = SlabOperator(symmetric.slab, kernel, symmetric.face, symmetric.bonds)
    assert not operator.mirror_symmetric
    with pytest.raises(ConfigError, match="mirror"):
        LinearForce(operator, batio3.onsite.amplitude, np.float64)


def test_blocks_beyond_the_machines_memory_are_refused(batio3, make_operator, monkeypatch):
    """With the number, before any of them is made."""
    operator = make_operator((5, 4, 3))
    blocks = [b for ix in range(3) for iz in range(2) for b in operator.mirror_blocks(ix, iz)]
    held = sum(block.size for block in blocks)
    monkeypatch.setattr("ferronhall.engine.forces.installed_memory", lambda: 8e-6 * held)
    LinearForce(operator, batio3.onsite.amplitude, np.float64)
    monkeypatch.setattr("ferronhall.engine.forces.installed_memory", lambda: 7.9e-6 * held)
    with pytest.raises(ConfigError, match=r"5 x 4 x 3 cells take 3\.46e-06 GB"):
        LinearForce(operator, batio3.onsite.amplitude, np.float64)


@pytest.mark.parametrize("shape", [(5, 4, 3), (4, 5, 2)])
@pytest.mark.parametrize(("kernel", "preset"), PAIRS)
def test_blocks_have_the_spectrum_of_the_whole_matrix(make_operator, shape, kernel, preset):
    operator = make_operator(shape, kernel, preset)
    slab = operator.slab
    n = 3 * slab.sites
    whole = -np.array([operator.apply(e.reshape(3, *shape)).ravel() for e in np.eye(n)])
    expected = np.linalg.eigvalsh(whole)

    def multiplicity(i, length):
        return 1 if i == 0 or 2 * i == length else 2

    hermitian = [
        np.linalg.eigvalsh(operator.block(ix, iz)) for ix in range(slab.nx) for iz in range(slab.nz)
    ]
    mirrored = [
        np.tile(np.linalg.eigvalsh(b), multiplicity(ix, slab.nx) * multiplicity(iz, slab.nz))
        for ix in range(slab.nx // 2 + 1)
        for iz in range(slab.nz // 2 + 1)
        for b in operator.mirror_blocks(ix, iz)
    ]
    for parts in (hermitian, mirrored):
        np.testing.assert_allclose(np.sort(np.concatenate(parts)), expected, atol=1e-10)


def test_gaussian_kernel_against_the_dipole_sums_of_the_simple_cubic_lattice(batio3):
    """A wide Gaussian leaves only a constant out, so differences between points are lattice sums.

    Published eigenvalues in units k_e Z²/(ε a³): X 9.687445 and −4.843723 twice, M −5.353578 and
    2.676787 twice, R 0.
    """
    a = batio3.lattice_constant
    unit = units.COULOMB * batio3.mode.charge[0, 0] ** 2 / batio3.dielectric[0, 0] / a**3
    points = {"X": (0.5, 0, 0), "M": (0.5, 0.5, 0), "R": (0.5, 0.5, 0.5)}
    found = {}
    for name, fraction in points.items():
        q = 2 * np.pi * np.array(fraction).reshape(3, 1, 1, 1) / a
        found[name] = np.diag(dipole.gaussian(q, batio3, eta_a=5.0)[..., 0, 0, 0]) / unit
    expected = {
        "X": (9.687445, -4.843723, -4.843723),
        "M": (2.676787, 2.676787, -5.353578),
        "R": (0.0, 0.0, 0.0),
    }
    for name in ("X", "M"):
        difference = np.array(expected[name]) - np.array(expected["R"])
        np.testing.assert_allclose(found[name] - found["R"], difference, atol=2e-5)


def test_gaussian_kernel_is_smooth_across_the_zone_boundary_and_s11_jumps(batio3):
    a = batio3.lattice_constant
    steps = np.array([0.5 - 1e-6, 0.5 + 1e-6])
    q = np.zeros((3, 2, 1, 1))
    q[0, :, 0, 0], q[1] = 2 * np.pi * steps / a, 2 * np.pi * 0.3 / a
    wrapped = q.copy()
    wrapped[0, 1] -= 2 * np.pi / a
    smooth = dipole.gaussian(wrapped, batio3, 1.2)[..., 0, 0]
    np.testing.assert_allclose(smooth[..., 0], smooth[..., 1], atol=1e-3)
    printed = dipole.longitudinal(wrapped, batio3)[..., 0, 0]
    assert abs(printed[0, 1, 0] - printed[0, 1, 1]) > 10


def test_layers_far_from_the_faces_have_no_correction(batio3):
    values = short_range.kernel(batio3.short_range["pbesol-gaussian"].shells)
    stiffness = short_range.layer_stiffness(values, 6)
    uniform = np.broadcast_to(values[1, 1, 1], (4, 3, 3))
    np.testing.assert_allclose(stiffness[1:-1], uniform, atol=1e-12)
    np.testing.assert_allclose(values.sum(axis=(0, 1, 2)), 0, atol=1e-13)


@pytest.mark.parametrize(("kernel", "preset"), PAIRS)
def test_isolated_slab_is_the_limit_of_ever_longer_boxes(make_operator, rng, kernel, preset):
    """Forces approach the isolated slab's as one over the box length, until 2000 times the slab.

    A limit that is wrong by a part of 2 × 10⁻⁵ would show in the last ratio.
    """
    u = rng.normal(size=(3, 5, 4, 3))
    limit = make_operator((5, 4, 3), kernel, preset, "isolated").apply(u)
    errors = []
    for factor in (2, 8, 32, 128, 512, 2048):
        force = make_operator((5, 4, 3), kernel, preset, factor).apply(u)
        errors.append(np.std(force - limit) / np.std(limit))
    assert errors[0] > 1e-4
    assert np.all(np.array(errors[:-1]) / errors[1:] > 3.8)
    assert errors[-2] / errors[-1] == pytest.approx(4, rel=0.05)


@pytest.mark.parametrize("shape", [(7, 5, 3), (40, 30, 1)])
def test_isolated_layers_couple_by_the_integral_over_the_zone(batio3, make_operator, shape):
    """By adaptive quadrature, at long and short waves, near and far layers."""
    kernel, preset = "longitudinal", "pbesol-s11"
    operator = make_operator(shape, kernel, preset, "isolated")
    bonds = short_range.kernel(batio3.short_range[preset].shells)
    nx, ny, nz = shape
    scale = np.abs(operator.layered).max()
    for ix, iz in ((0, 0), (1, 0), (3, 0), (1, nz - 1)):
        waves = [2 * np.pi * np.fft.fftfreq(n)[i] for n, i in ((nx, ix), (nz, iz))]

        def value(qy, i, j, waves=waves):
            q = np.array([waves[0], qy, waves[1]]).reshape(3, 1) / batio3.lattice_constant
            return dipole.dipole_kernel(kernel, q, batio3, 1.2)[i, j, 0]

        for i, j, dy in ((0, 0, 0), (1, 1, 1), (0, 1, 2), (1, 1, ny - 1), (0, 1, ny - 1)):
            # diagonal elements are even in q_y, those of x and y odd
            part, factor = (np.cos, 1) if i == j else (np.sin, 1j)
            expected, _ = quad(
                lambda qy, i=i, j=j, dy=dy, part=part: value(qy, i, j) * part(qy * dy) / np.pi,
                *(0, np.pi),
                points=[0.01, 0.1],
                limit=1000,
                epsabs=1e-11 * scale,
                epsrel=0,
            )
            short = sum(
                bonds[a, dy + 1, c, i, j] * np.exp(1j * ((a - 1) * waves[0] + (c - 1) * waves[1]))
                for a, c in np.ndindex(3, 3)
                if dy < 2
            )
            found = operator.layered[i, j, ix, dy, iz]
            assert abs(found - factor * expected - short) < 1e-10 * scale


def test_isolated_uniform_sheet_feels_its_depolarizing_field_alone(batio3, make_operator):
    """Polarized across the slab, −4πk_e Z²/(Ω ε∞) u in every layer far from the faces."""
    operator = make_operator((3, 40, 3), "gaussian", "pbesol-gaussian", "isolated")
    u = np.zeros((3, 3, 40, 3))
    u[1] = 1.0
    force = operator.apply(u)[1, :, 15:25]
    expected = 4 * np.pi * units.COULOMB * batio3.mode.charge[1, 1] ** 2
    expected /= batio3.cell_volume * batio3.dielectric[1, 1]
    np.testing.assert_allclose(force, -expected, rtol=1e-9)
