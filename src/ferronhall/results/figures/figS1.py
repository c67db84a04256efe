"""Figure S1: the crystal's phonons, and the branches the local-mode model keeps of them."""

import json

import numpy as np

from ferronhall.base import units
from ferronhall.model.onsite_potential import well_energy
from ferronhall.results.figures import style
from ferronhall.results.figures.output import DrawnFigure

WIDTH, HEIGHT, BOTTOM, LEFT, GAP = 2.85, 2.0, 0.55, 0.52, 0.42
SHOWN = 3
"""Presets drawn in the last panel: the first of the material file."""

LOOKS = (
    {"color": style.POSITIVE, "lw": 2.4, "alpha": 0.55},
    {"color": style.RIGHT, "lw": 1.0},
    {"color": style.FERROELECTRIC, "lw": 1.0, "ls": (0, (5, 1.5))},
)
"""Lines of the presets, the first one wide enough to be seen beside others that lie on it."""

PANELS = (
    ("branches", "without the non-analytical term"),
    ("branches_dipoles", "with the non-analytical term"),
)
PUBLISHED = {
    ("cubic", "branches"): ("gamma",),
    ("cubic", "branches_dipoles"): ("gamma_z",),
    ("tetragonal", "branches"): ("gamma",),
    ("tetragonal", "branches_dipoles"): ("gamma_x", "gamma_z"),
}
"""Published frequencies at the path's first, second, … Γ. With the dipoles they hang on the axis
along which the path leaves it."""


def draw(phonons):
    """Draw dispersions without and with the dipoles' term, and the model's own branches.

    phonons : xarray.Dataset, content of phonons.nc
    returns : DrawnFigure
    """
    tetragonal = "tetragonal_branches" in phonons
    rows = 3 if tetragonal else 2
    total = rows * (HEIGHT + GAP) + BOTTOM - 0.12
    data = []
    letters = iter("abcdef")
    with style.context():
        figure = style.new_figure(total)
        phases = ("cubic", "tetragonal") if tetragonal else ("cubic",)
        for row, phase in enumerate(phases):
            for column, (branches, text) in enumerate(PANELS):
                title = f"{phase}, {text}"
                axes = _axes(figure, total, row, column, next(letters), title)
                data.append((title, _crystal(axes, phonons, phase, branches)))
                _marks(axes, phonons, phase, branches)
        row = rows - 1
        axes = _axes(figure, total, row, 0, next(letters), "local-mode model, cubic")
        data.append(("local-mode model", _model(axes, phonons)))
        axes = _axes(figure, total, row, 1, next(letters), "switching path", frequency=False)
        data.append(("switching path", _path(axes, phonons)))
        style.small_print(figure, f"{phonons.attrs['material']}:  {phonons.attrs['source']}")
    return DrawnFigure(figure, data)


def _axes(figure, total, row, column, letter, title, frequency=True):
    left = LEFT + column * (WIDTH + 0.62)
    bottom = total - (row + 1) * (HEIGHT + GAP) + 0.12
    style.note(
        figure, left - 0.44, bottom + HEIGHT + 0.07, f"({letter})", weight="bold", fontsize=8
    )
    style.note(figure, left, bottom + HEIGHT + 0.07, title, fontsize=7.5)
    axes = style.place(figure, left, bottom, WIDTH, HEIGHT)
    if frequency:
        axes.set_ylabel("frequency (THz), imaginary < 0")
        axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
    return axes


def _zone(axes, phonons, phase):
    corners = phonons[f"{phase}_corner"].values
    for corner in corners[1:-1]:
        axes.axvline(corner, color=style.FADED, lw=0.5, zorder=0)
    axes.set_xticks(corners, phonons[f"{phase}_label"].values)
    axes.set_xlim(corners[0], corners[-1])


def _crystal(axes, phonons, phase, name):
    distance = phonons[f"{phase}_distance"].values
    branches = phonons[f"{phase}_{name}"].values
    # with the dipoles, branches jump where the path turns at Γ
    turns = np.flatnonzero(np.diff(distance) == 0) + 1
    for along, values in zip(np.split(distance, turns), np.split(branches, turns), strict=True):
        axes.plot(along, values, color=style.NEGATIVE, lw=0.8)
    _zone(axes, phonons, phase)
    columns = {"distance (1/Å)": distance}
    return columns | {f"branch {k + 1} (THz)": b for k, b in enumerate(branches.T)}


def _marks(axes, phonons, phase, branches):
    """The published frequencies at Γ."""
    published = json.loads(phonons.attrs["published"])
    origins = phonons[f"{phase}_corner"].values[phonons[f"{phase}_label"].values == "Γ"]
    keys = [f"{phase}_{name}" for name in PUBLISHED[phase, branches]]
    found = [(x, published[k]) for x, k in zip(origins, keys, strict=False) if k in published]
    for place, values in found:
        axes.plot(
            np.full(len(values), place),
            values,
            ms=3.2,
            **style.RING,
            clip_on=False,
            zorder=5,
            label="published, Γ" if place == 0 else None,
        )
    if found:
        style.headroom(axes, 0.1)
        axes.legend(loc="upper right", handletextpad=0.2, borderpad=0.1)


def _model(axes, phonons):
    distance = phonons["cubic_distance"].values
    crystal = phonons["cubic_branches_dipoles"].values
    lines = axes.plot(distance, crystal, color=style.FADED, lw=0.4, zorder=1)
    lines[0].set_label("the crystal, as in (b)")
    columns = {"distance (1/Å)": distance}
    for look, preset in zip(LOOKS, phonons["preset"].values[:SHOWN], strict=False):
        branches = phonons["model_branches"].sel(preset=preset).values
        lines = axes.plot(distance, branches, zorder=3, **look)
        lines[0].set_label(str(preset))
        columns |= {f"{preset} {k + 1} (THz)": b for k, b in enumerate(branches.T)}
    projected = phonons["projected"].values
    lines = axes.plot(distance, projected, color=style.INK, lw=0.7, ls=":", zorder=4)
    lines[0].set_label("projected force constants")
    columns |= {f"projected {k + 1} (THz)": b for k, b in enumerate(projected.T)}
    _zone(axes, phonons, "cubic")
    style.headroom(axes, 0.42)
    axes.legend(loc="upper right", handletextpad=0.4, borderpad=0.1, labelspacing=0.2)
    return columns


def _path(axes, phonons):
    progress = phonons["switching_progress"].values
    energy = phonons["switching_energy"].values
    amplitude = float(phonons["amplitude"])
    fine = np.linspace(-1.0, 1.0, 201) * progress.max()
    both = np.concatenate([-progress[::-1], progress])
    axes.plot(both, np.concatenate([energy[::-1], energy]), "o", ms=3.5, color=style.INK)
    looks = (("quartic", style.POSITIVE, "-"), ("sextic", style.NEGATIVE, "--"))
    names = {"quartic": "matched quartic", "sextic": "sextic fit"}
    for name, colour, dashes in looks:
        well = units.MEV * well_energy(phonons[name].values, amplitude * fine)
        axes.plot(fine, well, color=colour, ls=dashes, lw=0.9, label=names[name])
    axes.set_xlabel(r"$\lambda$ along the switching path")
    axes.set_ylabel("energy (meV per cell)")
    axes.legend(loc="lower center", handletextpad=0.4, borderpad=0.1)
    polarization = phonons["switching_polarization"].values
    return {"lambda": progress, "energy (meV)": energy, "polarization (C/m^2)": polarization}
