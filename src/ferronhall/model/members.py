"""The members of a replica: states that advance together and feel the same noise."""

from dataclasses import dataclass

import numpy as np

FIELD_SIGNS = {"minus": -1, "zero": 0, "plus": 1}
"""Name of a trajectory's field → sign of Ω_B."""


@dataclass(frozen=True)
class Member:
    """What sets one state apart from the others of its replica.

    name : str
    omega_B : float, rad/ps
    onsite : ndarray, shape (n,), or (ny, n) with domain walls, or (nx, ny, nz, n) with a map
        The on-site potential about the state at rest: six numbers of the axial form, 41 of the
        cubic one, see OnSitePotential.about and CubicPotential.about.
    disordered : bool
        Whether it has the cells of an uneven crystal, or all those of the average one.
    """

    name: str
    omega_B: float
    onsite: np.ndarray
    disordered: bool = False


def field_members(model):
    """The model at minus, zero and plus its Ω_B, in the order of FIELD_SIGNS."""
    onsite = model.material.onsite.about_minimum
    if model.walls:
        onsite = np.array([model.material.onsite.about(u) for u in model.rest])
    if model.domain_map:
        onsite = model.material.onsite.about_each(model.rest_state[0])
    uneven = model.disorder is not None
    return [
        Member(name, model.field.at(sign).omega_B, onsite, uneven)
        for name, sign in FIELD_SIGNS.items()
    ]


def twin_members(model):
    """The harmonic twins of field_members: linear on-site forces about the state at rest.

    Their stiffness is what the fluctuations soften it to (reference.averaged_stiffness): a
    twin of the stiffness at u0 runs ahead of a hot slab, and soon shares nothing with it. The twins
    of an uneven crystal move in the average one, of which alone their averages are known.
    """
    along, across = np.broadcast_arrays(model.twin_stiffness, model.twin_transverse)
    onsite = model.material.onsite
    if model.walls:
        linear = np.array([onsite.linear(pair) for pair in zip(along, across, strict=True)])
    else:
        linear = onsite.linear((along, across))
    return [Member(f"{m.name} twin", m.omega_B, linear) for m in field_members(model)]


def members_of(model, twins):
    """All members of a replica: the three fields, then, where asked for, their twins."""
    return field_members(model) + (twin_members(model) if twins else [])
