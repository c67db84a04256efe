"""Outputs of pw.x and ph.x, read in our units; damaged ones are refused."""

import re

import numpy as np
import pytest
import yaml

from ferronhall.base import yaml_files
from ferronhall.base.errors import DataFileError, FirstPrinciplesError
from ferronhall.crystals.first_principles import crystal, response
from ferronhall.crystals.first_principles.quantum_espresso import ph_output, pw_output
from tests.unit.first_principles.printed import DATA, read


def test_energy_and_forces():
    text = read("relax.out")
    assert pw_output.energy(text, "relax.out") == pytest.approx(-268.84781733 * 13.605693, rel=1e-8)
    forces = pw_output.forces(text, "relax.out")
    assert forces.shape == (5, 3)
    # Ry/bohr in eV/Å
    assert forces[0, 2] == pytest.approx(0.00000214 * 25.711043, rel=1e-6)
    # no net force on the crystal, within the digits printed
    assert np.abs(forces.sum(axis=0)).max() < 5 * 25.711 * 0.5e-8


def test_a_relaxed_structure(section, tmp_path):
    start = crystal.start(section, "tetragonal")
    relaxed = pw_output.relaxed(read("relax.out"), "relax.out", start)
    assert (relaxed.a, relaxed.c) == (start.a, start.c)
    assert relaxed.positions[1] == pytest.approx([0.5, 0.5, 0.5192758777])
    yaml_files.write(crystal.content(relaxed), tmp_path / "s.yaml")
    again = crystal.read(tmp_path / "s.yaml")
    assert again.positions == pytest.approx(relaxed.positions, abs=0)
    assert (again.phase, again.symbols) == ("tetragonal", ("Ba", "Ti", "O", "O", "O"))
    (tmp_path / "s.yaml").write_text("phase: cubic\n")
    with pytest.raises(DataFileError, match="move it to another folder and run again"):
        crystal.read(tmp_path / "s.yaml")


def test_a_relaxed_cell_has_the_volume_that_was_printed(section):
    start = crystal.start(section, "tetragonal")
    text = read("vc-relax.out")
    printed = float(re.search(r"\(\s*(\S+) Ang\^3", text).group(1))
    assert pw_output.relaxed(text, "vc-relax.out", start).volume == pytest.approx(printed, rel=1e-6)


def test_the_polarization_in_our_units():
    found = pw_output.polarization(read("berry.out"), "berry.out")
    phase = float(re.search(r"TOTAL PHASE:\s+(\S+)", read("berry.out")).group(1))
    # P Ω = (phase / 2π) e c; the phase is printed in units of 2π with five digits
    assert found == pytest.approx(phase * 4.066228, abs=0.6e-5 * 4.07)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda text: text.replace("JOB DONE.", ""), "ends without 'JOB DONE.'"),
        (lambda text: text[: len(text) // 2], "ends without"),
        (
            lambda text: text.replace("bfgs converged", "convergence NOT achieved after 100 iter"),
            "did not converge",
        ),
        (
            lambda text: text.replace(
                "JOB DONE.", "Error in routine cdiaghg (5):\n  S matrix not positive definite"
            ),
            r"cdiaghg \(5\): S matrix not positive definite",
        ),
    ],
)
def test_an_unfinished_run_is_refused(section, spoil, reason):
    text = spoil(read("relax.out"))
    start = crystal.start(section, "tetragonal")
    for parse in (pw_output.energy, pw_output.forces, lambda *a: pw_output.relaxed(*a, start)):
        with pytest.raises(FirstPrinciplesError, match=rf"there/relax\.out.*{reason}"):
            parse(text, "there/relax.out")


def test_an_output_of_another_run_is_refused():
    with pytest.raises(FirstPrinciplesError, match="holds no Berry phase"):
        pw_output.polarization(read("relax.out"), "relax.out")
    with pytest.raises(FirstPrinciplesError, match="holds no total energy"):
        pw_output.energy(read("berry.out"), "berry.out")


def test_the_response(tmp_path):
    found = ph_output.response(DATA / "toy.dyn1")
    assert found.dielectric.diagonal() == pytest.approx([6.058312, 6.058312, 5.684590], abs=1e-6)
    assert found.born_charges.shape == (5, 3, 3)
    assert found.born_charges[1, 2, 2] == pytest.approx(6.026425, abs=1e-6)
    # fourfold axis: the first two oxygens are exchanged with x and y
    assert found.born_charges[2, 0, 0] == pytest.approx(found.born_charges[3, 1, 1])
    assert len(found.frequencies) == 15
    response.write(found, crystal.labels(("Ba", "Ti", "O", "O", "O")), tmp_path / "r.yaml")
    assert list(yaml.safe_load((tmp_path / "r.yaml").read_text())["born_charges_e"]) == [
        *("Ba", "Ti", "O1", "O2", "O3")
    ]


@pytest.mark.parametrize("cut", ["Dielectric Tensor", "atom #    4", "freq (    9)"])
def test_a_truncated_dynamical_matrix_is_refused(tmp_path, cut):
    path = tmp_path / "toy.dyn1"
    path.write_text(read("toy.dyn1").partition(cut)[0])
    with pytest.raises(
        FirstPrinciplesError, match=r"toy\.dyn1: no .* move it to another folder and run again"
    ):
        ph_output.response(path)


def test_the_list_of_wave_vectors(tmp_path):
    assert ph_output.q_point_count(DATA / "toy.dyn0") == 2
    cut = tmp_path / "toy.dyn0"
    cut.write_text("\n".join(read("toy.dyn0").splitlines()[:3]))
    with pytest.raises(FirstPrinciplesError, match="no complete list"):
        ph_output.q_point_count(cut)
