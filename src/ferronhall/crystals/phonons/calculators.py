"""Programs that phonopy knows: their units, and forces straight from their outputs.

Whatever program phonopy has an interface for (its `calculator`), the numbers of its files are in
units of its own: those of phonopy_disp.yaml say which program it was.
"""

import contextlib
import io
import tempfile
from pathlib import Path

from phonopy.cui.create_force_sets import create_FORCE_SETS
from phonopy.interface.calculator import get_calculator_physical_units
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.elements import element


def in_angstrom(cell, calculator):
    """A cell of a program (PhonopyAtoms) with lengths in Å.

    calculator : str or None, as phonopy calls the program
    """
    return PhonopyAtoms(
        cell=cell.cell * get_calculator_physical_units(calculator).distance_to_A,
        scaled_positions=cell.scaled_positions,
        symbols=[element(symbol) for symbol in cell.symbols],
        masses=cell.masses,
    )


def constants_in_eV(calculator):
    """eV/Å² in one unit of a program's force constants."""
    # frequencies in THz are the factor times the root of force constants over amu
    units, ours = (get_calculator_physical_units(name) for name in (calculator, "vasp"))
    return (units.factor / ours.factor) ** 2


@contextlib.contextmanager
def collected(path, content, outputs):
    """Path of a FORCE_SETS that holds for a while, made from a program's outputs.

    path : path of phonopy_disp.yaml
    content : PhonopyYaml, read from it; it names the program and the displacements
    outputs : sequence of Path, an output for each displacement, in order
    raises : ConfigError where outputs and displacements do not fit, or phonopy cannot read them
    """
    dataset = content.dataset or {}
    if not len(dataset.get("first_atoms", dataset.get("displacements", ()))):
        raise ConfigError(
            f"'{path}': no displacements in it, so the outputs under `forces` belong to nothing; "
            "give phonopy_disp.yaml as force_constants"
        )
    with tempfile.TemporaryDirectory() as folder:
        made, said = Path(folder, "FORCE_SETS"), io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                create_FORCE_SETS(
                    content.calculator,
                    [str(_as_phonopy_asks(output, content.calculator)) for output in outputs],
                    phpy_yaml=content,
                    disp_filename=str(path),
                    force_sets_filename=str(made),
                )
            reason = "" if made.is_file() else "no forces of all atoms found"
        except Exception as error:
            # phonopy's readers of some twenty programs raise what they come across
            reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        if reason:
            raise ConfigError(
                f"'{path}': phonopy cannot read the forces of {content.calculator or 'vasp'} in "
                f"{len(outputs)} files, the first '{outputs[0]}' ({reason}); give under `forces` "
                "the outputs of that program that phonopy -f takes, one for each displacement and "
                "in their order, or one FORCE_SETS"
            )
        yield made


def _as_phonopy_asks(output, calculator):
    """Of TURBOMOLE it wants the folder in which `gradient` lies."""
    return output.parent if (calculator, output.name) == ("turbomole", "gradient") else output
