"""The eigenmodes of every wave vector of the slab, and which wave vectors share them."""

from ferronhall.base.errors import TheoryError
from ferronhall.model.reference import hessian_blocks
from ferronhall.theory.block_modes import Modes
from ferronhall.theory.diagonalisation import blocks_together, diagonalise
from ferronhall.theory.layer_basis import has_conjugate_mirror, layer_bases


class Spectrum:
    """Where the modes of a wave vector are found.

    With mirrors those at q_x, q_z ≥ 0 stand for all; otherwise those at q_z ≥ 0.
    """

    def __init__(self, operator, stiffness, dynamics, field):
        self.operator, self.stiffness, self.dynamics = operator, stiffness, dynamics
        self.field = field
        self.mirrored = has_conjugate_mirror(operator, stiffness, field)
        self._solved, self._stacks, self._bases = {}, {}, {}

    @property
    def columns(self):
        """FFT indices of q_x of the blocks to diagonalise."""
        nx = self.operator.slab.nx
        return range(nx // 2 + 1) if self.mirrored else range(nx)

    @property
    def rows(self):
        """FFT indices of q_z of the blocks to diagonalise."""
        return range(self.operator.slab.nz // 2 + 1)

    @property
    def wave_vectors(self):
        """(ix, iz) of the blocks to diagonalise."""
        return [(ix, iz) for iz in self.rows for ix in self.columns]

    def bases(self, iz):
        """The bases of the blocks at q_z (see layer_basis)."""
        if iz not in self._bases:
            self._bases[iz] = layer_bases(self.operator, self.stiffness, self.field, iz)
        return self._bases[iz]

    def solve(self, ix, iz):
        """Diagonalise one block; call for every wave vector before asking for modes.

        raises : TheoryError when a mode grows: there is no steady state
        """
        self._solve([ix], iz)

    def solve_row(self, iz, each=map, most=None):
        """Diagonalise all blocks at q_z, small ones some at a time.

        each : as map, or that of a pool
        most : int, optional
            Of the blocks, the first ones alone.
        yields : how many more are solved
        raises : as solve
        """
        columns = list(self.columns)[:most]
        some = self.together(iz)
        parts = [columns[n : n + some] for n in range(0, len(columns), some)]
        for part, _ in zip(parts, each(lambda part: self._solve(part, iz), parts), strict=True):
            yield len(part)
        if some > 1:
            self._stack(columns, iz)

    def _solve(self, columns, iz):
        hessians = hessian_blocks(self.operator, self.stiffness, columns, iz)
        solved = [diagonalise(self.dynamics, hessians, basis) for basis in self.bases(iz)]
        for ix, *modes in zip(columns, *solved, strict=True):
            growth = max(self.dynamics.growth(each.values).max() for each in modes)
            if growth >= 0:
                nx, _, nz = self.operator.slab.shape
                raise TheoryError(
                    f"there is no steady state: a mode at q_x = {ix}/{nx}, q_z = {iz}/{nz} (units "
                    f"of 2π/a) grows at {growth:.3g}/ps; lower temperature.T_hot_K or choose "
                    "another short_range.preset"
                )
            self._solved[ix, iz] = modes

    def _stack(self, columns, iz):
        """Put the modes of a row side by side, so that pairs of blocks can be taken together."""
        blocks = [self._solved[ix, iz] for ix in columns]
        stacks = [Modes.stack([modes[b] for modes in blocks]) for b in range(len(blocks[0]))]
        if None in stacks:
            return
        self._stacks[iz] = stacks
        for n, ix in enumerate(columns):
            self._solved[ix, iz] = [stack[n] for stack in stacks]

    def forget(self):
        """Let go of all modes."""
        self._solved, self._stacks = {}, {}

    def modes(self, ix, iz):
        """Modes at (q_x, q_z ≥ 0).

        returns : list of Modes, one for each basis; whether they are those of −q_x
        """
        nx = self.operator.slab.nx
        ix %= nx
        if (ix, iz) in self._solved:
            return self._solved[ix, iz], False
        return self._solved[nx - ix, iz], True

    def run(self, columns, iz):
        """Modes at neighbouring q_x, rising by 1 and all on the list or all opposite to it.

        returns : list of Modes, stacks for each basis; whether they are those of −q_x
        """
        whole, place = self.whole(columns, iz)
        opposite = columns[0] % self.operator.slab.nx not in self.columns
        return [modes[place] for modes in whole], opposite

    def whole(self, columns, iz):
        """What `run` takes its modes of, Modes for each basis, and their place in it."""
        nx = self.operator.slab.nx
        first, last = columns[0] % nx, columns[-1] % nx
        if iz not in self._stacks:
            # only one at a time
            return self.modes(first, iz)[0], None
        if first in self.columns:
            return self._stacks[iz], slice(first, last + 1)
        return self._stacks[iz], slice(nx - first, nx - last - 1, -1)

    def stacked(self, iz):
        """Whether `run` takes more than one column at q_z."""
        return iz in self._stacks

    def together(self, iz):
        """How many blocks at q_z are taken at a time."""
        return blocks_together(self.bases(iz))
