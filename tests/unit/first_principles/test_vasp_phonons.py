"""Forces of displaced supercells and linear response, from VASP's files to phonopy's."""

import numpy as np
import pytest
import yaml
from phonopy.harmonic.force_constants import compact_fc_to_full_fc

from ferronhall.base.errors import FirstPrinciplesError
from ferronhall.crystals.first_principles.crystal import Crystal
from ferronhall.crystals.first_principles.vasp import force_constants, plans, settings
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from tests.conftest import ROOT
from tests.unit.first_principles import vasp_files

DATA = ROOT / "data" / "batio3-pbesol" / "tetragonal" / "bto222.fc"


@pytest.fixture(scope="module")
def tetragonal():
    """The project's own tetragonal BaTiO3: section, structure, lattice dynamics."""
    path = ROOT / "config" / "first_principles" / "batio3_vasp.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["first_principles"]["tetragonal"]["supercell"] = [2, 2, 2]
    section = settings.check(content)["first_principles"]
    known = read_lattice_dynamics(DATA)
    a, _, c = known.cell.cell.diagonal()
    crystal = Crystal("tetragonal", a, c, tuple(known.cell.symbols), known.cell.scaled_positions)
    return section, crystal, known


@pytest.fixture
def back(tetragonal, tmp_path):
    """Files of its runs, as VASP would have written them with those force constants."""
    section, crystal, known = tetragonal
    response = plans.response(section, crystal)
    vasp_files.vasprun(
        tmp_path / "response.xml", response, born=known.born, dielectric=known.dielectric
    )
    ideal = plans.displacements(section, crystal)
    full = compact_fc_to_full_fc(ideal.primitive, known.force_constants)
    displaced = []
    for n, run in enumerate(plans.displaced(section, crystal)):
        moved = run.cell.scaled_positions - ideal.supercell.scaled_positions
        moved = (moved - np.round(moved)) @ run.cell.cell
        forces = -np.einsum("ijab,jb->ia", full, moved)
        displaced.append(tmp_path / f"{n:03d}.xml")
        # a drift, as the grid gives all atoms alike
        vasp_files.vasprun(displaced[-1], run, forces=forces + np.array([1e-3, 0.0, -2e-3]))
    return tmp_path / "response.xml", displaced


def test_the_phonons_come_out_again(tetragonal, back, tmp_path):
    section, crystal, known = tetragonal
    phonons, response, drift = force_constants.collect(section, crystal, *back)
    assert drift == pytest.approx(2e-3, abs=1e-6)
    assert response.born_charges == pytest.approx(known.born, abs=1e-7)
    assert response.dielectric == pytest.approx(known.dielectric, abs=1e-7)
    assert response.frequencies == pytest.approx(known.frequencies(np.zeros(3)), abs=2e-3)
    force_constants.write(phonons, tmp_path / "phonopy_params.yaml")
    found = read_lattice_dynamics(tmp_path / "phonopy_params.yaml")
    assert list(found.cell.symbols) == list(known.cell.symbols)
    assert found.cell.masses == pytest.approx([137.327, 47.867, *[15.999] * 3])
    for wave in ([0, 0, 0], [0.5, 0, 0], [0, 0, 0.5], [0.5, 0.5, 0.5]):
        expected = known.frequencies(wave)
        assert found.frequencies(wave) == pytest.approx(expected, abs=2e-3)


def test_results_in_one_anothers_folders(tetragonal, back):
    section, crystal, _ = tetragonal
    response, displaced = back
    with pytest.raises(FirstPrinciplesError, match=r"starts 0\.0.* Å off"):
        force_constants.collect(section, crystal, response, displaced[::-1])


def test_a_response_without_born_charges(tetragonal, back, tmp_path):
    section, crystal, _ = tetragonal
    vasp_files.vasprun(tmp_path / "bare.xml", plans.response(section, crystal))
    with pytest.raises(FirstPrinciplesError, match="not the result of a finished run"):
        force_constants.collect(section, crystal, tmp_path / "bare.xml", back[1])
