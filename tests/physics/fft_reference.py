"""The engine's substep loop with another linear force: by padded FFT, an evaluation at a time."""

import numpy as np
import scipy.fft

from ferronhall.engine.kernels.integrator import advance, sample
from ferronhall.engine.layout import from_storage, to_storage


class FFTForce:
    """Linear force of any operator by FFT on the padded box, one member after the other."""

    def __init__(self, operator, reference, dtype):
        slab = operator.slab
        self.slab = slab
        self.kernel = operator.kernel[..., : slab.nz // 2 + 1].astype(dtype)
        self.face = operator.face.astype(dtype)
        self.pull = operator.uniform_force(reference).astype(dtype)
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


def run_by_fft(propagator, substeps, sample_every, sums):
    """What propagator.run does, without its plan and its compiled loop; no balances."""
    p = propagator
    force = FFTForce(p.operator, p.model.material.onsite.amplitude, p.w.dtype)
    stored = (-1, 3, p.slab.nx, p.slab.nz, p.slab.ny)
    for step in range(p.step, p.step + substeps):
        force(p.w.reshape(stored), p.linear.reshape(stored))
        if sample_every and step % sample_every == 0:
            for state in zip(p.w, p.v, p.linear, p.coefficients.onsite, sums, strict=True):
                *moving, its_sums = state
                sample(*moving, p.coefficients.half_kick, its_sums)
        advance(p.w, p.v, p.linear, p.coefficients, p.loss, p.amplitude, *p.key, step)
    p.step += substeps
