"""The pre-flight: which kernels are stable, and how long a substep may be."""

import dataclasses
import re

import numpy as np
import pytest

from ferronhall.base.errors import ConfigError, UnstableKernelError
from ferronhall.model import bulk_stability, short_range, stability
from ferronhall.model.field import Field
from ferronhall.model.geometry import Slab
from ferronhall.model.material import Material, read_material
from ferronhall.model.parameters import parameters_dataset
from ferronhall.model.slab_operator import SlabOperator
from ferronhall.theory.solver import Solver
from tests.conftest import ROOT
from tests.physics.harmonic import hessian

STABLE = [
    "pbesol-gaussian",
    "wc-gaussian",
    "pbesol-66Ry-gaussian",
    "pbesol-s11",
    "wc-s11",
    "wc-unsubtracted",
]
UNSTABLE = ["wc-residual", "nishimatsu2010"]


def _operator(make_operator, batio3, name, shape):
    return make_operator(shape, batio3.short_range[name].dipole_kernel, name)


@pytest.mark.parametrize("name", STABLE)
@pytest.mark.parametrize("shape", [(15, 13, 7), (12, 8, 6)])
def test_stable_presets(make_operator, batio3, name, shape):
    report = stability.preflight(_operator(make_operator, batio3, name, shape), batio3, 0.0025)
    assert report.smallest > 0.05
    assert report.warning == ""
    assert 100 < report.omega_max < 250


@pytest.mark.parametrize("name", UNSTABLE)
def test_unstable_presets_are_refused_with_wave_vector_and_value(make_operator, batio3, name):
    with pytest.raises(UnstableKernelError, match=r"eigenvalue -\d.*eV/Å² at q_x = \d+/15"):
        stability.preflight(_operator(make_operator, batio3, name, (15, 13, 5)), batio3, 0.0025)


def bulk(material, name, slab=None):
    """Operator of a material, on a small slab or another."""
    preset = material.short_range[name]
    slab, bonds = slab or Slab.padded(3, 3, 3, 2), short_range.kernel(preset.shells)
    return SlabOperator.build(slab, material, bonds, preset.dipole_kernel, 1.2)


@pytest.mark.parametrize("name", STABLE)
def test_stable_bulk(batio3, name):
    bulk_stability.preflight_bulk(bulk(batio3, name), batio3)


@pytest.mark.parametrize("name", ["dft-gaussian", "dft-s11"])
@pytest.mark.parametrize("shape", [(15, 13, 7), (13, 11, 5)])
def test_presets_of_the_second_material_are_stable(name, shape):
    """As the bulk, and on lattices whose waves lie between those on which the bulk is examined."""
    material = Material.from_dict(read_material(ROOT / "config" / "materials" / "pbtio3.yaml"))
    operator = bulk(material, name, Slab.padded(*shape, 2))
    bulk_stability.preflight_bulk(operator, material)
    assert stability.preflight(operator, material, 0.0025).smallest > 0


def test_a_finer_mesh_keeps_every_wave_of_the_preflight():
    np.testing.assert_array_equal(
        bulk_stability.zone_octant(2)[:, ::2, ::2, ::2], bulk_stability.zone_octant()
    )
    assert bulk_stability.zone_octant()[:, -1, 0, -1].tolist() == [np.pi, 0, np.pi]


@pytest.mark.parametrize(("name", "missed"), [("nishimatsu2010", 0.03), ("wc-residual", 0.3)])
def test_an_unstable_bulk_is_refused_with_its_smallest_eigenvalue(batio3, name, missed):
    """Against a crystal of 33 cells a period, by its real-space blocks along y.

    An odd period has no wave on the zone boundary, where the printed kernel jumps; there
    wc-residual is worst, so that the crystal misses a part of it.
    """
    with pytest.raises(
        UnstableKernelError, match=r"bulk is unstable.*short_range\.preset"
    ) as refusal:
        bulk_stability.preflight_bulk(bulk(batio3, name), batio3)
    found = float(re.search(r"eigenvalue (-[\d.]+)", str(refusal.value)).group(1))
    ring = Slab(33, 33, 33, padding=33)
    closed = dataclasses.replace(bulk(batio3, name, ring), face=np.zeros((33, 3, 3)))
    onsite = np.diag(np.repeat(batio3.onsite.hessian, 33))
    smallest = min(
        np.linalg.eigvalsh(closed.block(ix, iz) + onsite)[0] for ix, iz in np.ndindex(17, 17)
    )
    assert 1.03 * found < smallest < (1 - missed) * found


