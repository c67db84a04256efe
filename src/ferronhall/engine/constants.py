"""The constants of B, A and G that the compiled substep takes, for every member."""

import numpy as np

from ferronhall.engine.kernels.cubic_well import COEFFICIENTS
from ferronhall.engine.kernels.integrator import Coefficients
from ferronhall.engine.layout import storage_order
from ferronhall.engine.uneven_sites import uneven_sites
from ferronhall.model.field import Field


def coefficients(model, members, dtype, replica=0):
    """Constants of the model's substep for every Member, in the state's type.

    replica : int
        Whose cells an uneven crystal has.
    """
    h, mass, direction = model.h, model.material.mass[0, 0], model.field.direction
    onsite = np.array([m.onsite for m in members], dtype)
    wells = np.zeros((len(members), 5, 0), dtype)
    cubic, uneven = None, None
    if onsite.shape[-1] == COEFFICIENTS:
        layered = onsite.ndim == 3
        layers = onsite[:, storage_order(model.slab.ny)] if layered else onsite[:, None]
        cubic = np.ascontiguousarray(layers.swapaxes(1, 2))
        onsite = np.zeros((len(members), 6), dtype)
    elif onsite.ndim == 5:
        cells = onsite[:, :, storage_order(model.slab.ny), :, :5]
        wells = np.ascontiguousarray(cells.transpose(0, 4, 1, 3, 2)).reshape(len(members), 5, -1)
        onsite = onsite[:, 0, 0, 0] * np.array([0, 0, 0, 0, 0, 1], dtype)
    elif onsite.ndim == 3:
        wells = np.ascontiguousarray(onsite[:, storage_order(model.slab.ny), :5].swapaxes(1, 2))
        # across the well all layers are alike
        onsite = onsite[:, 0] * np.array([0, 0, 0, 0, 0, 1], dtype)
    if model.disorder:
        uneven = uneven_sites(model, members, onsite, replica, dtype)
        onsite = np.zeros_like(onsite)
    rotations = [Field(m.omega_B, direction).rotation(h / 2).ravel() for m in members]
    turns = [turn(direction, m.omega_B * h, dtype) for m in members]
    scalar = np.dtype(dtype).type
    return Coefficients(
        onsite=onsite,
        rotation=np.array(rotations, dtype),
        turn=np.array(turns, dtype),
        kick=scalar(h / mass),
        half_kick=scalar(h / mass / 2),
        drift=scalar(h / 2),
        wells=wells,
        uneven=uneven,
        cubic=cubic,
    )


def turn(direction, angle, dtype):
    """The five numbers of integrator.turn for a rotation by `angle` (rad) about `direction`.

    f = 2/(1 + t²) is that of the rounded t, in two numbers of dtype, so that lengths are kept to
    its precision squared.
    """
    axis = np.asarray(direction, float)
    t = (np.tan(angle / 2) * axis / np.linalg.norm(axis)).astype(dtype)
    factor = 2 / (1 + np.sum(t.astype(float) ** 2))
    large = np.dtype(dtype).type(factor)
    return [*t, large, factor - large]
