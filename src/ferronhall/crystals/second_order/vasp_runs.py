"""Second-order runs by VASP: a structure each, with Berry phases and, where wanted, its density."""

from dataclasses import dataclass
from functools import cache

from ferronhall.base.digest import fingerprint
from ferronhall.crystals.first_principles.vasp import incar, settings
from ferronhall.crystals.first_principles.vasp.dipole_origin import origin
from ferronhall.crystals.first_principles.vasp.run import Run
from ferronhall.crystals.second_order import runs
from ferronhall.crystals.second_order.structures import displaced_atoms

_OF_SECTION = ("gga", "cutoff_eV", "threshold_eV")
_VARIED = (*_OF_SECTION, "k_mesh")


@dataclass(frozen=True)
class Displaced(runs.Displaced):
    """One structure with its settings for VASP.

    gga : str
    cutoff_eV, threshold_eV : float, eV
    k_mesh : tuple of 3 int
        Γ-centred.
    charge_grid : tuple of 3 int, () for VASP's own, or None where no density is kept
    """

    gga: str
    cutoff_eV: float
    threshold_eV: float
    k_mesh: tuple
    charge_grid: tuple


def every_run(section):
    """Every structure of a section, in its order.

    section : dict, a checked first-principles section
    """
    common = {key: section[key] for key in _OF_SECTION}
    for name, group, entry, variation in runs.entries(section, _VARIED):
        group = common | group
        for amplitudes in entry["amplitudes_A"]:
            yield Displaced(
                name,
                (*entry["modes"], "")[:2],
                tuple(amplitudes),
                variation,
                group["gga"],
                group["cutoff_eV"],
                group["threshold_eV"],
                tuple(group["k_mesh"]),
                tuple(group["charge_grid"]) if entry["charge_density"] else None,
            )


def planned(section, displaced):
    """The Run of one structure."""
    group = section["crystals"][displaced.crystal]
    atoms = displaced_atoms(group, displaced)
    own = {"gga": displaced.gga, "cutoff_eV": displaced.cutoff_eV}
    common = settings.common_tags(section | own | {"threshold_eV": displaced.threshold_eV})
    parent = (group["family"], tuple(group["species"]), tuple(group["supercell"]))
    return Run(
        displaced.key,
        atoms,
        incar.polarization(common, _origin(*parent), displaced.charge_grid),
        displaced.k_mesh,
        settings.potcars(section, atoms.symbols),
    )


@cache
def _origin(family, species, supercell):
    """One origin for all structures of a crystal."""
    group = {"family": family, "species": list(species), "lattice_constant_A": 1.0}
    return tuple(origin(runs.parent(group | {"supercell": list(supercell)}).positions))


def inputs_digest(run):
    """Digest of the text of a Run's inputs, which the collected results carry."""
    return fingerprint(run.files())
