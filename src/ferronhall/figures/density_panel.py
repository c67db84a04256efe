"""Panels of the polar densities: a conventional cell, or the surroundings of a site."""

import re

import numpy as np

from ferronhall.figures import solids, style
from ferronhall.figures.structure import add_atoms, draw_axes, draw_box, images
from ferronhall.figures.view import View

VIEW = View(elevation=14.0, azimuth=24.0)


def cell_panel(axes, dataset, pair):
    """Isosurfaces of a pair's polar density in the conventional cell, with atoms and bonds.

    returns : columns of the CSV file, one row a surface
    """
    chosen = dataset.sel(pair=pair)
    edge = dataset.attrs["edge_A"]
    coordinates = [dataset[axis].values for axis in "xyz"]
    scene = solids.Scene()
    symbols, positions, _ = images(dataset)
    add_atoms(scene, symbols, positions)
    values, level = chosen["density"].values, float(chosen["isovalue"])
    # the far faces repeat the near ones
    surfaces = _surfaces(scene, values, level, coordinates, values[:-1, :-1, :-1])
    scene.draw(axes, VIEW)
    draw_box(axes, VIEW, edge)
    corners = VIEW.screen(edge * np.array(np.meshgrid([0, 1], [0, 1], [0, 1])).reshape(3, -1).T)
    low, high = corners.min(axis=0), corners.max(axis=0)
    _frame(axes, low - 0.09 * edge, high + 0.09 * edge)
    draw_axes(axes, VIEW, (low[0] + 0.02 * edge, low[1] - 0.02 * edge), 0.12 * edge)
    return surfaces


def site_panel(axes, dataset, pair):
    """Isosurfaces of the part that is odd about the site, with the bonds to its neighbours.

    returns : columns of the CSV file, one row a surface
    """
    chosen = dataset.sel(pair=pair)
    site = dataset["site"].values
    coordinates = [dataset[axis].values for axis in "uvw"]
    scene = solids.Scene()
    symbols, positions, _ = images(dataset)
    distances = np.linalg.norm(positions - site, axis=1)
    near = distances < 2.35
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


def _frame(axes, low, high):
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])


def legend(figure, left, bottom):
    """What the two colours mean, at a position in inches."""
    for n, (colour, text) in enumerate(
        ((solids.SURPLUS, "surplus of electrons"), (solids.DEFICIT, "deficit of electrons"))
    ):
        style.note(figure, left + 1.35 * n, bottom, "■", color=colour, fontsize=8)
        style.note(figure, left + 0.14 + 1.35 * n, bottom + 0.01, text)


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
    style.note(
        figure, style.WIDTH / 2, 0.07, text, ha="center", color=style.FADED, fontsize=style.SMALL
    )
