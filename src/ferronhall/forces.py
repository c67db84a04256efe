"""The linear force of the slab operator, applied fast: by mirror blocks, or by padded FFT."""

from collections import namedtuple

import numpy as np
import scipy.fft

from ferronhall.kernels.blocks import linear_force

BlockPlan = namedtuple(
    "BlockPlan",
    "nz ny cos_x sin_x cos_x_transposed sin_x_transposed cos_z sin_z blocks reference "
    "x_even x_odd x_cos x_sin z_even z_odd spectrum product",
)


def storage_order(ny):
    """y layers in the order they are stored: 0, 1, …, then ny−1, ny−2, … (see kernels.blocks)."""
    ne = (ny + 1) // 2
    return np.concatenate([np.arange(ne), np.arange(ny - 1, ne - 1, -1)])


def to_storage(field):
    """(3, nx, ny, nz) → (3, nx, nz, ny) with y in storage order."""
    return np.ascontiguousarray(field.transpose(0, 1, 3, 2)[..., storage_order(field.shape[2])])


def from_storage(stored):
    """The inverse of to_storage."""
    field = np.empty_like(stored)
    field[..., storage_order(stored.shape[-1])] = stored
    return np.ascontiguousarray(field.transpose(0, 1, 3, 2))


def fourier_basis(n):
    """Orthonormal cosines and sines on n points, on the folded half.

    returns : two ndarrays, shapes (n//2 + 1, n//2 + 1) and ((n−1)//2, (n−1)//2)
        Function k (row) at point i (column), i = 0 … n//2 for cosines and 1 … for sines.
    """
    half = np.arange(n // 2 + 1)
    pairs = np.arange(1, (n - 1) // 2 + 1)
    norm = np.full(len(half), np.sqrt(2 / n))
    norm[0] = np.sqrt(1 / n)
    if n % 2 == 0:
        norm[-1] = np.sqrt(1 / n)
    cosines = norm[:, None] * np.cos(2 * np.pi * np.outer(half, half) / n)
    sines = np.sqrt(2 / n) * np.sin(2 * np.pi * np.outer(pairs, pairs) / n)
    return cosines, sines


class BlockForce:
    """Linear force of a mirror-symmetric operator by real blocks; all work arrays are its own."""

    route = "blocks"

    def __init__(self, operator, reference, dtype):
        slab = operator.slab
        nx, ny, nz = slab.shape
        nkx, nkz = nx // 2 + 1, nz // 2 + 1
        ne, no = (ny + 1) // 2, ny // 2
        # a multiple of 4 for kernels.blocks.multiply_blocks
        width = -(-(2 * ne + no) // 4) * 4
        cos_x, sin_x = fourier_basis(nx)
        cos_z, sin_z = fourier_basis(nz)
        # the kernels fold y without the factor √½ of the orthonormal functions
        pair = np.full(ne, np.sqrt(0.5))
        pair[no:] = 1
        folds = [
            np.concatenate([pair, pair[:no], pair]),
            np.concatenate([pair[:no], pair, pair[:no]]),
        ]
        blocks = np.zeros((nkx * nkz, 2, width, width), dtype)
        for ix in range(nkx):
            for iz in range(nkz):
                for p, block in enumerate(operator.mirror_blocks(ix, iz)):
                    d = len(block)
                    blocks[ix * nkz + iz, p, :d, :d] = (
                        -folds[p][:, None] * block * folds[p][None, :]
                    )
        pull = uniform_force(operator, reference)[0, :ne] * np.sqrt(nx * nz)

        def cast(array):
            return np.ascontiguousarray(array, dtype)

        def empty(*shape):
            return np.zeros(shape, dtype)

        self.slab = slab
        self.plan = BlockPlan(
            nz=nz,
            ny=ny,
            cos_x=cast(cos_x),
            sin_x=cast(sin_x),
            cos_x_transposed=cast(cos_x.T),
            sin_x_transposed=cast(sin_x.T),
            cos_z=cast(cos_z),
            sin_z=cast(sin_z),
            blocks=blocks,
            reference=cast(pull),
            x_even=empty(nkx, nz * ny),
            x_odd=empty(len(sin_x), nz * ny),
            x_cos=empty(nkx, nz * ny),
            x_sin=empty(len(sin_x), nz * ny),
            z_even=empty(nkz, ny),
            z_odd=empty(len(sin_z), ny),
            spectrum=empty(nkx * nkz, 2, 4, width),
            product=empty(nkx * nkz, 2, 4, width),
        )

    def __call__(self, w, force):
        """force = −K (u0 + w), both of shape (3, nx, nz, ny) in storage order."""
        shape = (3, self.slab.nx, self.slab.nz * self.slab.ny)
        linear_force(w.reshape(shape), self.plan, force.reshape(shape))


class FFTForce:
    """Linear force of any operator by FFT on the padded box."""

    route = "fft"

    def __init__(self, operator, reference, dtype):
        slab = operator.slab
        self.slab = slab
        self.kernel = operator.kernel[..., : slab.nz // 2 + 1].astype(dtype)
        self.face = operator.face.astype(dtype)
        self.pull = uniform_force(operator, reference).astype(dtype)
        self.padded = np.zeros((3, slab.nx, slab.padding, slab.nz), dtype)

    def __call__(self, w, force):
        """force = −K (u0 + w), both of shape (3, nx, nz, ny) in storage order."""
        slab = self.slab
        u = from_storage(w)
        self.padded[:, :, : slab.ny] = u
        transformed = scipy.fft.rfftn(self.padded, axes=(1, 2, 3))
        product = np.einsum("ab...,b...->a...", self.kernel, transformed)
        linear = scipy.fft.irfftn(product, s=self.padded.shape[1:], axes=(1, 2, 3))
        total = linear[:, :, : slab.ny] + np.einsum("yab,bxyz->axyz", self.face, u)
        force[:] = to_storage(self.pull[:, None, :, None] - total)


def uniform_force(operator, reference):
    """Force of the uniform state u = (u0, 0, 0) on itself, shape (3, ny): the faces relax."""
    uniform = np.zeros((3, *operator.slab.shape))
    uniform[0] = reference
    return operator.apply(uniform)[:, 0, :, 0]


def fast_route(operator):
    """The faster of the two routes that an operator allows."""
    return BlockForce if operator.mirror_symmetric else FFTForce
