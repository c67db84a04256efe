"""A phase's phonons from finite displacements and linear response, as a file of phonopy."""

import numpy as np
from phonopy.interface.calculator import get_calculator_physical_units

from ferronhall.base.errors import FirstPrinciplesError
from ferronhall.base.storage import replacing
from ferronhall.crystals.first_principles.response import Response
from ferronhall.crystals.first_principles.vasp import agreement, calculation, plans


def collect(section, crystal, response, displaced):
    """Phonons of a phase.

    section : dict, a checked first-principles section
    crystal : crystal.Crystal
    response : path of the result of the run for Born charges
    displaced : paths of the results of the displaced supercells, in the order of plans.displaced
    returns : (Phonopy with forces, Born charges and ε∞; Response; largest drift in eV/Å)
    raises : FirstPrinciplesError where a result is not of its inputs
    """
    agreement.check(plans.response(section, crystal), calculation.read(response))
    born, dielectric = calculation.read_response(response)
    phonons = plans.displacements(section, crystal)
    if len(born) != len(crystal.symbols):
        raise FirstPrinciplesError(
            f"{response}: Born charges of {len(born)} atoms, but the cell has "
            f"{len(crystal.symbols)}; put the whole file of a finished run there"
        )
    forces, drifts = [], []
    for run, path in zip(plans.displaced(section, crystal), displaced, strict=True):
        found = calculation.read(path)
        agreement.check(run, found)
        # what all atoms feel together comes from the grid, not from the displacement
        drift = found.forces.mean(axis=0)
        forces.append(found.forces - drift)
        drifts.append(np.abs(drift).max())
    phonons.forces = np.array(forces)
    phonons.produce_force_constants()
    phonons.run_qpoints([[0.0, 0.0, 0.0]])
    frequencies = np.sort(phonons.qpoints.frequencies[0])
    phonons.nac_params = {
        "born": born,
        "dielectric": dielectric,
        "factor": get_calculator_physical_units("vasp").nac_factor,
    }
    return phonons, Response(dielectric, born, frequencies), max(drifts)


def write(phonons, path):
    """Write a Phonopy object's cells, displacements, forces, Born charges and ε∞ as YAML."""
    with replacing(path) as temporary:
        # by the name phonopy decides whether to compress
        phonons.save(temporary, settings={"force_constants": False})
