"""The maps of the results: every observable at zero field, and its field-odd part Δ_B X."""

from dataclasses import dataclass

from ferronhall.model.map_algebra import field_odd
from ferronhall.model.observables import OBSERVABLES

_WORDS = {1: "even", -1: "odd"}


@dataclass(frozen=True)
class ResponseMap:
    """One map taken from an observable at the three fields.

    observable : str
        Name in OBSERVABLES.
    delta : bool
        Whether it is the field-odd part.
    """

    observable: str
    delta: bool

    @property
    def key(self):
        """Name in the datasets: delta_polarization, angular_momentum_zero."""
        return f"delta_{self.observable}" if self.delta else f"{self.observable}_zero"

    @property
    def unit(self):
        """Unit of the map."""
        declared = OBSERVABLES[self.observable]
        return declared.delta_unit if self.delta else declared.unit

    @property
    def title(self):
        """How tables name it."""
        symbol = OBSERVABLES[self.observable].symbol
        return f"Δ_B {symbol}" if self.delta else f"{symbol}, zero field"

    @property
    def label(self):
        """In words."""
        label = OBSERVABLES[self.observable].label
        return f"field-odd {label}" if self.delta else f"{label} at zero field"

    @property
    def odd(self):
        """Odd in x and odd in y in a field along z, as Hall responses are; otherwise even in both.

        In other directions see parity and accumulates.
        """
        return (OBSERVABLES[self.observable].mirror_parity == 1) == self.delta

    def accumulates(self, mirrors):
        """Whether the symmetry lets the edge accumulation, of sign(x) sign(y), differ from zero."""
        return mirrors.accumulates(OBSERVABLES[self.observable].parity(mirrors), self.delta)

    def parity(self, mirrors):
        """What the symmetry makes of the map under x → −x and y → −y, in words."""
        if self.delta and mirrors.field_even:
            return "zero"
        signs = mirrors.signs(OBSERVABLES[self.observable].parity(mirrors), self.delta)
        named = {"x": (-1, 1), "y": (1, -1)}
        words = [f"{_WORDS[signs[v]]} in {axis}" for axis, v in named.items() if v in signs]
        if not words and (-1, -1) in signs:
            words = [f"{_WORDS[signs[-1, -1]]} under (x, y) → (−x, −y)"]
        return ", ".join(words) or "none"

    def quartered(self, mirrors):
        """Whether one quarter of the slab holds all of the map, which does not vanish."""
        return not self.delta or (mirrors.single and not mirrors.field_even)

    def gathers(self, mirrors):
        """Whether the faces have opposite signs of it on each flank, as drawings of it show."""
        return self.quartered(mirrors) and self.accumulates(mirrors)

    @property
    def scale(self):
        """From the unit of the observable to that of the map."""
        return OBSERVABLES[self.observable].delta_scale if self.delta else 1.0

    def take(self, maps):
        """The map in its unit, shape (..., nx, ny), from the observable's (..., field, nx, ny)."""
        return self.scale * field_odd(maps) if self.delta else maps[..., 1, :, :]


RESPONSE_MAPS = {
    m.key: m for delta in (False, True) for m in (ResponseMap(n, delta) for n in OBSERVABLES)
}
"""Key → map: the observables at zero field, then their field-odd parts."""

HALL_RESPONSES = ("angular_momentum_zero", "delta_kinetic_energy", "delta_polarization")
"""The three of the paper's Fig. 3, whose response to a weak or modulated gradient is known."""


def of_observable(name):
    """The maps taken from one observable."""
    return [m for m in RESPONSE_MAPS.values() if m.observable == name]
