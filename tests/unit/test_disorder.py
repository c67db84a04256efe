"""Isotopes, averages of the crystal, bad input, and what a changed disorder makes again."""

import copy

import numpy as np
import pytest
import xarray as xr

from ferronhall.analysis.balances import balances_dataset
from ferronhall.analysis.ensemble import ensemble_dataset
from ferronhall.base import digest, storage
from ferronhall.base.errors import ConfigError, UnstableKernelError
from ferronhall.campaign.config import validate
from ferronhall.campaign.scan.variation import points
from ferronhall.engine.keeper import Keeper
from ferronhall.engine.trajectory import run_replica
from ferronhall.model import stability
from ferronhall.model.isotopes import elements_of, natural_isotopes
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.results.figures import draw
from ferronhall.results.tables import summary
from ferronhall.results.tables.disorder import table
from ferronhall.theory.columns import column_states
from ferronhall.theory.disorder_responses import disorder_dataset
from ferronhall.theory.solver import observable_maps
from tests.conftest import CONFIG, ROOT

SCRIPT = ROOT / "workflow" / "scripts" / "trajectory.py"


def disordered(config, **section):
    return validate(config | {"disorder": section})


def test_titanium_by_hand():
    """Mean and variance from the five masses and abundances of titanium, summed by hand."""
    found = natural_isotopes("Ti")
    # 0.0825·45.9526 + 0.0744·46.9518 + 0.7372·47.9479 + 0.0541·48.9479 + 0.0518·49.9448
    assert found.mean == pytest.approx(47.8667, abs=2e-4)
    # the same abundances times 1.9141², 0.9149², 0.0812², 1.0812², 2.0781²
    assert found.variance == pytest.approx(0.6564, abs=5e-4)


def test_drawn_isotopes_have_their_abundances(rng):
    """Titanium-48 and the spread, of 40 000 atoms within 5 standard errors."""
    titanium, count = natural_isotopes("Ti"), 40_000
    drawn = titanium.drawn(rng.random(count))
    share = np.mean(np.abs(drawn - (47.947947 - titanium.mean)) < 1e-9)
    assert abs(share - 0.7372) < 5 * np.sqrt(0.7372 * 0.2628 / count)
    assert abs(drawn.mean()) < 5 * np.sqrt(titanium.variance / count)


def test_an_element_of_one_isotope_has_no_spread():
    assert natural_isotopes("Na").variance == pytest.approx(0, abs=1e-12)


def test_labels_begin_with_their_element():
    assert elements_of(["Ti", "O1", "Ba", "Ti_h", "TI", "A1", "Xq"]) == [
        *("Ti", "O", "Ba", "Ti", "Ti", "", "")
    ]


def test_mass_of_a_cell_follows_from_the_pattern(config):
    """Variance of a cell's mass from that of its atoms and the printed mode_z, against cells."""
    config["lattice"] |= {"nx": 40, "ny": 20, "nz": 20}
    model = Model.from_config(disordered(config, isotopes=["Ti", "O", "Ba"]))
    # shares of Ba, Ti and each oxygen: the squares of mode_z, of an oxygen their mean over x, y, z
    oxygen = (1.515269**2 + 2 * 0.770274**2) / 3
    # of oxygen 0.00038·1.000² + 0.00205·2.000² and little else
    by_hand = 0.6564 + 3 * 0.0086 * oxygen**2 + 0.007454**4
    mass = 47.867 + 3 * 15.999 * oxygen + 137.327 * 0.007454**2
    expected = by_hand / mass**2
    assert model.disorder.mass_variance == pytest.approx(expected, rel=2e-3)
    cells = model.disorder.realisation(model.slab, 0).mass
    assert abs(cells.mean() - 1) < 5 * np.sqrt(expected / cells.size)
    assert cells.var() == pytest.approx(expected, rel=0.1)


def test_the_average_crystal_has_the_mean_stiffness_and_mass(config):
    part = {"concentration": 0.3, "change": 0.5}
    model = Model.from_config(disordered(config, stiffness=part, mass=part))
    plain = Model.from_config(validate(config))
    assert model.material.onsite.stiffness == pytest.approx(1.15 * plain.material.onsite.stiffness)
    assert model.material.onsite.equilibrium == plain.material.onsite.equilibrium
    assert model.material.mass[0, 0] == pytest.approx(1.15 * plain.material.mass[0, 0])
    cells = model.disorder.realisation(model.slab, 0)
    found = sorted({*np.round(cells.stiffness.ravel() * 1.15, 12)})
    assert found == [1.0, 1.5]


