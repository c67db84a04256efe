"""Energies of one cubic cell along superpositions of the soft mode's three members.

Of a uniform mode u in the cubic cell, held as it is, along [100], [110] or [111] and whatever is
alike by the symmetry of the cube.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ferronhall.base.errors import ConfigError
from ferronhall.base.units import MEV
from ferronhall.crystals.first_principles.crystal import labels
from ferronhall.crystals.phonons.crystal_symmetry import operations
from ferronhall.crystals.phonons.double_well import project_displacement
from ferronhall.crystals.phonons.lattice_dynamics import Note
from ferronhall.crystals.phonons.path_rows import read_rows

KEY = "mode_paths"

SAME_EDGE = 2e-4
"""Relative difference of two edges that counts as none."""

ALIKE = 0.01
"""Difference of two energies that symmetry makes one, as a share of the path's largest."""

_OFF_AXIS = 0.03
"""Part of u across the direction, and of the displacements that its symmetry does not keep."""

_FOREIGN = 0.3
"""Part of the displacements that is no soft mode, from which a note is loud."""

_MOST_EV = 2.0
"""Energy from which another unit is likely."""


@dataclass(frozen=True)
class ModePath:
    """One path.

    file : str
    direction : tuple of 3 ints
    progress : ndarray, shape (m,)
        λ, rising, 0 and 1 among them.
    energy : ndarray, shape (m,), eV per formula unit
    mode : ndarray, shape (3,), Å
        u at λ = 1.
    residual : float
        Part of the displacements that is not the soft mode's.
    """

    file: str
    direction: tuple
    progress: np.ndarray
    energy: np.ndarray
    mode: np.ndarray
    residual: float

    @property
    def family(self):
        """1, 2 or 3: how many components of u do not vanish."""
        return int(np.count_nonzero(self.direction))

    @property
    def points(self):
        """u of every point (Å), shape (m, 3)."""
        return self.progress[:, None] * self.mode

    @property
    def centre(self):
        """Energy at u = 0 (eV)."""
        return float(self.energy[self.progress == 0][0])

    @property
    def notes(self):
        """What of it the user should look into, as Notes."""
        if self.residual > _FOREIGN:
            yield Note(
                f"{KEY}: '{self.file}': {100 * self.residual:.0f} % of its displacements are no "
                "soft mode of the force constants, so its energies are those of something else too",
                loud=True,
            )


def in_words(direction):
    """A direction as [1 1 0]."""
    return "[" + " ".join(map(str, direction)) + "]"


def read_mode_path(entry, folder, cubic, soft_mode):
    """ModePath of one entry of the data file.

    entry : dict with path, direction and edges_A
    folder : Path, to which the path is relative
    cubic : LatticeDynamics
    soft_mode : SoftMode of it
    raises : ConfigError
    """
    file = Path(folder) / entry["path"]
    try:
        return _read(file, entry, cubic, soft_mode)
    except _Unusable as error:
        raise ConfigError(f"{KEY}: '{file}': {error}") from None


class _Unusable(Exception):
    """What is wrong with one path."""


def _read(file, entry, cubic, soft_mode):
    direction = tuple(entry["direction"])
    if not any(direction):
        raise _Unusable("direction: [0, 0, 0] is none; write that of u, as [1, 1, 0] or [1, 1, 1]")
    _require_cubic_edges(entry["edges_A"], cubic.cell)
    progress, energy, moved = _columns(read_rows(file, KEY), cubic.cell, direction)
    _require_points(progress)
    displacement = moved[np.flatnonzero(progress == 1)[0]]
    off = np.abs(moved - progress[:, None, None] * displacement).max(axis=(1, 2))
    if off.max() > 0.01 * np.abs(displacement).max():
        raise _Unusable(
            f"the displacements at lambda = {progress[off.argmax()]:g} are not lambda times those "
            "at lambda = 1, so the path is not straight; move all atoms by one factor"
        )
    mode, residual = _on_the_mode(displacement, soft_mode)
    _require_direction(mode, direction)
    _require_symmetry(displacement, direction, cubic.cell)
    found = ModePath(str(file), direction, progress, energy, mode, residual)
    _require_energies(found)
    return found


def _require_cubic_edges(edges, cell):
    a = float(cell.cell[0, 0])
    if np.abs(np.array(edges) - a).max() > SAME_EDGE * a:
        given = " x ".join(f"{edge:g}" for edge in edges)
        raise _Unusable(
            f"edges_A: its cell has {given} Å, the cubic cell of the force constants {a:.6g} Å; "
            "in another cell the strain's own energy is mixed with that of the mode. Compute the "
            "path in the cubic cell, held as it is"
        )


