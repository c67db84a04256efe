"""The Lyapunov equation of a slab whose on-site stiffness varies from site to site.

A stiffness k(x, y) = k(y) + δk(x, y) couples q_x to q_x − p; q_z stays a good quantum number. One
sector's A = A0 + δA has δA = −δk/M from w to v alone, so with L0[S] the solution of
A0 C + C A0† + S = 0, which the modes of A0 give element by element,

    C = L0[T̂ B B† + δA C + (δA C)†],

and δA C needs of C only the rows of those w_c that δk acts on: R = ⟨w_c s†⟩ is the unknown. In an
axial well that is w_x alone, a sixth of C; in a cubic one all three, with a δk_xy between the first
two, where the mirror of z leaves neither δk_xz nor δk_yz. δk/M is of the order of damping times
frequency, too strong for plain iteration far from the cold limit, so R is found by GMRES.
"""

import numpy as np

from ferronhall.base.errors import TheoryError
from ferronhall.theory.bond_covariance import cell_bilinear, y_bonds, z_bonds
from ferronhall.theory.pair import white

RESTART = 20
"""Krylov vectors held at once."""

_MOST_RESTARTS = 10


class Sector:
    """One q_z of the slab.

    Reality, with the mirror of z where q_z is not its own opposite, maps C(q, q′) on its conjugate
    at (−q, −q′), so rows at q_x ≥ 0 stand for all; a sector that has neither keeps every row.

    spectrum : modes.Spectrum about k(y), its blocks solved
    iz : int, FFT index of q_z
    temperature : ndarray, shape (nx,) or (nx, ny), K
    felt : int
        Components that δk acts on, counted from x: 1 in an axial well, 3 in a cubic one.
    """

    def __init__(self, spectrum, iz, temperature, felt=1):
        slab = spectrum.operator.slab
        self.nx, self.ny = slab.nx, slab.ny
        own = iz in (0, slab.nz / 2)
        self.weight = (1 if own else 2) / (slab.nx * slab.nz)
        self.qz = 2 * np.pi * iz / slab.nz
        halved = own or spectrum.mirrored
        self.kept = slab.nx // 2 + 1 if halved else slab.nx
        components = np.array([1, 1, 1 if own else -1])
        self.sign = np.tile(np.repeat(components, slab.ny), 2)
        self.felt = felt * slab.ny
        self.row_sign = self.sign[: self.felt, None, None]
        blocks = [_complete(spectrum, ix, iz) for ix in range(slab.nx)]
        self.values, self.vectors, self.drive = map(np.array, zip(*blocks, strict=True))
        self.adjoint = self.vectors.conj().swapaxes(1, 2)
        self.inverse = np.linalg.inv(self.vectors)
        self.inverse_adjoint = self.inverse.conj().swapaxes(1, 2)
        layers = np.broadcast_to(np.reshape(temperature, (slab.nx, -1)), (slab.nx, slab.ny))
        self.bath = np.tile(np.fft.fft(layers, axis=0) / slab.nx, 3)
        self.driven = self._project(self._driven_row)
        self.correlation = self.driven

    def solve(self, excess, tolerance):
        """Find R for a stiffness k(y) + δk(x, y), starting from the last R found.

        excess : ndarray, shape (felt, felt, nx, ny), 1/ps²
            δk/M.
        tolerance : float, of the residual relative to R at δk = 0
        returns : int, how often L0 was applied
        raises : TheoryError when the iteration does not converge
        """
        # here, as what this costs is asked for where nothing is solved
        from scipy.sparse.linalg import LinearOperator, gmres

        coupling = self._coupling(excess)
        applied = 0

        def remainder(flat):
            nonlocal applied
            applied += 1
            rows = flat.view(complex).reshape(self.driven.shape)
            forcing = self._forcing(coupling, rows)
            answer = self._project(lambda q: self._forced_row(forcing, q))
            return flat - answer.ravel().view(float)

        target = self.driven.ravel().view(float)
        operator = LinearOperator((target.size, target.size), remainder, dtype=float)
        found, failed = gmres(
            operator,
            target,
            self.correlation.ravel().view(float),
            rtol=tolerance,
            restart=RESTART,
            maxiter=_MOST_RESTARTS,
        )
        if failed:
            raise TheoryError(
                "the fluctuations in the site-dependent stiffness do not converge: the hot band is "
                "too soft beside the rest; lower temperature.T_hot_K, or set theory.closure to "
                "averaged"
            )
        self.correlation = found.view(complex).reshape(self.driven.shape)
        return applied

    def spread(self):
        """This sector's part of ⟨w_c²⟩ of the components felt, and where w_y is, of ⟨w_x w_y⟩.

        returns : ndarray, shape (felt, nx, ny) or (felt + 1, nx, ny), Å²
        """
        starts = range(0, self.felt, self.ny)
        places = [(start, start) for start in starts] + ([(0, self.ny)] if len(starts) > 1 else [])
        layers = np.arange(self.ny)
        found = [
            self.correlation[:, row + layers, :, column + layers].transpose(2, 1, 0)
            for row, column in places
        ]
        return np.moveaxis(self._to_sites(np.stack(found, axis=2)), 1, 0)

    def moments(self, excess):
        """This sector's part of ⟨v_c²⟩, ⟨w_c²⟩, ⟨w_x v_y − w_y v_x⟩, ⟨w_x w_y⟩ and the bilinear.

        returns : ndarray, shape (9, nx, ny)
        """
        forcing = self._forcing(self._coupling(excess), self.correlation)
        products = np.empty((self.kept, self.nx, 9, self.ny), complex)
        right = self.vectors.conj().reshape(self.nx, 2, 3, self.ny, -1)
        for q in range(self.kept):
            half = self._driven_row(q) + self._forced_row(forcing, q)
            left = np.matmul(self.vectors[q], half).reshape(right.shape)
            squares = 2 * np.einsum("qscyb,qscyb->qscy", left, right)
            products[q, :, :3], products[q, :, 3:6] = squares[:, 1], squares[:, 0]
            w, v = (left[:, 0], right[:, 0]), (left[:, 1], right[:, 1])
            products[q, :, 6] = (
                _product(w[0][:, 0], v[1][:, 1])
                + _product(v[0][:, 1], w[1][:, 0])
                - _product(w[0][:, 1], v[1][:, 0])
                - _product(v[0][:, 0], w[1][:, 1])
            )
            products[q, :, 7] = _product(w[0][:, 0], w[1][:, 1]) + _product(w[0][:, 1], w[1][:, 0])
            products[q, :, 8] = 2 * cell_bilinear(y_bonds(*w), z_bonds(*w, self.qz))
        return np.moveaxis(self._to_sites(products), 1, 0)

    def _coupling(self, excess):
        """δA from w to v between q_x, shape (felt, felt, ny, kept, nx)."""
        waves = np.fft.fft(excess, axis=2) / self.nx
        q = np.arange(self.nx)
        return -np.moveaxis(waves[:, :, (q[: self.kept, None] - q) % self.nx], 4, 2)

    def _forcing(self, coupling, rows):
        """δA R with its columns in modes, shape (nx, felt ny, kept, modes)."""
        every = self._all_rows(rows)
        every = every.reshape(self.nx, len(coupling), self.ny, self.nx, -1)
        forced = np.zeros((*every.shape[:3], self.kept, every.shape[-1]), complex)
        for a, b in np.ndindex(coupling.shape[:2]):
            if coupling[a, b].any():
                forced[:, a] += np.matmul(coupling[a, b], every[:, b])
        flat = forced.reshape(self.nx, self.felt * self.kept, -1)
        found = np.matmul(flat, self.inverse_adjoint)
        return found.reshape(self.nx, self.felt, self.kept, -1)

    def _all_rows(self, rows):
        """R with the rows that those kept stand for, shape (nx, felt ny, nx, 6 ny)."""
        if self.kept == self.nx:
            return rows
        left_out = np.arange(self.kept, self.nx)
        opposite = -np.arange(self.nx)
        mirrored = self.sign * rows[opposite][:, :, self.nx - left_out].conj()
        return np.concatenate([rows, self.row_sign * mirrored], axis=2)

    def _driven_row(self, q):
        """The bath's half of the covariance between the modes at q and all others."""
        bath = self.bath[(q - np.arange(self.nx)) % self.nx] / 2
        driven = self.drive[q] * bath[:, None]
        return np.matmul(driven, self.drive.conj().swapaxes(1, 2)) * self._build_up(q)

    def _forced_row(self, forcing, q):
        """L0[δA C] between the modes at q and all others, shape (nx, modes, modes)."""
        velocity = slice(3 * self.ny, 3 * self.ny + self.felt)
        source = np.matmul(self.inverse[q][:, velocity], forcing[:, :, q])
        source *= self._build_up(q)
        return source

    def _build_up(self, q):
        """How long the noise common to a mode at q and another builds up (ps)."""
        others = self.values.reshape(-1)
        return (
            white(self.values[q], others.conj(), True)
            .reshape(-1, self.nx, self.values.shape[1])
            .transpose(1, 0, 2)
        )

    def _project(self, row):
        """R of the Hermitian matrix Y + Y†, from the rows of Y in modes."""
        layers, kept, nx = slice(0, self.felt), self.kept, self.nx
        modal = np.empty((nx, self.felt, kept, self.values.shape[1]), complex)
        found = np.empty((nx, self.felt, kept, 6 * self.ny), complex)
        out = np.ascontiguousarray(self.vectors[:, layers])
        out_adjoint = np.ascontiguousarray(self.adjoint[:, :, layers])
        for q in range(kept):
            y = row(q)
            modal[:, :, q] = np.matmul(out[q], y)
            columns = np.matmul(y, out_adjoint)
            columns = self.vectors[q] @ columns.transpose(1, 0, 2).reshape(len(y[0]), -1)
            columns = columns.reshape(-1, nx, self.felt).transpose(2, 1, 0)
            found[q] = columns[:, :kept].conj()
            if 0 < q and nx - q >= kept:
                found[nx - q] = self.row_sign * self.sign * columns[:, -np.arange(kept)]
        flat = modal.reshape(nx, self.felt * kept, -1)
        found += np.matmul(flat, self.adjoint).reshape(found.shape)
        return found

    def _to_sites(self, products):
        """z-averaged diagonal over sites, (kept, nx, ..., ny) → (nx, ..., ny).

        products : those of a state at q and another at q′
        """
        nx, kept = self.nx, self.kept
        stands_for = np.ones(kept)
        if kept < nx:
            own = np.isin(np.arange(kept), (0, nx / 2))
            stands_for = np.where(own, 1, 2)
        summed = np.fft.fft(products, axis=1)
        q, x = np.arange(kept), np.arange(nx)
        waves = stands_for[:, None] * np.exp(2j * np.pi * np.outer(q, x) / nx)
        return self.weight * np.einsum("qx,qx...->x...", waves, summed).real


def _complete(spectrum, ix, iz):
    """λ, vectors and drive of all modes of one block, those of its bases together."""
    bases, opposite = spectrum.modes(ix, iz)
    values, vectors, drive = zip(*(modes.complete(opposite) for modes in bases), strict=True)
    return np.concatenate(values), np.hstack(vectors), np.vstack(drive)


def _product(a, b):
    return np.einsum("qyb,qyb->qy", a, b)
