"""The noise-free theory of a campaign as datasets: theory.nc and timestep.nc."""

import time

import numpy as np
import xarray as xr

from ferronhall import observables, provenance
from ferronhall.map_algebra import edge_accumulation, field_odd
from ferronhall.observables import DELTA_SCALE, DELTA_UNITS, OBSERVABLES
from ferronhall.parameters import model_of, substep
from ferronhall.stability import REFUSE_OMEGA_H
from ferronhall.steady_state import cost
from ferronhall.steady_state.block_dynamics import EquationOfMotion, Substep
from ferronhall.steady_state.covariance import Fluctuations, fluctuations
from ferronhall.steady_state.layer_basis import has_conjugate_mirror
from ferronhall.steady_state.mean_field import closure_mean, harmonic_mean, local_mean
from ferronhall.steady_state.modes import Spectrum
from ferronhall.steady_state.reference import closure_reference, relaxed_reference

_REPORT_EVERY_S = 10.0


class Solver:
    """Steady states of one model at −Ω_B, 0 and +Ω_B.

    log : callable taking a line of text
    """

    def __init__(self, model, omega_B, direction, threads=1, log=print):
        self.model, self.omega_B, self.direction = model, omega_B, direction
        self.threads, self.log = threads, log

    def fields(self, stiffness, name, h=None):
        """Fluctuations at the three fields about a state of given stiffness.

        h : float, ps
            The integrator's own steady state at this substep; None: that of the equation of motion.
        returns : list of Fluctuations
        """
        plus = self._solve(stiffness, self.omega_B, f"{name}, +Omega_B", h)
        zero = self._solve(stiffness, 0.0, f"{name}, no field", h)
        if has_conjugate_mirror(self.model.operator, self.omega_B, self.direction):
            minus = mirrored_in_y(plus)
        else:
            minus = self._solve(stiffness, -self.omega_B, f"{name}, -Omega_B", h)
        return [minus, zero, plus]

    def _solve(self, stiffness, omega_B, name, h):
        if h is None:
            dynamics = EquationOfMotion.of(self.model, omega_B, self.direction)
        else:
            dynamics = Substep.of(self.model, omega_B, self.direction, h)
        spectrum = Spectrum(self.model.operator, stiffness, dynamics, omega_B, self.direction)
        self.log(f"{name}: {cost.estimate(spectrum, self.model.temperature)}")
        progress = _Progress(name, self.log)
        return fluctuations(spectrum, self.model.temperature, self.threads, progress)


def mirrored_in_y(state):
    """The state at −Ω_B from that at +Ω_B, with the mirrors of the kernel and the field along z."""
    return Fluctuations(
        state.velocity[..., ::-1], state.displacement[..., ::-1], -state.rotation[..., ::-1]
    )


def theory_dataset(parameters, config, threads=1, log=print):
    """Maps of the noise-free theory (theory.nc).

    parameters : Dataset of the parameters stage
    config : dict, the theory's part of the configuration
    returns : Dataset with the variables of ensemble.nc in the Gaussian closure (x-averaged
        stiffness), the same with `_harmonic` to first order in the temperature, the polarization
        of the local formula (`_local`), and the longitudinal fluctuation ⟨w_x²⟩
    raises : TheoryError
    """
    model = model_of(parameters)
    field = config["field"]
    solver = Solver(model, field["omega_B_rad_per_ps"], field["direction"], threads, log)
    relaxed, closed = relaxed_reference(model), closure_reference(model)
    harmonic = solver.fields(relaxed.stiffness, "harmonic")
    closure = solver.fields(closed.stiffness, "Gaussian closure")
    variables = {}
    for suffix, label, states, mean in (
        ("", "", closure, lambda v: closure_mean(model, closed, v)),
        ("_harmonic", ", harmonic", harmonic, lambda v: harmonic_mean(model, relaxed, v)),
        ("_local", ", local formula S53", harmonic, lambda v: local_mean(model, v)),
    ):
        maps = observable_maps(model, states, [mean(s.displacement[0]) for s in states])
        names = ("polarization",) if suffix == "_local" else OBSERVABLES
        for name in names:
            variables |= _with_field_odd(parameters, name, maps[name], suffix, label)
    attributes = {"units": "angstrom^2", "long_name": "longitudinal fluctuation <w_x^2>"}
    for suffix, states in (("", closure), ("_harmonic", harmonic)):
        variance = np.array([s.displacement[0] for s in states])
        variables[f"fluctuation{suffix}"] = (("field", "x", "y"), variance, attributes)
    relaxed_map = model.material.polarization_derivative[0, 0] * relaxed.mean
    attributes = {"units": "C/m^2", "long_name": "polarization of the relaxed slab at T = 0"}
    variables["polarization_relaxed"] = ("y", relaxed_map, attributes)
    dataset = _dataset(parameters, config, variables)
    dataset.attrs["closure"] = "Gaussian, stiffness averaged over x"
    return dataset


