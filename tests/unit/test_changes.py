"""A changed key in words: short values whole, of long lists what came and went."""

import pytest

from ferronhall.base import changes
from ferronhall.base.record import Record

FIELD = {"key": "field.omega_B_rad_per_ps", "values": [20, 40, 60, 80, 100, 120]}
LAYERS = {"key": "damping.sponge_layers", "values": [0, 1, 2, 3]}
CURVES = LAYERS | {"for_each": {"key": "lattice.ny", "values": [7, 9, 11]}}


def scan(*axes):
    return list(axes)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (scan(FIELD), scan(FIELD, LAYERS), "with damping.sponge_layers"),
        (scan(FIELD, LAYERS), scan(LAYERS), "without field.omega_B_rad_per_ps"),
        (
            scan(FIELD, LAYERS),
            scan(FIELD | {"values": [20, 40, 60, 80, 100, 130, 140]}, LAYERS),
            "field.omega_B_rad_per_ps with 130, 140 and without 120",
        ),
        (scan(), scan(FIELD), "with field.omega_B_rad_per_ps"),
        (scan(LAYERS, FIELD), scan(FIELD, LAYERS), "other order"),
        (
            scan(FIELD, LAYERS),
            scan(FIELD, CURVES),
            "with damping.sponge_layers for each lattice.ny, without damping.sponge_layers",
        ),
        (
            scan(CURVES),
            scan(CURVES | {"for_each": {"key": "lattice.ny", "values": [7, 9]}}),
            "damping.sponge_layers for each lattice.ny otherwise changed",
        ),
    ],
)
def test_of_a_scan_its_axes_and_values(old, new, words):
    assert changes.in_words("scan", old, new) == f"scan: {words}"


def test_a_long_list_is_told_by_its_entries():
    old, new = list(range(100, 130)), list(range(110, 131))
    assert (
        changes.in_words("laboratory.temperatures_K", old, new)
        == "laboratory.temperatures_K: with 130 and without 100, 101, 102, 103, 104, 5 more"
    )


def test_what_is_short_stands_whole():
    assert changes.in_words("field.direction", [0, 0, 1], [0, 1, 0]) == (
        "field.direction: [0, 0, 1] → [0, 1, 0]"
    )
    assert changes.in_words("time.t_max_ps", 2.0, 3.0) == "time.t_max_ps: 2.0 → 3.0"


def test_the_reason_of_a_rerun_says_it():
    before, after = ({"config": {"scan": scan(FIELD, *more)}} for more in ((), (LAYERS,)))
    reason = str(Record(before, {}).difference(Record(after, {})))
    assert "scan: with damping.sponge_layers" in reason and "values" not in reason
