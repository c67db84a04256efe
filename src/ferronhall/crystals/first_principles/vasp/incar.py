"""INCAR tags: which belong to a kind of run, and their text.

No value of a tag comes from here that a paper prints: those are in the configuration. What stands
here makes a run the kind it is.
"""

RELAXED = {"positions": 2, "cell": 3}
"""What is relaxed → ISIF."""

_STEPS = 200
"""Of a relaxation, at most."""

_LEAN = {"LWAVE": False, "LCHARG": False}


def relaxation(common, relaxed, force_threshold):
    """Atoms brought to rest by conjugate gradients, with "cell" the lattice too.

    common : dict of tag to value
    relaxed : key of RELAXED
    force_threshold : float, eV/Å
    """
    steps = {"IBRION": 2, "ISIF": RELAXED[relaxed], "NSW": _STEPS, "EDIFFG": -force_threshold}
    return common | steps | _LEAN


def forces(common):
    """A self-consistent ground state; VASP prints the forces of any."""
    return common | _LEAN


def response(common):
    """Dielectric tensor and Born charges by linear response, ions clamped."""
    return common | {"LEPSILON": True} | _LEAN


def polarization(common, origin, charge_grid=None):
    """A self-consistent ground state with Berry phases along all three axes.

    origin : sequence of 3 float, fractional
        Where the ions' dipole moment is counted from.
    charge_grid : sequence of 3 int or None
        Points of the density to keep in CHGCAR; () for VASP's own, None for no CHGCAR.
    """
    tags = common | {"LCALCPOL": True, "DIPOL": [float(x) for x in origin]} | _LEAN
    if charge_grid is not None:
        tags["LCHARG"] = True
        tags |= dict(zip(("NGXF", "NGYF", "NGZF"), charge_grid, strict=False))
    return tags


OWN = {
    "SYSTEM",
    "GGA",
    "ENCUT",
    "EDIFF",
    "IBRION",
    "ISIF",
    "NSW",
    "EDIFFG",
    "LEPSILON",
    "LCALCPOL",
    "LBERRY",
    "DIPOL",
    "LWAVE",
    "LCHARG",
    "NGXF",
    "NGYF",
    "NGZF",
}
"""Tags that other keys of the configuration, or the kind of a run, decide."""


def text(tags, title):
    """An INCAR file.

    tags : dict of tag to number, bool, text or sequence of numbers
    title : str
    """
    lines = [f"SYSTEM = {title}", *(f"{tag} = {value(content)}" for tag, content in tags.items())]
    return "\n".join(lines) + "\n"


def value(content):
    """A value as VASP reads it."""
    if isinstance(content, bool):
        return ".TRUE." if content else ".FALSE."
    if isinstance(content, float):
        return f"{content:.10g}"
    if isinstance(content, list | tuple):
        return " ".join(value(entry) for entry in content)
    return str(content)
