"""The first-principles section of a configuration, checked and typed."""

from dataclasses import dataclass

from ferronhall.base import schema
from ferronhall.crystals.first_principles import phases
from ferronhall.crystals.first_principles.phases import PHASES


@dataclass(frozen=True)
class Species:
    """One kind of atom.

    mass : float, amu
    pseudopotential : str
        File in the folder of pseudopotentials.
    sha256 : str
        Its checksum, hexadecimal.
    """

    symbol: str
    mass: float
    pseudopotential: str
    sha256: str


@dataclass(frozen=True)
class PlaneWaves:
    """Basis and sampling of a phase.

    cutoff, density_cutoff : float, Ry
        Of the wavefunctions and of the density; a density cutoff of 0 is four times the other.
    k_mesh : tuple of 3 int
    k_shift : bool
        Whether the mesh is shifted by half a step along each axis.
    functional : str
        Exchange and correlation; empty for that of the pseudopotentials.
    threshold : float, Ry
        Convergence of the self-consistent cycle.
    """

    cutoff: float
    density_cutoff: float
    k_mesh: tuple
    k_shift: bool
    functional: str
    threshold: float = 1e-13


def check(config):
    """Check a configuration with first-principles runs; returns a copy with defaults filled in.

    config : dict, as read from YAML
    raises : ConfigError naming each wrong key, its value and the way out
    """
    schema.check(config, "first_principles")
    config = schema.fill(config, "first_principles")
    section = config["first_principles"]
    checks = (phases.clashes, _density_cutoffs, _q_meshes)
    schema.report([f"first_principles.{message}" for clash in checks for message in clash(section)])
    return config


def species(section):
    """The kinds of atoms of a checked first-principles section, in order."""
    return tuple(
        Species(s["symbol"], s["mass_amu"], s["pseudopotential"], s["sha256"])
        for s in section["species"]
    )


def plane_waves(section, phase):
    """Basis and sampling of a phase of a checked first-principles section."""
    group = section[phase]
    return PlaneWaves(
        group["cutoff_Ry"],
        group["density_cutoff_Ry"],
        tuple(group["k_mesh"]),
        group["k_shift"],
        section["functional"],
    )


def _density_cutoffs(section):
    for phase in PHASES:
        cutoff, density = section[phase]["cutoff_Ry"], section[phase]["density_cutoff_Ry"]
        if density and density < 4 * cutoff:
            yield (
                f"{phase}.density_cutoff_Ry: {density} Ry is below four times cutoff_Ry, "
                f"{4 * cutoff} Ry, so the density would be cut; raise it, or give 0 for that value"
            )


def _q_meshes(section):
    cubic, tetragonal = (section[phase]["q_mesh"] for phase in PHASES)
    if len(set(cubic)) > 1:
        yield f"cubic.q_mesh: {cubic} breaks the cubic symmetry; give three equal numbers"
    if tetragonal and (len(tetragonal) != 3 or tetragonal[0] != tetragonal[1]):
        yield (
            f"tetragonal.q_mesh: {tetragonal} does not fit the tetragonal symmetry; give three "
            "numbers, the first two equal, [1, 1, 1] for the zone centre alone, or [] for no "
            "phonons of this phase"
        )
