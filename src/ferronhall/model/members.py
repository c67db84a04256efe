"""The members of a replica: states that advance together and feel the same noise."""

from dataclasses import dataclass

import numpy as np

from ferronhall.model.onsite_potential import onsite_polynomial

FIELD_SIGNS = {"minus": -1, "zero": 0, "plus": 1}
"""Name of a trajectory's field → sign of Ω_B."""


@dataclass(frozen=True)
class Member:
    """What sets one state apart from the others of its replica.

    name : str
    omega_B : float, rad/ps
    onsite : ndarray, shape (6,)
        Coefficients of w_x … w_x⁵ (eV/Å², eV/Å³, …) in minus the on-site force along x, and of w_y
        and w_z across it (eV/Å²), see onsite_potential.onsite_polynomial.
    """

    name: str
    omega_B: float
    onsite: np.ndarray


def field_members(config, material):
    """The model at minus, zero and plus the configured Ω_B, in the order of FIELD_SIGNS."""
    omega_B = config["field"]["omega_B_rad_per_ps"]
    onsite = onsite_polynomial(material.onsite)
    return [Member(name, sign * omega_B, onsite) for name, sign in FIELD_SIGNS.items()]


def twin_members(config, material):
    """The harmonic twins of field_members: the on-site force to first order about u0."""
    stiffness, across, _ = material.onsite.hessian
    linear = np.array([stiffness, 0, 0, 0, 0, across])
    fields = field_members(config, material)
    return [Member(f"{m.name} twin", m.omega_B, linear) for m in fields]


def members_of(config, material):
    """All members of a configured replica: the three fields, then their twins where asked for."""
    twins = twin_members(config, material) if config["ensemble"]["harmonic_twin"] else []
    return field_members(config, material) + twins
