"""The data set of Quantum ESPRESSO's runs, with what they were made with."""

from ferronhall.crystals.first_principles import dataset
from ferronhall.crystals.first_principles.quantum_espresso.pw_output import origin

KEYS = ("name", "species", "cubic", "tetragonal")
"""What a data set says of the first-principles section."""


def write(path, config, ground_state, files):
    """Write dataset.yaml.

    path : path
    config : dict, of a checked configuration: campaign, and KEYS of the first-principles section
    ground_state : str
        Output of the cubic ground state, which tells program and functional.
    files : dict
        As `first_principles.dataset.write` takes them.
    """
    section = config["first_principles"]
    code, functional = origin(ground_state, path)
    cubic, tetragonal = section["cubic"], section["tetragonal"]
    settings = {
        "Exchange-correlation functional": functional,
        "Pseudopotentials": ", ".join(s["pseudopotential"] for s in section["species"]),
        "Code": code,
        "Plane-wave cutoff": (
            f"{cubic['cutoff_Ry']:g} Ry (cubic), {tetragonal['cutoff_Ry']:g} Ry (tetragonal)"
        ),
        "Primitive-cell k mesh": f"{_mesh(cubic)} (cubic), {_mesh(tetragonal)} (tetragonal)",
        "Phonons": f"linear response on {dataset.times(cubic['q_mesh'])} q",
    }
    dataset.write(path, config, settings, files)


def _mesh(group):
    return f"{dataset.times(group['k_mesh'])}{', shifted' if group['k_shift'] else ''}"
