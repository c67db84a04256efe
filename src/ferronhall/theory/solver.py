"""The steady states of one model at −Ω_B, 0 and +Ω_B, and the mean field they bring about."""

import time
from dataclasses import dataclass

import numpy as np

from ferronhall.model import observables
from ferronhall.model.map_algebra import ROUNDING
from ferronhall.model.reference import Reference, closure_reference, relaxed_reference
from ferronhall.theory import cost
from ferronhall.theory.block_dynamics import EquationOfMotion, Substep
from ferronhall.theory.covariance import Fluctuations, fluctuations
from ferronhall.theory.mean_field import closure_mean, harmonic_mean
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.site_closure import site_closure
from ferronhall.theory.site_cost import site_cost

_REPORT_EVERY_S = 10.0


@dataclass(frozen=True)
class Solution:
    """Steady states in one approximation, fields ordered −Ω_B, 0, +Ω_B.

    reference : Reference
        The static state the fluctuations are counted from.
    states : list of Fluctuations
    means : list of ndarray, shape (nx, ny), Å
        ⟨u_x⟩ of every state.
    """

    reference: Reference
    states: list
    means: list


class Solver:
    """Steady states of one model at −Ω_B, 0 and +Ω_B; TheoryError when there is none.

    log : callable taking a line of text
    """

    def __init__(self, model, threads=1, log=print):
        self.model, self.threads, self.log = model, threads, log
        symmetric, mirrors = model.operator.mirror_symmetric, model.mirrors
        self.same = symmetric and mirrors.field_even
        self.mirrored = symmetric and mirrors.single

    def harmonic(self):
        """Solution to first order in the temperature, about the relaxed slab."""
        relaxed = relaxed_reference(self.model)
        states = self.fields(relaxed.stiffness, "harmonic")
        means = [harmonic_mean(self.model, relaxed, s.displacement[0]) for s in states]
        return Solution(relaxed, states, means)

    def closure(self):
        """Solution in the Gaussian closure, its stiffness averaged over x."""
        closed = closure_reference(self.model)
        states = self.fields(closed.stiffness, "Gaussian closure")
        means = [closure_mean(self.model, closed, s.displacement[0]) for s in states]
        return Solution(closed, states, means)

    def site_closure(self):
        """Solution in the Gaussian closure, its stiffness that of every cell and field."""
        if not self.model.temperature.any():
            # nothing fluctuates, so all columns are alike
            return self.closure()
        closed = closure_reference(self.model)
        self.log(f"site-dependent closure: {site_cost(self.model.slab.shape)}")
        plus = self._site(closed, +1, "site-dependent closure, +Omega_B")
        zero = self._site(closed, 0, "site-dependent closure, no field")
        if self.same:
            minus = plus
        elif self.mirrored:
            minus = mirrored_in_y(plus[0]), plus[1][:, ::-1]
        else:
            minus = self._site(closed, -1, "site-dependent closure, -Omega_B")
        states, means = zip(minus, zero, plus, strict=True)
        return Solution(closed, list(states), list(means))

    def fields(self, stiffness, name, h=None):
        """Fluctuations at the three fields about a state of given stiffness.

        h : float, ps
            The integrator's own steady state at this substep; None: that of the equation of motion.
        returns : list of Fluctuations
        raises : TheoryError when that state is unstable
        """
        plus = self._solve(stiffness, +1, f"{name}, +Omega_B", h)
        zero = self._solve(stiffness, 0, f"{name}, no field", h)
        if self.same:
            minus = plus
        elif self.mirrored:
            minus = mirrored_in_y(plus)
        else:
            minus = self._solve(stiffness, -1, f"{name}, -Omega_B", h)
        return [minus, zero, plus]

    def _site(self, reference, sign, name):
        self.log(name)
        spectrum = self.spectrum(reference.stiffness, sign)
        return site_closure(self.model, reference, spectrum, self.threads, self.log)

    def spectrum(self, stiffness, sign, h=None):
        """The modes of every block at a field's sign; arguments as in `fields`."""
        field = self.model.field.at(sign)
        if h is None:
            dynamics = EquationOfMotion.of(self.model, field)
        else:
            dynamics = Substep.of(self.model, field, h)
        return Spectrum(self.model.operator, stiffness, dynamics, field)

    def _solve(self, stiffness, sign, name, h):
        spectrum = self.spectrum(stiffness, sign, h)
        self.log(f"{name}: {cost.estimate(spectrum, self.model.temperature)}")
        progress = _Progress(name, self.log)
        return fluctuations(spectrum, self.model.temperature, self.threads, progress)


def mirrored_in_y(state):
    """The state at −Ω_B from that at +Ω_B, where y → −y reverses the field (see model.mirrors)."""
    return Fluctuations(
        state.velocity[..., ::-1],
        state.displacement[..., ::-1],
        -state.rotation[..., ::-1],
        state.bilinear[..., ::-1],
    )


def observable_maps(model, states, means):
    """Maps of every observable in ensemble.nc's units, name → ndarray (field, nx, ny).

    states : list of Fluctuations
    means : list of ndarray, shape (nx, ny), Å
        ⟨u_x⟩ of every state.
    """
    moments = {
        "speed_squared": np.array([s.velocity.sum(axis=0) for s in states]),
        "displacement": np.array(means) - model.material.onsite.amplitude,
        "rotation": np.array([_above_rounding(s) for s in states]),
    }
    content = observables.block_means(moments, model.material)
    return {name: values for name, (values, _) in content.items()}


def _above_rounding(state):
    """⟨w_x v_y − w_y v_x⟩ of a state, 0 where it is lost in the fluctuations it is made of."""
    bound = np.sqrt(np.abs(state.displacement.sum(axis=0) * state.velocity.sum(axis=0)))
    return np.where(np.abs(state.rotation) > ROUNDING * bound, state.rotation, 0.0)


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
