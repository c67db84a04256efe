"""A data set of second-order runs from VASP's results."""

from ferronhall.base.units import RYDBERG
from ferronhall.crystals.first_principles.vasp import agreement, calculation, dipole
from ferronhall.crystals.second_order import data_set, polarizations, vasp_runs


def write(table, content, config, results, outcars):
    """Write polarizations.csv and dataset.yaml.

    table, content : paths
    config : dict, of a checked configuration: campaign, and the first-principles section
    results, outcars : sequences of paths, a structure each, in the order of vasp_runs.every_run
    returns : int, the number of structures
    raises : FirstPrinciplesError where a result is not of its inputs
    """
    section = config["first_principles"]
    rows, versions = [], []
    structures = vasp_runs.every_run(section)
    for displaced, result, outcar in zip(structures, results, outcars, strict=True):
        run = vasp_runs.planned(section, displaced)
        found = calculation.read(result)
        agreement.check(run, found)
        rows.append(_row(displaced, run, found, dipole.polarization(outcar, run)))
        versions.append(found.version)
    polarizations.write(rows, table)
    names = ", ".join(kind["potcar"] for kind in section["species"])
    functional = f"GGA = {section['gga']}" if section["gga"] else "that of the POTCARs"
    code = f"VASP {', '.join(dict.fromkeys(versions))}"
    data_set.write_content(content, config, code, functional, f"PAW {names}")
    return len(rows)


def _row(displaced, run, found, polarization):
    return polarizations.empty_row(displaced) | {
        "polarization_eA": f"{polarization:.8f}",
        "energy_eV": f"{found.energy:.8f}",
        "cutoff_Ry": f"{displaced.cutoff_eV / RYDBERG:.4g}",
        "threshold_Ry": f"{displaced.threshold_eV / RYDBERG:.4g}",
        "k_mesh": " ".join(map(str, displaced.k_mesh)),
        "strings": "those of the k mesh",
        "inputs": vasp_runs.inputs_digest(run),
    }
