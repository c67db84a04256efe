"""Energy and polarization between the centrosymmetric and the polar structure, at fixed cell.

The table made here is what phonons.double_well reads.
"""

import csv

from ferronhall.base import units
from ferronhall.base.storage import replacing
from ferronhall.crystals.first_principles.branches import follow_branch
from ferronhall.crystals.first_principles.crystal import labels, reference


def on_path(section, relaxed, coordinate):
    """The crystal at λ: centrosymmetric positions plus λ times the displacement to `relaxed`."""
    centre = reference(section)
    offset = relaxed.positions - centre
    return relaxed.at(centre + coordinate * (offset - offset.round()))


def table(section, relaxed, energies, polarizations):
    """The switching path as rows of a table.

    section : dict, a checked first-principles section, or its atoms and path alone
    relaxed : crystal.Crystal
        The end of the path, λ = 1.
    energies : sequence of float, eV per formula unit, one a point
    polarizations : sequence of float, e Å per cell, one a point
    returns : list of dict, a row a point
        Energy (eV per formula unit), polarization along z less that at λ = 0 (C/m²), its quantum
        (C/m²), and the displacement of every atom along z from the centrosymmetric structure (Å).
    raises : FirstPrinciplesError when the branch of the polarization is in doubt
    """
    lambdas = section["path"]["lambdas"]
    per_volume = units.COULOMB_PER_M2 / relaxed.volume
    quantum = relaxed.c * per_volume
    remedy = "put a point between them into first_principles.path.lambdas"
    values = [p * per_volume for p in polarizations]
    branch = follow_branch(values, quantum, lambdas, "C/m²", remedy) - values[0]
    rows = []
    for coordinate, energy, polarization in zip(lambdas, energies, branch, strict=True):
        moved = on_path(section, relaxed, coordinate).positions - reference(section)
        rows.append(
            {
                "lambda": f"{coordinate:.3f}",
                "energy_eV": f"{energy:.9f}",
                "polarization_C_per_m2": f"{polarization:.7f}",
                "polarization_quantum_C_per_m2": f"{quantum:.7f}",
                **{
                    f"dz_{label}_A": f"{z * relaxed.c:.9f}"
                    for label, z in zip(labels(relaxed.symbols), moved[:, 2], strict=True)
                },
            }
        )
    return rows


def write(rows, path):
    """Write the rows of `table` as CSV."""
    with replacing(path) as whole, open(whole, "w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
