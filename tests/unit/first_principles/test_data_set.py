"""The data set that finished runs are gathered into: branches, switching path, dataset.yaml."""

import numpy as np
import pytest
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base.errors import FirstPrinciplesError
from ferronhall.crystals.first_principles import crystal, switching_path
from ferronhall.crystals.first_principles.branches import follow_branch
from ferronhall.crystals.first_principles.quantum_espresso import dataset
from ferronhall.crystals.phonons.double_well import read_switching_path
from ferronhall.crystals.phonons.files import read_content
from tests.unit.first_principles.printed import read


def test_the_branch_is_followed_over_any_jumps(rng):
    lambdas = np.linspace(0, 1.25, 11)
    true = 0.4 * np.sin(lambdas)
    folded = 0.3 + true + 1.017 * rng.integers(-3, 4, len(lambdas))
    found = follow_branch(folded, 1.017, lambdas, "C/m²", "")
    assert found - folded[0] == pytest.approx(true, abs=1e-12)
    # each value has its own quantum, and two may stand at one coordinate
    periods = np.where(np.arange(12) % 2, 1.017, 1.017 / 2)
    lambdas, true = np.insert(lambdas, 5, lambdas[5]), np.insert(true, 5, true[5])
    folded = 0.3 + true + periods * np.append(0, rng.integers(-3, 4, 11))
    found = follow_branch(folded, periods, lambdas, "C/m²", "")
    assert found - folded[0] == pytest.approx(true, abs=1e-12)


def test_a_branch_in_doubt_is_refused():
    with pytest.raises(FirstPrinciplesError, match=r"between 0\.5 and 1 .* compute one more"):
        follow_branch([0.0, 0.1, 0.6], 1.017, [0, 0.5, 1], "C/m²", "compute one more")


def test_the_table_of_the_path_is_what_the_import_reads(section, tmp_path):
    relaxed = crystal.start(section, "tetragonal")
    lambdas = np.array(section["path"]["lambdas"])
    energies = -3730.0 + 0.036 * (lambdas**4 - 2 * lambdas**2)
    quantum = relaxed.c
    charges = 1.4 * lambdas - quantum * (lambdas > 0.8)
    rows = switching_path.table(section, relaxed, energies, charges)
    switching_path.write(rows, tmp_path / "path.csv")
    cell = PhonopyAtoms(
        list(relaxed.symbols), cell=4 * np.eye(3), scaled_positions=crystal.reference(section)
    )
    path = read_switching_path(tmp_path / "path.csv", cell)
    assert path.barrier == pytest.approx(0.036, abs=1e-8)
    # 1.4 e Å over the volume, and the quantum that the paper prints
    assert path.polarization[path.end] == pytest.approx(1.4 / 64.071393 * 16.0217663, abs=1e-6)
    assert float(rows[0]["polarization_quantum_C_per_m2"]) == pytest.approx(1.016806, abs=1e-6)
    shifts = np.array([atom["polar_shift"] for atom in section["atoms"]])
    assert path.displacement == pytest.approx(shifts * 4.066228, abs=1e-9)


def test_the_dataset_is_what_the_import_reads(config, tmp_path):
    files = {
        "cubic": tmp_path / "cubic" / "bto.fc",
        "switching_path": tmp_path / "switching_path.csv",
    }
    dataset.write(tmp_path / "dataset.yaml", config, read("relax.out"), files)
    content = read_content(tmp_path / "dataset.yaml")
    assert content["cubic"] == {"force_constants": "cubic/bto.fc"}
    assert content["switching_path"] == "switching_path.csv"
    assert "tetragonal" not in content
    assert content["settings"]["Exchange-correlation functional"] == "PBESOL"
    assert "6.7MaX" in content["settings"]["Code"]