def test_the_model_of_a_file_is_that_of_the_configuration(config):
    content = disordered(config, isotopes=["Ti"], pinned={"concentration": 0.1})
    model, again = Model.from_config(content), Model.from_dataset(parameters_dataset(content))
    assert again.material.mass[0, 0] == model.material.mass[0, 0]
    for name in ("mass", "stiffness", "pinned"):
        one, two = (getattr(m.disorder.realisation(m.slab, 3), name) for m in (model, again))
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"mass": {"concentration": 1.2}}, r"disorder\.mass\.concentration: 1\.2 is above"),
        ({"stiffness": {"concentration": -0.1}}, r"disorder\.stiffness\.concentration: -0\.1"),
        ({"stiffness": {"change": -1.0}}, r"disorder\.stiffness\.change: -1\.0 is not above"),
        ({"pinned": {"concentration": 0.95}}, r"disorder\.pinned\.concentration: 0\.95"),
        (
            {"isotopes": ["Zr"]},
            r"disorder\.isotopes: the material has no atom 'Zr'.*disorder\.mass",
        ),
        ({"isotopes": ["Qq"]}, r"disorder\.isotopes: 'Qq' is no element"),
        ({"isotopes": ["Tc"]}, r"disorder\.isotopes: 'Tc' is no element with natural isotopes"),
        ({"isotopes": ["Ti", "Ti"]}, r"disorder\.isotopes: Ti stands there more than once"),
    ],
)
def test_bad_input_is_refused_in_one_message(section, words, config):
    with pytest.raises(ConfigError, match=words) as refused:
        disordered(config, **section)
    assert "mistakes" not in str(refused.value)


def test_a_gpu_is_refused(config):
    with pytest.raises(ConfigError, match=r"engine: gpu knows no uneven crystal.*engine: cpu"):
        disordered(config | {"engine": "gpu"}, isotopes=["Ti"])
    assert disordered(config | {"engine": "gpu"}, seed=2)["engine"] == "gpu"


def test_cells_too_soft_are_refused(config):
    soft = {"concentration": 0.1, "change": -0.95}
    with pytest.raises(UnstableKernelError, match=r"disorder\.stiffness\.change = -0\.95: .*alone"):
        parameters_dataset(disordered(config, stiffness=soft))


def test_the_highest_frequency_is_bounded_by_the_lightest_and_stiffest(config):
    """Against the frequencies of a realisation, from its dense Hessian."""
    wide = {"concentration": 0.5, "change": 2.0}
    model = Model.from_config(disordered(config, stiffness=wide, mass=wide))
    report = stability.preflight_at_rest(model, model.h)
    even = stability.preflight_at_rest(Model.from_config(validate(config)), model.h)
    assert even.omega_max < report.omega_max < 1.6 * even.omega_max


def block(config):
    return digest.stage_block("trajectories", config, SCRIPT)


def test_only_a_disorder_that_changes_cells_counts(config):
    """Results without disorder are what they were; another one makes trajectories again."""
    plain = validate(config)
    none = disordered(config, seed=5, mass={"concentration": 0.5}, stiffness={"change": 0.5})
    assert block(plain) == block(none)
    assert "disorder" not in block(plain)["config"]
    blocks = [
        block(disordered(config, **section))
        for section in (
            {"isotopes": ["Ti"]},
            {"isotopes": ["Ti"], "seed": 2},
            {"isotopes": ["Ti"], "uniform_along_z": True},
            {"pinned": {"concentration": 0.1}},
            {"mass": {"concentration": 1.0, "change": 0.1}},
        )
    ]
    found = [digest.continuation_digest(b) for b in (block(plain), *blocks)]
    assert len(set(found)) == len(found)


def test_a_replica_goes_on_bit_for_bit(config, tmp_path):
    """From the final state of a shorter run, with pinned cells; in one piece, the same."""
    section = {"isotopes": ["Ti"], "pinned": {"concentration": 0.2, "displacement": -1.0}}
    config = disordered(config, **section)
    model = Model.from_config(config)
    shorter = copy.deepcopy(config)
    shorter["time"]["t_max_ps"] = 1.5
    ends = []
    for n, runs in enumerate(([shorter, config], [config])):
        for content in runs:
            keeper = Keeper(tmp_path / f"{n}.ckpt", content["checkpoint"], "same")
            found = run_replica(model, content, 1, "digest", lambda _: None, keeper)
            keeper.finish()
        ends.append(found["plus"])
    assert ends[0].equals(ends[1])
    assert set(ends[0]["free_cells"].values.ravel()) <= {0.0, 0.5, 1.0}


