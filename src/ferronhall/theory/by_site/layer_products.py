"""Products of a state at q and another at q′ in every layer, of which the maps are sums."""

from itertools import product

import numpy as np

from ferronhall.theory.bond_covariance import y_bonds, z_bonds
from ferronhall.theory.pair import MOMENTS


def spread_products(columns, rows, places):
    """⟨w_c w_d*⟩ in the layers kept, from R = ⟨w_c s†⟩.

    columns : mode_columns.ModeColumns
    rows : ndarray, shape (nx, r, kept, 2m)
        R, the q′ of its columns first.
    places : list of (c, d)
    returns : ndarray, shape (kept, nx, places, layers), complex
    """
    functions = columns.felt_functions
    nx, _, kept, _ = rows.shape
    found = np.zeros((kept, nx, len(places), len(columns.groups)), complex)
    for layer, group in enumerate(columns.groups):
        for a, b in product(group, group):
            between = rows[:, a, :, columns.rows[b]].T
            for place, (c, d) in enumerate(places):
                counts = functions[c, layer, a] * functions[d, layer, b].conj()
                if counts:
                    found[:, :, place, layer] += counts * between
    return found


def moment_products(left, right, qz):
    """Those of pair.MOMENTS, of half a covariance: its adjoint has the rest.

    left, right : lists of w and v in the layers kept, shape (nx, 3, layers, N)
        At one q, and the conjugates at all q′.
    qz : float, wave vector along z in units of the inverse lattice constant
    returns : ndarray, shape (nx, MOMENTS, layers), complex
    """
    w, v = zip(left, right, strict=True)
    found = np.zeros((len(left[0]), MOMENTS, left[0].shape[-2]), complex)
    found[:, :3], found[:, 3:6] = 2 * _product(*v), 2 * _product(*w)
    found[:, 6] = (
        _product(w[0][:, 0], v[1][:, 1])
        + _product(v[0][:, 1], w[1][:, 0])
        - _product(w[0][:, 1], v[1][:, 0])
        - _product(v[0][:, 0], w[1][:, 1])
    )
    found[:, 7] = _product(w[0][:, 0], w[1][:, 1]) + _product(w[0][:, 1], w[1][:, 0])
    found[:, 8, :-1] = 2 * y_bonds(*w)
    found[:, 9] = 2 * z_bonds(*w, qz)
    return found


def _product(a, b):
    return np.einsum("...yb,...yb->...y", a, b)
