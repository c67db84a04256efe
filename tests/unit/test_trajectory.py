"""A trajectory's file: blocks, units, provenance, progress and reproducibility."""

import numpy as np
import pytest

from ferronhall.engine.propagator import Propagator
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.material import Material, read_material
from ferronhall.model.members import field_members
from ferronhall.model.model import Model


def _run(config, field="plus", replica=0, log=lambda line: None):
    return run_replica(Model.from_config(config), config, replica, "digest", log)[field]


def test_block_means_are_those_of_the_state(config):
    """The maps equal means of the observables' definitions over the sampled states (Eq. 1)."""
    found = _run(config)
    assert {d: found.sizes[d] for d in ("block", "x", "y")} == {"block": 4, "x": 7, "y": 5}
    material = Material.from_dict(read_material(config["material"]))
    model = Model.from_config(config)
    seed = config["ensemble"]["root_seed"]
    plus = field_members(model)[-1:]
    p = Propagator(model, plus, seed, 0, np.float64)
    sums = p.new_sums()
    p.run(400, 0, sums)
    kinetic, polarization, spin = np.zeros((3, 7, 5))
    mass = material.mode.mass[0, 0] * 1.66053906892e-27
    lam = material.mode.angular_momentum_matrices[2] * 1.66053906892e-27
    for _ in range(25):
        u = p.displacement[0]
        u[0] += material.onsite.amplitude
        force = model.operator.apply(u) + material.onsite.force(u)
        v = p.velocity[0] + 0.0025 / 2 * force / material.mass[0, 0]
        kinetic += 0.5 * mass * np.sum((v * 100) ** 2, axis=0).mean(axis=-1)
        dipole = material.mode.charge[0, 0] * 1.602176634e-19 * u[0] * 1e-10
        polarization += (dipole / (material.cell_volume * 1e-30)).mean(axis=-1)
        u[0] -= material.onsite.amplitude
        moment = np.einsum("axyz,ab,bxyz->xyz", u * 1e-10, lam, v * 100)
        spin += moment.mean(axis=-1) / 1.054571817e-34
        p.run(4, 0, sums)
    first = found.isel(block=0)
    np.testing.assert_allclose(first["kinetic_energy"], kinetic / 25 / 1.602176634e-22, rtol=1e-8)
    np.testing.assert_allclose(first["polarization"], polarization / 25, rtol=1e-8)
    np.testing.assert_allclose(first["angular_momentum"], spin / 25, rtol=1e-6, atol=1e-12)


def test_file_describes_itself(config):
    found = _run(config, "minus", 4)
    assert found.attrs["field"] == "minus" and found.attrs["replica"] == 4
    for key in ("config", "versions", "commit", "root_seed", "config_digest"):
        assert found.attrs[key]
    units = {name: found[name].attrs["units"] for name in found.data_vars}
    moments = {name for name in units if name.startswith("moment_")}
    assert all(units.pop(name) for name in moments)
    assert units == {
        "kinetic_energy": "meV",
        "polarization": "C/m^2",
        "angular_momentum": "hbar",
        "twin_kinetic_energy": "meV",
        "twin_displacement": "angstrom",
        "twin_angular_momentum": "hbar",
        "twin_square": "angstrom^2",
    }


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_same_seed_same_bits(config, precision):
    config["ensemble"]["precision"] = precision
    first, second, other = _run(config), _run(config), _run(config, replica=1)
    for name in first.data_vars:
        assert np.array_equal(first[name], second[name])
        assert not np.array_equal(first[name], other[name])


def test_progress_names_the_replica_and_the_time_left(config):
    lines = []
    _run(config, log=lines.append)
    assert lines[0].startswith("replica 0000: 7 x 5 x 2 cells, Omega_B = -80, 0, 80 rad/ps")
    assert "100.0 %" in lines[-1] and "s left" in lines[-1]


@pytest.mark.parametrize("bar", [True, False])
def test_a_bar_is_drawn_on_a_terminal_alone(config, capsys, monkeypatch, bar):
    """Standard error is no terminal here, so not even a wanted bar appears; on one it would."""
    model = Model.from_config(config)
    run_replica(model, config, 0, "digest", lambda line: None, bar=bar)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    run_replica(model, config, 0, "digest", lambda line: None, bar=bar)
    assert ("replica 0000: 100%" in capsys.readouterr().err) is bar