def _columns(rows, cell, direction):
    """λ, energies, and displacements of shape (m, n, 3), λ rising."""
    names = labels(cell.symbols)
    given = set(rows[0]) if rows else set()
    if "energy_eV" not in given:
        others = ", ".join(sorted(name for name in given if name.startswith("energy")))
        raise _Unusable(
            "it lacks the column energy_eV, the energy of one cubic cell in eV"
            + (f"; it has {others}, to be converted and named so" if others else "")
        )
    wanted = [f"d{'xyz'[c]}_{label}_A" for c in range(3) if direction[c] for label in names]
    missing = [name for name in ("lambda", *wanted) if name not in given]
    if missing:
        raise _Unusable(
            f"it lacks {', '.join(missing)}; a path along {in_words(direction)} needs lambda, "
            "energy_eV, and the displacement of every atom along "
            + " and ".join("xyz"[c] for c in range(3) if direction[c])
        )
    try:
        progress, energy = (
            np.array([row[name] for row in rows], float) for name in ("lambda", "energy_eV")
        )
        moved = np.array(
            [[[row.get(f"d{c}_{label}_A") or 0 for c in "xyz"] for label in names] for row in rows],
            float,
        )
    except (ValueError, TypeError) as error:
        raise _Unusable(
            f"it holds a cell that is no number ({error}); every line needs its energy"
        ) from error
    if not np.isfinite(progress).all() or not np.isfinite(energy).all():
        raise _Unusable("lambda and energy_eV have to be numbers in every line")
    order = np.argsort(progress)
    return progress[order], energy[order], moved[order]


def _require_points(progress):
    for needed, words in ((0.0, "the cubic crystal"), (1.0, "to which displacements are counted")):
        if needed not in progress:
            raise _Unusable(f"it has no line with lambda = {needed:g}, {words}; add that structure")
    if len(np.unique(progress)) < len(progress):
        raise _Unusable("two of its lines have one lambda; leave one of them out")


def _on_the_mode(displacement, soft_mode):
    """u (Å) of displacements, shape (n, 3), and the part of them that is not the mode's."""
    mode, left = np.zeros(3), 0.0
    moved = displacement - displacement.mean(axis=0)
    for axis in range(3):
        if not moved[:, axis].any():
            continue
        pattern = soft_mode.eigenvector[axis, :, axis]
        mode[axis], residual = project_displacement(displacement[:, axis], pattern)
        left += (residual * np.linalg.norm(moved[:, axis])) ** 2
    if not mode.any():
        raise _Unusable("at lambda = 1 no atom moves in the soft mode")
    return mode, float(np.sqrt(left) / np.linalg.norm(moved))


def _require_direction(mode, direction):
    unit = np.array(direction) / np.linalg.norm(direction)
    across = np.linalg.norm(mode - mode @ unit * unit) / np.linalg.norm(mode)
    if across > _OFF_AXIS:
        parts = ", ".join(f"{u:.4g}" for u in np.round(mode, 6) + 0.0)
        raise _Unusable(
            f"direction: {list(direction)}, and its displacements are those of u = ({parts}) Å, "
            "in another direction; correct the direction, or the columns"
        )


def _require_symmetry(displacement, direction, cell):
    """The crystal on the path keeps the operations of the cube that keep the direction."""
    total, count = np.zeros_like(displacement), 0
    for op in operations(cell):
        if np.allclose(op.cartesian @ direction, direction):
            total[op.atoms] += displacement @ op.cartesian.T
            count += 1
    off = np.linalg.norm(total / count - displacement) / np.linalg.norm(displacement)
    if off > _OFF_AXIS:
        raise _Unusable(
            f"{100 * off:.0f} % of its displacements are against the symmetry of a crystal polar "
            f"along {in_words(direction)}; give each atom, the oxygens above all, the column of "
            f"its name: {', '.join(_places(cell))}"
        )


def _places(cell):
    return [
        f"{label} at ({', '.join(f'{x:g}' for x in np.round(place, 4))})"
        for label, place in zip(labels(cell.symbols), cell.scaled_positions, strict=True)
    ]


def _require_energies(path):
    rise = path.energy - path.centre
    largest = np.abs(rise).max()
    if largest > _MOST_EV:
        raise _Unusable(
            f"its energies differ by {largest:.3g} eV from that at lambda = 0, more than a double "
            "well has; energy_eV is that of one cubic cell in eV"
        )
    for n in np.flatnonzero(path.progress < 0):
        at = np.flatnonzero(np.isclose(path.progress, -path.progress[n]))
        if len(at) and abs(rise[n] - rise[at[0]]) > ALIKE * largest:
            raise _Unusable(
                f"its energies at lambda = {path.progress[n]:g} and {-path.progress[n]:g} differ "
                f"by {MEV * abs(rise[n] - rise[at[0]]):.3g} meV, and the energy of a cubic crystal "
                "is even in u; lambda = 0 has to be the centrosymmetric structure"
            )
