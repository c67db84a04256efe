"""Baths that randomise but take no heat: T(x, y) between two contacts that hold theirs.

Every cell's bath gives it the power γ(3k_BT − M⟨v²⟩). In the contacts T is given; the inner baths
take the temperatures at which theirs vanishes (Bonetto, Lebowitz and Lukkarinen 2004). About the
relaxed slab ⟨v²⟩ is linear in all T, so one linear system of the cells between holds them, whose
matrix follows from the heat kernel.
"""

from dataclasses import dataclass

import numpy as np

from ferronhall.theory.heat_flow.heat_kernel import in_space


@dataclass(frozen=True)
class Balance:
    """Baths in balance at one field.

    temperature : ndarray, shape (nx, ny), K
    power : ndarray, shape (nx, ny), eV/ps
        From the bath into a cell, mean over z; zero between the contacts.
    """

    temperature: np.ndarray
    power: np.ndarray


def balance(kernel, model, contacts):
    """The Balance of one field.

    kernel : ndarray, shape (nx//2 + 1, ny, ny), see heat_kernel.heat_kernel
    """
    slab, mass = model.slab, model.material.mass[0, 0]
    free = contacts.between(slab)
    # the kernel's own sum is 3k_B/M but for rounding, which would be a source of heat
    loss = _matrix(kernel, slab.nx)
    loss = np.diag(loss.sum(axis=1)) - loss
    inside = np.repeat(free, slab.ny)
    temperature = np.repeat(np.where(free, 0.0, contacts.temperature(slab)), slab.ny)
    matrix = loss[np.ix_(inside, inside)]
    temperature[inside] = np.linalg.solve(matrix, -(loss @ temperature)[inside])
    # once more for what rounding left
    temperature[inside] -= np.linalg.solve(matrix, (loss @ temperature)[inside])
    power = mass * np.tile(model.damping, slab.nx) * (loss @ temperature)
    return Balance(temperature.reshape(slab.nx, -1), power.reshape(slab.nx, -1))


def _matrix(kernel, nx):
    """⟨v²⟩ of every cell per kelvin at every other, shape (nx ny, nx ny)."""
    x, ny = np.arange(nx), kernel.shape[1]
    space = in_space(kernel, nx)[(x[:, None] - x) % nx]
    return space.transpose(0, 2, 1, 3).reshape(nx * ny, nx * ny)
