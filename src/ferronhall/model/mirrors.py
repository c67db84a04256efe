"""Which images of themselves the maps of the driven slab are, by the direction of the field.

Couplings, damping and a bath that is hot about x = 0 do not change under three mirrors. Each keeps
the component of the field along its own axis and reverses the other two, as the field is an axial
vector. Reversing u as a whole changes neither energy nor field; the mirror of x takes it along, so
that the slab stays polarized along +x:

    x → −x with u → −u :  (B_x, B_y, B_z) → ( B_x, −B_y, −B_z)
    y → −y             :  (B_x, B_y, B_z) → (−B_x,  B_y, −B_z)
    z → −z             :  (B_x, B_y, B_z) → (−B_x, −B_y,  B_z)

Of their products those that take B to B, or to −B, relate a map to its image at the same, or at
the reversed, field. The mirror of z itself leaves every map as it is: they are averaged over z, and
are scalars, x and y components of vectors or z components of axial vectors. What remains:

    any direction    (x, y) → (−x, −y) at the same field
    B_x B_y = 0      also x → −x and y → −y, each with the field reversed
    B_z = 0          also the reversed field alone: no field-odd map

Without field all three mirrors hold.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

MIRRORS = ((1, -1, -1), (-1, 1, -1), (-1, -1, 1))
"""Signs of B_x, B_y, B_z under the mirrors of x (with u → −u), y and z."""

ZERO_FIELD = ((1, 1, 1), (-1, -1, 1), (-1, 1, 1), (1, -1, 1))
"""Images without field, as in Mirrors.images."""

_ALIGNED = 1e-12
"""Largest component, over the field, that counts as none: rounding of a direction's numbers."""


@dataclass(frozen=True)
class Mirrors:
    """The symmetry of a campaign's maps.

    images : tuple of (x, y, field), each ±1
        A map, times its own signs (see fold), equals its image under x → x·, y → y· at the field
        times the third sign. The identity comes first.
    """

    images: tuple

    @classmethod
    def of(cls, direction):
        """Those of a field along `direction`, three numbers of any length but zero."""
        field = np.asarray(direction, float) / np.linalg.norm(direction)
        field[np.abs(field) < _ALIGNED] = 0.0
        found = []
        for used in product((False, True), repeat=3):
            signs = [mirror for mirror, taken in zip(MIRRORS, used, strict=True) if taken]
            image = field * np.prod(signs, axis=0)
            x, y = (-1 if taken else 1 for taken in used[:2])
            found += [(x, y, sign) for sign in (1, -1) if np.array_equal(image, sign * field)]
        return cls(tuple(sorted(set(found), key=_order)))

    @classmethod
    def of_dataset(cls, dataset):
        """Those that a dataset of a campaign was made with (see attributes)."""
        written = (image.split(",") for image in dataset.attrs["symmetry"].split("; "))
        return cls(tuple(tuple(-1 if "-" in part else 1 for part in image) for image in written))

    @property
    def attributes(self):
        """The images as an attribute of a dataset, in the manner of a space group's operations."""
        letters = [
            ",".join(
                ("-" if sign < 0 else "") + name for sign, name in zip(image, "xyB", strict=True)
            )
            for image in self.images
        ]
        return {"symmetry": "; ".join(letters)}

    @property
    def single(self):
        """Whether x → −x and y → −y hold each on its own, not only together."""
        return any(x != y for x, y, _ in self.images)

    @property
    def field_even(self):
        """Whether the maps at ±Ω_B are the same, so that every field-odd map vanishes."""
        return (1, 1, -1) in self.images

    def accumulates(self, parity, delta, weight=(-1, -1)):
        """Whether the symmetry lets a weighted sum over the slab differ from zero.

        parity : +1 or −1, or a pair of them (see fold)
        delta : bool
            Of the field-odd part of a map, or of the map without field.
        weight : pair of ±1
            Parities of the weight in x and in y; those of sign(x) sign(y) by default.
        """
        in_x, in_y = np.multiply(np.broadcast_to(parity, 2), weight)
        return all(
            (in_x if x < 0 else 1) * (in_y if y < 0 else 1) * field == 1
            for x, y, field in (self.images if delta else ZERO_FIELD)
        )

    def independent(self, x, y, delta):
        """One cell of each set of equal ones, shape (nx, ny); none of a map that vanishes.

        x, y : ndarray, shapes (nx,) and (ny,)
            Coordinates counted from the slab's centre.
        """
        if delta and self.field_even:
            return np.zeros((x.size, y.size), bool)
        if self.single or not delta:
            return np.outer(x <= 0, y <= 0)
        return (x < 0)[:, None] | np.outer(x == 0, y <= 0)

    def pool(self, maps):
        """Mean of a map without sign and its mirror images at either field, (..., nx, ny)."""
        for axes in ((-2,), (-1,)) if self.single else ((-2, -1),):
            maps = (maps + np.flip(maps, axes)) / 2
        return maps


def _order(image):
    """The identity first, then what a field along z has, as in ZERO_FIELD."""
    x, y, field = image
    return x * y != field, -field, -y
