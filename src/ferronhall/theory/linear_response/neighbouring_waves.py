"""What a wave of temperature does to the harmonic slab as its length goes to infinity.

A wave exp(iδx) couples q + δ/2 to q − δ/2. On the grid of a slab, long waves take many columns;
here the couplings are taken where they are wanted, at one small δ, and the sum over q goes over few
q: it converges exponentially once they lie closer than 1/ℓ, where ℓ is how far a mode runs in its
life. A third of them are such a sum too, and tell how well. The one block at q = 0, where the model
leaves out the macroscopic field, has no part in a zone without end.

With two blocks to a pair, modes would be found for one use. White noise, and thermal noise but far
below the quantum of the modes, take products of matrices alone (see doubling, thermal_noise).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from ferronhall.base.errors import TheoryError
from ferronhall.model.reference import hessian_blocks
from ferronhall.theory import pair
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.covariance import all_layers
from ferronhall.theory.diagonalisation import blocks_together, diagonalise
from ferronhall.theory.layer_basis import has_conjugate_mirror, layer_bases
from ferronhall.theory.linear_response.doubling import covariance, resolvent
from ferronhall.theory.linear_response.thermal_noise import holds_for, thermally_driven

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
        self.field = model.field
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

    def moments(self, stiffness, baths, threads=1):
        """Moments per K of the wave.

        stiffness : ndarray, shape (3, ny), eV/Å²
        baths : list of temperature_waves.WaveBath
        returns : ndarray, shape (2, baths, 8, ny), complex: from all q and from a third of them,
            ⟨v_c²⟩ (Å²/ps²), ⟨w_c²⟩ (Å²), ⟨w_x v_y − w_y v_x⟩ (Å²/ps) and ⟨w_x w_y⟩ (Å²)
        raises : TheoryError when there is no steady state
        """
        slab, total = self.operator.slab, 0.0
        with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
            for iz in range(slab.nz // 2 + 1):
                bases = layer_bases(*self._symmetry, iz)
                some = blocks_together(bases)
                parts = [
                    range(n, min(n + 2 * some, slab.nx - 1), 2)
                    for n in range(0, slab.nx - 1, 2 * some)
                ]
                found = pool.map(
                    lambda p, b=bases, z=iz: self._pairs(stiffness, baths, b, p, z), parts
                )
                alike = 1 if iz in (0, slab.nz / 2) else 2
                moments = np.concatenate(list(found), axis=1)
                total = total + alike / slab.nz * np.einsum("up,bpml->ubml", self._weights, moments)
        return all_layers(total, slab.ny) if self._mirrored else total

    def _pairs(self, stiffness, baths, bases, columns, iz):
        """Moments of the pairs (q, q − δ), each wave's at an index of `columns`, q's at the next.

        returns : ndarray, shape (baths, pairs, 8, layers)
        """
        right = hessian_blocks(self.operator, stiffness, columns, iz)
        left = hessian_blocks(self.operator, stiffness, [ix + 1 for ix in columns], iz)
        total = 0.0
        for basis in bases:
            blocks = basis.project_all(left), basis.project_all(right)
            found = [
                self._by_products(blocks, basis, bath)
                if bath.white or holds_for(self._highest(blocks), bath.temperature)
                else self._by_modes((left, right), basis, bath)
                for bath in baths
            ]
            total = total + np.array(found)
        return total

    def _highest(self, blocks):
        """No mode of blocks is faster (rad/ps)."""
        largest = max(np.abs(each).sum(axis=-1).max() for each in blocks)
        return np.sqrt(largest / self.dynamics.mass) + abs(self.field.omega_B)

    def _by_products(self, blocks, basis, bath):
        """Moments of pairs without modes, shape (pairs, 8, layers).

        blocks : their Hessians in the basis
        """
        try:
            # damped everywhere, the slab is stable where its potential energy is (see by_site)
            for each in blocks:
                np.linalg.cholesky(each)
        except np.linalg.LinAlgError:
            raise _no_steady_state() from None
        m = blocks[0].shape[-1]
        stiffness = [each / self.dynamics.mass for each in blocks]
        decay, noise = self.dynamics.bath(basis)
        driven = [
            np.concatenate([0 * noise, noise / 2])
            if bath.white
            else thermally_driven(each, decay, noise, bath.temperature)
            for each in stiffness
        ]
        shared = np.zeros((len(blocks[0]), 2 * m, 2 * m), blocks[0].dtype)
        shared[..., m:] += driven[0] @ noise.conj().T
        shared[..., m:, :] += noise @ np.swapaxes(driven[1], -1, -2).conj()
        shift = np.sqrt(np.mean(np.diagonal(stiffness[0], axis1=-2, axis2=-1).real))
        sides = [resolvent(each, decay, shift) for each in stiffness]
        return _of_layers(covariance(*sides, shared, shift), basis)

    def _by_modes(self, blocks, basis, bath):
        """The same from the modes of blocks, their Hessians in all layers."""
        modes = [_steady(self.dynamics, each, basis) for each in blocks]
        return np.array([self._coloured(*pair, bath) for pair in zip(*modes, strict=True)])

    def _coloured(self, left, right, bath):
        """Moments of one pair of blocks under coloured noise, shape (8, layers)."""
        at_left, at_right = bath.spectra(left.values), bath.spectra(right.values)
        build_up = pair.coloured(at_left[0], at_right[0])
        c = pair.covariance(left, right, pair.shared_noise(left, right, False), build_up)
        moments = pair.layer_moments(left, right, False, c, 0.0)[:_MAPS]
        moments[:3] -= left.own_noise(at_left, self.dynamics.strength)[0]
        return moments


def _steady(dynamics, hessians, basis):
    """Modes of blocks, a list; TheoryError where one grows."""
    found = diagonalise(dynamics, hessians, basis)
    if max(modes.values.real.max() for modes in found) >= 0:
        raise _no_steady_state()
    return found


def _no_steady_state():
    return TheoryError("a mode of the slab grows, so that there is no steady state")


def _of_layers(c, basis):
    """The moments of every layer kept, from ⟨s s†⟩ in a basis, shape (pairs, 8, layers)."""
    m = c.shape[-1] // 2
    w, v = basis.layers(c[:, :m]), basis.layers(c[:, m:])
    one = basis.layers(np.eye(m)).conj()
    ww, wv, vv = (
        np.einsum("pcyb,dyb->pcdy", rows, one) for rows in (w[..., :m], w[..., m:], v[..., m:])
    )
    squares = [np.einsum("pccy->pcy", each) for each in (vv, ww)]
    rest = [wv[:, 0, 1] - wv[:, 1, 0], (ww[:, 0, 1] + ww[:, 1, 0]) / 2]
    return np.concatenate([*squares, np.stack(rest, axis=1)], axis=1)
