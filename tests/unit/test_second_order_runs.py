"""The plan of second-order runs: its configuration, structures, inputs and names."""

import copy
import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.second_order import polarizations, run_paths, run_settings, runs

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load(
    (ROOT / "config" / "first_principles" / "second_order.yaml").read_text(encoding="utf-8")
)
DATA = ROOT / "data" / "second-order"


@pytest.fixture(scope="module")
def section():
    return run_settings.check(CONFIG)["first_principles"]


def changed(path, value):
    content = copy.deepcopy(CONFIG)
    *groups, last = path
    target = content["first_principles"]
    for group in groups:
        target = target[group]
    target[last] = value
    return content


def test_every_run_has_a_name_that_its_wildcard_matches(section):
    names = list(runs.runs(section))
    assert len(names) == len(set(names)) > 60
    assert all(re.fullmatch(run_paths.WILDCARDS["run"], name) for name in names)


def test_an_order_parameter_is_that_of_the_atoms(section):
    group = section["crystals"]["HfO2"]
    cell = runs.parent(group)
    pair, _ = runs.patterns(group, ("X5+,x:O", "X2-,x:O"))
    crystal = runs.displaced(cell, pair, (0.06, 0.0))
    moved = (crystal.positions - cell.positions) * cell.edges
    # the eight oxygens move by the same length, and Q² = Σu²/N with N = 4
    lengths = np.linalg.norm(moved, axis=1)
    assert lengths == pytest.approx([0.0] * 4 + [0.06 / np.sqrt(2)] * 8)


def test_inputs_differ_in_what_varies_alone(section):
    found = runs.runs(section)
    base = runs.steps(section, found["SrTiO3/X1+zTi_X3-zO_bond/base/+0.060_+0.060"])
    other = runs.steps(section, found["SrTiO3/X1+zTi_X3-zO_bond/cutoff/+0.060_+0.060"])
    for one, two in zip(base, other, strict=True):
        lines = zip(one.text.splitlines(), two.text.splitlines(), strict=True)
        assert [pair for pair in lines if pair[0] != pair[1]] == [
            (" ecutwfc = 66", " ecutwfc = 80")
        ]
    assert "ibrav = 6" in base[0].text and "lberry = .true." in base[1].text
    chain = runs.steps(section, found["BaTiO3-chain/localzcos_localxsin/base/+0.080_+0.080"])[
        0
    ].text
    assert " ibrav = 8\n A = 15.940944\n B = 3.985236\n C = 3.985236\n" in chain


def test_the_committed_polarizations_are_those_of_the_configured_inputs(section):
    found = runs.runs(section)
    rows = polarizations.read(DATA / "polarizations.csv")
    assert rows
    by_name = {run.key: run for run in found.values()}
    for row in rows:
        run = next(
            run
            for run in by_name.values()
            if (run.crystal, *run.labels, run.variation, *run.amplitudes)
            == tuple(
                row[k] for k in ("crystal", "first", "second", "variation", "first_A", "second_A")
            )
        )
        assert runs.inputs_digest(section, run) == row["inputs"], run.key


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("crystals", "HfO2", "species"), ["Hf"], "crystals.HfO2.species"),
        (("crystals", "HfO2", "species"), ["Hf", "N"], "'N' is not among the symbols"),
        (("crystals", "HfO2", "species"), ["Hf", "Ti", "O"], "a fluorite has 2 elements, M, O"),
        (("crystals", "HfO2", "cutof_Ry"), 66.0, "cutoff_Ry"),
        (("crystals", "HfO2", "cutoff_Ry"), "66", "cutoff_Ry"),
        (("crystals", "HfO2", "density_cutoff_Ry"), 100.0, "four times cutoff_Ry, 264.0 Ry"),
        (
            ("crystals", "HfO2", "pairs", 0, "modes"),
            ["X5+,y:O", "X2-,z:O"],
            "carry no second-order dipole along z, by symmetry; they do along no axis",
        ),
        (
            ("crystals", "HfO2", "pairs", 0, "modes"),
            ["X5+,y:N", "X2-,z:O"],
            "mode 'X5+,y:N' is not one of this crystal",
        ),
        (
            ("crystals", "HfO2", "pairs", 0, "amplitudes_A"),
            [[0.0123, 0.01]],
            "0.0123 has more than three decimals, and runs are named by three; write 0.012",
        ),
        (
            ("crystals", "HfO2", "pairs", 0, "amplitudes_A"),
            [[0.01, 0.01], [0.01, 0.01]],
            "stands there 2 times; once is enough",
        ),
        (
            ("crystals", "BaTiO3-chain", "supercell"),
            [2, 1, 1],
            "perovskite with the supercell [n, 1, 1], n of 3 or more",
        ),
        (
            ("crystals", "SrTiO3", "variations", 0, "name"),
            "base",
            "variations.0.name: 'base' is not allowed",
        ),
    ],
)
def test_mistakes_are_named(path, value, words):
    with pytest.raises(ConfigError, match=re.escape(words)):
        run_settings.check(changed(path, value))
