"""The model's couplings with point dipoles in place of its smooth ones, as other codes have them.

The model's gaussian dipoles leave their short-ranged part to K_sr(R). What codes of the Zhong,
Vanderbilt and Rabe kind sum is the energy of point dipoles Z u under ε∞, all of it, in an endless
crystal without a macroscopic field. Seven constants j1…j7 and an on-site stiffness make up for the
difference, exactly on the 27 wave vectors of 3 × 3 × 3 cells, as the presets themselves are.
"""

from dataclasses import dataclass

import numpy as np

from ferronhall.base import units
from ferronhall.base.errors import ConfigError
from ferronhall.model import dipole
from ferronhall.model.model import Model

__all__ = ["PointDipoles"]

POINT_ETA_A = 5.0
"""η a from which a gaussian dipole is a point to rounding: the tails have fallen by exp(−25)."""


@dataclass(frozen=True)
class PointDipoles:
    """Energies in eV, the local mode u in Å.

    charge : float, e
        Z, on the dipole Z u of a cell.
    dielectric : float
        ε∞.
    shells : tuple of 7 floats, eV/Å²
        j1 … j7 of Zhong, Vanderbilt and Rabe, Phys. Rev. B 52, 6301 (1995).
    uniform : float, eV/Å²
        κ such that κ u² a cell undoes what couplings and dipoles give to a uniform u.
    """

    charge: float
    dielectric: float
    shells: tuple[float, ...]
    uniform: float

    @classmethod
    def of(cls, model: Model) -> "PointDipoles":
        """Those of a model.

        raises : ConfigError for the longitudinal kernel, which jumps at the zone boundary: no
            couplings of near neighbours make up for the difference
        """
        operator, material = model.operator, model.material
        if operator.dipole_kernel != "gaussian":
            raise ConfigError(
                f"dipole.kernel: '{operator.dipole_kernel}' differs from point dipoles at any "
                "distance, so other codes have no input for it; take 'gaussian' and a "
                "short_range.preset made for it"
            )
        if model.walls:
            raise ConfigError(
                "domains.walls_y: the written crystal begins in one domain; set it to [] and give "
                "the walls to the other code as its first state"
            )
        if model.domain_map:
            raise ConfigError(
                "domains.map: the written crystal begins in one domain; leave it empty and give "
                "the domains to the other code as its first state"
            )
        if model.disorder:
            raise ConfigError(
                "disorder: the written crystal has cells that are all alike; set every "
                "concentration to 0 and isotopes to []"
            )
        if any(getattr(material.onsite, "strain", ())):
            raise ConfigError(
                "onsite.strain_along, strain_across: the written well holds no strain; set both to "
                "0 and give the strain to the other code"
            )
        if material.onsite.tilt:
            raise ConfigError(
                "electric_field.x_kV_per_cm: the written well has no electric field; set it to 0 "
                "and give the field to the other code"
            )
        if operator.surroundings:
            raise ConfigError(
                "dipole.boundary, electrodes: the written crystal is endless and short-circuited; "
                "set both boundaries to short_circuit and electrodes.distance_A to none"
            )
        q = dipole.wave_vectors((3, 3, 3), material.lattice_constant)
        smooth = dipole.gaussian(q, material, operator.eta_a)
        point = dipole.gaussian(q, material, POINT_ETA_A)
        # K(R) at R = 0, 1, −1 along each axis, then at −1, 0, 1
        near = np.fft.fftshift(np.fft.ifftn(smooth - point, axes=(2, 3, 4)).real, (2, 3, 4))
        bonds = operator.bonds + np.moveaxis(near, (0, 1), (3, 4))
        shells = (
            bonds[1, 1, 2, 0, 0],
            bonds[2, 1, 1, 0, 0],
            bonds[2, 2, 1, 0, 0],
            bonds[1, 2, 2, 0, 0],
            bonds[2, 2, 1, 0, 1],
            bonds[2, 2, 2, 0, 0],
            bonds[2, 2, 2, 0, 1],
        )
        charge = float(material.mode.charge[0, 0])
        dielectric = float(material.dielectric[0, 0])
        j1, j2, j3, j4, _, j6, _ = shells
        neighbours = 4 * j1 + 2 * j2 + 8 * j3 + 4 * j4 + 8 * j6
        # cubic point dipoles, all alike, without a macroscopic field: the Lorentz field 4πP/3
        lorentz = 4 * np.pi / 3 * units.COULOMB * charge**2 / (dielectric * material.cell_volume)
        uniform = (lorentz - neighbours) / 2
        return cls(charge, dielectric, tuple(float(j) for j in shells), float(uniform))
