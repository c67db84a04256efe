"""Two contacts that hold their temperature: the hot band, and a cold one on the far side."""

from dataclasses import dataclass

import numpy as np

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Contacts:
    """Columns whose bath is given; those between them form an arm on either side.

    hot, cold : float, K
    hot_width, cold_width : float
        Of each contact, over the slab's length.
    """

    hot: float
    cold: float
    hot_width: float
    cold_width: float

    @classmethod
    def from_config(cls, config):
        """The configured contacts."""
        t = config["temperature"]
        return cls(t["T_hot_K"], t["T_cold_K"], t["hot_fraction"], t["cold_fraction"])

    def hot_columns(self, slab):
        """Columns of the hot contact, in the middle, bool, shape (nx,)."""
        return np.abs(slab.x) <= self.hot_width * slab.nx / 2 + _ROUNDING

    def cold_columns(self, slab):
        """Columns of the cold contact, about the periodic boundary, bool, shape (nx,)."""
        return slab.nx / 2 - np.abs(slab.x) <= self.cold_width * slab.nx / 2 + _ROUNDING

    def between(self, slab):
        """Columns of the two arms, bool, shape (nx,)."""
        return ~(self.hot_columns(slab) | self.cold_columns(slab))

    def temperature(self, slab):
        """T(x) in K, shape (nx,): that of the contacts, and straight lines between them."""
        x, held = np.abs(slab.x), ~self.between(slab)
        inner, outer = x[self.hot_columns(slab)].max(), x[self.cold_columns(slab)].min()
        line = np.interp(x, [inner, outer], [self.hot, self.cold])
        return np.where(held, np.where(self.hot_columns(slab), self.hot, self.cold), line)
