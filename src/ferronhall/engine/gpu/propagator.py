"""State and motion on a device of the members of several replicas, which stand at one step."""

import numpy as np
from numba import cuda

from ferronhall.base.errors import DeclarationError
from ferronhall.engine.constants import coefficients
from ferronhall.engine.gpu import balances, integrator
from ferronhall.engine.gpu.cubic_well import add_cubic_well
from ferronhall.engine.gpu.device import per_thread
from ferronhall.engine.gpu.force import DeviceForce
from ferronhall.engine.gpu.layered_well import add_well
from ferronhall.engine.initial import bath_by_site
from ferronhall.engine.kernels.balance_moments import MOMENTS
from ferronhall.model.observables import SAMPLED_MOMENTS

for _name, _moments, _module in (
    ("SAMPLED_MOMENTS", SAMPLED_MOMENTS, integrator),
    ("MOMENTS", MOMENTS, balances),
):
    if len(_moments) != _module.SUMS:
        raise DeclarationError(
            f"{_name} has {len(_moments)} moments, and the GPU engine adds up {_module.SUMS}; add "
            f"the missing one to {_module.__name__} and its SUMS, in the same order"
        )

SUMS = ("sums", "balance_sums")
ARRAYS = ("w", "v", *SUMS)
"""Names of what a device and a checkpoint.State both hold."""

_LOOKS = 64
"""Threads a member that look for its largest displacement."""


class DevicePropagator:
    """All members of several replicas, advanced together.

    model : Model
    members : list of Member, those of one replica
    root_seed : int
    replicas : sequence of int
        Numbers of the replicas; member m of the device is member m % len(members) of the replica
        in place m // len(members).
    every : int
        Substeps from one sample of the balance moments to the next; 0 for none.
    sampled : int
        How many of a replica's members those are sampled of, the first ones.
    """

    def __init__(self, model, members, root_seed, replicas, dtype, every, sampled):
        slab, dtype = model.slab, np.dtype(dtype)
        self.slab, self.each, self.count = slab, len(members), len(members) * len(replicas)
        self.every, self.sampled, self.step = every, sampled, 0
        shape = (3, slab.sites, self.count)
        self.w, self.v, self.linear = (cuda.device_array(shape, dtype) for _ in range(3))
        self.force = DeviceForce(model.operator, model.pulling, dtype, self.count)
        c = coefficients(model, members, dtype)
        self.kick, self.half_kick, self.drift = c.kick, c.half_kick, c.drift
        tables = (np.tile(table.T, len(replicas)) for table in (c.onsite, c.rotation, c.turn))
        self.tables = [cuda.to_device(np.ascontiguousarray(table)) for table in tables]
        self.layered = c.wells.shape[2] > 0
        # a device has no arrays without elements
        wells = c.wells if self.layered else np.zeros((len(members), 5, 1), dtype)
        self.wells = cuda.to_device(np.tile(wells, (len(replicas), 1, 1)))
        self.turning = c.cubic is not None
        cubic = c.cubic if self.turning else np.zeros((len(members), 1, 1), dtype)
        self.cubic = cuda.to_device(np.tile(cubic, (len(replicas), 1, 1)))
        self.bath = [cuda.to_device(b) for b in bath_by_site(model, dtype)]
        self.key = root_seed & 0xFFFFFFFF, root_seed >> 32
        self.replicas = cuda.to_device(np.array(replicas, np.int64))
        columns = (slab.nx, slab.ny)
        moments = (len(SAMPLED_MOMENTS), *columns, self.count)
        self.sums = cuda.to_device(np.zeros(moments))
        self.found = cuda.device_array((min(_LOOKS, slab.sites), self.count), dtype)
        if every:
            states = sampled * len(replicas)
            self.balance_sums = cuda.to_device(np.zeros((len(MOMENTS), *columns, states)))
            self.scratch = cuda.device_array((balances.SCRATCH, slab.sites, states), dtype)
            bonds = np.ascontiguousarray(model.operator.bonds, dtype)
            self.bonds = cuda.to_device(bonds)

    def run(self, substeps, sample_every):
        """Advance by `substeps`; returns the number of samples a member.

        sample_every : int
            0 for no samples, of the balance moments neither.
        """
        state = (self.w, self.v, self.linear)
        flat = self.w.reshape(self.w.size), self.linear.reshape(self.linear.size)
        lanes = per_thread(integrator.lanes(self.slab.sites) * self.count)
        advance = integrator.advance[lanes]
        scalars = (*self.tables, self.kick, self.drift, *self.bath, self.key, self.replicas)
        samples = 0
        for n in range(self.step, self.step + substeps):
            self.force(*flat)
            if self.layered:
                sites = per_thread(self.slab.sites * self.count)
                add_well[sites](self.w, self.wells, self.linear)
            if self.turning:
                sites = per_thread(self.slab.sites * self.count)
                add_cubic_well[sites](self.w, self.cubic, self.linear)
            if sample_every and n % sample_every == 0:
                self._sample(state)
                samples += 1
            if sample_every and self.every and n % self.every == 0:
                self._sample_balances(state)
            advance(*state, *scalars, integrator.noise_step(n))
        self.step += substeps
        return samples

    def _sample(self, state):
        grid = per_thread(self.slab.nx * self.slab.ny * self.count)
        onsites = self.tables[0]
        integrator.sample[grid](*state, onsites, self.half_kick, self.slab.nz, self.sums)

    def _sample_balances(self, state):
        nx, ny, nz = self.slab.shape
        grid = per_thread(nx * ny * self.balance_sums.shape[3])
        wells = (self.layered, self.wells)
        constants = (*self.tables[:2], *wells, self.drift, self.half_kick, self.kick)
        which = (nz, self.each, self.sampled)
        sums = self.balance_sums
        balances.sample_sites[grid](*state, constants, *self.bath, *which, self.scratch, sums)
        if self.turning:
            own = (self.cubic, self.drift, self.bath[1])
            balances.part_cubic_well[grid](self.w, *own, *which, self.scratch, sums)
        balances.sample_bonds[grid](self.w, self.scratch, self.bonds, *which, sums)

    @property
    def largest_displacements(self):
        """max |w| of every member (Å), shape (members,); NaN where its state holds one."""
        integrator.largest[per_thread(self.found.size)](self.w, self.found)
        return self.found.copy_to_host().max(axis=0)

    def load(self, states, names=ARRAYS):
        """Take over arrays of the replicas' states, a checkpoint.State each."""
        for name, device in self._arrays(names).items():
            parts = [np.moveaxis(getattr(state, name), 0, -1) for state in states]
            device.copy_to_device(np.ascontiguousarray(np.concatenate(parts, axis=-1)))

    def unload(self, states, names=ARRAYS):
        """Write arrays into the replicas' states, in place."""
        for name, device in self._arrays(names).items():
            parts = np.split(device.copy_to_host(), len(states), axis=-1)
            for state, part in zip(states, parts, strict=True):
                getattr(state, name)[...] = np.moveaxis(part, -1, 0)

    def _arrays(self, names):
        return {n: getattr(self, n) for n in names if self.every or n != "balance_sums"}
