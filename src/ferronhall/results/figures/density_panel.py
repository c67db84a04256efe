"""Panels of the polar densities: a conventional cell, or the surroundings of a site."""

import re

import numpy as np

from ferronhall.results.figures import solids, style
from ferronhall.results.figures.structure import (
    BOND_ANGSTROM,
    add_atoms,
    add_modes,
    box_edges,
    draw_axes,
    draw_box,
    images,
)
from ferronhall.results.figures.view import View

VIEW = View(elevation=14.0, azimuth=24.0)
MARGIN_ANGSTROM = 0.55
"""Around the cell: room for the atoms on its edges."""


def cell_panel(axes, dataset, pair):
    """Isosurfaces of a pair's polar density in the conventional cell, with atoms and bonds.

    returns : columns of the CSV file, one row a surface; what it encloses in one cubic cell
    """
    chosen = dataset.sel(pair=pair)
    values, level = chosen["density"].values, float(chosen["isovalue"])
    cells, edges = dataset.attrs["drawn_cells"], box_edges(dataset)
    # the far faces repeat the near ones
    repeated = np.tile(values[:-1, :-1, :-1], cells)
    closed = np.pad(repeated, (0, 1), mode="wrap")
    coordinates = [np.linspace(0, e, n) for e, n in zip(edges, closed.shape, strict=True)]
    scene = solids.Scene()
    add_atoms(scene, *images(dataset))
    surfaces = _surfaces(scene, closed, level, coordinates, values[:-1, :-1, :-1])
    scene.draw(axes, VIEW)
    _frame_cell(axes, edges)
    return surfaces


def modes_panel(axes, dataset, pair):
    """The drawn cell with an arrow at every atom that the modes of a pair move."""
    scene = solids.Scene()
    add_atoms(scene, *images(dataset))
    add_modes(scene, dataset, pair)
    scene.draw(axes, VIEW)
    _frame_cell(axes, box_edges(dataset))


def site_panel(axes, dataset, pair):
    """Isosurfaces of the part that is odd about the site, with the bonds to its neighbours.

    returns : columns of the CSV file, one row a surface
    """
    chosen = dataset.sel(pair=pair)
    site = dataset["site"].values
    coordinates = [dataset[axis].values for axis in "uvw"]
    scene = solids.Scene()
    symbols, positions = images(dataset)
    distances = np.linalg.norm(positions - site, axis=1)
    near = distances < BOND_ANGSTROM
    offsets = positions[near] - site
    add_atoms(scene, [s for s, n in zip(symbols, near, strict=True) if n], offsets, scale=0.8)
    level = dataset.attrs["site_isovalue"]
    values = chosen["odd_density"].values
    surfaces = _surfaces(scene, values, level, coordinates, values)
    scene.draw(axes, VIEW)
    extent = np.abs(VIEW.screen(offsets)).max() + 0.35
    _frame(axes, np.array([-extent, -extent]), np.array([extent, extent]))
    return surfaces


def _surfaces(scene, values, level, coordinates, counted):
    """Add both surfaces; what they enclose of the counted points, as columns of the CSV file."""
    voxel = np.prod([axis[1] - axis[0] for axis in coordinates])
    rows = []
    for sign, colour in ((1, solids.SURPLUS), (-1, solids.DEFICIT)):
        scene.add(*solids.isosurface(values, sign * level, coordinates), colour)
        inside = counted[sign * counted > level]
        extreme = sign * np.nanmax(sign * values)
        rows.append([sign * level, extreme, inside.size * voxel, inside.sum() * voxel])
    headers = ["isovalue (e/Å^3)", "extreme (e/Å^3)", "volume inside (Å^3)", "electrons inside"]
    return dict(zip(headers, np.array(rows, dtype=float).T, strict=True))


def dipole_columns(dataset):
    """Atomic dipoles of every pair of modes, as columns of the CSV file."""
    pairs, atoms = dataset["pair"].values.tolist(), dataset["atom"].values.tolist()
    return {
        "pair": [pair for pair in pairs for _ in atoms],
        "atom": [f"{atom} {n + 1}" for _ in pairs for n, atom in enumerate(atoms)],
        "dipole along z (|e| Å)": dataset["atom_dipole"].values.ravel(),
    }


def _frame_cell(axes, edges):
    draw_box(axes, VIEW, edges)
    corners = VIEW.screen(edges * np.array(np.meshgrid([0, 1], [0, 1], [0, 1])).reshape(3, -1).T)
    low, high = corners.min(axis=0), corners.max(axis=0)
    _frame(axes, low - MARGIN_ANGSTROM, high + MARGIN_ANGSTROM)
    draw_axes(axes, VIEW, low - (0.1, 0.35), 0.55)


def _frame(axes, low, high):
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])


def legend(figure, left, bottom, entries=()):
    """What the colours mean, at a position in inches.

    entries : sequence of (colour, text)
        After those of the surfaces.
    """
    surfaces = ((solids.SURPLUS, "surplus of electrons"), (solids.DEFICIT, "deficit of electrons"))
    for n, (colour, text) in enumerate((*surfaces, *entries)):
        style.note(figure, left + 1.5 * n, bottom, "■", color=colour, fontsize=8)
        style.note(figure, left + 0.14 + 1.5 * n, bottom + 0.01, text)


def pair_label(pair, dataset):
    """A pair of modes in mathematical text: X5+z-X5-zM with its cation's name.

    Modes without an axis in their names are along z.
    """
    cation = next(s for s in dataset["atom"].values.tolist() if s != "O")
    modes = re.findall(r"X(\d)([+-])([xyz]?)(\w*)", pair)
    parts = []
    for number, parity, axis, element in modes:
        element = f":\\mathrm{{{element.replace('M', cation)}}}" if element else ""
        parts.append(f"\\mathrm{{X}}^{{{parity}}}_{{{number},{axis or 'z'}{element}}}")
    return f"${' '.join(parts)}$"


def scaled_density(value):
    """A density in µ|e|/Å³ or m|e|/Å³, as text."""
    scaled, unit = (1e6 * value, "µ") if value < 1e-4 else (1e3 * value, "m")
    return f"{scaled:g} {unit}|e|/Å³"


def small_print(figure, dataset):
    """Crystal, amplitude and source of the densities, below the panels."""
    attrs = dataset.attrs
    text = f"{attrs['crystal']}:  Q = {1e3 * attrs['amplitude_A']:g} mÅ,  {attrs['source']}"
    style.small_print(figure, text)
