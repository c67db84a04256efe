"""The slab: its lattice, the hot band along x and the damping sponge along the open y."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Slab:
    """nx × ny × nz cells, periodic along x and z, open along y.

    padding : int
        Number of y layers of the transform box (Eq. S9), physical and empty together.
    isolated : bool
        Whether the box stands for an infinite one: no image of the slab along y.
    """

    nx: int
    ny: int
    nz: int
    padding: int
    isolated: bool = False

    @classmethod
    def padded(cls, nx, ny, nz, padding_y):
        """A slab in a box of a fast transform length.

        padding_y : float or "isolated"
            The box has at least padding_y × ny layers. Isolated: twice ny, enough for every
            distance of two layers; that there are no images is the kernel's affair.
        """
        isolated = padding_y == "isolated"
        layers = 2 * ny if isolated else padding_y * ny
        # here, as most who read a model make no new slab
        from scipy.fft import next_fast_len

        return cls(nx, ny, nz, next_fast_len(int(np.ceil(layers)), real=True), isolated)

    @classmethod
    def from_config(cls, config):
        """The configured slab."""
        lattice = config["lattice"]
        return cls.padded(lattice["nx"], lattice["ny"], lattice["nz"], lattice["padding_y"])

    @property
    def shape(self):
        """(nx, ny, nz)."""
        return (self.nx, self.ny, self.nz)

    @property
    def sites(self):
        """Number of cells."""
        return self.nx * self.ny * self.nz

    @property
    def zone_points(self):
        """Wave vectors along y at which the kernel is taken: those of the box, or of isolated.

        The isolated rule's error falls like exp(−4n √(2/N)), N the longer of nx and nz, once its n
        points on each half of the zone follow a wave of ny layers.
        """
        if not self.isolated:
            return self.padding
        return 2 * int(np.ceil(20 + 1.6 * self.ny + 7 * np.sqrt(max(self.nx, self.nz))))

    @property
    def x(self):
        """Cell coordinates along x, centred on the hot band, shape (nx,)."""
        return np.arange(self.nx) - (self.nx - 1) / 2

    @property
    def y(self):
        """Cell coordinates along y, centred on the slab, shape (ny,)."""
        return np.arange(self.ny) - (self.ny - 1) / 2


@dataclass(frozen=True)
class HotBand:
    """Bath temperature along x: a flat hot band with smooth flanks, cold elsewhere.

    The fractions are of the slab's length: `width` of the flat band, `smoothing` of each flank.
    """

    hot: float
    cold: float
    width: float
    smoothing: float
    shape: str = "tanh"

    @classmethod
    def from_config(cls, config):
        """The configured hot band."""
        t = config["temperature"]
        fractions = (t["hot_fraction"], t["smoothing_fraction"])
        return cls(t["T_hot_K"], t["T_cold_K"], *fractions, t["shape"])

    def flank_position(self, slab):
        """0 at the band's edge, 1 where the flank ends; negative inside, shape (nx,)."""
        distance = np.abs(slab.x) - self.width * slab.nx / 2
        return distance / (self.smoothing * slab.nx)

    def temperature(self, slab):
        """T(x) in K, shape (nx,)."""
        t = self.flank_position(slab)
        if self.shape == "linear":
            profile = np.clip(1 - t, 0, 1)
        else:
            profile = 0.5 * (1 - np.tanh(4 * (t - 0.5)))
        return self.cold + (self.hot - self.cold) * profile

    def flanks(self, slab):
        """Columns whose cell overlaps a flank, bool, shape (nx,)."""
        half = 0.5 / (self.smoothing * slab.nx)
        t = self.flank_position(slab)
        tolerance = 1e-9
        return (t + half > tolerance) & (t - half < 1 - tolerance) & (np.abs(slab.x) > 0.25)


@dataclass(frozen=True)
class Sponge:
    """Damping along y: γ_bulk inside, rising over `layers` cells to γ_edge at each open face."""

    bulk: float
    edge: float
    layers: int
    shape: str = "linear"

    @classmethod
    def from_config(cls, config):
        """The configured sponge."""
        d = config["damping"]
        rates = (d["gamma_bulk_per_ps"], d["gamma_edge_per_ps"])
        return cls(*rates, d["sponge_layers"], d["shape"])

    def damping(self, slab):
        """γ(y) in 1/ps, shape (ny,)."""
        depth = (slab.ny - 1) / 2 - np.abs(slab.y)
        rise = np.clip(1 - depth / self.layers, 0, 1) if self.layers else np.zeros(slab.ny)
        if self.shape == "quadratic":
            rise = rise**2
        return self.bulk + (self.edge - self.bulk) * rise


EDGE_LAYERS = 2
"""Outermost y layers of each face that the edge accumulation averages over."""


def edges(slab):
    """The outermost layers of both faces, bool, shape (ny,)."""
    return np.abs(slab.y) > (slab.ny - 1) / 2 - EDGE_LAYERS + 0.5
