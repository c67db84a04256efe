"""The linear force of the slab operator, applied fast: by mirror blocks, or by padded FFT."""

import time

import numpy as np
import scipy.fft
from threadpoolctl import threadpool_limits

from ferronhall.block_plan import build_plan
from ferronhall.kernels.blocks import linear_force
from ferronhall.layout import from_storage, to_storage


class BlockForce:
    """Linear force of a mirror-symmetric operator by real blocks; all work arrays are its own."""

    route = "blocks"

    def __init__(self, operator, reference, dtype, members=1):
        self.slab = operator.slab
        pull = uniform_force(operator, reference)[0]
        self.plan = build_plan(operator, pull, dtype, members)

    def __call__(self, w, force):
        """force = −K (u0 + w), both of shape (members, 3, nx, nz, ny) in storage order."""
        shape = (len(w), 3, self.slab.nx, self.slab.nz * self.slab.ny)
        linear_force(w.reshape(shape), self.plan, force.reshape(shape))


class FFTForce:
    """Linear force of any operator by FFT on the padded box, one member after the other."""

    route = "fft"

    def __init__(self, operator, reference, dtype, members=1):
        slab = operator.slab
        self.slab = slab
        self.kernel = operator.kernel[..., : slab.nz // 2 + 1].astype(dtype)
        self.face = operator.face.astype(dtype)
        self.pull = uniform_force(operator, reference).astype(dtype)
        self.padded = np.zeros((3, slab.nx, slab.padding, slab.nz), dtype)

    def __call__(self, w, force):
        """force = −K (u0 + w), both of shape (members, 3, nx, nz, ny) in storage order."""
        for one, its_force in zip(w, force, strict=True):
            self._force_on_one(one, its_force)

    def _force_on_one(self, w, force):
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


ROUTES = {route.route: route for route in (BlockForce, FFTForce)}


def allowed_routes(operator):
    """Names of the routes that can serve an operator, the usually faster one first."""
    return list(ROUTES) if operator.mirror_symmetric else [FFTForce.route]


def time_routes(operator, reference):
    """Seconds a force evaluation takes by each allowed route, in single precision."""
    slab = operator.slab
    w = np.zeros((1, 3, slab.nx, slab.nz, slab.ny), np.float32)
    seconds = {}
    with threadpool_limits(limits=1, user_api="blas"):
        for name in allowed_routes(operator):
            force = ROUTES[name](operator, reference, np.float32)
            out = np.empty_like(w)
            force(w, out)
            times = []
            for _ in range(5):
                begun = time.perf_counter()
                force(w, out)
                times.append(time.perf_counter() - begun)
            seconds[name] = min(times)
    return seconds
