"""Scans: the configuration of every point, what is refused and why, how points come together."""

import copy
import json

import numpy as np
import pytest

from ferronhall.base import storage
from ferronhall.base.errors import ConfigError
from ferronhall.campaign.config import validate
from ferronhall.campaign.scan.axes import rows
from ferronhall.campaign.scan.collection import scan_dataset
from ferronhall.campaign.scan.point import point_dataset
from ferronhall.campaign.scan.variation import points, scannable
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.results import figures
from ferronhall.results.scan_rows import curve_name, curves, has_curves, panels
from ferronhall.results.tables import result_table
from tests.conftest import BATIO3, CONFIG
from tests.unit.synthetic_campaign import make_scan


def silent(_):
    """A log that keeps nothing."""


def scanning(config, *scan):
    """The validated config with axes given as (key, values)."""
    return validate(config | {"scan": [{"key": k, "values": v} for k, v in scan]})


def test_without_a_scan_there_are_no_points(config):
    assert points(validate(config)) == {}


def test_every_point_varies_one_key_from_the_base(config):
    found = points(scanning(config, ("lattice.ny", [7, 6]), ("field.omega_B_rad_per_ps", [2.5])))
    assert set(found) == {"base", "lattice.ny/6", "lattice.ny/7", "field.omega_B_rad_per_ps/2.5"}
    assert found["base"] == config
    expected = config | {"lattice": config["lattice"] | {"ny": 7}}
    assert found["lattice.ny/7"] == expected
    assert isinstance(found["lattice.ny/7"]["lattice"]["ny"], int)


def test_the_base_belongs_to_every_axis_and_is_computed_once(config):
    content = scanning(config, ("lattice.ny", [7, 5]), ("lattice.padding_y", ["isolated"]))
    found = [(row.axis.key, row.value, row.point) for row in rows(content)]
    assert found == [
        ("lattice.ny", 5, "base"),
        ("lattice.ny", 7, "lattice.ny/7"),
        ("lattice.padding_y", 2.0, "base"),
        ("lattice.padding_y", "isolated", "lattice.padding_y/isolated"),
    ]
    assert set(points(content)) == {"base", "lattice.ny/7", "lattice.padding_y/isolated"}


def test_a_preset_brings_its_dipolar_kernel(config):
    found = points(scanning(config, ("short_range.preset", ["pbesol-s11", "wc-gaussian"])))
    kernels = [c["dipole"]["kernel"] for c in found.values()]
    assert kernels == ["gaussian", "longitudinal", "gaussian"]


def test_the_stiffness_across_the_well_is_that_of_the_point(config):
    """As from a material file that has it, in the model and in what parameters.nc keeps of it."""
    key = "onsite.transverse_eV_per_A2"
    found = points(scanning(config, (key, [1.5])))
    assert set(found) == {"base", f"{key}/1.5"}
    stiffness = {n: Model.from_config(c).material.onsite.transverse for n, c in found.items()}
    assert stiffness == {"base": 0.1, f"{key}/1.5": 1.5}
    written = parameters_dataset(found[f"{key}/1.5"])
    assert Model.from_dataset(written).material.onsite.hessian[1:].tolist() == [1.5, 1.5]


def test_what_a_scan_can_vary(config):
    keys = scannable(validate(config))
    assert {"lattice.ny", "short_range.preset", "temperature.shape", "dipole.eta_a"} <= set(keys)
    groups = {key.split(".")[0] for key in keys}
    assert not groups & {"campaign", "time", "ensemble", "checkpoint", "theory", "scan"}


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        (("lattice.nyy", [7]), ["scan.0.key: 'lattice.nyy'", "did you mean lattice.ny"]),
        (("lattice", [7]), ["'lattice' is not a key", "lattice.nx"]),
        (("time.dt_ps", [0.001]), ["scan.0.key", "time.dt_ps", "neither time step nor sampling"]),
        (
            ("ensemble.replicas", [3]),
            ["neither noise nor replicas", "vary material, lattice.nx"],
        ),
        (("checkpoint.restart", [1]), ["no trajectories"]),
        (("theory.closure", ["site"]), ["every point takes the averaged closure"]),
        (("material", ["a.yaml"]), ["scan: material = a is refused", "'a.yaml'"]),
        (("material", [3]), ["scan.0.values: 3 is a number", "path of a material file"]),
        (("material", [str(BATIO3), f"{BATIO3.parent}/./batio3.yaml"]), ["batio3 stands there 2"]),
        (("field.direction", [1]), ["three numbers"]),
        (("lattice.ny", [7, 9, 7.0]), ["scan.0.values", "7 stands there 2 times"]),
        (("lattice.ny", [7, 4]), ["lattice.ny = 4 is refused", "below the smallest allowed", "5"]),
        (("lattice.ny", ["7"]), ["lattice.ny = 7 is refused", "take the quotes away"]),
        (("damping.sponge_layers", [3]), ["sponge_layers = 3 is refused", "at most 2"]),
        (("short_range.preset", ["pbesol"]), ["preset = pbesol is refused", "pbesol-gaussian"]),
        (("dipole.kernel", ["longitudinal"]), ["dipole.kernel = longitudinal", "made for"]),
        (("lattice.ny", []), ["scan.0.values", "0 entries"]),
        (("lattice.ny", [True]), ["scan.0.values.0", "True is not a number"]),
    ],
)
def test_a_mistake_names_axis_value_and_remedy(config, axis, words):
    with pytest.raises(ConfigError) as error:
        points(scanning(config, axis))
    for word in words:
        assert word in str(error.value)


