"""What is taken from a map: mirror images, field-odd part, cuts and the edge accumulation."""

import numpy as np

ROUNDING = 1e-12
"""Relative size below which a difference of two doubles is what their rounding left."""


def fold(maps, parity, mirrors):
    """Average maps over the images that the symmetry of the driven slab makes equal.

    maps : ndarray, shape (..., field, nx, ny), fields ordered −Ω_B, 0, +Ω_B
    parity : +1 or −1, or a pair of them
        Sign of the map under either mirror (Observable.mirror_parity), or under x → −x with
        u → −u and under y → −y.
    mirrors : Mirrors
        Of the campaign's field and bath.
    """
    folded = _mean_image(maps, parity, mirrors.images)
    folded[..., 1, :, :] = _mean_image(maps[..., 1:2, :, :], parity, mirrors.zero_field)[
        ..., 0, :, :
    ]
    if mirrors.field_even:
        # the same sum but for its order
        folded[..., 0, :, :] = folded[..., 2, :, :]
    return folded


def _mean_image(maps, parity, images):
    in_x, in_y = np.broadcast_to(parity, 2)
    total = 0
    for x, y, field in images:
        sign = (in_x if x < 0 else 1) * (in_y if y < 0 else 1)
        total = total + sign * maps[..., ::field, ::x, ::y]
    return total / len(images)


def field_odd(maps):
    """Δ_B X = [X(+Ω_B) − X(−Ω_B)]/2 (Eq. S44), from shape (..., field, nx, ny).

    Exactly 0 where the two agree to rounding.
    """
    plus, minus = maps[..., 2, :, :], maps[..., 0, :, :]
    odd = (plus - minus) / 2
    return np.where(np.abs(odd) > ROUNDING * (np.abs(plus) + np.abs(minus)), odd, 0.0)


def edge_accumulation(maps, x, y, flank, edge, odd=(True, True)):
    """Mean of sign(x) sign(y) X over the edge layers and flank columns, from (..., nx, ny).

    odd : pair of bool
        Whether the map is odd in x and in y; the sign of a coordinate it is even in is left out.
    """
    return np.sum(maps * edge_weights(x, y, flank, edge, odd), axis=(-2, -1))


def edge_weights(x, y, flank, edge, odd=(True, True)):
    """What every cell of a map counts in its edge accumulation, shape (nx, ny)."""
    along_x = np.sign(x) * flank if odd[0] else flank
    along_y = np.sign(y) * edge if odd[1] else edge
    signs = np.outer(along_x, along_y)
    return signs / np.count_nonzero(signs)


def flank_cuts(maps, x, flank):
    """Means over the flank columns on either side of the hot band, (..., nx, ny) → (..., 2, ny)."""
    sides = (flank & (x < 0), flank & (x > 0))
    return np.stack([maps[..., side, :].mean(axis=-2) for side in sides], axis=-2)
