"""The GPU engine under numba's CUDA emulation against the CPU's."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ferronhall.base.errors import TrajectoryInterruptedError
from ferronhall.engine import balance_means
from ferronhall.engine.forces import LinearForce
from ferronhall.engine.keeper import Keeper
from ferronhall.engine.kernels.noise import BLOCK, fill_normals
from ferronhall.engine.layout import from_storage
from ferronhall.engine.propagator import Propagator
from ferronhall.engine.trajectory import Setting, run_replica
from ferronhall.model.members import FIELD_SIGNS, field_members
from tests.conftest import CONFIG
from tests.gpu.emulation import (
    DRAWN,
    SHAPES,
    between_electrodes,
    displacements,
    model_of,
    with_cubic_well,
    with_twins,
    with_wall,
)

ROOT = Path(__file__).resolve().parents[2]
JOB = (5, 5, 1)


def silent(line):
    """A log that keeps nothing."""


def settings():
    """Two blocks of two samples after four substeps, in double precision."""
    config = copy.deepcopy(CONFIG)
    config["ensemble"]["harmonic_twin"] = False
    config["time"] |= {"t_equil_ps": 0.01, "t_max_ps": 0.03}
    config["time"] |= {"sample_every_steps": 1, "samples_per_block": 2}
    config["balances"]["sample_every_steps"] = 1
    return config


def keeper(folder, replica, **changed):
    """Of a replica's checkpoint."""
    checkpoint = settings()["checkpoint"] | changed
    return Keeper(folder / f"{replica:04d}.ckpt", checkpoint, "digest", "code")


@pytest.fixture(scope="module")
def emulated(tmp_path_factory):
    """What the GPU engine computes, and the folder of its checkpoints."""
    pytest.importorskip("numba.cuda.simulator", reason="this numba has no CUDA emulator")
    folder, config = tmp_path_factory.mktemp("gpu"), settings()
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(TrajectoryInterruptedError):
        model, stopped = model_of(config, JOB), keeper(folder, 1, wall_limit_minutes=1e-9)
        run_replica(model, config, 1, "digest", silent, stopped)
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = os.environ | {"NUMBA_ENABLE_CUDASIM": "1", "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-m", "tests.gpu.emulation", str(folder)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    with np.load(folder / "found.npz") as found:
        return dict(found), folder


def cpu_force(model, w):
    force = np.empty_like(w)
    reference = model.material.onsite.equilibrium
    LinearForce(model.operator, reference, w.dtype, len(w))(w, force)
    return force


@pytest.mark.parametrize("shape", SHAPES)
def test_forces(emulated, shape):
    """Against the CPU's, and against the plain transforms of the slab operator."""
    found, _ = emulated
    model, w = model_of(settings(), shape), displacements(shape)
    force = cpu_force(model, w)
    largest = np.abs(force).max()
    np.testing.assert_allclose(found[f"force {shape} float64"], force, atol=1e-13 * largest)
    single = found[f"force {shape} float32"]
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, force, rtol=0, atol=1e-6 * largest)
    nx, ny, nz = shape
    u = from_storage(w[1].reshape(3, nx, nz, ny))
    u[0] += model.material.onsite.equilibrium
    plain = from_storage(found[f"force {shape} float64"][1].reshape(3, nx, nz, ny))
    np.testing.assert_allclose(plain, model.operator.apply(u), rtol=0, atol=1e-10 * largest)


def test_tiles_that_share_memory(emulated):
    """Several tiles of rows, terms and columns give what one gives."""
    found, _ = emulated
    whole = found[f"force {SHAPES[0]} float64"]
    np.testing.assert_allclose(found["force by small tiles"], whole, atol=1e-13)


def test_forces_between_electrodes(emulated):
    """Which are not the same without, against the CPU's and the plain transforms."""
    found, _ = emulated
    model, w = model_of(between_electrodes(settings()), SHAPES[0]), displacements(SHAPES[0])
    force, device = cpu_force(model, w), found["force between electrodes"]
    largest = np.abs(force).max()
    np.testing.assert_allclose(device, force, atol=1e-13 * largest)
    assert np.abs(device - found[f"force {SHAPES[0]} float64"]).max() > 1e-3 * largest
    nx, ny, nz = SHAPES[0]
    u = from_storage(w[1].reshape(3, nx, nz, ny))
    u[0] += model.material.onsite.equilibrium
    plain = from_storage(device[1].reshape(3, nx, nz, ny))
    np.testing.assert_allclose(plain, model.operator.apply(u), rtol=0, atol=1e-10 * largest)


