"""The table of computed polarizations, a row a run: all charges and figures start from it."""

import csv

from ferronhall.base.errors import DataFileError
from ferronhall.base.regular_file import require_regular
from ferronhall.base.storage import replacing
from ferronhall.crystals.first_principles.quantum_espresso import pw_output
from ferronhall.crystals.second_order.runs import inputs_digest

COLUMNS = {
    "crystal": str,
    "first": str,
    "second": str,
    "variation": str,
    "first_A": float,
    "second_A": float,
    "polarization_eA": float,
    "energy_eV": float,
    "cutoff_Ry": float,
    "threshold_Ry": float,
    "k_mesh": str,
    "strings": str,
    "inputs": str,
}
"""Column → type. The polarization is Ω P of the supercell along z (e Å), modulo e times its edge;
`inputs` is the digest of the text of the run's inputs."""

_OPTIONAL = ("energy_eV", "cutoff_Ry", "threshold_Ry")
"""Numbers that another code's user need not fill in."""


def row(section, run, ground_state, berry, name):
    """The row of a finished run.

    section : dict, the checked section the run belongs to
    run : runs.Run
    ground_state, berry : str
        Outputs of pw.x.
    name : str
        What a message calls them.
    raises : FirstPrinciplesError where an output is not that of a finished run
    """
    waves = run.plane_waves
    return empty_row(run) | {
        "polarization_eA": f"{pw_output.polarization(berry, name):.8f}",
        "energy_eV": f"{pw_output.energy(ground_state, name):.8f}",
        "cutoff_Ry": f"{waves.cutoff:g}",
        "threshold_Ry": f"{waves.threshold:g}",
        "k_mesh": " ".join(map(str, waves.k_mesh)) + (" shifted" if waves.k_shift else ""),
        "strings": f"{run.strings[0]} {run.strings[1]}, {run.string_points} points",
        "inputs": inputs_digest(section, run),
    }


def empty_row(run):
    """The row of a run whose polarization is to be filled in."""
    return dict.fromkeys(COLUMNS, "") | {
        "crystal": run.crystal,
        "first": run.labels[0],
        "second": run.labels[1],
        "variation": run.variation,
        "first_A": f"{run.amplitudes[0]:.3f}",
        "second_A": f"{run.amplitudes[1]:.3f}",
    }


def write(rows, path):
    """Write rows as CSV."""
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(COLUMNS), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read(path):
    """Rows of a table that hold a polarization, a list of dict with the types of COLUMNS.

    Other numbers may be missing; they are NaN.

    raises : DataFileError where the file is missing, or is not such a table
    """
    try:
        require_regular(path)
        with open(path, newline="", encoding="utf-8") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise DataFileError(f"{path}: no table of polarizations, it lacks {missing}")
            return [_typed(line) for line in reader if line["polarization_eA"] != ""]
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read ({error.strerror})") from error
    except (TypeError, ValueError) as error:
        raise DataFileError(
            f"{path}: a line is cut or holds no number where one belongs ({error})"
        ) from error


def _typed(line):
    if None in line.values():
        raise TypeError("it ends early")
    filled = line | {name: line[name] or "nan" for name in _OPTIONAL}
    return {name: kind(filled[name]) for name, kind in COLUMNS.items()}
