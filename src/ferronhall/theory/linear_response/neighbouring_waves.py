"""What a wave of temperature does to the harmonic slab as its length goes to infinity.

A wave exp(iδx) couples q + δ/2 to q − δ/2. On the grid of a slab, long waves take many columns;
here the couplings are taken where they are wanted, at one small δ, and the sum over q goes over few
q: it converges exponentially once they lie closer than 1/ℓ, where ℓ is how far a mode runs in its
life. A third of them are such a sum too, and tell how well. The one block at q = 0, where the model
leaves out the macroscopic field, has no part in a zone without end.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from ferronhall.base.errors import TheoryError
from ferronhall.model.reference import hessian_block
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.covariance import Noises, all_layers, run_moments
from ferronhall.theory.layer_basis import has_conjugate_mirror, layer_bases
from ferronhall.theory.block_modes import diagonalise

_MAPS = 8
"""Of pair.MOMENTS: ⟨v_c²⟩, ⟨w_c²⟩, ⟨w_x v_y − w_y v_x⟩ and ⟨w_x w_y⟩."""


class NeighbouringWaves:
    """Pairs of wave vectors q ± δ/2 along x, with the modes of a model in its own field.

    model : Model
        Its number of columns and its temperature play no part.
    count : int, divisible by 6
        Number of q in the zone, half a spacing off its centre and its boundary.
    delta : float, 1/a
    """

    def __init__(self, model, count, delta):
        self._symmetry = model.operator, model.rest_stiffness, model.field
        self.dynamics = EquationOfMotion.of(model, model.field)
        self._mirrored = has_conjugate_mirror(*self._symmetry)
        middle = 2 * np.pi * (np.arange(count // 2 if self._mirrored else count) + 0.5) / count
        columns = np.ravel([middle - delta / 2, middle + delta / 2], "F")
        columns = (columns + np.pi) % (2 * np.pi) - np.pi
        each = np.full(middle.size, (2 if self._mirrored else 1) / count)
        third = np.where(np.arange(middle.size) % 3 == 1, 3 * each, 0.0)
        self._weights = np.array([each, third])
        if model.operator.dipole_kernel == "longitudinal":
            # it jumps at the zone boundary, which as many pairs cross as δ is long
            crossing = delta / (2 * np.pi)
            columns = np.append(columns, [np.pi - delta / 2, delta / 2 - np.pi])
            crossed = np.full((2, 1), crossing)
            self._weights = np.hstack([self._weights * (1 - crossing), crossed])
        slab = replace(model.slab, nx=columns.size)
        self.operator = model.operator.on(slab, model.material, columns)

    def modes(self, ix, iz):
        """Modes of one column, as Spectrum.modes gives them."""
        return self._solved[ix, iz], False

    def run(self, columns, iz):
        return [each[None] for each in self._solved[columns[0], iz]], False

    def moments(self, stiffness, baths, threads=1):
        """Moments per K of the wave.

        stiffness : ndarray, shape (3, ny), eV/Å²
        baths : list of temperature_waves.WaveBath
        returns : ndarray, shape (2, baths, 8, ny), complex: from all q and from a third of them,
            ⟨v_c²⟩ (Å²/ps²), ⟨w_c²⟩ (Å²), ⟨w_x v_y − w_y v_x⟩ (Å²/ps) and ⟨w_x w_y⟩ (Å²)
        raises : TheoryError when there is no steady state
        """
        slab, total = self.operator.slab, 0.0
        waves = [(n, bath.waves[0]) for n, bath in enumerate(baths)]
        with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
            for iz in range(slab.nz // 2 + 1):
                solved = pool.map(lambda ix, iz=iz: self._solve(stiffness, ix, iz), range(slab.nx))
                self._solved = {(ix, iz): modes for ix, modes in enumerate(solved)}
                noises = Noises(self, baths)
                found = pool.map(
                    lambda ix, iz=iz, noises=noises: [m[0] for m in run_moments(self, noises, waves, 1, [ix], iz)],
                    range(1, slab.nx, 2),
                )
                alike = 1 if iz in (0, slab.nz / 2) else 2
                for weight, moments in zip(self._weights.T, found, strict=True):
                    total = total + alike / slab.nz * np.multiply.outer(weight, moments)
        self._solved = {}
        if self._mirrored:
            total = np.array([[all_layers(each, slab.ny) for each in part] for part in total])
        return total[:, :, :_MAPS]

    def _solve(self, stiffness, ix, iz):
        hessian = hessian_block(self.operator, stiffness, ix, iz)
        bases = layer_bases(*self._symmetry, iz)
        found = [diagonalise(self.dynamics, hessian[None], basis)[0] for basis in bases]
        if max(modes.values.real.max() for modes in found) >= 0:
            raise TheoryError("a mode of the slab grows, so that there is no steady state")
        return found
