"""The conventional cell of a cubic crystal in a drawing of surfaces: atoms, bonds and edges."""

import json
from itertools import product

import numpy as np

from ferronhall.results.figures import style

COLOURS = {"O": "#f0f0f0", "Sr": "#7fbf7b"}
CATION = "#8a8a8a"
RADII = {"O": 0.20, "Sr": 0.34}
CATION_RADIUS = 0.28
MODE_COLOURS = ("#222222", "#cc79a7")
BOND_ANGSTROM = 2.35
"""Longest distance of a cation to an oxygen that is drawn as a bond."""


def box_edges(dataset):
    """Edges of the drawn cell, ndarray, shape (3,), Å."""
    return dataset.attrs["edge_A"] * np.asarray(dataset.attrs["drawn_cells"])


def images(dataset):
    """Atoms of the drawn cell with their images on its faces.

    dataset : xarray.Dataset, as second_order.density_dataset makes it
    returns : (symbols, positions): list of str, ndarray (n, 3) in Å
    """
    edges = box_edges(dataset)
    primitive = dataset["lattice"].values
    steps = np.array(list(product(range(-3, 4), repeat=3))) @ primitive
    symbols, positions = [], []
    for symbol, atom in zip(
        dataset["atom"].values.tolist(), dataset["position"].values, strict=True
    ):
        found = atom + steps
        inside = np.all((found > -1e-6) & (found < edges + 1e-6), axis=1)
        positions.append(found[inside])
        symbols += [symbol] * inside.sum()
    return symbols, np.concatenate(positions)


def add_atoms(scene, symbols, positions, scale=1.0):
    """Balls and the rods between cations and oxygens closer than a bond, on a solids.Scene."""
    for symbol, position in zip(symbols, positions, strict=True):
        radius = scale * RADII.get(symbol, CATION_RADIUS)
        scene.ball(position, radius, COLOURS.get(symbol, CATION))
    oxygen = [s == "O" for s in symbols]
    for i, j in product(np.flatnonzero(oxygen), np.flatnonzero(np.logical_not(oxygen))):
        if np.linalg.norm(positions[i] - positions[j]) < BOND_ANGSTROM:
            scene.rod(positions[i], positions[j], 0.055 * scale, "#c9c9c9")


def add_modes(scene, dataset, pair):
    """An arrow (Å) at every atom that the modes of a pair move, in one colour a mode."""
    modes = json.loads(dataset.attrs["modes"]).get(pair, [])
    for mode, colour in zip(modes, MODE_COLOURS, strict=False):
        for atom in np.array(mode, dtype=float):
            start, direction = dataset.attrs["edge_A"] * atom[:3], atom[3:]
            scene.arrow(start, start + direction, 0.09, colour)


def draw_box(axes, view, edges):
    """Edges of the cell; those that meet at its farthest corner behind all else, dashed."""
    corners = edges * np.array(list(product((0, 1), repeat=3)))
    farthest = np.argmin(view.depth(corners))
    for i, j in product(range(8), repeat=2):
        if i < j and np.count_nonzero(corners[i] != corners[j]) == 1:
            hidden = farthest in (i, j)
            axes.plot(
                *view.screen(corners[[i, j]]).T,
                color=style.INK,
                lw=0.5,
                ls=(0, (3, 2)) if hidden else "-",
                zorder=0.5 if hidden else 3,
            )


def draw_axes(axes, view, origin, length):
    """Arrows along x, y, z from a point of the screen."""
    for name, direction in zip("xyz", np.eye(3), strict=True):
        tip = np.asarray(origin) + length * view.screen(direction)
        axes.annotate(
            "",
            tip,
            origin,
            arrowprops={
                "arrowstyle": "-|>",
                "lw": 0.7,
                "color": style.INK,
                "mutation_scale": 6,
                "shrinkA": 0,
                "shrinkB": 0,
            },
            zorder=5,
            annotation_clip=False,
        )
        label = np.asarray(origin) + 1.3 * length * view.screen(direction)
        axes.text(*label, name, ha="center", va="center", style="italic", fontsize=style.SMALL)