def test_errors_are_those_over_crystals(config, tmp_path):
    """Standard errors from the replicas' own means, by hand; balances hold a sample a replica."""
    config["ensemble"]["harmonic_twin"] = False
    config = disordered(config, stiffness={"concentration": 0.5, "change": 1.0})
    model = Model.from_config(config)
    files, edges = {field: [] for field in FIELD_SIGNS}, []
    for replica in range(3):
        found = run_replica(model, config, replica, "digest", lambda _: None)
        for field, dataset in found.items():
            files[field].append(tmp_path / field / f"{replica:04d}.nc")
            storage.write(dataset, files[field][-1])
        mean = found["zero"]["angular_momentum"].values.mean(axis=0)
        edges.append(model.cells.edge_accumulation(mean))
    ensemble = ensemble_dataset(model, config, files)
    assert float(ensemble["edge_angular_momentum_zero"]) == pytest.approx(np.mean(edges))
    error = float(ensemble["edge_angular_momentum_zero_stderr"])
    assert error == pytest.approx(np.std(edges, ddof=1) / np.sqrt(3))
    # what figures and tables say of errors, and their degrees of freedom
    assert (ensemble.attrs["samples"], ensemble.attrs["sample_count"]) == ("crystals", 3)
    assert "over replicas" in summary.table(ensemble).notes[0]
    balances = balances_dataset(model, config, files)
    assert balances.attrs["expected_chi_squared"] != balances.attrs["expected_chi_squared"]


@pytest.fixture(scope="module")
def responses():
    """Parameters, disorder.nc and theory of two crystals of unlike columns."""
    columns = {
        "uniform_along_z": True,
        "mass": {"concentration": 0.5, "change": 0.5},
    }
    config = validate(copy.deepcopy(CONFIG) | {"disorder": columns})
    parameters = parameters_dataset(config)
    return parameters, disorder_dataset(Model.from_dataset(parameters), config, log=lambda _: None)


def test_realisations_are_those_of_the_replicas(responses):
    parameters, found = responses
    model = Model.from_dataset(parameters)
    states = column_states(model, 1)
    maps = observable_maps(model, states.states, states.means)
    expected = model.cells.edge_accumulation(maps["angular_momentum"][1])
    edge = found["edge"].sel(map="angular_momentum_zero")
    assert float(edge[-1, 1]) == pytest.approx(expected)
    assert float(edge[-1, 0]) != pytest.approx(expected)
    scatter = float(edge[-1].std(ddof=1)) / np.sqrt(2)
    assert float(found["edge_mean_stderr"][0, -1]) == pytest.approx(scatter)
    # with no cell changed there is one crystal, and it is the average one
    np.testing.assert_array_equal(found["edge"][:, 0, 0], found["edge_average"][:, 0])


def test_figure_and_table_stand_over_the_even_crystal(responses):
    parameters, found = responses
    edges = {f"edge_{name}": 2.0 for name in found["map"].values}
    ensemble = xr.Dataset(edges | {f"{name}_stderr": 0.5 for name in edges}, attrs={"replicas": 2})
    rows = table(found, xr.Dataset(edges), ensemble).rows
    assert len(rows) == 3 * found.sizes["strength"]
    mean, even = (float(found[k][0, n]) for k, n in (("edge_mean", -1), ("edge_average", 0)))
    assert rows[3][6] == pytest.approx(mean / even)
    assert rows[3][8:] == [2.0, 2.0, 0.5] and rows[2][9] is None
    drawn = draw(
        "disorder",
        parameters=parameters,
        disorder=found,
        theory=xr.Dataset(edges),
        ensemble=ensemble,
    )
    curve = drawn.data[0][1]["realisations over even crystal"]
    assert curve[-1] == pytest.approx(mean / even)


def test_cells_that_differ_along_z_leave_the_average_crystal(config):
    config = disordered(config, isotopes=["Ti"])
    found = disorder_dataset(Model.from_config(config), config, log=lambda _: None)
    assert np.isnan(found["edge"][:, -1]).all() and np.isfinite(found["edge_average"]).all()
    assert "average crystal" in found.attrs["refused"]
    assert "average crystal" in parameters_dataset(config).attrs["stability_warning"]


def test_no_scan_takes_the_average_crystal_for_an_uneven_one(config):
    config["scan"] = [{"key": "disorder.mass.concentration", "values": [0.1]}]
    with pytest.raises(ConfigError, match=r"concentration is not for it: .*average crystal alone"):
        points(validate(config))