def test_a_lattice_that_misses_the_unstable_waves_does_not_let_them_in(
    config, make_operator, batio3
):
    """15 × 9 × 4 cells hold none of the waves that make nishimatsu2010 unstable."""
    name = "nishimatsu2010"
    operator = make_operator((15, 9, 4), "longitudinal", name)
    assert stability.preflight(operator, batio3, 0.0025).smallest > 0
    config["lattice"] |= {"nx": 15, "ny": 9, "nz": 4}
    config["dipole"]["kernel"], config["short_range"]["preset"] = "longitudinal", name
    with pytest.raises(UnstableKernelError, match="bulk is unstable"):
        parameters_dataset(config)


@pytest.mark.parametrize("nz", [1, 5, 6])
def test_few_cells_along_z_are_warned_about(make_operator, batio3, nz):
    warning = stability.preflight(make_operator((7, 5, nz)), batio3, 0.0025).warning
    assert ("lattice.nz" in warning) == (nz < 6)


@pytest.mark.parametrize("field_h", [0.6, 1.0, 1.9])
def test_strong_fields_are_warned_about_with_the_error_they_bring(make_model, field_h):
    """That of Δ_B KE in the exact steady states of substep and equation of motion, to a third."""
    shape = (9, 7, 6)
    model = make_model(shape, 50 * np.exp(-(((np.arange(9) - 4) / 1.5) ** 2)))
    h, field = model.h, Field(field_h / model.h, (0, 0, 1))
    warning = stability.preflight(model.operator, model.material, h, field.omega_B).warning
    stated = int(re.search(r"error of about (\d+) %", warning).group(1)) / 100
    solver = Solver(dataclasses.replace(model, field=field), log=lambda _: None)
    stiffness = np.repeat(model.material.onsite.hessian[:, None], 7, axis=1)

    def field_odd(step):
        minus, _, plus = (s.velocity.sum(axis=0) for s in solver.fields(stiffness, "", step))
        return plus - minus

    exact, coarse = field_odd(None), field_odd(h)
    found = np.sqrt(np.sum((coarse - exact) ** 2) / np.sum(exact**2))
    assert stated == pytest.approx(found, rel=1 / 3)


def test_weak_fields_are_not_and_meaningless_ones_are_refused(make_operator, batio3):
    operator = make_operator((7, 5, 6))
    assert stability.preflight(operator, batio3, 0.0025, 80.0).warning == ""
    with pytest.raises(UnstableKernelError, match=r"field\.omega_B_rad_per_ps = 1000.*h <= 0.0005"):
        stability.preflight(operator, batio3, 0.0025, 1000.0)
    assert stability.preflight(operator, batio3, 0.0005, 1000.0).warning == ""


@pytest.mark.parametrize("mirror", [True, False])
def test_report_has_the_extremes_of_the_whole_hessian(make_operator, batio3, mirror):
    operator = make_operator((5, 4, 3))
    if not mirror:
        operator = dataclasses.replace(operator)
        operator.__dict__["mirror_symmetric"] = False
    report = stability.preflight(operator, batio3, 0.0025)
    eigenvalues = np.linalg.eigvalsh(hessian(operator, batio3.onsite.hessian))
    assert report.smallest == pytest.approx(eigenvalues[0])
    assert report.omega_max == pytest.approx(np.sqrt(eigenvalues[-1] / batio3.mass[0, 0]))


def test_long_substeps_are_warned_about_and_refused(make_operator, batio3):
    operator = make_operator((7, 5, 2))
    omega = stability.preflight(operator, batio3, 0.0025).omega_max
    assert "time.dt_ps" in stability.preflight(operator, batio3, 1.2 / omega).warning
    with pytest.raises(UnstableKernelError, match=r"time\.dt_ps.*limit of stability is 2"):
        stability.preflight(operator, batio3, 1.85 / omega)


def test_a_mismatched_pair_is_refused(batio3):
    with pytest.raises(
        ConfigError, match=r"'pbesol-s11' was made for.*'longitudinal'.*wc-gaussian"
    ):
        short_range.choose(batio3.short_range, "pbesol-s11", "gaussian", 1.2)
    with pytest.raises(ConfigError, match=r"'pbesol-gausian' is not known"):
        short_range.choose(batio3.short_range, "pbesol-gausian", "gaussian", 1.2)
