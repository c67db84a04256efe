"""Which runs make up a calculation, in order, with the text of each input."""

from dataclasses import dataclass

from ferronhall.crystals.first_principles import crystal as structures
from ferronhall.crystals.first_principles.quantum_espresso import ph_input, pw_input, settings
from ferronhall.crystals.first_principles.switching_path import on_path


@dataclass(frozen=True)
class Step:
    """One run of a program.

    program : "pw", "ph" or "q2r"
    name : str
        Of its files: <name>.in and <name>.out.
    text : str
        Of its input.
    """

    program: str
    name: str
    text: str


def relaxation(section, phase):
    """Cell or atoms of a phase brought to rest.

    section : dict, a checked first-principles section
    returns : list of Step
    """
    text = pw_input.relaxation(
        structures.start(section, phase),
        settings.species(section),
        settings.plane_waves(section, phase),
        section["prefix"],
        cell=section[phase]["relax"] == "cell",
    )
    return [Step("pw", "relax", text)]


def q_points(section, crystal):
    """The list of irreducible wave vectors, from the symmetry of the ground state."""
    text = ph_input.q_points(section["prefix"], section[crystal.phase]["q_mesh"])
    return [_scf(section, crystal), Step("ph", "q_points", text)]


def dynamical_matrix(section, crystal, q):
    """The dynamical matrix at wave vector number q, counted from 1.

    Each wave vector has a ground state of its own: it takes a small part of the time, and the jobs
    share no files, so that any of them can be stopped, moved or made anew by itself.
    """
    text = ph_input.dynamical_matrix(section["prefix"], section[crystal.phase]["q_mesh"], q)
    return [_scf(section, crystal), Step("ph", f"q{q}", text)]


def force_constants(section):
    """Real-space force constants from the dynamical matrices in the same folder."""
    return [Step("q2r", "q2r", ph_input.force_constants(section["prefix"]))]


def path_point(section, relaxed, coordinate):
    """Energy and Berry phase of a point of the switching path.

    relaxed : crystal.Crystal
        The end of the path, λ = 1.
    coordinate : float
        λ; the atoms stand at the centrosymmetric positions for 0.
    """
    crystal = on_path(section, relaxed, coordinate)
    ground_state = _scf(section, crystal)
    text = pw_input.berry_phase(
        crystal,
        settings.species(section),
        settings.plane_waves(section, crystal.phase),
        section["prefix"],
        section["path"]["strings"],
        section["path"]["string_points"],
    )
    return [ground_state, Step("pw", "berry", text)]


def _scf(section, crystal):
    text = pw_input.scf(
        crystal,
        settings.species(section),
        settings.plane_waves(section, crystal.phase),
        section["prefix"],
    )
    return Step("pw", "scf", text)
