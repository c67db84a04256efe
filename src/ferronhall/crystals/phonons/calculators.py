"""Programs that phonopy knows: their units, and forces straight from their outputs.

Whatever program phonopy has an interface for (its `calculator`), the numbers of its files are in
units of its own: those of phonopy_disp.yaml say which program it was.
"""

import contextlib
import io
import tempfile
from pathlib import Path

from phonopy.cui.create_force_sets import create_FORCE_SETS
from phonopy.interface.calculator import calculator_info, get_calculator_physical_units
from phonopy.interface.phonopy_yaml import read_phonopy_yaml
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base.errors import ConfigError


def in_angstrom(cell, calculator):
    """A cell of a program (PhonopyAtoms) with lengths in Å.

    calculator : str or None, as phonopy calls the program
    """
    return PhonopyAtoms(
        cell=cell.cell * get_calculator_physical_units(calculator).distance_to_A,
        scaled_positions=cell.scaled_positions,
        symbols=cell.symbols,
        masses=cell.masses,
    )


def constants_in_eV(calculator):
    """eV/Å² in one unit of a program's force constants."""
    # frequencies in THz are the factor times the root of force constants over amu
    units, ours = (get_calculator_physical_units(name) for name in (calculator, "vasp"))
    return (units.factor / ours.factor) ** 2


@contextlib.contextmanager
def collected(path, outputs):
    """Path of a FORCE_SETS that holds for a while, made from a program's outputs.

    path : path of phonopy_disp.yaml, which names the program and the displacements
    outputs : sequence of paths, an output for each displacement, in order
    raises : ConfigError where outputs and displacements do not fit, or phonopy cannot read them
    """
    described = _displacements(path)
    calculator = described.calculator
    for output in outputs:
        if not Path(output).is_file():
            raise ConfigError(f"'{output}': there is no such file; it is named under `forces`")
    with tempfile.TemporaryDirectory() as folder:
        made, said = Path(folder, "FORCE_SETS"), io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                create_FORCE_SETS(
                    calculator,
                    [str(output) for output in outputs],
                    phpy_yaml=described,
                    disp_filename=str(path),
                    force_sets_filename=str(made),
                )
            reason = "" if made.is_file() else "no forces of all atoms found"
        except Exception as error:
            # phonopy's readers of some twenty programs raise what they come across
            reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        if reason:
            raise ConfigError(
                f"'{path}': phonopy cannot read the forces of {calculator or 'vasp'} in "
                f"{len(outputs)} files ({reason}); give under `forces` the outputs of that program "
                "that phonopy -f takes, one for each displacement and in their order"
            )
        yield made


def _displacements(path):
    """phonopy's reading of a yaml that holds displacements and no forces."""
    try:
        described = read_phonopy_yaml(path)
        dataset = described.dataset or {}
        moves = dataset.get("first_atoms", dataset.get("displacements", ()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"'{path}': phonopy cannot read this file ({error})") from error
    if not len(moves):
        raise ConfigError(
            f"'{path}': no displacements in it, so the files under `forces` belong to nothing; "
            "give phonopy_disp.yaml as force_constants"
        )
    if "forces" in dataset or any("forces" in move for move in dataset.get("first_atoms", ())):
        raise ConfigError(
            f"'{path}' holds forces already; leave `forces` out, or give phonopy_disp.yaml instead"
        )
    if described.calculator not in (None, *calculator_info):
        raise ConfigError(
            f"'{path}': phonopy has no interface for '{described.calculator}'; it knows "
            f"{', '.join(sorted(calculator_info))}"
        )
    return described