def test_two_keys_together(config):
    """Every value of one at every value of the other, with what lies on an axis computed once."""
    group = {"key": "lattice.ny", "values": [7]}
    each = {"key": "field.omega_B_rad_per_ps", "values": [1.0]}
    content = validate(config | {"scan": [group, group | {"for_each": each}]})
    both = "lattice.ny/7/field.omega_B_rad_per_ps/1"
    found = points(content)
    assert set(found) == {"base", "lattice.ny/7", "field.omega_B_rad_per_ps/1", both}
    assert found[both]["lattice"]["ny"] == 7
    assert found[both]["field"]["omega_B_rad_per_ps"] == 1.0
    solved = [point_dataset(name, c, log=silent) for name, c in found.items()]
    scan = scan_dataset(content, solved)
    assert scan["value"].values.tolist() == ["5", "7"] * 3
    assert scan["each_value"].values.tolist() == ["", "", "1", "1", "80", "80"]
    by_name = {p.attrs["point"]: p for p in solved}
    names = ["base", "lattice.ny/7", "field.omega_B_rad_per_ps/1", both, "base", "lattice.ny/7"]
    for row, name in enumerate(names):
        np.testing.assert_array_equal(scan["edge"][row], by_name[name]["edge"])
    table = result_table("scan", scan=scan)
    assert table.columns[2] == "for each"
    assert [row[2] for row in table.rows[::3]] == [
        *[None] * 2,
        *["field.omega_B_rad_per_ps = 1"] * 2,
        *["field.omega_B_rad_per_ps = 80"] * 2,
    ]
    single, family = panels(scan)
    assert not has_curves(single) and has_curves(family)
    assert [curve_name(c) for c in curves(family)] == [row[2] for row in table.rows[6::6]]
    drawn = figures.draw("scan", scan=scan)
    panel = dict(drawn.data)["a: lattice.ny"]
    assert panel["each_value"].tolist() == ["1", "1", "80", "80"]


def test_two_keys_that_are_one(config):
    group = {"key": "lattice.ny", "values": [7], "for_each": {"key": "lattice.ny", "values": [6]}}
    with pytest.raises(ConfigError, match=r"scan\.0\.for_each\.key: lattice\.ny varies already"):
        points(validate(config | {"scan": [group]}))


def test_another_material_comes_with_its_own_preset(config):
    lead = str(BATIO3.with_name("pbtio3.yaml"))
    content = scanning(config, ("material", [lead]))
    found = points(content)
    assert set(found) == {"base", "material/pbtio3"}
    assert found["material/pbtio3"]["short_range"]["preset"] == "dft-gaussian"
    mass = {n: Model.from_config(c).material.mode.mass[0, 0] for n, c in found.items()}
    assert mass["base"] != mass["material/pbtio3"]
    assert [row.value for row in rows(content)] == [str(BATIO3), lead]


@pytest.mark.parametrize("beside_its_namesake", [False, True])
def test_two_materials_of_one_file_name(config, tmp_path, beside_its_namesake):
    """Named by the file alone another crystal would be taken for the base, or for its namesake."""
    other = tmp_path / "batio3.yaml"
    other.write_bytes(BATIO3.with_name("pbtio3.yaml").read_bytes())
    values = [str(other), *([str(BATIO3)] if beside_its_namesake else [])]
    group = {"key": "lattice.ny", "values": [7]}
    each = {"key": "material", "values": values}
    for scan in ([each], [group | {"for_each": each}]):
        with pytest.raises(ConfigError) as error:
            points(validate(config | {"scan": scan}))
        message = str(error.value)
        assert str(other) in message and str(BATIO3) in message
        assert "different files" in message and "give one of them another name" in message


def test_a_key_scanned_twice(config):
    content = scanning(config, ("lattice.ny", [7]), ("lattice.ny", [9]))
    with pytest.raises(ConfigError, match=r"scan\.1\.key: lattice\.ny has an axis already"):
        points(content)


def test_points_stand_in_the_order_of_the_axes(config):
    content = scanning(config, ("lattice.nz", [3, 1]), ("temperature.shape", ["linear"]))
    solved = [point_dataset(name, c, log=silent) for name, c in points(content).items()]
    scan = scan_dataset(content, reversed(solved))
    assert scan["key"].values.tolist() == ["lattice.nz"] * 3 + ["temperature.shape"] * 2
    assert scan["value"].values.tolist() == ["1", "2", "3", "tanh", "linear"]
    np.testing.assert_array_equal(scan["number"], [1, 2, 3, np.nan, np.nan])
    assert scan["base"].values.tolist() == [False, True, False, True, False]
    by_name = {p.attrs["point"]: p for p in solved}
    names = ["lattice.nz/1", "base", "lattice.nz/3", "base", "temperature.shape/linear"]
    for row, name in enumerate(names):
        np.testing.assert_array_equal(scan["edge"][row], by_name[name]["edge"])
    assert float(scan["published"].sel(map="delta_polarization")) == 16.0
    assert np.isnan(scan["published"].sel(map="delta_kinetic_energy"))


