"""One trajectory: equilibration, sampling into block means, guards and progress."""

import time

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits

from ferronhall import observables, provenance
from ferronhall.errors import TrajectoryDivergedError
from ferronhall.forces import BlockForce, fast_route, from_storage, storage_order, to_storage
from ferronhall.integrator import bath_coefficients, coefficients, thermal_speed
from ferronhall.kernels.integrator import advance, sample
from ferronhall.kernels.loop import propagate
from ferronhall.kernels.noise import BLOCK, fill_normals
from ferronhall.parameters import model_of, substep

FIELD_SIGNS = {"minus": -1, "zero": 0, "plus": 1}
_START = 2**32 - 1
"""Step number whose normals draw the initial velocities; no trajectory gets that far."""
_REPORT_EVERY_S = 10.0


class Propagator:
    """State and motion of one trajectory.

    w, v : ndarray, shape (3, sites)
        Displacement from u0 (Å) and velocity before its closing half kick (Å/ps), in storage order.
    step : int
        Number of substeps done.
    """

    def __init__(self, model, h, omega_B, direction, root_seed, replica, dtype, route=None):
        slab = model.slab
        self.model, self.slab, self.operator, self.h = model, slab, model.operator, h
        route = route or fast_route(model.operator)
        self.force = route(model.operator, model.material.onsite.amplitude, dtype)
        self.coefficients = coefficients(model.material, h, omega_B, direction, dtype)
        bath = bath_coefficients(model.material, h, model.temperature, model.damping)
        self.decay, self.amplitude = (self._per_site(b).astype(dtype) for b in bath)
        self.key = (root_seed & 0xFFFFFFFF, root_seed >> 32, replica)
        self.limit = model.material.lattice_constant / 4
        self.w = np.zeros((3, slab.sites), dtype)
        self.linear = np.zeros((3, slab.sites), dtype)
        self.v = self._thermal_velocities(dtype)
        self.step = 0

    def _per_site(self, columns):
        """(nx, ny) → (sites,) in storage order."""
        ordered = columns[:, None, storage_order(self.slab.ny)]
        return np.broadcast_to(ordered, (self.slab.nx, self.slab.nz, self.slab.ny)).reshape(-1)

    def _thermal_velocities(self, dtype):
        blocks = -(-self.slab.sites // BLOCK)
        normals = np.empty((3, blocks, BLOCK), np.float32)
        for component in range(3):
            for block in range(blocks):
                fill_normals(*self.key, _START, component, block, normals[component, block])
        columns = thermal_speed(self.model.material, self.model.temperature)
        spread = self._per_site(np.tile(columns[:, None], (1, self.slab.ny)))
        return (normals.reshape(3, -1)[:, : self.slab.sites] * spread).astype(dtype)

    def run(self, substeps, sample_every, sums):
        """Advance by `substeps`, adding samples to `sums` (3, nx, ny); returns their number."""
        bath = (self.decay, self.amplitude)
        if isinstance(self.force, BlockForce):
            state = (self.w, self.v, self.linear, self.force.plan, self.coefficients)
            schedule = (self.step, substeps, sample_every, sums)
            samples = propagate(*state, *bath, self.key, *schedule)
        else:
            samples = self._run_by_fft(substeps, sample_every, sums, bath)
        self.step += substeps
        return samples

    def _run_by_fft(self, substeps, sample_every, sums, bath):
        stored = (3, self.slab.nx, self.slab.nz, self.slab.ny)
        state = (self.w, self.v, self.linear, self.coefficients)
        samples = 0
        for step in range(self.step, self.step + substeps):
            self.force(self.w.reshape(stored), self.linear.reshape(stored))
            if sample_every and step % sample_every == 0:
                sample(*state, sums)
                samples += 1
            advance(*state, *bath, *self.key, step)
        return samples

    @property
    def largest_displacement(self):
        """max |w| (Å); NaN when the state holds one."""
        return float(np.abs(self.w).max())

    @property
    def displacement(self):
        """w as a field, shape (3, nx, ny, nz), Å."""
        return from_storage(self.w.reshape(3, self.slab.nx, self.slab.nz, self.slab.ny))

    @property
    def velocity(self):
        """v before its closing half kick as a field, shape (3, nx, ny, nz), Å/ps."""
        return from_storage(self.v.reshape(3, self.slab.nx, self.slab.nz, self.slab.ny))

    @velocity.setter
    def velocity(self, field):
        self.v[:] = to_storage(field).reshape(self.v.shape)


def schedule(config):
    """Substeps of equilibration, substeps between samples, samples a block, whole blocks."""
    t = config["time"]
    every = t["sample_every_steps"] * t["substeps"]
    equilibration = round(t["t_equil_ps"] / t["dt_ps"]) * t["substeps"]
    sampling = round((t["t_max_ps"] - t["t_equil_ps"]) / t["dt_ps"]) * t["substeps"]
    blocks = sampling // every // t["samples_per_block"]
    return equilibration, every, t["samples_per_block"], blocks


def run_trajectory(parameters, config, field, replica, config_digest, log=print):
    """Run one trajectory and return its block means.

    parameters : Dataset of the parameters stage
    field : "minus", "zero" or "plus"
        Sign of Ω_B.
    config_digest : str
        Identifies the configuration and code; written to the result.
    log : callable taking a line of text
    returns : Dataset with dims (block, x, y)
    raises : TrajectoryDivergedError
    """
    model = model_of(parameters)
    h = substep(config)
    omega_B = FIELD_SIGNS[field] * config["field"]["omega_B_rad_per_ps"]
    ensemble = config["ensemble"]
    propagator = Propagator(
        model,
        h,
        omega_B,
        config["field"]["direction"],
        ensemble["root_seed"],
        replica,
        np.dtype(ensemble["precision"]),
    )
    name = f"trajectory {field}/{replica:04d}"
    log(
        f"{name}: {model.slab.nx} x {model.slab.ny} x {model.slab.nz} cells, "
        f"Omega_B = {omega_B:g} rad/ps, {propagator.force.route} route, {ensemble['precision']}"
    )
    with threadpool_limits(limits=1, user_api="blas"):
        means = _run_blocks(propagator, schedule(config), name, log)
    return _dataset(parameters, config, model, means, field, replica, config_digest)


def _run_blocks(propagator, plan, name, log):
    equilibration, every, per_block, blocks = plan
    slab = propagator.slab
    progress = _Progress(equilibration + blocks * per_block * every, propagator, name, log)
    ignored = np.zeros((3, slab.nx, slab.ny))
    progress.run(equilibration, 0, ignored)
    means = np.empty((blocks, 3, slab.nx, slab.ny))
    for block in range(blocks):
        sums = np.zeros((3, slab.nx, slab.ny))
        samples = progress.run(per_block * every, every, sums)
        means[block][..., storage_order(slab.ny)] = sums / (samples * slab.nz)
    return means


class _Progress:
    """Runs a propagator in short stretches, guarding each and reporting at a human interval."""

    def __init__(self, total, propagator, name, log):
        self.total, self.propagator, self.name, self.log = total, propagator, name, log
        self.started = self.reported = time.monotonic()
        self.stretch = 64

    def run(self, substeps, sample_every, sums):
        done = samples = 0
        while done < substeps:
            stretch = min(self.stretch, substeps - done)
            begun = time.monotonic()
            before = self.propagator.largest_displacement
            samples += self.propagator.run(stretch, sample_every, sums)
            self._guard(before, stretch)
            done += stretch
            # about a second a stretch: short enough to stop a blow-up, long enough to cost nothing
            self.stretch = int(np.clip(stretch / max(time.monotonic() - begun, 1e-6), 1, 10**6))
            self._report()
        return samples

    def _guard(self, before, stretch):
        propagator = self.propagator
        largest = propagator.largest_displacement
        if not largest < propagator.limit:
            good = (propagator.step - stretch) * propagator.h
            raise TrajectoryDivergedError(
                f"{self.name} left the physical range between t = {good:.3f} ps and "
                f"t = {propagator.step * propagator.h:.3f} ps: the largest displacement is "
                f"{largest:.3g} Å, the limit a quarter of the cell ({propagator.limit:.3g} Å). Its "
                f"last good state, at t = {good:.3f} ps, had a largest displacement of "
                f"{before:.3g} Å. Lower temperature.T_hot_K or time.dt_ps, or choose a stiffer "
                "short_range.preset"
            )

    def _report(self):
        now = time.monotonic()
        done = self.propagator.step
        if now - self.reported < _REPORT_EVERY_S and done < self.total:
            return
        self.reported = now
        each = (now - self.started) / done
        self.log(
            f"{self.name}: {100 * done / self.total:5.1f} %, {done * self.propagator.h:.1f} ps, "
            f"{1e6 * each:.1f} µs a substep, {(self.total - done) * each:.0f} s left"
        )


def _dataset(parameters, config, model, means, field, replica, config_digest):
    variables = observables.block_means(means, model.material)
    return xr.Dataset(
        {name: (("block", "x", "y"), *content) for name, content in variables.items()},
        coords={"x": parameters["x"], "y": parameters["y"]},
        attrs={
            **provenance.attributes(config),
            "field": field,
            "replica": replica,
            "root_seed": str(config["ensemble"]["root_seed"]),
            "config_digest": config_digest,
        },
    )


def compile_kernels(parameters, config):
    """Compile every kernel the trajectories need into numba's cache, before jobs start in parallel.

    Runs a few substeps of the campaign's own model.
    """
    model = model_of(parameters)
    dtype = np.dtype(config["ensemble"]["precision"])
    direction = config["field"]["direction"]
    propagator = Propagator(model, substep(config), 0.0, direction, 0, 0, dtype)
    propagator.run(2, 1, np.zeros((3, model.slab.nx, model.slab.ny)))