def timestep_dataset(parameters, theory, config, threads=1, log=print):
    """What the integrator's substep does to every map, without noise (timestep.nc).

    parameters, theory : Datasets of those stages
    returns : Dataset with <name>_bias, dims (substep, field, x, y), and the biases of the field-odd
        maps: the harmonic steady state of the substep less that of the equation of motion, at the
        campaign's substep h and, where it is stable, at 2h
    """
    model = model_of(parameters)
    field = config["field"]
    solver = Solver(model, field["omega_B_rad_per_ps"], field["direction"], threads, log)
    relaxed = relaxed_reference(model)

    def maps(name, h):
        states = solver.fields(relaxed.stiffness, name, h)
        means = [harmonic_mean(model, relaxed, s.displacement[0]) for s in states]
        return observable_maps(model, states, means)

    steps = [substep(config)]
    if 2 * parameters.attrs["omega_max_h"] < REFUSE_OMEGA_H:
        steps.append(2 * substep(config))
    biased = [maps(f"substep {h:g} ps", h) for h in steps]
    variables = {}
    for name, (unit, label) in OBSERVABLES.items():
        bias = np.array([b[name] for b in biased]) - theory[f"{name}_harmonic"].values
        attrs = {"units": unit, "long_name": f"time-step bias: {label}"}
        variables[f"{name}_bias"] = (("substep", "field", "x", "y"), bias, attrs)
        odd = DELTA_SCALE[name] * field_odd(bias)
        attrs = {"units": DELTA_UNITS[name], "long_name": f"time-step bias: field-odd {label}"}
        variables[f"delta_{name}_bias"] = (("substep", "x", "y"), odd, attrs)
    dataset = _dataset(parameters, config, variables)
    return dataset.assign_coords(substep=("substep", steps, {"units": "ps"}))


def observable_maps(model, states, means):
    """Maps of every observable in ensemble.nc's units, name → ndarray (field, nx, ny).

    means : list of ndarray, shape (nx, ny), Å
        ⟨u_x⟩ of every state.
    """
    moments = np.array(
        [
            [s.velocity.sum(axis=0), mean - model.material.onsite.amplitude, s.rotation]
            for s, mean in zip(states, means, strict=True)
        ]
    )
    content = observables.block_means(moments, model.material)
    return {name: values for name, (values, _) in content.items()}


def _with_field_odd(parameters, name, maps, suffix, label):
    """A map at the three fields, its field-odd part, and the edge accumulations of both."""
    unit, what = OBSERVABLES[name]
    odd = DELTA_SCALE[name] * field_odd(maps)
    masks = [parameters[key].values for key in ("x", "y", "flank", "edge")]
    content = {}
    for key, values, dims, u, text in (
        (name, maps, ("field", "x", "y"), unit, what),
        (f"delta_{name}", odd, ("x", "y"), DELTA_UNITS[name], f"field-odd {what}"),
    ):
        content[f"{key}{suffix}"] = (dims, values, {"units": u, "long_name": text + label})
        edge = f"edge_{name}_zero" if key == name else f"edge_{key}"
        at_zero = values[1] if key == name else values
        attrs = {"units": u, "long_name": f"edge accumulation of {text}{label}"}
        content[f"{edge}{suffix}"] = ((), edge_accumulation(at_zero, *masks), attrs)
    return content


def _dataset(parameters, config, variables):
    omega = config["field"]["omega_B_rad_per_ps"]
    return xr.Dataset(
        variables,
        coords={
            "field": [-1, 0, 1],
            "omega_B": ("field", [-omega, 0.0, omega], {"units": "rad/ps"}),
            "x": parameters["x"],
            "y": parameters["y"],
        },
        attrs=provenance.attributes(config),
    )


class _Progress:
    """Logs how far a solution is, at a human interval."""

    def __init__(self, name, log):
        self.name, self.log = name, log
        self.started = self.reported = time.monotonic()

    def __call__(self, done, total):
        now = time.monotonic()
        if done < total and now - self.reported < _REPORT_EVERY_S:
            return
        self.reported = now
        left = (now - self.started) / done * (total - done)
        self.log(f"{self.name}: {100 * done / total:5.1f} %, {left:.0f} s left")
