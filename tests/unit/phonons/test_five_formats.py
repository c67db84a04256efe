"""One calculation in five formats: the same material file, to the digits."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import yaml
from phonopy import Phonopy

from ferronhall.crystals.phonons import material_file
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from tests.unit.phonons.espresso import DATA, batio3, q2r, write_fc
from tests.unit.phonons.phonopy_folder import WRITERS


@pytest.fixture(scope="module")
def crystal():
    return read_lattice_dynamics(DATA / "cubic" / "bto333.fc")


def as_phonopy(crystal):
    found = Phonopy(crystal.cell, np.diag(crystal.mesh), primitive_matrix="P")
    found.force_constants = crystal.force_constants
    return found


def old_q2r(folder, _):
    shutil.copy(DATA / "cubic" / "bto333.fc", folder / "bto.fc")
    return "bto.fc"


def new_q2r(folder, crystal):
    """From the matrices, with the charges of the shipped file, which q2r.x had made neutral."""
    source = replace(batio3(), born=np.array(crystal.born))
    alpha = (source.alat / (2 * np.pi)) ** 2
    write_fc(folder / "bto.fc", source, q2r(source, alpha), flag=f"T   {alpha:.16f}     ")
    return "bto.fc"


def phonopy_yaml(folder, crystal):
    found = as_phonopy(crystal)
    found.nac_params = {"born": crystal.born, "dielectric": crystal.dielectric, "factor": 14.4}
    found.save(folder / "phonopy_params.yaml", settings={"force_constants": True})
    return "phonopy_params.yaml"


def beside(name):
    def write(folder, crystal):
        found = as_phonopy(crystal)
        found.save(folder / "phonopy.yaml", settings={"force_constants": False})
        WRITERS[name](found, folder / name)
        rows = [crystal.dielectric, *crystal.born[:3]]
        lines = [" ".join(f"{x:.10f}" for x in np.ravel(row)) for row in rows]
        (folder / "BORN").write_text("\n".join(["14.4", *lines]) + "\n")
        return "phonopy.yaml"

    return write


FORMATS = {
    "q2r.x of 6.7": old_q2r,
    "q2r.x of 7.4": new_q2r,
    "phonopy yaml": phonopy_yaml,
    "FORCE_CONSTANTS and BORN": beside("FORCE_CONSTANTS"),
    "hdf5 and BORN": beside("force_constants.hdf5"),
}


@pytest.fixture(scope="module")
def made(crystal, tmp_path_factory):
    """The material file of every format, as text."""
    found = {}
    for name, write in FORMATS.items():
        folder = tmp_path_factory.mktemp("format")
        constants = write(folder, crystal)
        shutil.copy(DATA / "switching_path.csv", folder)
        content = {
            "name": "BaTiO3",
            "source": "one calculation",
            "b_site": "Ti",
            "cubic": {"force_constants": constants},
            "switching_path": "switching_path.csv",
        }
        (folder / "dataset.yaml").write_text(yaml.safe_dump(content))
        output = folder / "material.yaml"
        assert material_file.main([str(folder / "dataset.yaml"), str(output)]) == 0
        found[name] = output.read_text(encoding="utf-8")
    return found


@pytest.mark.parametrize("name", list(FORMATS)[1:])
def test_the_material_file_is_the_same(made, name):
    assert made[name] == made["q2r.x of 6.7"]
