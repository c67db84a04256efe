"""One page on a data set: what was read, what the model keeps, what would be refused and why."""

import numpy as np

from ferronhall.base.errors import ConfigError, FerronHallError
from ferronhall.crystals.phonons.dataset import (
    FirstPrinciples,
    read_cubic_well,
    read_path,
    same_atoms,
)
from ferronhall.crystals.phonons.files import data_files, named_files, read_content
from ferronhall.crystals.phonons.material_file import make_material
from ferronhall.crystals.phonons.material_report import report
from ferronhall.crystals.phonons.reading import read_phase
from ferronhall.crystals.phonons.soft_mode import find_soft_mode


def check(path):
    """Read a data set step by step, going on past what would be refused.

    path : of a file like data/batio3-pbesol/dataset.yaml
    returns : (lines, refused, made)
        Lines of the page, messages of what stands against a material file, and (data, content,
        fits) of material_file, or None where something does.
    raises : ConfigError where the file itself cannot be used
    """
    content = read_content(path)
    phases, switching_path = named_files(path, content)
    lines, refused, found = ["files, in the order in which they count:"], [], {}
    lines += [f"  {file}" for file in data_files(path)]
    for name, files in phases.items():
        crystal = _try(refused, name, lambda files=files: read_phase(files))
        if crystal:
            found[name] = crystal
            lines += ["", *_phase(name, crystal)]
    cubic, tetragonal = found.get("cubic"), found.get("tetragonal")
    if cubic is None:
        return lines, refused, None
    mode = _try(refused, "soft mode", lambda: find_soft_mode(cubic, content.get("b_site")))
    if tetragonal:
        _try(refused, "tetragonal", lambda: same_atoms(cubic, tetragonal))
    way = _try(refused, "switching path", lambda: read_path(switching_path, cubic, tetragonal))
    well = mode and _try(refused, "cubic well", lambda: read_cubic_well(path, content, cubic, mode))
    if refused:
        return lines, refused, None
    data = FirstPrinciples(content, cubic, mode, tetragonal, way, well)
    made = _try(refused, "short-range fit", lambda: make_material(data))
    if made:
        lines += ["", "what the model keeps:", *(f"  {line}" for line in report(data, *made))]
        lines += ["  " + line for line in _path(way)]
    return lines, refused, (data, *made) if made else None


def page(path):
    """The page as text, and what `check` made. Raises ConfigError as `check` does."""
    lines, refused, made = check(path)
    if refused:
        lines += ["", "refused:", *(f"  {message}" for message in refused)]
    else:
        lines += ["", "nothing is refused: ferronhall-material would write a material file"]
    return "\n".join(lines), made


def _try(refused, what, step):
    try:
        return step()
    except FerronHallError as error:
        refused.append(f"{what}: {error}")
        return None


def _phase(name, crystal):
    """What is known of one phase, as lines."""
    lattice = np.array(crystal.cell.cell)
    edges = ", ".join(f"{x:.5f}" for x in np.linalg.norm(lattice, axis=1))
    yield f"{name}: edges {edges} Å, mesh {' x '.join(map(str, crystal.mesh))}"
    for symbol, mass, place, born in zip(
        crystal.cell.symbols,
        crystal.cell.masses,
        crystal.cell.scaled_positions,
        crystal.born,
        strict=True,
    ):
        where = ", ".join(f"{x:.4f}" for x in place)
        charges = ", ".join(f"{born[k, k]:.4f}" for k in range(3))
        yield f"  {symbol:2} {mass:9.4f} amu at ({where}), Z* {charges} e"
    yield "  ε∞ " + ", ".join(f"{crystal.dielectric[k, k]:.4f}" for k in range(3))
    yield f"  Γ, THz, no field:    {_frequencies(crystal.frequencies([0, 0, 0]))}"
    split = crystal.frequencies([0, 0, 0], True, [0, 0, 1])
    yield f"  Γ, THz, q → 0 on z: {_frequencies(split)}"
    yield from (f"  {note}" for note in crystal.notes)


def _path(way):
    if np.isfinite(way.polarization[way.end]):
        yield f"polarization of the path at λ = 1: {way.polarization[way.end]:.4f} C/m²"


def _frequencies(values):
    return " ".join(f"{x:.3f}" for x in values + 0.0)


def require_picture_suffix(name):
    """ConfigError for a picture file whose kind is not known."""
    if not str(name).endswith((".png", ".pdf", ".svg")):
        raise ConfigError(f"--picture: '{name}' ends in none of .png, .pdf, .svg")
