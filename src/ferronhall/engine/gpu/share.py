"""What a replica has on the host while its members move on a device: a propagator at rest."""

import numpy as np

from ferronhall.engine.initial import initial_state, noise_key
from ferronhall.model.observables import SAMPLED_MOMENTS


class Share:
    """State, sums and balance moments of one replica, as engine.propagator.Propagator has them.

    w, v : ndarray, shape (members, 3, sites), in storage order
    balances : BalancePlan
    largest_displacements : ndarray, shape (members,), Å
        Those of the last look.
    """

    def __init__(self, model, members, root_seed, replica, dtype, balances):
        self.slab, self.h, self.members = model.slab, model.h, members
        self.limit = model.material.lattice_constant / 4
        self.w, self.v = initial_state(model, len(members), noise_key(root_seed, replica), dtype)
        self.step, self.balances = 0, balances
        self.largest_displacements = np.abs(self.w).max(axis=(1, 2))

    def new_sums(self):
        """Empty sums of SAMPLED_MOMENTS, shape (members, moment, nx, ny)."""
        return np.zeros((len(self.members), len(SAMPLED_MOMENTS), self.slab.nx, self.slab.ny))
