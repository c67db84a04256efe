"""A material's first-principles data: one YAML file that names the others, read and checked."""

from dataclasses import dataclass
from pathlib import Path

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.cubic_well_fit import CubicWellFit, fit_cubic_well
from ferronhall.crystals.phonons.double_well import SwitchingPath, read_switching_path
from ferronhall.crystals.phonons.files import mode_path_entries, named_files, read_content
from ferronhall.crystals.phonons.lattice_dynamics import LatticeDynamics
from ferronhall.crystals.phonons.mode_paths import read_mode_path
from ferronhall.crystals.phonons.polarization import on_one_branch
from ferronhall.crystals.phonons.reading import read_phase
from ferronhall.crystals.phonons.soft_mode import SoftMode, find_soft_mode


@dataclass(frozen=True)
class FirstPrinciples:
    """First-principles data of one material.

    content : dict
        The checked file, defaults filled in.
    cubic : LatticeDynamics
    soft_mode : SoftMode
        Of the cubic crystal.
    tetragonal : LatticeDynamics or None
    path : SwitchingPath
    cubic_well : CubicWellFit or None
        Of the paths in the cubic cell, where the file names any.
    """

    content: dict
    cubic: LatticeDynamics
    soft_mode: SoftMode
    tetragonal: LatticeDynamics
    path: SwitchingPath
    cubic_well: CubicWellFit | None = None


def read_first_principles(path):
    """FirstPrinciples from a file like data/batio3-pbesol/dataset.yaml.

    raises : ConfigError
    """
    path = Path(path)
    content = read_content(path)
    phases, switching_path = named_files(path, content)
    cubic = read_phase(phases["cubic"])
    soft_mode = find_soft_mode(cubic, content.get("b_site"))
    tetragonal = read_phase(phases["tetragonal"]) if "tetragonal" in phases else None
    if tetragonal is not None:
        same_atoms(cubic, tetragonal)
    switching = read_path(switching_path, cubic, tetragonal)
    well = read_cubic_well(path, content, cubic, soft_mode)
    return FirstPrinciples(content, cubic, soft_mode, tetragonal, switching, well)


def same_atoms(cubic, tetragonal):
    """ConfigError unless the phases, both LatticeDynamics, have the same atoms in one order."""
    if list(tetragonal.cell.symbols) != list(cubic.cell.symbols):
        raise ConfigError(
            f"tetragonal: its atoms are {', '.join(tetragonal.cell.symbols)}, those of the cubic "
            f"phase {', '.join(cubic.cell.symbols)}; give both in the same order"
        )


def read_path(path, cubic, tetragonal):
    """SwitchingPath from its CSV file, the polarization on one branch. Raises ConfigError."""
    return on_one_branch(read_switching_path(path, cubic.cell), cubic, tetragonal)


def read_cubic_well(path, content, cubic, soft_mode):
    """CubicWellFit of the paths that the file at `path` names; None where it names none.

    raises : ConfigError
    """
    entries = mode_path_entries(content)
    if not entries:
        return None
    folder = Path(path).parent
    paths = [read_mode_path(entry, folder, cubic, soft_mode) for entry in entries]
    return fit_cubic_well(paths, content["mode_paths"]["order"], soft_mode, cubic)
