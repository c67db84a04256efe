"""State and motion of the members of one replica."""

import numpy as np

from ferronhall.base.errors import DeclarationError
from ferronhall.engine import balance_means
from ferronhall.engine.constants import coefficients
from ferronhall.engine.forces import LinearForce
from ferronhall.engine.initial import bath_by_site, initial_state, noise_key
from ferronhall.engine.kernels.integrator import SUMS
from ferronhall.engine.kernels.loop import propagate
from ferronhall.engine.kernels.uneven import hold
from ferronhall.engine.layout import from_storage, to_storage
from ferronhall.model.observables import SAMPLED_MOMENTS

if len(SAMPLED_MOMENTS) != SUMS:
    raise DeclarationError(
        f"model/observables.py: SAMPLED_MOMENTS has {len(SAMPLED_MOMENTS)} moments, and "
        f"kernels.integrator.sample adds up {SUMS}; add the missing one to `sample` and SUMS, in "
        "the same order"
    )


class Propagator:
    """State and motion of the members of one replica, which start alike and share their noise.

    members : list of Member
    w, v : ndarray, shape (members, 3, sites)
        Displacement from the state at rest (Å) and velocity before its closing half kick (Å/ps), in
        storage order; in an uneven crystal times √(M/M̄), see kernels.uneven.
    step : int
        Number of substeps done.
    balances : BalancePlan
        Gathers the balance moments; idle unless one is given.
    drawn : bool
        Whether velocities are drawn, which takes a compiled kernel; else all cells are at rest.

    A member's path does not depend, bit for bit, on which others advance with it.
    """

    def __init__(
        self,
        model,
        members,
        root_seed,
        replica,
        dtype,
        balances=None,
        drawn=True,
    ):
        slab = model.slab
        self.model, self.slab, self.operator, self.h = model, slab, model.operator, model.h
        self.members = members
        linear = (model.operator, model.pulling, dtype, len(members), model.switched_on)
        self.force = LinearForce(*linear)
        self.coefficients = coefficients(model, members, dtype, replica)
        self.loss, self.amplitude = bath_by_site(model, dtype)
        self.key = noise_key(root_seed, replica)
        self.limit = model.material.lattice_constant / 4
        if drawn:
            self.w, self.v = initial_state(model, len(members), self.key, dtype)
        else:
            self.w, self.v = np.zeros((2, len(members), 3, slab.sites), dtype)
        if model.disorder and drawn:
            hold(self.w, self.v, self.coefficients.uneven)
        self.linear = np.zeros_like(self.w)
        self.step = 0
        self.balances = balances or balance_means.build_plan(model.operator, dtype, every=0)

    def new_sums(self):
        """Empty sums of SAMPLED_MOMENTS, shape (members, moment, nx, ny).

        Of domains that are followed cell by cell with a row more for each z, of w_x there.
        """
        rows = SUMS + (self.slab.nz if self.model.by_cell else 0)
        return np.zeros((len(self.members), rows, self.slab.nx, self.slab.ny))

    def run(self, substeps, sample_every, sums):
        """Advance by `substeps`, adding samples to `sums`; returns the number of samples a member.

        sums : ndarray float64, of new_sums
        """
        expected = self.new_sums().shape
        if sums.shape != expected:
            # compiled code checks no bounds
            raise ValueError(f"sums have the shape {sums.shape}, not {expected}")
        own = self.coefficients
        state = (self.w, self.v, self.linear, self.force.plan, own, own.cubic, own.uneven)
        bath = (self.loss, self.amplitude)
        schedule = (self.step, substeps, sample_every, sums, self.balances)
        samples = propagate(*state, *bath, self.key, *schedule)
        self.step += substeps
        return samples

    @property
    def largest_displacements(self):
        """max |w| of every member (Å), shape (members,); NaN where its state holds one."""
        return np.abs(self._unscaled(self.w)).max(axis=(1, 2))

    @property
    def displacement(self):
        """w as fields, shape (members, 3, nx, ny, nz), Å."""
        return self._fields(self._unscaled(self.w))

    @property
    def velocity(self):
        """v before its closing half kick as fields, shape (members, 3, nx, ny, nz), Å/ps."""
        return self._fields(self._unscaled(self.v))

    @velocity.setter
    def velocity(self, fields):
        self.v[:] = np.array([to_storage(f) for f in fields]).reshape(self.v.shape)
        if self.model.disorder:
            self.v /= self._inverse

    def _unscaled(self, state):
        return state * self._inverse if self.model.disorder else state

    @property
    def _inverse(self):
        uneven = self.coefficients.uneven
        return uneven.inverse[uneven.row][:, None]

    def _fields(self, state):
        stored = (3, self.slab.nx, self.slab.nz, self.slab.ny)
        return np.array([from_storage(s.reshape(stored)) for s in state])
