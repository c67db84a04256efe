"""Energies and polarizations of the points of the switching path."""

from ferronhall.crystals.first_principles import switching_path
from ferronhall.crystals.first_principles.vasp import agreement, calculation, dipole, plans


def table(section, relaxed, results, outcars):
    """The switching path as rows of a table, as switching_path.table gives them.

    section : dict, a checked first-principles section
    relaxed : crystal.Crystal
        The end of the path, λ = 1.
    results, outcars : sequences of paths, a point each
    raises : FirstPrinciplesError where a result is not of its inputs, or a branch is in doubt
    """
    energies, polarizations = [], []
    runs = plans.switching_path(section, relaxed)
    for run, path, outcar in zip(runs, results, outcars, strict=True):
        found = calculation.read(path)
        agreement.check(run, found)
        energies.append(found.energy)
        polarizations.append(dipole.polarization(outcar, run))
    return switching_path.table(section, relaxed, energies, polarizations)