def test_an_unstable_point_has_no_values_but_a_reason(config):
    config["lattice"] |= {"nx": 11, "ny": 7, "nz": 5}
    config["short_range"]["preset"] = "nishimatsu2010"
    config["dipole"]["kernel"] = "longitudinal"
    lines = []
    point = point_dataset("short_range.preset/nishimatsu2010", config, log=lines.append)
    assert np.isnan(point["edge"]).all() and np.isnan(point["extreme"]).all()
    assert all("the ferroelectric state is unstable" in str(f) for f in point["failure"].values)
    assert any("no result" in line for line in lines)


def test_reasons_survive_the_files(config, tmp_path):
    content = scanning(config, ("lattice.nz", [3]))
    good, bad = (point_dataset(n, c, log=silent) for n, c in points(content).items())
    bad["failure"] = ("approximation", ["a reason of some length"] * 4)
    for name, point in (("good", good), ("bad", bad)):
        storage.write(point, tmp_path / f"{name}.nc")
    read = [storage.read(tmp_path / f"{name}.nc") for name in ("good", "bad")]
    storage.write(scan_dataset(content, read), tmp_path / "scan.nc")
    failures = storage.read(tmp_path / "scan.nc")["failure"].values.tolist()
    assert failures == [[""] * 4, ["a reason of some length"] * 4]


def test_the_harmonic_theory_outlives_the_closure(config):
    config["temperature"] |= {"T_hot_K": 2000.0, "hot_fraction": 0.6}
    point = point_dataset("temperature.T_hot_K/2000", config, log=silent)
    harmonic, closure = (
        str(point["failure"].sel(approximation=a).values) for a in ("harmonic", "closure")
    )
    assert harmonic == "" and "T_hot_K" in closure
    assert np.isfinite(point["edge"].sel(approximation="harmonic")).all()
    assert np.isnan(point["edge"].sel(approximation="closure")).all()


def test_the_figure_marks_base_and_failures():
    scan = make_scan()
    drawn = figures.draw("scan", scan=scan)
    panels = drawn.figure.axes
    assert len(panels) == 6
    for n, axes_ in enumerate(panels):
        key = ("lattice.ny", "short_range.preset")[n // 3]
        rows = scan.isel(row=np.flatnonzero(scan["key"] == key))
        edge = rows["edge"].values[:, n % 3, 1]
        lines = {line.get_label(): line for line in axes_.lines}
        plotted = lines["Gaussian closure"].get_ydata()
        assert plotted.size == edge.size
        np.testing.assert_array_equal(np.isnan(plotted), np.isnan(edge))
        assert lines["base"].get_xdata().size == 1
        crosses = [line for line in axes_.lines if line.get_marker() == "x"]
        assert [line.get_xdata().size for line in crosses] == [np.isnan(edge).sum()]
    labels = [t.get_text() for t in panels[3].get_xticklabels()]
    assert labels == ["pbesol-gaussian", "wc-residual"]


def test_the_table_gives_the_reason():
    scan = make_scan()
    table = result_table("scan", scan=scan)
    assert len(table.rows) == 3 * scan.sizes["row"]
    remarks = [row[-1] for row in table.rows]
    assert [remark for remark in remarks if remark == "base"] == ["base"] * 6
    failed = [row for row in table.rows if row[-1] == "unstable"]
    assert len(failed) == 3 and all(row[4:-1] == [None] * 9 for row in failed)
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_a_scan_beside_an_uneven_crystal_is_of_the_average_one():
    scan = make_scan()
    recorded = json.loads(scan.attrs["config"])
    uneven = copy.deepcopy(CONFIG["disorder"])
    uneven["mass"] = {"concentration": 0.5, "change": 0.1}
    for disorder, said in ((None, False), (CONFIG["disorder"], False), (uneven, True)):
        config = recorded | ({"disorder": disorder} if disorder else {})
        found = scan.assign_attrs(config=json.dumps(config))
        table, drawn = result_table("scan", scan=found), figures.draw("scan", scan=found)
        small = " ".join(text.get_text() for text in drawn.figure.texts)
        assert ("average crystal" in " ".join(table.notes)) == said
        assert ("average crystal" in small) == said


def test_the_table_says_where_p_turns():
    scan = make_scan()
    turns = scan["turns"].copy()
    turns[0] = ["", "P turns", "", "P turns"]
    table = result_table("scan", scan=scan.assign(turns=turns))
    remarks = [row[-1] for row in table.rows]
    assert remarks[:3] == ["closure: P turns; closure, quantum: P turns"] * 3
    assert not any("P turns" in str(remark) for remark in remarks[3:])
