"""What every engine begins with: the members' first state, and the bath of every site."""

import numpy as np

from ferronhall.engine.kernels.noise import BLOCK, START, fill_normals
from ferronhall.engine.layout import storage_order
from ferronhall.model.bath import bath_coefficients, thermal_speed


def noise_key(root_seed, replica):
    """What a replica's noise is drawn by: the halves of the root seed, and its number."""
    return root_seed & 0xFFFFFFFF, root_seed >> 32, replica


def by_site(slab, columns):
    """(nx, ny) → (sites,) in storage order."""
    ordered = columns[:, None, storage_order(slab.ny)]
    return np.broadcast_to(ordered, (slab.nx, slab.nz, slab.ny)).reshape(-1)


def bath_by_site(model, dtype):
    """1 − c and s of the bath, shapes (sites,).

    1 − c of weak damping would be lost in a c of single precision.
    """
    decay, amplitude = bath_coefficients(model)
    return [by_site(model.slab, b).astype(dtype) for b in (1 - decay, amplitude)]


def thermal_velocities(model, key, dtype):
    """Velocities drawn at the local temperature, shape (3, sites), Å/ps.

    key : as of noise_key
    """
    sites = model.slab.sites
    blocks = -(-sites // BLOCK)
    normals = np.empty((3, blocks, BLOCK), np.float32)
    for component in range(3):
        for block in range(blocks):
            fill_normals(*key, START, component, block, normals[component, block])
    spread = by_site(model.slab, thermal_speed(model))
    return (normals.reshape(3, -1)[:, :sites] * spread).astype(dtype)


def initial_state(model, members, key, dtype):
    """w and v of so many members, which start alike, shapes (members, 3, sites)."""
    v = np.tile(thermal_velocities(model, key, dtype), (members, 1, 1))
    return np.zeros_like(v), v
