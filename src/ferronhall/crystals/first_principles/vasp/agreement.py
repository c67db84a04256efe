"""Whether results belong to the inputs they lie beside: structure, tags, k points, datasets."""

import numpy as np

from ferronhall.base.errors import FirstPrinciplesError
from ferronhall.crystals.first_principles.vasp.incar import RELAXED

_LENGTH = 1e-5
"""Å; vasprun.xml prints eight decimals."""

_LAST_DIGIT = 5.1e-9
"""vasprun.xml prints eight decimals of a tag as well: of an EDIFF of 1e-10 nothing is left."""

_ANY = {
    "NSW",
    "IBRION",
    "EDIFFG",
    "LWAVE",
    "LCHARG",
    "NGXF",
    "NGYF",
    "NGZF",
    "NCORE",
    "NPAR",
    "KPAR",
    "NSIM",
    "LPLANE",
    "ALGO",
    "NELM",
    "NELMIN",
}
"""Tags that decide how a run came to its end, or what it kept, and not what it found."""

_OTHER_NAMES = {"ENCUT": "ENMAX"}
"""Tag → its name among the parameters that vasprun.xml lists with their defaults."""

_STATED = {"GGA", "ENCUT", "EDIFF", "ISMEAR"}
"""Tags that a file states whenever they were set."""


def check(run, found):
    """Refuse results of another calculation, and of one that did not converge.

    run : run.Run
    found : calculation.Calculation
    raises : FirstPrinciplesError that names every difference
    """
    differences = [
        *_structure(run, found.start),
        *_tags(run.tags, found.tags),
        *_k_points(run.k_mesh, found),
        *_datasets(run.potcars, found.potcars),
    ]
    if differences:
        raise FirstPrinciplesError(
            f"{found.path}: it is not of the inputs beside it: {'; '.join(differences)}. Run VASP "
            "with these inputs and put its results there, or set the configuration back to what "
            "the results were made with"
        )
    if found.converged is False:
        raise FirstPrinciplesError(
            f"{found.path}: the electrons did not converge in the last step; raise NELM or change "
            "ALGO in the INCAR where VASP runs, and run again"
        )


def _structure(run, found):
    wanted = run.cell
    if list(wanted.symbols) != list(found.symbols):
        yield f"atoms {_counted(found.symbols)} for {_counted(wanted.symbols)}"
        return
    strain = np.abs(wanted.cell - found.cell).max()
    # where a relaxation started does not matter: it may have been gone on from its end
    relaxes = "IBRION" in run.tags
    if strain > _LENGTH and not (relaxes and run.tags["ISIF"] == RELAXED["cell"]):
        yield f"the cell differs by {strain:.2g} Å"
    moved = found.scaled_positions - wanted.scaled_positions
    distance = np.linalg.norm((moved - np.rint(moved)) @ wanted.cell, axis=1)
    if distance.max() > _LENGTH and not relaxes:
        atom = int(distance.argmax())
        yield f"atom {atom + 1} ({wanted.symbols[atom]}) starts {distance[atom]:.2g} Å off"


def _counted(symbols):
    return " ".join(f"{name}{list(symbols).count(name)}" for name in dict.fromkeys(symbols))


def _tags(wanted, found):
    for tag, content in wanted.items():
        given = found.get(tag, found.get(_OTHER_NAMES.get(tag)))
        if given is None and tag in _STATED:
            yield f"{tag} is not set, for {content}"
        elif tag not in _ANY and given is not None and not _same(content, given):
            yield f"{tag} = {given} for {content}"


def _same(wanted, found):
    if isinstance(wanted, bool) or isinstance(found, bool):
        return _truth(wanted) == _truth(found)
    if isinstance(wanted, str):
        # VASP itself looks at the first letters of such words alone
        a, b = wanted.strip().upper(), str(found).strip().upper()
        return a[: len(b)] == b if b else not a
    try:
        return np.allclose(wanted, np.asarray(found, float), rtol=1e-6, atol=_LAST_DIGIT)
    except (TypeError, ValueError):
        return False


def _truth(content):
    return str(content).strip().strip(".").upper()[:1] in ("T", "1")


def _k_points(wanted, found):
    if found.k_mesh is None:
        yield "no mesh of k points"
    elif found.k_mesh != tuple(wanted):
        yield f"k mesh {_times(found.k_mesh)} for {_times(wanted)}"
    elif not found.gamma_centred:
        yield "a k mesh that is not centred at Γ"


def _times(mesh):
    return " × ".join(map(str, mesh))


def _datasets(wanted, found):
    if found and tuple(found) != tuple(wanted):
        yield f"POTCAR of {' '.join(found)} for {' '.join(wanted)}"
