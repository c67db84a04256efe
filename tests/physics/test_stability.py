"""The pre-flight: which kernels are stable, and how long a substep may be."""

import dataclasses

import numpy as np
import pytest

from ferronhall.base.errors import ConfigError, UnstableKernelError
from ferronhall.model import short_range, stability
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
@pytest.mark.parametrize("shape", [(15, 13, 5), (12, 8, 4)])
def test_stable_presets(make_operator, batio3, name, shape):
    report = stability.preflight(_operator(make_operator, batio3, name, shape), batio3, 0.0025)
    assert report.smallest > 0.05
    assert report.warning == ""
    assert 100 < report.omega_max < 250


@pytest.mark.parametrize("name", UNSTABLE)
def test_unstable_presets_are_refused_with_wave_vector_and_value(make_operator, batio3, name):
    with pytest.raises(UnstableKernelError, match=r"eigenvalue -\d.*eV/Å² at q_x = \d+/15"):
        stability.preflight(_operator(make_operator, batio3, name, (15, 13, 5)), batio3, 0.0025)


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
