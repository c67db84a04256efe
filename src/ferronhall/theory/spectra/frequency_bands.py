"""What a bath drives in bands of frequency: F of every mode, band by band (see baths).

    F_k(λ; band) = (1/π) ∫_band dω θ_k(ω) z/(z² + ω²),   z = −λ

With a constant θ the integral is an arc tangent. A θ of the frequency is interpolated between
points in each band, so that a line is integrated exactly however sharp it is.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ferronhall.theory.baths import thermal_energy

_POINTS = 9
"""Points in a band between which θ is interpolated, its ends among them."""


@dataclass(frozen=True)
class Bands:
    """Bands of frequency (rad/ps), the last one without end.

    edges : ndarray, shape (bands + 1,), from 0 to infinity
    """

    edges: np.ndarray

    @classmethod
    def up_to(cls, top, width):
        """Bands of one width up to past `top`, and one for all above."""
        edges = width * np.arange(np.floor(top / width) + 2)
        return cls(np.append(edges, np.inf))

    def __len__(self):
        return len(self.edges) - 1

    @cached_property
    def points(self):
        """Points of every band but the last, shape (bands − 1, points)."""
        low, high = self.edges[:-2, None], self.edges[1:-1, None]
        return low + (high - low) * np.linspace(0, 1, _POINTS)

    def of(self, values):
        """Index of the band that |Im λ| lies in."""
        return np.searchsorted(self.edges, np.abs(values.imag), "right") - 1

    def white(self, values):
        """F of white noise of 1 K, ½ in all bands together, shape (bands, n)."""
        z = -values
        turned = np.arctan(self.edges[:-1, None] / z) / np.pi
        return np.diff(turned, axis=0, append=0.5)

    def lines(self, values):
        """What every point's θ counts in F of its band, shape (bands − 1, points, n)."""
        z, w = -values, self.points[..., None]
        plus, minus = np.log(z + 1j * w), np.log(z - 1j * w)
        # primitives of z/(z² + ω²) and of ω z/(z² + ω²), over π
        area = np.diff((plus - minus) / 2j, axis=1) / np.pi
        moment = np.diff(z * (plus + minus) / 2, axis=1) / np.pi
        low, high = w[:, :-1], w[:, 1:]
        counts = np.zeros((*self.points.shape, len(values)), complex)
        counts[:, :-1] += (high * area - moment) / (high - low)
        counts[:, 1:] += (moment - low * area) / (high - low)
        return counts

    def thermal(self, bath):
        """θ_k of every wave of a bath of quantum statistics at the points, in K.

        bath : baths.QuantumBath
        returns : ndarray, shape (waves, bands − 1, points)
        """
        energy = thermal_energy(np.maximum(self.points, 1e-12)[..., None], bath.temperature)
        return np.einsum("kx,bpx->kbp", bath.weights, energy)
