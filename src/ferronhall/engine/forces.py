"""The linear force of the slab operator, applied fast: by its mirror blocks."""

from ferronhall.base.errors import ConfigError
from ferronhall.base.machine import installed_memory
from ferronhall.engine.block_plan import build_plan
from ferronhall.engine.kernels.blocks import linear_force
from ferronhall.model.slab_operator import mirror_block_numbers


class LinearForce:
    """Linear force of a mirror-symmetric operator; all work arrays are its own.

    reference : float, Å
        u0, the uniform displacement that every w is counted from.
    uniform : float, eV/Å
        A force along x that every site feels beside it.
    raises : ConfigError when the operator has no mirrors, or more blocks than the machine can hold
    """

    def __init__(self, operator, reference, dtype, members=1, uniform=0.0):
        if not operator.mirror_symmetric:
            raise ConfigError(
                "material: its couplings change under a mirror of the cubic cell, and the engine "
                "needs all three mirrors; give couplings of the cubic reference structure"
            )
        self.slab = operator.slab
        _require_memory(operator.slab)
        pull = operator.uniform_force(reference)[0] + uniform
        self.plan = build_plan(operator, pull, dtype, members)

    def __call__(self, w, force):
        """force = −K (u0 + w) + uniform, shapes (members, 3, nx, nz, ny) in storage order."""
        shape = (len(w), 3, self.slab.nx, self.slab.nz * self.slab.ny)
        linear_force(w.reshape(shape), self.plan, force.reshape(shape))


def _require_memory(slab):
    needed, installed = 8e-6 * mirror_block_numbers(slab), installed_memory()
    if needed > installed:
        raise ConfigError(
            f"lattice: the couplings of {slab.nx} x {slab.ny} x {slab.nz} cells take "
            f"{needed / 1000:.3g} GB as blocks and this machine has {installed / 1000:.3g} GB; "
            "take a larger machine, or lower lattice.ny, lattice.nx or lattice.nz"
        )
