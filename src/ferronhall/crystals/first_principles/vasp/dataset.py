"""The data set of VASP's runs, with what they were made with."""

from ferronhall.crystals.first_principles import dataset
from ferronhall.crystals.first_principles.phases import PHASES

KEYS = ("name", "species", "gga", "cutoff_eV", "displacement_A", *PHASES)
"""What a data set says of the first-principles section."""

_FUNCTIONALS = {"PS": "PBEsol", "PE": "PBE", "91": "PW91", "CA": "LDA"}


def write(path, config, version, files):
    """Write dataset.yaml.

    path : path
    config : dict, of a checked configuration: campaign, and KEYS of the first-principles section
    version : str, of VASP
    files : dict
        As `first_principles.dataset.write` takes them.
    """
    section = config["first_principles"]
    gga = section["gga"]
    settings = {
        "Exchange-correlation functional": _FUNCTIONALS.get(gga, gga) or "that of the POTCARs",
        "Pseudopotentials": f"PAW {', '.join(kind['potcar'] for kind in section['species'])}",
        "Code": f"VASP {version}",
        "Plane-wave cutoff": f"{section['cutoff_eV']:g} eV",
        "Primitive-cell k mesh": _of_phases(section, "k_mesh", PHASES),
        "Phonons": (
            f"finite displacements of {section['displacement_A']:g} Å in supercells of "
            f"{_of_phases(section, 'supercell', [p for p in PHASES if section[p]['supercell']])}"
        ),
    }
    dataset.write(path, config, settings, files)


def _of_phases(section, key, phases):
    """A mesh of each phase as text, once where they are the same."""
    meshes = {phase: dataset.times(section[phase][key]) for phase in phases}
    if len(set(meshes.values())) == 1:
        return next(iter(meshes.values()))
    return ", ".join(f"{mesh} ({phase})" for phase, mesh in meshes.items())
