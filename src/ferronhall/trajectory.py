"""One trajectory: its state and motion, and the dataset it leaves."""

from contextlib import nullcontext

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits

from ferronhall import observables, provenance, transport_sampling
from ferronhall.forces import ROUTES, BlockForce, allowed_routes
from ferronhall.integrator import bath_coefficients, coefficients, thermal_speed
from ferronhall.kernels.integrator import advance, sample
from ferronhall.kernels.loop import propagate
from ferronhall.kernels.noise import BLOCK, fill_normals
from ferronhall.kernels.transport import sample_transport
from ferronhall.layout import from_storage, storage_order, to_storage
from ferronhall.parameters import model_of, substep
from ferronhall.run import Run

FIELD_SIGNS = {"minus": -1, "zero": 0, "plus": 1}
_START = 2**32 - 1
"""Step number whose normals draw the initial velocities; no trajectory gets that far."""


class Propagator:
    """State and motion of one trajectory.

    w, v : ndarray, shape (3, sites)
        Displacement from u0 (Å) and velocity before its closing half kick (Å/ps), in storage order.
    step : int
        Number of substeps done.
    transport : TransportPlan
        Gathers the transport moments; idle unless one is given.
    """

    def __init__(
        self, model, h, omega_B, direction, root_seed, replica, dtype, route=None, transport=None
    ):
        slab = model.slab
        self.model, self.slab, self.operator, self.h = model, slab, model.operator, h
        route = route or allowed_routes(model.operator)[0]
        self.force = ROUTES[route](model.operator, model.material.onsite.amplitude, dtype)
        self.coefficients = coefficients(model.material, h, omega_B, direction, dtype)
        bath = bath_coefficients(model.material, h, model.temperature, model.damping)
        self.decay, self.amplitude = (self._per_site(b).astype(dtype) for b in bath)
        self.key = (root_seed & 0xFFFFFFFF, root_seed >> 32, replica)
        self.limit = model.material.lattice_constant / 4
        self.w = np.zeros((3, slab.sites), dtype)
        self.linear = np.zeros((3, slab.sites), dtype)
        self.v = self._thermal_velocities(dtype)
        self.step = 0
        idle = transport_sampling.build_plan(slab, np.zeros((3, 3, 3, 3, 3)), dtype, 0)
        self.transport = transport or idle

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
            schedule = (self.step, substeps, sample_every, sums, self.transport)
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
            if sample_every and self.transport.every and step % self.transport.every == 0:
                sample_transport(*state, *bath, self.transport)
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


def run_trajectory(
    parameters, config, field, replica, config_digest, log=print, keeper=None, bar=False
):
    """Run one trajectory and return its block means.

    parameters : Dataset of the parameters stage
    field : "minus", "zero" or "plus"
        Sign of Ω_B.
    config_digest : str
        Identifies the configuration and code; written to the result.
    log : callable taking a line of text
    keeper : keeper.Keeper, optional
        Where to go on from and what to leave when interrupted. Call its `finish` once the result
        is on disk.
    bar : bool
        Whether to draw a progress bar where stderr is a terminal.
    returns : Dataset with dims (block, x, y)
    raises : TrajectoryDivergedError; with a keeper also TrajectoryInterruptedError, DataFileError
    """
    model = model_of(parameters)
    h = substep(config)
    omega_B = FIELD_SIGNS[field] * config["field"]["omega_B_rad_per_ps"]
    ensemble = config["ensemble"]
    dtype = np.dtype(ensemble["precision"])
    every, averaged = transport_sampling.sampling(config)
    bonds = parameters["short_range_kernel"].values
    propagator = Propagator(
        model,
        h,
        omega_B,
        config["field"]["direction"],
        ensemble["root_seed"],
        replica,
        dtype,
        parameters.attrs["route"],
        transport_sampling.build_plan(model.slab, bonds, dtype, every),
    )
    name = f"trajectory {field}/{replica:04d}"
    log(
        f"{name}: {model.slab.nx} x {model.slab.ny} x {model.slab.nz} cells, "
        f"Omega_B = {omega_B:g} rad/ps, {propagator.force.route} route, {ensemble['precision']}"
    )
    run = Run(propagator, schedule(config), name, averaged)
    if keeper:
        identity = {
            "root seed": ensemble["root_seed"],
            "replica": replica,
            "field": field,
            "precision": ensemble["precision"],
            "lattice": list(model.slab.shape),
            "route": propagator.force.route,
        }
        run.restore(keeper.open(name, identity, log))
    with (
        threadpool_limits(limits=1, user_api="blas"),
        keeper.listening() if keeper else nullcontext(),
    ):
        means, moments = run.complete(log, keeper, bar)
    return _dataset(parameters, config, model, means, moments, field, replica, config_digest)


def _dataset(parameters, config, model, means, moments, field, replica, config_digest):
    variables = observables.block_means(means, model.material)
    variables = {name: (("block", "x", "y"), *content) for name, content in variables.items()}
    if moments:
        variables |= transport_sampling.moment_variables(moments)
    return xr.Dataset(
        variables,
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
    route = parameters.attrs["route"]
    bonds = parameters["short_range_kernel"].values
    transport = transport_sampling.build_plan(model.slab, bonds, dtype, every=1)
    propagator = Propagator(model, substep(config), 0.0, direction, 0, 0, dtype, route, transport)
    propagator.run(2, 1, np.zeros((3, model.slab.nx, model.slab.ny)))
