"""Force constants have to give back the forces they were made from, and the crystal's symmetry."""

import numpy as np
import pytest
from phonopy.file_IO import parse_FORCE_CONSTANTS, write_FORCE_CONSTANTS
from phonopy.harmonic.force_constants import compact_fc_to_full_fc

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.balance import balanced
from ferronhall.crystals.phonons.crystal_symmetry import symmetric_constants
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from tests.unit.phonons.espresso import DATA
from tests.unit.phonons.phonopy_folder import (
    HIGHEST,
    LOWEST,
    WRITERS,
    displaced,
    shipped,
    write_born,
    write_yaml,
)


@pytest.mark.parametrize("supercells", [1, 2, 3])
def test_too_few_random_supercells_are_refused(supercells, tmp_path):
    """Tetragonal BaTiO3 on 2 × 2 × 2 needs four."""
    path = write_yaml(tmp_path, displaced(supercells=supercells), forces=True, charges=True)
    with pytest.raises(ConfigError, match="do not determine the force constants"):
        read_lattice_dynamics(path)


def test_enough_random_supercells_are_read(tmp_path):
    path = write_yaml(tmp_path, displaced(supercells=4), forces=True, charges=True)
    found = read_lattice_dynamics(path)
    assert found.frequencies([0, 0, 0])[[0, -1]] == pytest.approx([LOWEST, HIGHEST], abs=2e-3)


@pytest.mark.parametrize("missing", ["a kind of atom", "the polar axis"])
def test_displacements_that_are_missing_are_refused(missing, tmp_path):
    crystal = displaced()
    full = compact_fc_to_full_fc(crystal.primitive, crystal.force_constants)
    dataset = crystal.dataset
    entries = [{**entry} for entry in dataset["first_atoms"]]
    if missing == "a kind of atom":
        entries = [entry for entry in entries if entry["number"] != 32]
    else:
        for entry in entries:
            entry["displacement"] = entry["displacement"] * [1, 1, 0]
            entry["forces"] = -np.einsum(
                "sij,j->si", full[:, entry["number"]], entry["displacement"]
            )
    crystal.dataset = {**dataset, "first_atoms": entries}
    path = write_yaml(tmp_path, crystal, forces=True, charges=True)
    with pytest.raises(ConfigError, match=r"not enough|do not determine"):
        read_lattice_dynamics(path)


def test_forces_of_other_displacements_are_refused(tmp_path):
    """Two supercells exchanged: no force constants give back such forces."""
    crystal = displaced()
    dataset = crystal.dataset
    first, *_, last = dataset["first_atoms"]
    first["forces"], last["forces"] = last["forces"], first["forces"]
    crystal.dataset = dataset
    path = write_yaml(tmp_path, crystal, forces=True, charges=True)
    with pytest.raises(ConfigError, match=r"give back the forces but for .* belong to other"):
        read_lattice_dynamics(path)


def test_the_residual_is_the_noise_of_the_forces(tmp_path):
    """Noise of 2e-4 eV/Å on forces, of which few are fitted away: nearly all of it is left."""
    crystal = displaced(noise=2e-4)
    path = write_yaml(tmp_path, crystal, forces=True, charges=True)
    size = np.sqrt(np.mean([np.mean(f**2) for f in crystal.forces]))
    (said,) = [n.text for n in read_lattice_dynamics(path).notes if "give back" in n.text]
    residual = float(said.split("but for ")[1].split(" %")[0]) / 100
    assert 0.8 < residual * size / 2e-4 < 1.05