@pytest.mark.parametrize("drawn", DRAWN)
def test_noise_is_equal_bit_for_bit(emulated, drawn):
    found, _ = emulated
    expected = np.empty(BLOCK, np.float32)
    fill_normals(11, 22, 3, *drawn, expected)
    assert np.array_equal(found[f"normals {drawn}"], expected)


@pytest.mark.parametrize("kind", ["", "walls ", "cubic "])
def test_steps_and_their_samples(emulated, kind):
    """Two steps of two replicas side by side, each with its own noise, sampled once.

    Of a slab with one domain, with two, and in a cubic well.
    """
    found, _ = emulated
    config = with_twins(settings())
    changed = {"": config, "walls ": with_wall(config), "cubic ": with_cubic_well(config)}[kind]
    model = model_of(changed, (5, 6, 2) if kind == "walls " else (5, 5, 2))
    setting, most = Setting.of(model, config), []
    for replica in (4, 2):
        plan = balance_means.build_plan(model.operator, setting.dtype, 2)
        p = Propagator(model, setting.members, setting.root_seed, replica, setting.dtype, plan)
        sums = p.new_sums()
        p.step = 1
        p.run(2, 2, sums)
        for name, expected in (("w", p.w), ("v", p.v), ("sums", sums)):
            scale = np.abs(expected).max()
            actual = found[f"{kind}steps {replica} {name}"]
            np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-13 * scale)
        scale = np.abs(plan.sums).max(axis=(0, 2, 3), keepdims=True)
        actual = found[f"{kind}steps {replica} balance_sums"]
        np.testing.assert_allclose(actual / scale, plan.sums / scale, rtol=0, atol=1e-12)
        most.append(p.largest_displacements)
    np.testing.assert_allclose(found[f"{kind}largest"], np.concatenate(most), rtol=1e-12)


def test_what_is_no_number_is_seen(emulated):
    """In the one member that holds it."""
    found, _ = emulated
    number = np.flatnonzero(np.isnan(found["largest with NaN"]))
    assert list(number) == [6] and not np.isnan(found["largest"]).any()


def test_a_hundred_steps(emulated):
    found, _ = emulated
    model = model_of(settings(), JOB)
    p = Propagator(model, field_members(model)[-1:], 7, 0, np.dtype(float))
    p.run(100, 0, p.new_sums())
    for name, expected in (("w", p.w), ("v", p.v)):
        scale = np.abs(expected).max()
        actual = found[f"hundred steps {name}"]
        np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-10 * scale)


@pytest.mark.parametrize("replica", [0, 1])
def test_block_means_of_a_job(emulated, replica):
    """Of a replica from its start, and of one that the CPU has begun."""
    found, _ = emulated
    config = settings()
    for field, dataset in run_replica(
        model_of(config, JOB), config, replica, "digest", silent
    ).items():
        assert found[f"engine {replica} {field}"] == "gpu (emulated)"
        for name, expected in dataset.data_vars.items():
            actual = found[f"job {replica} {field} {name}"]
            # the moments of the balances are stored in single precision
            precision = 1e-5 if name.startswith("moment_") else 1e-11
            scale = np.abs(expected.values).max()
            np.testing.assert_allclose(actual, expected, rtol=0, atol=precision * scale)


def test_replicas_meet_at_one_step(emulated):
    """The one behind runs alone until it stands where the other was begun."""
    found, _ = emulated
    lines = str(found["log"]).splitlines()
    assert "goes on from" in next(line for line in lines if line.startswith("replica 0001: goes"))
    done = [line for line in lines if "%" in line]
    assert done[0].startswith("replica 0000:") and done[-1].startswith("replica 0000 and 1 more:")


def test_the_cpu_goes_on_from_what_a_device_has_begun(emulated):
    found, folder = emulated
    assert "was stopped by checkpoint.wall_limit_minutes" in str(found["interrupted"])
    config = settings()
    model, lines = model_of(config, JOB), []
    resumed = run_replica(model, config, 2, "digest", lines.append, keeper(folder, 2))
    assert any(f"goes on from {folder / '0002.ckpt'}" in line for line in lines)
    whole = run_replica(model, config, 2, "digest", silent)
    for field in FIELD_SIGNS:
        for name, expected in whole[field].data_vars.items():
            precision = 1e-5 if name.startswith("moment_") else 1e-11
            scale = np.abs(expected.values).max()
            actual = resumed[field][name]
            np.testing.assert_allclose(actual, expected, rtol=0, atol=precision * scale)
