"""The way of a replica through its schedule: equilibration, block after block, guards."""

import time

import numpy as np

from ferronhall.base.errors import TrajectoryDivergedError
from ferronhall.base.progress import Progress
from ferronhall.engine.balance_means import BalanceMeans, multiples
from ferronhall.engine.checkpoint import State
from ferronhall.engine.layout import storage_order

_STRETCH_S = 1.0
"""Wall time between two looks at the state: short enough to stop a blow-up, long enough to cost
nothing."""

_ARRAYS = ("w", "v", "sums", "balance_sums")
"""Arrays of a State that every one holds, whatever its step."""


class Run:
    """A replica's members on their way through the schedule, in short guarded stretches."""

    def __init__(self, propagator, plan, name, averaged=1):
        self.propagator, self.name = propagator, name
        self.equilibration, self.every, per_block, self.blocks = plan
        self.block_length = per_block * self.every
        self.means, self.samples = [], 0
        self.sums = propagator.new_sums()
        self.balances = BalanceMeans(
            propagator.balances,
            propagator.slab.nz,
            self.equilibration,
            self.block_length,
            averaged,
        )
        self.stretch = 64

    @property
    def state(self):
        """The State to put into a checkpoint; its arrays are those of the run."""
        p = self.propagator
        moments = (self.balances.means, p.balances.sums)
        return State(p.w, p.v, p.step, self.means, self.sums, self.samples, *moments)

    def misfit(self, state):
        """Why a State is none of this run, in words; None when it may be one."""
        own = self.state
        arrays = {name: (getattr(state, name), getattr(own, name)) for name in _ARRAYS}
        for name, like in (("means", own.sums), ("balance_means", own.balance_sums)):
            arrays |= {f"{name}[{i}]": (a, like) for i, a in enumerate(getattr(state, name))}
        for name, (found, like) in arrays.items():
            if found.shape != like.shape or found.dtype != like.dtype:
                return (
                    f"{name} has shape {found.shape} and type {found.dtype}, this run has "
                    f"{like.shape} and {like.dtype}"
                )
            if not np.isfinite(found).all():
                return f"{name} holds numbers that are not finite"
        sampled = max(0, state.step - self.equilibration)
        begun = state.step - sampled % self.block_length
        samples = multiples(state.step, self.every) - multiples(begun, self.every)
        expected = {
            "blocks": (len(state.means), sampled // self.block_length),
            "samples": (state.samples, samples if sampled else 0),
            "blocks of the balances": (len(state.balance_means), self.balances.finished(sampled)),
        }
        for name, (found, right) in expected.items():
            if state.step < 0 or found != right:
                return f"it holds {found} {name} after {state.step} substeps, not {right}"
        return None

    def restore(self, state):
        """Go on from a State; None leaves the run at its beginning."""
        if state:
            self.propagator.w[:], self.propagator.v[:] = state.w, state.v
            self.propagator.step = state.step
            self.means, self.sums, self.samples = state.means, state.sums, state.samples
            self.balances.means = state.balance_means
            self.propagator.balances.sums[:] = state.balance_sums

    @property
    def total(self):
        """Substeps of the whole schedule."""
        return self.equilibration + self.blocks * self.block_length

    @property
    def finished(self):
        """Whether all blocks are there; a state saved under a longer t_max already holds more."""
        return len(self.means) >= self.blocks

    @property
    def block_means(self):
        """Means of the schedule's blocks, once it is finished.

        returns : ndarray (blocks, members, moment, nx, ny), and those of the balance moments,
            ndarray (their blocks, fields, moments, nx, ny), with no moments when none were sampled
        """
        return np.array(self.means[: self.blocks]), self.balances.within(self.blocks)

    def complete(self, log, keeper, bar=False):
        """Run to the last block; returns the block means."""
        p = self.propagator
        progress = Progress(self.name, p.h, p.step, self.total, log, bar)
        while not self.finished:
            self._advance()
            progress.report(p.step)
            if keeper and not self.finished:
                keeper.visit(self.state)
        if keeper and progress.start < p.step:
            keeper.save(self.state)
        return self.block_means

    def _advance(self):
        p = self.propagator
        substeps, every = self.ahead()
        begun = time.monotonic()
        before = p.largest_displacements
        samples = p.run(substeps, every, self.sums)
        self.arrive(substeps, samples, before)
        self.keep_pace(substeps, time.monotonic() - begun)

    @property
    def block_end(self):
        """Number of substeps at which the running block is complete."""
        return self.equilibration + (len(self.means) + 1) * self.block_length

    def ahead(self):
        """Substeps of the next stretch, and those between its samples, 0 for none."""
        step = self.propagator.step
        sampling = step >= self.equilibration
        end = self.block_end if sampling else self.equilibration
        return min(self.stretch, end - step), self.every if sampling else 0

    def arrive(self, substeps, samples, before):
        """Book a stretch that the propagator has done.

        samples : int, that it added to the sums
        before : ndarray, the members' largest displacements before it
        raises : TrajectoryDivergedError
        """
        p = self.propagator
        self.samples += samples
        self._guard(before, substeps)
        if p.step == self.block_end:
            self._finish_block()
            self.balances.visit(p.step)

    def keep_pace(self, substeps, seconds):
        """Make the next stretch as long as so many substeps in so many seconds suggest."""
        rate = substeps / max(seconds, 1e-6)
        self.stretch = int(np.clip(_STRETCH_S * rate, 1, 10**6))

    def _finish_block(self):
        mean = np.empty_like(self.sums)
        mean[..., storage_order(self.propagator.slab.ny)] = self.sums / (
            self.samples * self.propagator.slab.nz
        )
        self.means.append(mean)
        self.sums = np.zeros_like(self.sums)
        self.samples = 0

    def _guard(self, before, stretch):
        propagator = self.propagator
        largest = propagator.largest_displacements
        for member, last, now in zip(propagator.members, before, largest, strict=True):
            if not now < propagator.limit:
                good = (propagator.step - stretch) * propagator.h
                raise TrajectoryDivergedError(
                    f"{self.name}: the trajectory {member.name} left the physical range between "
                    f"t = {good:.3f} ps and t = {propagator.step * propagator.h:.3f} ps: the "
                    f"largest displacement is {now:.3g} Å, the limit a quarter of the cell "
                    f"({propagator.limit:.3g} Å). Its last good state, at t = {good:.3f} ps, had a "
                    f"largest displacement of {last:.3g} Å. Lower temperature.T_hot_K or "
                    "time.dt_ps, or choose a stiffer short_range.preset"
                )
