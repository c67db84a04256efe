"""The steady states of one model at −Ω_B, 0 and +Ω_B, and the mean field they bring about."""

import time
from dataclasses import dataclass

import numpy as np

from ferronhall.base.errors import TheoryError
from ferronhall.model import observables
from ferronhall.model.map_algebra import ROUNDING
from ferronhall.model.material import AXIAL, CUBIC
from ferronhall.model.reference import (
    Reference,
    Rounds,
    balanced_reference,
    closure_reference,
    relaxed_reference,
)
from ferronhall.model.statistics import CLASSICAL
from ferronhall.theory import cost
from ferronhall.theory.baths import BATHS, QuantumBath
from ferronhall.theory.block_dynamics import EquationOfMotion, Substep
from ferronhall.theory.by_site.closure import site_closure
from ferronhall.theory.by_site.cost import site_cost
from ferronhall.theory.covariance import Fluctuations, fluctuations
from ferronhall.theory.mean_field import closure_mean, harmonic_mean
from ferronhall.theory.modes import Spectrum

_REPORT_EVERY_S = 10.0

_SETTLED, _MOST_ROUNDS = 1e-8, 40
"""Distance of ⟨w_x²⟩ from its fixed point, over its largest value, that the quantum closure keeps;
its rounds at most."""


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
        self._dynamics = {}
        symmetric, mirrors = model.operator.mirror_symmetric, model.mirrors
        self.same = symmetric and mirrors.field_even
        self.mirrored = symmetric and (1, -1, -1) in mirrors.images

    def harmonic(self, statistics=(CLASSICAL,)):
        """Solution about the relaxed slab, the mean to first order in the fluctuations.

        statistics : sequence of the names in baths.BATHS
            All in one pass.
        returns : list of Solution, one for each
        """
        relaxed = relaxed_reference(self.model)
        found = self._fields(relaxed.stiffness, "harmonic", self._baths(statistics))
        return [
            Solution(
                relaxed,
                states,
                [harmonic_mean(self.model, relaxed, s) for s in states],
            )
            for states in found
        ]

    def closure(self, statistics=CLASSICAL, harmonic=None):
        """Solution in the Gaussian closure, its stiffness averaged over x.

        statistics : one of the names in baths.BATHS
            The fluctuations that stiffness and mean field follow.
        harmonic : Solution of that statistics, optional
            Known already, it spares the quantum closure its first round.
        """
        if statistics == CLASSICAL:
            closed, name = closure_reference(self.model), "Gaussian closure"
        else:
            closed, name = self.quantum_reference(harmonic), "Gaussian closure, quantum"
        (states,) = self._fields(closed.stiffness, name, self._baths([statistics]))
        means = [closure_mean(self.model, closed, s) for s in states]
        return Solution(closed, states, means)

    def quantum_reference(self, harmonic=None):
        """The static state of the closure, from thermal fluctuations of quantum statistics.

        They depend on the damping, so unlike reference.closure_reference it takes the modes: those
        without field, under the bath's mean over x, iterated to self-consistency.

        harmonic : Solution of quantum statistics, optional
            Its fluctuations are those of the first round.
        raises : TheoryError when the well gives way to its fluctuations
        """
        reference, change = relaxed_reference(self.model), np.nan
        onsite = self.model.material.onsite
        felt, rounds = list(onsite.fluctuating), Rounds(onsite)
        for n in range(1, _MOST_ROUNDS + 1):
            variance = self._mean_variance(reference, harmonic if n == 1 else None)
            last, change = change, np.abs(variance - reference.variance)[felt].max()
            self.log(f"quantum fluctuations, round {n}: they move by {change:.1e} angstrom^2")
            variance = rounds(reference.variance, variance)
            reference = balanced_reference(self.model, variance)
            # the rounds to come move them by a geometric series in change/last
            if change**2 <= _SETTLED * variance[felt].max() * (last - change):
                return reference
        raise TheoryError(
            f"the closure under quantum statistics has not settled after {_MOST_ROUNDS} rounds: "
            "the well gives way to its fluctuations; lower temperature.T_hot_K"
        )

    def _mean_variance(self, reference, harmonic):
        """⟨w_c²⟩ (Å²) of every layer under quantum statistics without field, mean over x."""
        if harmonic is None:
            bath = QuantumBath(self.model.temperature).mean
            spectrum = self.spectrum(reference.stiffness, 0)
            (state,) = fluctuations(spectrum, [bath], self.threads)
        else:
            state = harmonic.states[1]
        return state.displacement.mean(axis=1)

    def site_closure(self):
        """Solution in the Gaussian closure, its stiffness that of every cell and field."""
        if not self.model.temperature.any():
            # nothing fluctuates, so all columns are alike
            return self.closure()
        closed = closure_reference(self.model)
        form = CUBIC if self.model.material.onsite.coupled else AXIAL
        self.log(f"site-dependent closure: {site_cost(self.model.slab.shape, form)}")
        plus = self._site(closed, +1, "site-dependent closure, +Omega_B")
        zero = self._site(closed, 0, "site-dependent closure, no field")
        if self.same:
            minus = plus
        elif self.mirrored:
            minus = mirrored_in_y(plus[0]), self.model.mirrors.polar * plus[1][:, ::-1]
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
        (states,) = self._fields(stiffness, name, self._baths([CLASSICAL]), h)
        return states

    def _fields(self, stiffness, name, baths, h=None):
        """A list of Fluctuations at the three fields for every bath."""
        plus = self._solve(stiffness, +1, f"{name}, +Omega_B", baths, h)
        zero = self._solve(stiffness, 0, f"{name}, no field", baths, h)
        if self.same:
            minus = plus
        elif self.mirrored:
            minus = [mirrored_in_y(state) for state in plus]
        else:
            minus = self._solve(stiffness, -1, f"{name}, -Omega_B", baths, h)
        return [list(states) for states in zip(minus, zero, plus, strict=True)]

    def _baths(self, statistics):
        return [BATHS[name](self.model.temperature) for name in statistics]

    def _site(self, reference, sign, name):
        self.log(name)
        spectrum = self.spectrum(reference.stiffness, sign)
        return site_closure(self.model, reference, spectrum, self.threads, self.log)

    def spectrum(self, stiffness, sign, h=None):
        """The modes of every block at a field's sign; arguments as in `fields`."""
        field = self.model.field.at(sign)
        if (sign, h) not in self._dynamics:
            # what turn and bath are in a basis is found once
            self._dynamics[sign, h] = (
                EquationOfMotion.of(self.model, field)
                if h is None
                else Substep.of(self.model, field, h)
            )
        return Spectrum(self.model.operator, stiffness, self._dynamics[sign, h], field)

    def _solve(self, stiffness, sign, name, baths, h):
        spectrum = self.spectrum(stiffness, sign, h)
        self.log(f"{name}: {cost.estimate(spectrum, baths)}")
        return fluctuations(spectrum, baths, self.threads, _Progress(name, self.log))


def mirrored_in_y(state):
    """The state at −Ω_B from that at +Ω_B, where y → −y reverses the field (see model.mirrors)."""
    return Fluctuations(
        state.velocity[..., ::-1],
        state.displacement[..., ::-1],
        -state.rotation[..., ::-1],
        -state.shear[..., ::-1],
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
        "displacement": np.array(means) - model.material.onsite.equilibrium,
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
