"""The linear part of the model on the open slab: short range and dipoles in one operator.

Both interactions are diagonal in (q_x, q_z); along the open y they stay in real space, so the cut
bonds and the empty layers of the transform box are exact. The same operator gives the forces, the
stability check and the harmonic theory.

Mirror-symmetric kernels
------------------------
A mirror normal to axis a leaves a cubic crystal's kernel as it is, if component a changes sign
with it. In the real basis of cosines and sines along x and z, and of even and odd functions of y,
component c takes the opposite parity along its own axis, and the operator falls into real
symmetric blocks, one for each (|q_x|, |q_z|) and each y parity p:

    p = 0 :  (u_x even, u_y odd,  u_z even) in y
    p = 1 :  (u_x odd,  u_y even, u_z odd)  in y

The four parities along x and z share one block when u_x is counted negative where it goes with
cos q_x x, and u_z where it goes with cos q_z z.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ferronhall.model import dipole, short_range
from ferronhall.model.electrical_boundary import BoundaryCouplings, ElectricalBoundary
from ferronhall.model.geometry import Slab
from ferronhall.model.isolated import isolated_kernel

SURROUNDED_BY_NONE = ElectricalBoundary()
"""Short circuit along x and z, no electrodes: the boundary of the paper."""


@dataclass(frozen=True)
class SlabOperator:
    """Harmonic coupling of all cells, without the on-site potential (eV/Å²).

    kernel : ndarray, shape (3, 3, nx, padding, nz)
        K(q) = K_sr(q) + K_dip(q) on the transform box, real and even in q.
    face : ndarray, shape (ny, 3, 3)
        On-site correction of each layer for the bonds cut at the open faces.
    bonds : ndarray, shape (3, 3, 3, 3, 3)
        K_sr(R) alone, for the currents that flow along bonds and for the bulk.
    dipole_kernel, eta_a : str and float, optional
        The dipoles in the kernel, as in dipole.dipole_kernel; those of the bulk.
    surroundings : BoundaryCouplings, optional
        What open circuit and electrodes add; it does not hang on the layers' distance alone.
    """

    slab: Slab
    kernel: np.ndarray
    face: np.ndarray
    bonds: np.ndarray
    dipole_kernel: str | None = None
    eta_a: float | None = None
    surroundings: BoundaryCouplings | None = None

    @classmethod
    def build(
        cls, slab, material, bonds, dipole_kernel, eta_a=None, qx=None, boundary=SURROUNDED_BY_NONE
    ):
        """Fold K_sr(R), shape (3, 3, 3, 3, 3), and the named dipolar kernel into one operator.

        qx : ndarray, shape (nx,), optional
            Wave vectors along x (1/a) for `block` in place of those of the box.
        boundary : ElectricalBoundary
        """
        box = (slab.nx, slab.padding, slab.nz)
        if slab.isolated:
            kernel = isolated_kernel(slab, material, dipole_kernel, eta_a, qx)
        else:
            q = dipole.wave_vectors(box, material.lattice_constant, qx)
            kernel = dipole.dipole_kernel(dipole_kernel, q, material, eta_a)
        kernel += bloch_sum(bonds, box, qx)
        drop_odd_parts_at_nyquist(kernel, range(3) if qx is None else (1, 2))
        face = short_range.layer_stiffness(bonds, slab.ny)
        added = boundary.couplings(slab, material, qx)
        return cls(slab, kernel, face - bonds[1, 1, 1], bonds, dipole_kernel, eta_a, added)

    def on(self, slab, material, qx=None):
        """The operator of the same couplings and boundary on another slab; qx as in build."""
        names = self.dipole_kernel, self.eta_a
        return self.build(slab, material, self.bonds, *names, qx, self.boundary)

    @property
    def boundary(self):
        """The ElectricalBoundary."""
        return self.surroundings.boundary if self.surroundings else SURROUNDED_BY_NONE

    @property
    def short_circuited(self):
        """The same without the depolarizing fields of open circuit."""
        if not self.surroundings:
            return self
        return replace(self, surroundings=self.surroundings.short_circuited)

    @cached_property
    def layered(self):
        """K(q_x, q_z) against the layer distance dy (modulo the box), complex, shape as kernel."""
        return np.fft.ifft(self.kernel, axis=3)

    @cached_property
    def _distance(self):
        y = np.arange(self.slab.ny)
        return (y[:, None] - y[None, :]) % self.slab.padding

    def block(self, ix, iz):
        """Hermitian block at FFT indices (ix, iz), complex, shape (3 ny, 3 ny), component-major."""
        return self.blocks([ix], iz)[0]

    def blocks(self, columns, iz):
        """Those of several columns at one iz, shape (columns, 3 ny, 3 ny)."""
        ny, layers = self.slab.ny, np.arange(self.slab.ny)
        waves = np.moveaxis(self.layered[..., iz][:, :, list(columns)], 2, 0)
        matrices = waves[..., self._distance]
        matrices[..., layers, layers] += self.face.transpose(1, 2, 0)
        matrices = matrices.transpose(0, 1, 3, 2, 4).reshape(-1, 3 * ny, 3 * ny)
        if self.surroundings:
            matrices = matrices + np.stack([self.surroundings.block(ix, iz) for ix in columns])
        return matrices

    @cached_property
    def mirror_symmetric(self):
        """Whether each mirror maps the kernel onto itself, so that the real blocks exist.

        What surrounds the crystal has all three.
        """
        for axis in range(3):
            sign = np.where(np.arange(3) == axis, -1.0, 1.0)
            mirrored = np.roll(np.flip(self.kernel, axis + 2), 1, axis + 2)
            mirrored = mirrored * np.multiply.outer(sign, sign)[:, :, None, None, None]
            if not np.allclose(
                mirrored, self.kernel, rtol=0, atol=1e-9 * np.abs(self.kernel).max()
            ):
                return False
        return np.allclose(self.face, self.face[::-1])

    def mirror_blocks(self, ix, iz):
        """The two real symmetric blocks (y parity 0 and 1) at |q_x|, |q_z| indices (ix, iz).

        returns : list of two ndarrays, shapes (2 ne + no,)² and (2 no + ne,)², with ne, no the
            numbers of even and odd functions of y; components in the order x, y, z.
        """
        # here, as many who read a model ask for no blocks
        from scipy.linalg import block_diag

        real = mirror_real(self.block(ix, iz))
        even, odd = (functions.T for functions in y_parity_basis(self.slab.ny))
        bases = (block_diag(even, odd, even), block_diag(odd, even, odd))
        return [basis.T @ real @ basis for basis in bases]

    def apply(self, u):
        """Force −K u of the linear part (eV/Å) by padded FFT, for u of shape (3, nx, ny, nz) in Å.

        The plain reference against which the engine's blocks are tested.
        """
        slab = self.slab
        padded = np.zeros((3, slab.nx, slab.padding, slab.nz))
        padded[:, :, : slab.ny] = u
        transformed = np.fft.rfftn(padded, axes=(1, 2, 3))
        kernel = self.kernel[..., : slab.nz // 2 + 1]
        product = np.einsum("ab...,b...->a...", kernel, transformed)
        force = np.fft.irfftn(product, s=padded.shape[1:], axes=(1, 2, 3))[:, :, : slab.ny]
        force += np.einsum("yab,bxyz->axyz", self.face, u)
        return -(force + self._surroundings_on(u) if self.surroundings else force)

    def _surroundings_on(self, u):
        waves = np.fft.fft2(u, axes=(1, 3))
        for ix, iz in np.ndindex(self.slab.nx, self.slab.nz):
            wave = waves[:, ix, :, iz]
            waves[:, ix, :, iz] = (self.surroundings.block(ix, iz) @ wave.ravel()).reshape(
                wave.shape
            )
        return np.fft.ifft2(waves, axes=(1, 3)).real

    def uniform_force(self, reference):
        """Force (eV/Å) of u = (reference, 0, 0) everywhere on itself, shape (3, ny)."""
        uniform = np.zeros((3, *self.slab.shape))
        uniform[0] = reference
        return self.apply(uniform)[:, 0, :, 0]


def mirror_block_numbers(slab):
    """Numbers in all real blocks of a mirror-symmetric operator, zeros of odd layers included."""
    return (slab.nx // 2 + 1) * (slab.nz // 2 + 1) * 2 * (3 * ((slab.ny + 1) // 2)) ** 2


def even_in_y(layers):
    """Whether numbers of layers, shape (..., ny), are the same in y and −y but for rounding."""
    return np.allclose(layers, layers[..., ::-1], rtol=1e-9, atol=0)


def mirror_real(matrix):
    """A block of a mirror-symmetric operator in the basis û_y = i ũ_y, which makes it real.

    matrix : ndarray, shape (3 ny, 3 ny), complex, component-major
    """
    phase = np.repeat([1, 1j, 1], len(matrix) // 3)
    return (phase.conj()[:, None] * matrix * phase).real


def y_parity_basis(ny):
    """Orthonormal even and odd functions of y about the slab's centre.

    returns : two ndarrays, shapes (ne, ny) and (no, ny), with ne = (ny + 1)//2, no = ny//2
    """
    ne, no = (ny + 1) // 2, ny // 2
    even, odd = np.zeros((ne, ny)), np.zeros((no, ny))
    for j in range(no):
        even[j, [j, ny - 1 - j]] = np.sqrt(0.5)
        odd[j, [j, ny - 1 - j]] = np.sqrt(0.5), -np.sqrt(0.5)
    if ne > no:
        even[no, no] = 1
    return even, odd


def bloch_sum(values, box, qx=None):
    """K_sr(q) = Σ_R K_sr(R) exp(i q·R) on the box's grid (eV/Å²), shape (3, 3, *box), real.

    qx : as in SlabOperator.build
    """
    axes = [2 * np.pi * np.fft.fftfreq(n) for n in box]
    if qx is not None:
        axes[0] = qx
    total = np.zeros((3, 3, *box), complex)
    for n in np.ndindex(3, 3, 3):
        waves = [np.exp(1j * (n[a] - 1) * axes[a]) for a in range(3)]
        phase = waves[0][:, None, None] * waves[1][:, None] * waves[2]
        total += values[n][:, :, None, None, None] * phase
    return total.real


def drop_odd_parts_at_nyquist(kernel, axes=range(3)):
    """Zero, in place, what is odd in q_a on the Nyquist plane of an even axis a.

    There +q and −q are one wave vector, so an odd part has no real-space kernel.
    """
    for axis in axes:
        length = kernel.shape[axis + 2]
        if length % 2 == 0:
            plane = [slice(None)] * 5
            plane[axis + 2] = length // 2
            for other in range(3):
                if other != axis:
                    kernel[(axis, other, *plane[2:])] = 0
                    kernel[(other, axis, *plane[2:])] = 0
