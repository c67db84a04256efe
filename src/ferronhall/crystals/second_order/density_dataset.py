"""What the figures and the table of polar densities are made from, as one dataset a crystal."""

import json

import numpy as np
import xarray as xr

from ferronhall.base import units
from ferronhall.crystals.second_order.density_data import read_parent, read_polar_parts
from ferronhall.crystals.second_order.harmonics import name
from ferronhall.crystals.second_order.multipoles import (
    MAX_DEGREE,
    RADIUS_ANGSTROM,
    allowed_orders,
    multipole_moments,
    partial_density,
)
from ferronhall.crystals.second_order.polar_density import AXIS

SPACING_ANGSTROM = 0.06
"""Of the drawn grids: the surfaces no longer change to the eye."""


def density_dataset(folder):
    """Polar densities, atomic dipoles and multipole moments of a folder's pairs of modes.

    returns : xarray.Dataset
        density (pair, x, y, z), e/Å³, in the conventional cell, its far faces included: surplus
        electrons are positive; atom_dipole (pair, atom), |e| Å, the moment w_10 about each atom of
        the primitive cell; and where the description names a site: moment (pair, component),
        |e| Å^l, those that the site's symmetry allows, beside published_moment, and odd_density
        (pair, u, v, w), e/Å³, the part that is odd under inversion through the site, NaN outside
        the sphere.
    raises : DataFileError, SymmetryError
    """
    parent, parts = read_parent(folder), read_polar_parts(folder)
    group, content = parent.group, parent.content
    edge = group.cubic_constant
    points = round(edge / SPACING_ANGSTROM)
    cubic = np.rint(edge * np.linalg.inv(group.lattice)).astype(int)
    grids = [part.repeated(cubic).on_grid((points,) * 3) for part in parts.values()]
    coordinate = np.linspace(0, edge, points + 1)
    atoms = parent.positions @ parent.lattice
    dipoles = [
        [multipole_moments(part, r, max_degree=1)[1, 0] for r in atoms] for part in parts.values()
    ]
    dataset = xr.Dataset(
        {
            "density": (
                ("pair", "x", "y", "z"),
                np.pad(grids, ((0, 0), (0, 1), (0, 1), (0, 1)), mode="wrap").astype("float32"),
                {"units": "e/Å³", "long_name": "polar part of the electron density"},
            ),
            "atom_dipole": (
                ("pair", "atom"),
                np.array(dipoles),
                {"units": "e Å", "long_name": "moment w_10 about the atom"},
            ),
            "position": (("atom", "axis"), atoms, {"units": "Å", "long_name": "atomic position"}),
            "lattice": (
                ("vector", "axis"),
                parent.lattice,
                {"units": "Å", "long_name": "lattice vectors"},
            ),
        },
        {
            "pair": list(parts),
            "atom": parent.symbols,
            **{axis: (axis, coordinate, {"units": "Å"}) for axis in "xyz"},
            "isovalue": ("pair", [content["drawn"].get(p, np.nan) for p in parts]),
        },
        {
            "crystal": content["crystal"],
            "source": content["source"],
            "amplitude_A": content["amplitude_A"],
            "edge_A": edge,
            "drawn_cells": content["drawn_cells"],
            "modes": json.dumps(content["modes"]),
            "radius_A": RADIUS_ANGSTROM,
        },
    )
    if "site" not in content:
        return dataset
    return dataset.merge(_at_site(parent, parts), combine_attrs="no_conflicts")


def _at_site(parent, parts):
    """Allowed moments about the described site, and the odd part about it for the drawn pairs."""
    group, fraction = parent.group, parent.positions[parent.content["site"]]
    site = fraction @ parent.lattice
    components = [
        (degree, order)
        for degree in range(1, MAX_DEGREE + 1)
        for order in allowed_orders(group, fraction, AXIS, degree)
    ]
    names = [name(*c) for c in components]
    moments = {pair: multipole_moments(part, site) for pair, part in parts.items()}
    published = parent.content["published_moments"]
    printed = [[published.get(pair, {}).get(n, np.nan) for n in names] for pair in parts]
    steps = round(RADIUS_ANGSTROM / (SPACING_ANGSTROM / 2))
    reach = np.arange(-steps, steps + 1) / steps
    offsets = RADIUS_ANGSTROM * np.stack(np.meshgrid(reach, reach, reach, indexing="ij"), -1)
    drawn = parent.content["drawn"]
    odd = [
        _odd_density(part, site, offsets) if pair in drawn else np.full(offsets.shape[:3], np.nan)
        for pair, part in parts.items()
    ]
    return xr.Dataset(
        {
            "moment": (
                ("pair", "component"),
                np.array([[of_pair[c] for c in components] for of_pair in moments.values()]),
                {"long_name": "multipole moment (|e| Å^degree)"},
            ),
            "published_moment": (
                ("pair", "component"),
                np.array(printed, dtype=float) / units.MICRO,
                {"long_name": "published multipole moment (|e| Å^degree)"},
            ),
            "odd_density": (
                ("pair", "u", "v", "w"),
                np.array(odd).astype("float32"),
                {"units": "e/Å³", "long_name": "odd part about the site"},
            ),
            "site": ("axis", site, {"units": "Å", "long_name": "site of the moments"}),
        },
        {
            "component": names,
            "degree": ("component", [degree for degree, _ in components]),
            "order": ("component", [order for _, order in components]),
            **{a: (a, RADIUS_ANGSTROM * reach, {"units": "Å"}) for a in "uvw"},
        },
        {"site_isovalue": parent.content["site_isovalue"]},
    )


def _odd_density(part, site, offsets):
    degrees = range(1, MAX_DEGREE + 1, 2)
    flat = partial_density(part, site, offsets.reshape(-1, 3), degrees)
    return flat.reshape(offsets.shape[:3])
