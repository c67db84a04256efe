"""What results record of their making, and what is refused for it."""

import json

import pytest
import xarray as xr

from ferronhall.base import record, storage
from ferronhall.base.errors import DataFileError
from ferronhall.base.record import Record

BLOCK = {
    "code": "c0",
    "config": {"campaign": "tiny", "temperature": {"T_hot_K": 50.0, "T_cold_K": 1e-4}},
    "material": "m0",
}
MADE = Record(BLOCK, {"ferronhall.engine.run": "r0", "ferronhall.model.bath": "b0"})
OTHER_CODE = Record(BLOCK | {"code": "c1"}, MADE.modules | {"ferronhall.engine.run": "r1"})


def hot(kelvin, made=MADE):
    """The same record at another temperature."""
    temperature = BLOCK["config"]["temperature"] | {"T_hot_K": kelvin}
    config = BLOCK["config"] | {"temperature": temperature}
    return Record(made.block | {"config": config}, made.modules)


def write(path, made, **attributes):
    """A dataset with a record."""
    dataset = xr.Dataset({"a": ("x", [1.0, 2.0]), "b": ("x", [3.0, 4.0])}, attrs=attributes)
    storage.write(dataset.assign_attrs(made.attributes(dataset)), path)
    return path


def test_a_record_is_read_as_it_was_written(tmp_path):
    assert record.read(write(tmp_path / "a.nc", MADE)) == MADE
    assert not MADE.difference(MADE)


def test_keys_modules_and_contents_are_told_apart():
    assert str(hot(70.0).difference(MADE)) == "temperature.T_hot_K: 70.0 → 50.0"
    assert str(MADE.difference(OTHER_CODE)) == "code: engine.run"
    assert MADE.difference(OTHER_CODE).code_alone
    both = hot(70.0, OTHER_CODE).difference(MADE)
    assert str(both) == "temperature.T_hot_K: 70.0 → 50.0, code: engine.run"
    assert not both.code_alone
    material = MADE.difference(Record(BLOCK | {"material": "m1"}, MADE.modules))
    assert str(material) == "other material" and not material.code_alone


def test_a_result_of_an_older_version_records_its_configuration_alone(tmp_path):
    config = BLOCK["config"] | {"material": "config/materials/batio3.yaml"}
    old = xr.Dataset({"a": ("x", [1.0])}, attrs={"config": json.dumps(config)})
    storage.write(old, tmp_path / "a.nc")
    difference = record.read(tmp_path / "a.nc").difference(MADE)
    assert difference.code_alone and "not recorded" in str(difference)
    assert record.read(tmp_path / "a.nc").difference(hot(70.0)).keys == {
        "temperature.T_hot_K": (50.0, 70.0)
    }


def test_another_configuration_is_refused_with_both_values_and_the_way_out(tmp_path):
    path = write(tmp_path / "a.nc", MADE)
    for accept in (False, True):
        with pytest.raises(DataFileError) as refused:
            record.require({path: hot(70.0)}, accept)
        for part in (str(path), "temperature.T_hot_K: 50.0 → 70.0", "--forcerun", "`campaign`"):
            assert part in str(refused.value)
        assert "accept_code" not in str(refused.value)


def test_other_code_is_refused_or_accepted_and_noted(tmp_path):
    paths = [write(tmp_path / f"{name}.nc", MADE) for name in "ab"]
    wanted = dict.fromkeys(paths, OTHER_CODE)
    with pytest.raises(DataFileError, match=r"a\.nc.*engine\.run.*accept_code=true"):
        record.require(wanted, False)
    assert record.require(wanted, True) == f"{paths[0]} and 1 more: code: engine.run"
    assert record.require(dict.fromkeys(paths, MADE), False) == ""


def test_the_file_that_differs_from_today_is_named_not_the_new_one(tmp_path):
    old, new = write(tmp_path / "old.nc", MADE), write(tmp_path / "new.nc", OTHER_CODE)
    with pytest.raises(DataFileError, match=r"old\.nc") as refused:
        record.require({new: OTHER_CODE, old: OTHER_CODE}, False)
    assert "new.nc" not in str(refused.value)


def test_what_is_made_from_accepted_files_hands_the_note_on(tmp_path):
    note = "some.nc: code: engine.run"
    path = write(tmp_path / "a.nc", Record(MADE.block, MADE.modules, note))
    assert record.require({path: MADE}, False) == note


def test_a_note_that_comes_by_several_ways_stands_once(tmp_path):
    shared, own = "parameters.nc: code: model.cells", "twin.nc: code: model.cells"
    notes = {"a": shared, "b": f"{own}; {shared}"}
    files = [
        write(tmp_path / f"{name}.nc", Record(MADE.block, MADE.modules, note))
        for name, note in notes.items()
    ]
    assert record.require(dict.fromkeys(files, MADE), False) == f"{shared}; {own}"
    data = xr.Dataset(attrs={"accepted_code": shared})
    made = Record(MADE.block, MADE.modules, notes["b"])
    assert made.attributes(data)["accepted_code"] == f"{shared}; {own}"


def test_a_variable_that_was_lost_is_named_with_its_file(tmp_path):
    path = write(tmp_path / "theory.nc", MADE)
    storage.write(storage.read(path).drop_vars("b"), path)
    with pytest.raises(DataFileError, match=r"theory\.nc: it was written with b and holds no such"):
        record.require({path: MADE}, True)


def test_a_file_of_another_program_is_refused(tmp_path):
    storage.write(xr.Dataset({"a": ("x", [1.0])}), tmp_path / "a.nc")
    with pytest.raises(DataFileError, match="records no configuration"):
        record.require({tmp_path / "a.nc": MADE}, True)