def test_noisy_constants_are_symmetrised_and_the_size_is_said(tmp_path):
    crystal = displaced()
    WRITERS["FORCE_CONSTANTS"](crystal, tmp_path / "FORCE_CONSTANTS")
    exact = parse_FORCE_CONSTANTS(tmp_path / "FORCE_CONSTANTS")
    noise = 5e-4 * np.random.default_rng(0).normal(size=exact.shape)
    own = crystal.primitive.p2s_map
    write_FORCE_CONSTANTS(exact + noise, tmp_path / "FORCE_CONSTANTS", p2s_map=own)
    path = write_yaml(tmp_path, crystal)
    write_born(tmp_path / "BORN")
    found = read_lattice_dynamics(path)
    assert found.frequencies([0, 0, 0])[[0, -1]] == pytest.approx([LOWEST, HIGHEST], abs=0.01)
    # the two members of the soft mode are one again
    assert np.ptp(found.frequencies([0, 0, 0])[:2]) < 1e-6
    (said,) = [n.text for n in found.notes if "symmetrisation" in n.text]
    changed = float(said.split("by up to ")[1].split(" ")[0])
    # the largest of some thousand normal numbers, most of it averaged away
    assert 3 * 5e-4 < changed < 6 * 5e-4
    write_FORCE_CONSTANTS(exact[:, ::-1], tmp_path / "FORCE_CONSTANTS", p2s_map=own)
    with pytest.raises(ConfigError, match="lack the symmetry of the cell"):
        read_lattice_dynamics(path)


def on_mesh(crystal):
    """Constants as `balanced` takes them."""
    from ferronhall.crystals.phonons.lattice_dynamics import supercell_sites

    atoms, cells = supercell_sites(crystal.cell, crystal.mesh)
    constants = np.empty((5, 5, *crystal.mesh, 3, 3))
    constants[:, atoms, cells[:, 0], cells[:, 1], cells[:, 2]] = crystal.force_constants
    return constants


def test_symmetric_constants_are_those_of_phonopys_projector(rng):
    """Random numbers projected by another program, symfc, to the same symmetric ones."""
    crystal = shipped()
    noise = rng.normal(size=(5, 5, *crystal.mesh, 3, 3))
    ours = symmetric_constants(crystal.cell, crystal.mesh, noise)
    for a in range(5):
        ours[a, a, 0, 0, 0] -= ours[a].sum(axis=(0, 1, 2, 3))
    from ferronhall.crystals.phonons.lattice_dynamics import in_supercell

    theirs = crystal.phonopy()
    theirs.force_constants = in_supercell(crystal.cell, crystal.mesh, ours)
    theirs.symmetrize_force_constants(use_symfc_projector=True, show_drift=False)
    np.testing.assert_allclose(
        theirs.force_constants, in_supercell(crystal.cell, crystal.mesh, ours), atol=1e-8
    )


def test_a_large_step_of_the_sum_rule_is_said_aloud():
    crystal = shipped()
    constants = on_mesh(crystal)
    arguments = (crystal.born, crystal.dielectric, ("fc", "fc"))
    quiet = balanced(crystal.cell, crystal.mesh, constants, *arguments)
    assert not any(note.loud for note in quiet.notes)
    np.testing.assert_allclose(quiet.force_constants, crystal.force_constants, atol=1e-9)
    for atom in range(5):
        constants[atom, atom, 0, 0, 0] += 0.5 * np.eye(3)
    loud = balanced(crystal.cell, crystal.mesh, constants, *arguments)
    np.testing.assert_allclose(loud.force_constants, crystal.force_constants, atol=1e-9)
    (note,) = [note for note in loud.notes if note.loud]
    assert f"to {LOWEST:.3f} THz" in note.text and "by up to 0.5 eV/Å²" in note.text


def test_a_sum_of_charges_is_refused_by_its_component():
    crystal = shipped()
    born = crystal.born.copy()
    born[0, 0, 1] += 0.7
    born[1, 1, 1] += 0.1
    with pytest.raises(ConfigError, match=r"components xy add up to 0\.7 e"):
        balanced(crystal.cell, crystal.mesh, on_mesh(crystal), born, crystal.dielectric, ("a", "b"))


def test_units_are_said(tmp_path):
    found = read_lattice_dynamics(DATA / "cubic" / "bto333.fc")
    assert "Ry and bohr" in found.notes[0].text
