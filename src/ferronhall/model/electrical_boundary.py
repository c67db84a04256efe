"""What surrounds the crystal electrically: what q = 0 means along x and z, and electrodes along y.

Short-circuited along an axis, the mean polarization makes no macroscopic field: the component q = 0
of the dipoles is zero. In open circuit its charges stay, and the field −P/(ε₀ε∞) of the slab's mean
P acts on every cell, with the stiffness 4πk_e Z²/(Ωε∞) on a uniform mode. Along y the faces are
open, and the sum over layers has their charges in it.
"""

from dataclasses import dataclass, replace

import numpy as np

from ferronhall.base import units
from ferronhall.model.electrodes import Electrodes, Images

NONE, SHORT_CIRCUIT, OPEN_CIRCUIT = "none", "short_circuit", "open_circuit"

_PERIODIC = {"x": 0, "z": 2}


@dataclass(frozen=True)
class ElectricalBoundary:
    """Boundary conditions of one slab.

    open_circuit : tuple of str
        Those of the axes x and z that are not short-circuited.
    electrodes : Electrodes or None
    """

    open_circuit: tuple = ()
    electrodes: Electrodes | None = None

    @classmethod
    def from_config(cls, config):
        """The configured ones; those of the paper where the keys are not there."""
        axes = config["dipole"].get("boundary", {})
        plates = config.get("electrodes", {"distance_A": NONE})
        distance = plates["distance_A"]
        return cls(
            tuple(axis for axis in _PERIODIC if axes.get(axis) == OPEN_CIRCUIT),
            None if distance == NONE else Electrodes(distance, plates["screening_length_A"]),
        )

    @classmethod
    def from_attributes(cls, attrs):
        """Those of a parameters dataset (see attributes)."""
        plates = [float(attrs[name]) for name in _PLATES if name in attrs]
        return cls(tuple(attrs.get(_OPEN, "").split()), Electrodes(*plates) if plates else None)

    @property
    def attributes(self):
        """What differs from a slab alone in short circuit, as attributes of a dataset."""
        found = {_OPEN: " ".join(self.open_circuit)} if self.open_circuit else {}
        if self.electrodes:
            plates = self.electrodes.distance, self.electrodes.screening_length
            found |= dict(zip(_PLATES, plates, strict=True))
        return found

    def couplings(self, slab, material, qx=None):
        """What it adds to the couplings of a slab; None of nothing.

        qx : as in slab_operator.SlabOperator.build
        """
        if not self.open_circuit and not self.electrodes:
            return None
        a = material.lattice_constant
        images = self.electrodes and Images(
            self.electrodes,
            a * slab.y,
            (2 * np.pi * np.fft.fftfreq(slab.nx) if qx is None else np.asarray(qx)) / a,
            2 * np.pi * np.fft.fftfreq(slab.nz) / a,
            a,
            float(material.mode.charge[0, 0]),
            float(material.dielectric[0, 0]),
        )
        return BoundaryCouplings(self, slab.ny, depolarizing_stiffness(material), images)


@dataclass(frozen=True)
class BoundaryCouplings:
    """Couplings of layers that do not depend on their distance alone (eV/Å²).

    boundary : ElectricalBoundary
    ny : int
    depolarizing : float, eV/Å²
        See depolarizing_stiffness.
    images : Images or None
    """

    boundary: ElectricalBoundary
    ny: int
    depolarizing: float
    images: Images | None

    @property
    def short_circuited(self):
        """Those of the electrodes alone."""
        return replace(self, boundary=replace(self.boundary, open_circuit=()))

    def block(self, ix, iz):
        """Hermitian block at FFT indices (ix, iz), shape (3 ny, 3 ny), component-major."""
        ny = self.ny
        block = self.images.block(ix, iz) if self.images else np.zeros((3 * ny, 3 * ny))
        if ix == iz == 0:
            for axis in self.boundary.open_circuit:
                layers = slice(ny * _PERIODIC[axis], ny * (_PERIODIC[axis] + 1))
                block[layers, layers] += self.depolarizing / ny
        return block


def depolarizing_stiffness(material):
    """4πk_e Z²/(Ωε∞) (eV/Å²), what open circuit adds to the stiffness of a uniform mode."""
    charge, dielectric = material.mode.charge[0, 0], material.dielectric[0, 0]
    return float(4 * np.pi * units.COULOMB * charge**2 / (dielectric * material.cell_volume))


_OPEN, _PLATES = "open_circuit", ("electrode_distance_A", "electrode_screening_length_A")
"""Attributes of a parameters dataset."""
