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

Without field all three mirrors hold. A bath's T(x, y) leaves only those that it is its own image
under. With 180-degree walls normal to y (see domains) the mirror of y holds where ū(y) is its own
image; where its image is −ū(y), as with a wall in the middle, it holds together with u → −u, and
what is odd in u, as P, changes sign with it. Of domains of any shape hold the mirrors that leave
their state at rest as it is, or move it along z.
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
    zero_field : tuple of (x, y, field)
        The same without field.
    polar : ±1
        −1 where u → −u goes with y → −y: the sign that what is odd in u takes beside its own.
    """

    images: tuple
    zero_field: tuple = ZERO_FIELD
    polar: int = 1

    @classmethod
    def of(cls, direction, temperature=None, rest=None):
        """Those of a field along `direction`, three numbers of any length but zero.

        temperature : ndarray, shape (nx, ny), K, optional
            Of the bath, where it need not have all mirrors.
        rest : ndarray, shape (ny,) or (3, nx, ny, nz), Å, optional
            ū(y), where it need not have the mirror of y, or the state of domains of any shape.
        """
        field = np.asarray(direction, float) / np.linalg.norm(direction)
        field[np.abs(field) < _ALIGNED] = 0.0
        found, polar, whole = [], 1, rest is not None and rest.ndim == 4
        if whole:
            of_y = [(x, -1, z) for x in (1, -1) for z in (1, -1)]
            even, odd = (any(_maps_state(rest, m, sign) for m in of_y) for sign in (1, -1))
            polar = -1 if odd and not even else 1
        for used in product((False, True), repeat=3):
            signs = [mirror for mirror, taken in zip(MIRRORS, used, strict=True) if taken]
            if whole and not _maps_state(rest, [-1 if taken else 1 for taken in used], polar):
                continue
            image = field * np.prod(signs, axis=0)
            x, y = (-1 if taken else 1 for taken in used[:2])
            found += [(x, y, sign) for sign in (1, -1) if np.array_equal(image, sign * field)]
        kinds = [tuple(sorted(set(found), key=_order)), ZERO_FIELD]
        if whole:
            kinds[1] = tuple(
                (x, y, field)
                for x, y, field in ZERO_FIELD
                if _maps_state(rest, (x, y, 1), polar) or _maps_state(rest, (x, y, -1), polar)
            )
        if temperature is not None:
            kinds = [_kept(kind, temperature) for kind in kinds]
        if rest is not None and not whole:
            polar = -1 if _alike(rest, -rest[::-1]) else 1
            if polar == 1 and not _alike(rest, rest[::-1]):
                kinds = [tuple(image for image in kind if image[1] == 1) for kind in kinds]
        return cls(*kinds, polar)

    @classmethod
    def of_dataset(cls, dataset):
        """Those that a dataset of a campaign was made with (see attributes)."""
        images = (_read(dataset.attrs[name]) for name in _NAMES if name in dataset.attrs)
        return cls(*images, polar=int(dataset.attrs.get(_POLAR, 1)))

    @property
    def attributes(self):
        """The images as an attribute of a dataset, in the manner of a space group's operations."""
        written = dict(zip(_NAMES, map(_written, (self.images, self.zero_field)), strict=True))
        if self.zero_field == ZERO_FIELD:
            del written[_NAMES[1]]
        return written | ({_POLAR: self.polar} if self.polar != 1 else {})

    @property
    def single(self):
        """Whether x → −x and y → −y hold each on its own, not only together."""
        return {(-1, 1), (1, -1)} <= {image[:2] for image in self.images}

    @property
    def field_even(self):
        """Whether the maps at ±Ω_B are the same, so that every field-odd map vanishes."""
        return (1, 1, -1) in self.images

    def signs(self, parity, delta):
        """(x, y) → sign of a map under x → x·, y → y·, of the images with which it has one.

        parity : +1 or −1, or a pair of them (see fold)
        delta : bool
            Of the field-odd part of a map, or of the map without field.
        """
        in_x, in_y = np.broadcast_to(parity, 2)
        return {
            (x, y): int((in_x if x < 0 else 1) * (in_y if y < 0 else 1) * (field if delta else 1))
            for x, y, field in (self.images if delta else self.zero_field)
        }

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
            for x, y, field in (self.images if delta else self.zero_field)
        )

    def independent(self, x, y, delta):
        """One cell of each set of equal ones, shape (nx, ny); none of a map that vanishes.

        x, y : ndarray, shapes (nx,) and (ny,)
            Coordinates counted from the slab's centre.
        """
        if delta and self.field_even:
            return np.zeros((x.size, y.size), bool)
        number = np.arange(x.size * y.size).reshape(x.size, y.size)
        images = self.images if delta else self.zero_field
        return np.all([number <= number[::i, ::j] for i, j, _ in images], axis=0)

    def pool(self, maps):
        """Mean of a map without sign and its mirror images at either field, (..., nx, ny)."""
        turned = sorted({image[:2] for image in self.images})
        return sum(maps[..., ::x, ::y] for x, y in turned) / len(turned)


_NAMES = ("symmetry", "symmetry_without_field")
"""The attributes of a dataset; the second of a bath or of domains that have not all mirrors."""

_POLAR = "symmetry_of_polarization"
"""Attribute where the mirror of y turns the polarization round."""

_EQUAL = 1e-9
"""Part of the highest temperature by which a bath and its image may differ and be the same."""


def _kept(images, temperature):
    """Those that leave T(x, y) as it is."""
    tolerance = _EQUAL * np.max(temperature)
    return tuple(
        (x, y, field)
        for x, y, field in images
        if np.allclose(temperature[::x, ::y], temperature, rtol=0, atol=tolerance)
    )


def _alike(rest, image):
    """Whether two states ū(y) are the same but for rounding."""
    return np.allclose(rest, image, rtol=0, atol=_EQUAL * np.abs(rest).max())


def _maps_state(state, flips, polar):
    """Whether the mirrors leave a state as it is, or move it along z, of which maps know nothing.

    state : ndarray, shape (3, nx, ny, nz), Å
    flips : three ±1, −1 of the axes whose mirror is taken
    polar : ±1, of u → −u that goes with the mirror of y
    """
    x, y, z = flips
    # the mirror of x takes u → −u along
    turned = (x * (polar if y < 0 else 1)) * np.array(flips)[:, None, None, None]
    image = turned * state[:, ::x, ::y, ::z]
    tolerance = _EQUAL * np.abs(state).max()
    return any(
        np.allclose(np.roll(image, n, axis=-1), state, rtol=0, atol=tolerance)
        for n in range(state.shape[-1])
    )


def _written(images):
    return "; ".join(
        ",".join(("-" if sign < 0 else "") + name for sign, name in zip(image, "xyB", strict=True))
        for image in images
    )


def _read(text):
    images = (image.split(",") for image in text.split("; "))
    return tuple(tuple(-1 if "-" in part else 1 for part in image) for image in images)


def _order(image):
    """The identity first, then what a field along z has, as in ZERO_FIELD."""
    x, y, field = image
    return x * y != field, -field, -y
