"""Inputs that are written for pw.x, ph.x and q2r.x."""

import re

import pytest

from ferronhall.crystals.first_principles import crystal
from ferronhall.crystals.first_principles.quantum_espresso import plans


def parsed(text):
    """Entries of the namelists of an input, and its lines after them."""
    entries = re.findall(r"^ (\w+) = (.*)$", text, re.MULTILINE)
    number = re.compile(r"[-+.\d]+(d[-+]?\d+)?$")
    values = {
        key.lower(): float(value.replace("d", "e")) if number.match(value) else value.strip("'")
        for key, value in entries
    }
    return values, text.rpartition("\n/\n")[2].splitlines()


def test_the_ground_state_of_the_cubic_phase(section):
    steps = plans.dynamical_matrix(section, crystal.start(section, "cubic"), 2)
    assert [(step.program, step.name) for step in steps] == [("pw", "scf"), ("ph", "q2")]
    values, cards = parsed(steps[0].text)
    wanted = {
        "calculation": "scf",
        "prefix": "bto",
        "ibrav": 1,
        "a": 3.985236,
        "nat": 5,
        "ntyp": 3,
        "ecutwfc": 80,
        "ecutrho": 400,
        "occupations": "fixed",
        "conv_thr": 1e-13,
        "mixing_beta": 0.7,
        "tprnfor": ".true.",
        "tstress": ".true.",
        "verbosity": "high",
        "outdir": "./out",
        "pseudo_dir": "./pseudo",
    }
    assert values == wanted
    assert cards == [
        "ATOMIC_SPECIES",
        "Ba 137.327 Ba.upf",
        "Ti 47.867 Ti.upf",
        "O 15.999 O.upf",
        "ATOMIC_POSITIONS crystal",
        "Ba 0.0000000000 0.0000000000 0.0000000000",
        "Ti 0.5000000000 0.5000000000 0.5000000000",
        "O 0.0000000000 0.5000000000 0.5000000000",
        "O 0.5000000000 0.0000000000 0.5000000000",
        "O 0.5000000000 0.5000000000 0.0000000000",
        "K_POINTS automatic",
        "6 6 6 1 1 1",
    ]


def test_the_linear_response(section):
    cubic = crystal.start(section, "cubic")
    for q, field in ((1, ".true."), (4, None)):
        values, _ = parsed(plans.dynamical_matrix(section, cubic, q)[1].text)
        assert values.get("epsil") == field
        assert [values[f"nq{axis}"] for axis in (1, 2, 3)] == [3, 3, 3]
        assert (values["start_q"], values["last_q"]) == (q, q)
        assert (values["tr2_ph"], values["recover"], values["ldisp"]) == (1e-14, ".true.", ".true.")
        assert values["fildyn"] == "bto.dyn"
    values, _ = parsed(plans.force_constants(section)[0].text)
    assert values == {"fildyn": "bto.dyn", "zasr": "crystal", "flfrc": "bto.fc"}


def test_the_relaxations(section):
    values, cards = parsed(plans.relaxation(section, "tetragonal")[0].text)
    assert (values["calculation"], values["ibrav"]) == ("relax", 6)
    assert (values["a"], values["c"]) == (3.969504, 4.066228)
    assert (values["forc_conv_thr"], values["etot_conv_thr"]) == (2e-5, 1e-7)
    assert "ecutrho" not in values
    assert "Ti 0.5000000000 0.5000000000 0.5166047095" in cards
    section["cubic"]["relax"] = "cell"
    text = plans.relaxation(section, "cubic")[0].text
    values, _ = parsed(text)
    assert (values["calculation"], values["cell_dofree"]) == ("vc-relax", "ibrav")
    assert values["press_conv_thr"] == 0.05
    # the program reads its namelists in this order
    order = ["&control", "&system", "&electrons", "&ions", "&cell"]
    assert re.findall(r"^&\w+", text, re.MULTILINE) == order


def test_a_point_of_the_path(section):
    relaxed = crystal.start(section, "tetragonal")
    ground_state, berry = plans.path_point(section, relaxed, 0.25)
    values, cards = parsed(berry.text)
    assert (values["calculation"], values["lberry"], values["gdir"]) == ("nscf", ".true.", 3)
    assert values["nppstr"] == 9
    assert cards[-1] == "6 6 1 1 1 0"
    atoms = slice(cards.index("ATOMIC_POSITIONS crystal") + 1, -2)
    assert cards[atoms][1] == "Ti 0.5000000000 0.5000000000 0.5041511774"
    assert cards[atoms][4] == "O 0.5000000000 0.5000000000 -0.0078857429"
    # charge density and Bloch states are those of one crystal
    assert parsed(ground_state.text)[1][atoms] == cards[atoms]


def test_the_path_takes_the_nearest_image(section):
    relaxed = crystal.start(section, "tetragonal")
    wrapped = relaxed.at(relaxed.positions % 1)
    for coordinate in (0.0, 0.5, 1.0):
        expected = plans.on_path(section, relaxed, coordinate).positions
        assert plans.on_path(section, wrapped, coordinate).positions == pytest.approx(expected)
