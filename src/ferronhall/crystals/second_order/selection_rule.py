"""Which pairs of modes may carry a dipole, along which axis, and which signs are images."""

from dataclasses import dataclass

import numpy as np

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.second_order.symmetry_action import parent_group, symmetry_action

_ALLOWED = 1e-6


@dataclass(frozen=True)
class ModePair:
    """Two patterns whose product is polar.

    patterns : pair of ndarray, shape (n, 3), of norm 1
    images : tuple of (int, int, int)
        Signs (λ, μ, dipole): with λ and μ turned by these, the dipole is turned by the third.
    """

    patterns: tuple
    images: tuple


def polar_products(first, second):
    """The dipole tensors that the parent's symmetry allows for two mode spaces.

    first, second : displacement_modes.ModeSpace
    returns : ndarray, shape (m, 3, d1, d2), orthonormal; m = 0 where the pair carries no dipole
    """
    shape = (3, len(first.patterns), len(second.patterns))
    total = first.arm + second.arm
    if np.abs(total - np.rint(total)).max() > _ALLOWED:
        # a translation of the crystal would turn the dipole
        return np.zeros((0, *shape))
    size = int(np.prod(shape))
    basis = np.eye(size).reshape(size, *shape)
    mean = sum(
        np.einsum("ai,bj,cl,mijl->mabc", rotation, left, right, basis, optimize=True)
        for rotation, left, right in zip(
            first.rotations, first.matrices, second.matrices, strict=True
        )
    ).reshape(size, size) / len(first.rotations)
    values, vectors = np.linalg.eigh((mean + mean.T) / 2)
    return vectors[:, values > 1 - _ALLOWED].T.reshape(-1, *shape)


def mode_pair(parent, first, second, axis):
    """The pair of patterns of two mode spaces with the largest dipole along an axis.

    first, second : displacement_modes.ModeSpace
    axis : int
    raises : ConfigError where symmetry forbids a dipole along the axis
    """
    allowed = polar_products(first, second)
    strength = np.sqrt((allowed[:, axis] ** 2).sum(axis=0)) if len(allowed) else np.zeros((1, 1))
    if strength.max() < _ALLOWED:
        axes = [a for n, a in enumerate("xyz") if np.abs(allowed[:, n]).max(initial=0.0) > 0.1]
        where = f"they do along {', '.join(axes)}" if axes else "they do along no axis"
        raise ConfigError(
            f"the modes {first.label} and {second.label} carry no second-order dipole along "
            f"{'xyz'[axis]}, by symmetry; {where}"
        )
    # the first of equals, whatever the rounding
    at = np.argwhere(strength > strength.max() - _ALLOWED)[0]
    patterns = (first.patterns[at[0]], second.patterns[at[1]])
    return ModePair(patterns, sign_images(parent, patterns, axis))


def sign_images(parent, patterns, axis):
    """Signs under which a pair of patterns and its dipole along an axis are images of each other.

    returns : tuple of (s1, s2, s3)
        An operation of the parent turns the patterns into s1 and s2 times themselves, and the
        dipole along the axis into s3 times itself.
    """
    action = symmetry_action(parent, parent_group(parent))
    found = set()
    for k, rotation in enumerate(action.rotations):
        signs = [_sign(action.on(pattern, k), pattern) for pattern in patterns]
        turned = rotation[axis, axis]
        if all(signs) and abs(abs(turned) - 1) < _ALLOWED:
            found.add((*signs, round(turned)))
    return tuple(sorted(found))


def allowed_pairs(spaces, axis):
    """Labels of all pairs of nonpolar mode spaces that may carry a dipole along an axis."""
    names = list(spaces)
    return [
        (a, b)
        for n, a in enumerate(names)
        for b in names[n:]
        if not {spaces[a].irrep, spaces[b].irrep} & {"Γ4-"}
        and np.abs(polar_products(spaces[a], spaces[b])[:, axis]).max(initial=0.0) > _ALLOWED
    ]


def _sign(moved, pattern):
    for sign in (1, -1):
        if np.allclose(moved, sign * pattern):
            return sign
    return 0
