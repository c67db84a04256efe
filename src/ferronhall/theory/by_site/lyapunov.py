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
from ferronhall.theory.bond_covariance import cell_bilinear
from ferronhall.theory.by_site.layer_products import moment_products, spread_products
from ferronhall.theory.by_site.mode_columns import ModeColumns
from ferronhall.theory.covariance import all_layers
from ferronhall.theory.pair import MOMENTS

RESTART = 20
"""Krylov vectors held at once."""

_MOST_RESTARTS = 10


class Sector:
    """One q_z of the slab.

    Reality, with the mirror of z where q_z is not its own opposite, maps C(q, q′) on its conjugate
    at (−q, −q′), so rows at q_x ≥ 0 stand for all; a sector that has neither keeps every row.
    Positions along x are counted from the slab's middle, about which mirrors turn it.

    spectrum : modes.Spectrum about k(y), its blocks solved
    iz : int, FFT index of q_z
    temperature : ndarray, shape (nx,) or (nx, ny), K
    felt : int
        Components that δk acts on, counted from x: 1 in an axial well, 3 in a cubic one.
    symmetric : bool
        Whether T and every δk are their own images under (x, y) → (−x, −y), and without field under
        x → −x and y → −y. With the mirrors of the spectrum the equation is then real, and falls
        into those of its bases.
    """

    def __init__(self, spectrum, iz, temperature, felt=1, symmetric=False):
        slab = spectrum.operator.slab
        self.nx, self.ny = slab.nx, slab.ny
        own = iz in (0, slab.nz / 2)
        self.weight = (1 if own else 2) / (slab.nx * slab.nz)
        self.qz = 2 * np.pi * iz / slab.nz
        halved = own or spectrum.mirrored
        self.kept = slab.nx // 2 + 1 if halved else slab.nx
        self.felt = felt
        if symmetric and spectrum.mirrored:
            self.columns = ModeColumns.of_bases(spectrum, iz, felt)
        else:
            self.columns = [ModeColumns.complete(spectrum, iz, felt)]
        q = np.arange(slab.nx)
        self.turn = np.exp(1j * np.pi * q * (slab.nx - 1) / slab.nx)
        # what the turn leaves of the conjugate at −q
        self.back = np.where(q == 0, 1, (-1) ** (slab.nx - 1))
        layers = np.reshape(temperature, (slab.nx, -1))
        self.bath = np.fft.fft(layers, axis=0) / slab.nx
        self.driven = [self._project(c, self._driven_rows(c)) for c in self.columns]
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

        couplings = [self._coupling(c, excess) for c in self.columns]
        applied = 0

        def remainder(flat):
            nonlocal applied
            applied += 1
            answers = [
                self._project(c, self._forced_rows(c, self._forcing(c, coupling, rows)))
                for c, coupling, rows in zip(
                    self.columns, couplings, self._apart(flat), strict=True
                )
            ]
            return flat - _together(answers)

        target = _together(self.driven)
        operator = LinearOperator((target.size, target.size), remainder, dtype=float)
        found, failed = gmres(
            operator,
            target,
            _together(self.correlation),
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
        self.correlation = self._apart(found)
        return applied

    def _apart(self, flat):
        """R in every basis, as in `driven`, from all of them in a row of floats."""
        parts, first = [], 0
        for like in self.driven:
            size = like.nbytes // flat.itemsize
            parts.append(flat[first : first + size].view(like.dtype).reshape(like.shape))
            first += size
        return parts

    def spread(self):
        """This sector's part of ⟨w_c²⟩ of the components felt, and where w_y is, of ⟨w_x w_y⟩.

        returns : ndarray, shape (felt, nx, ny) or (felt + 1, nx, ny), Å²
        """
        places = [(c, c) for c in range(self.felt)] + ([(0, 1)] if self.felt > 1 else [])
        parts = zip(self.columns, self.correlation, strict=True)
        products = sum(spread_products(columns, rows, places) for columns, rows in parts)
        if self.columns[0].basis.real:
            image = products[..., : self.ny - products.shape[-1]][..., ::-1].conj()
            products = np.concatenate([products, image], axis=-1)
        return np.moveaxis(self._to_sites(products), 1, 0)

    def moments(self, excess):
        """This sector's part of ⟨v_c²⟩, ⟨w_c²⟩, ⟨w_x v_y − w_y v_x⟩, ⟨w_x w_y⟩ and the bilinear.

        returns : ndarray, shape (9, nx, ny)
        """
        total = 0.0
        for columns, rows in zip(self.columns, self.correlation, strict=True):
            forcing = self._forcing(columns, self._coupling(columns, excess), rows)
            driven, forced = self._driven_rows(columns), self._forced_rows(columns, forcing)
            m = columns.vectors.shape[1] // 2
            halves = columns.vectors[:, :m], columns.vectors[:, m:]
            right = [columns.basis.layers(half).conj() for half in halves]
            layers = columns.basis.layers_kept
            products = np.zeros((self.kept, self.nx, MOMENTS, layers), complex)
            for q in range(self.kept):
                both = np.matmul(columns.vectors[q], driven(q) + forced(q))
                left = [columns.basis.layers(half) for half in (both[:, :m], both[:, m:])]
                products[q] = moment_products(left, right, self.qz)
            total = total + products
        if self.columns[0].basis.real:
            total = all_layers(total, self.ny)
        bilinear = cell_bilinear(total[..., 8, :-1], total[..., 9, :])
        total = np.concatenate([total[..., :8, :], bilinear[..., None, :]], axis=-2)
        return np.moveaxis(self._to_sites(total), 1, 0)

    def _between(self, waves, q):
        """What of waves along x couples all q′ to q, shape (nx, ...): those at q − q′."""
        others = np.arange(self.nx)
        turned = self.turn[q] * self.turn.conj()
        picked = waves[(q - others) % self.nx]
        return picked * turned.reshape(-1, *[1] * (waves.ndim - 1))

    def _coupling(self, columns, excess):
        """δA from w to v between q_x, a matrix (g kept, g nx) for every group of g functions."""
        waves = np.moveaxis(np.fft.fft(excess, axis=2) / self.nx, 2, 0)
        between = np.stack([self._between(waves, q) for q in range(self.kept)])
        found = []
        for group in columns.groups_apart:
            functions = columns.felt_functions[:, :, group]
            here = np.flatnonzero(np.abs(functions).sum(axis=(0, 2)))
            functions = functions[:, here]
            matrix = np.einsum(
                "cla,qpcdl,dlb->aqbp",
                functions.conj(),
                between[..., here],
                functions,
                optimize=True,
            )
            matrix = matrix.reshape(len(group) * self.kept, -1)
            found.append(-matrix.real if columns.basis.real else -matrix)
        return found

    def _forcing(self, columns, couplings, rows):
        """δA R with its columns in modes, shape (nx, r, kept, N)."""
        nx, r = rows.shape[:2]
        if not r:
            return np.empty((nx, 0, self.kept, columns.vectors.shape[-1]), rows.dtype)
        every = self._all_rows(columns, rows)
        forced = np.zeros((nx, r, self.kept, every.shape[-1]), every.dtype)
        for group, coupling in zip(columns.groups_apart, couplings, strict=True):
            acted = np.matmul(coupling, every[:, group].reshape(nx, -1, every.shape[-1]))
            forced[:, group] = acted.reshape(nx, len(group), self.kept, -1)
        entering = columns.inverse.conj().swapaxes(1, 2)
        found = np.matmul(forced.reshape(nx, r * self.kept, every.shape[-1]), entering)
        return found.reshape(nx, r, self.kept, -1)

    def _all_rows(self, columns, rows):
        """R with the rows that those kept stand for, shape (nx, r, nx, 2m)."""
        if self.kept == self.nx:
            return rows
        left_out = np.arange(self.kept, self.nx)
        opposite = -np.arange(self.nx)
        mirrored = columns.sign * rows[opposite][:, :, self.nx - left_out].conj()
        signs = columns.sign[columns.rows][:, None, None]
        signs = signs * np.multiply.outer(self.back, self.back[left_out])[:, None, :, None]
        return np.concatenate([rows, signs * mirrored], axis=2)

    def _driven_rows(self, columns):
        """q → the bath's half of the covariance between the modes at q and all others."""
        adjoint = columns.drive.conj().swapaxes(1, 2)
        uniform = np.ptp(self.bath, axis=1).max() == 0
        waves = self.bath[:, 0] if uniform else columns.local(self.bath)

        def row(q):
            bath = self._between(waves, q) / 2
            bath = bath.real if columns.basis.real else bath
            if uniform:
                shared = np.matmul(columns.drive[q], adjoint) * bath[:, None, None]
            else:
                shared = np.matmul(np.matmul(columns.drive[q], bath), adjoint)
            return columns.built_up(q, shared)

        return row

    def _forced_rows(self, columns, forcing):
        """q → L0[δA C] between the modes at q and all others, shape (nx, N, N)."""
        m = columns.vectors.shape[1] // 2
        entering = np.ascontiguousarray(columns.inverse[:, :, m + columns.rows])

        def row(q):
            return columns.built_up(q, np.matmul(entering[q], forcing[:, :, q]))

        return row

    def _project(self, columns, row):
        """R of the Hermitian matrix Y + Y†, from the rows of Y in modes."""
        kept, nx, r = self.kept, self.nx, len(columns.rows)
        size, modes = columns.vectors.shape[1:]
        modal = np.empty((nx, r, kept, modes), columns.vectors.dtype)
        found = np.empty((nx, r, kept, size), columns.vectors.dtype)
        if not r:
            return found
        adjoint = columns.vectors.conj().swapaxes(1, 2)
        out = np.ascontiguousarray(columns.vectors[:, columns.rows])
        out_adjoint = np.ascontiguousarray(adjoint[:, :, columns.rows])
        signs = columns.sign[columns.rows][:, None, None] * columns.sign
        for q in range(kept):
            y = row(q)
            modal[:, :, q] = np.matmul(out[q], y)
            y = np.matmul(y, out_adjoint)
            y = columns.vectors[q] @ y.transpose(1, 0, 2).reshape(modes, -1)
            y = y.reshape(-1, nx, r).transpose(2, 1, 0)
            found[q] = y[:, :kept].conj()
            if 0 < q and nx - q >= kept:
                back = self.back[q] * self.back[:kept, None]
                found[nx - q] = back * signs * y[:, -np.arange(kept)]
        flat = modal.reshape(nx, r * kept, -1)
        found += np.matmul(flat, adjoint).reshape(found.shape)
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
        turn = self.turn.reshape(-1, *[1] * (products.ndim - 2))
        summed = np.fft.fft(products * turn, axis=1)
        q, x = np.arange(kept), np.arange(nx)
        waves = stands_for[:, None] * np.exp(2j * np.pi * np.outer(q, x) / nx)
        waves = waves * self.turn[:kept, None].conj()
        return self.weight * np.einsum("qx,qx...->x...", waves, summed).real


def _together(parts):
    """All numbers of some arrays as one row of floats."""
    return np.concatenate([part.ravel().view(float) for part in parts])
