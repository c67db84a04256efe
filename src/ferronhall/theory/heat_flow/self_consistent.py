"""The slab between two contacts at −Ω_B, 0 and +Ω_B, with inner baths that take no heat."""

from dataclasses import dataclass, replace

import numpy as np

from ferronhall.model.bath_profile import is_self_consistent
from ferronhall.model.contacts import Contacts
from ferronhall.model.reference import relaxed_reference
from ferronhall.model.statistics import CLASSICAL, QUANTUM
from ferronhall.theory.baths import BATHS
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.covariance import fluctuations
from ferronhall.theory.heat_flow.heat_balance import Balance, balance
from ferronhall.theory.heat_flow.heat_kernel import heat_kernel
from ferronhall.theory.heat_flow.quantum_balance import (
    MOST_NUMBERS,
    exchange,
    frequencies,
    numbers,
    quantum_balance,
)
from ferronhall.theory.mean_field import harmonic_mean
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.solver import Solution, mirrored_in_y


@dataclass(frozen=True)
class SelfConsistent:
    """The slab between its contacts under one statistics, fields ordered −Ω_B, 0, +Ω_B.

    contacts : Contacts
    balances : list of Balance
    solution : solver.Solution
        Harmonic, at each field with its own T(x, y).
    """

    contacts: Contacts
    balances: list
    solution: Solution

    @property
    def temperature(self):
        """T(x, y) at the three fields (K), shape (3, nx, ny)."""
        return np.array([found.temperature for found in self.balances])


def self_consistent(model, config, threads=1, log=print):
    """The states of a model whose configuration has contacts.

    returns : dict of the statistics in baths.BATHS → SelfConsistent; without the quantum one where
        the slowest mode would need too many frequencies
    raises : TheoryError when there is no steady state
    """
    contacts, relaxed = Contacts.from_config(config), relaxed_reference(model)
    symmetric, images = model.operator.mirror_symmetric, model.mirrors.images
    solve = _Field(model, relaxed, contacts, threads, log)
    zero, plus = solve(0, "no field"), solve(1, "+Omega_B")
    if symmetric and model.mirrors.field_even:
        minus = plus
    elif symmetric and (1, -1, -1) in images:
        minus = {name: _mirrored(*found) for name, found in plus.items()}
    else:
        minus = solve(-1, "-Omega_B")
    result = {}
    for name in (s for s in BATHS if all(s in each for each in (minus, zero, plus))):
        balances, states = zip(minus[name], zero[name], plus[name], strict=True)
        means = [harmonic_mean(model, relaxed, s) for s in states]
        solution = Solution(relaxed, list(states), means)
        result[name] = SelfConsistent(contacts, list(balances), solution)
    return result


def in_balance(model, config, threads=1, log=print):
    """The model with the classical T(x, y) of no field, where the configuration asks for it.

    raises : TheoryError when there is no steady state
    """
    if not is_self_consistent(config):
        return model
    contacts, relaxed = Contacts.from_config(config), relaxed_reference(model)
    solve = _Field(model, relaxed, contacts, threads, log)
    found = solve.classical(solve.spectrum(0), "baths without a net power")
    return replace(model, temperature=found.temperature)


class _Field:
    """Solves one field after another: statistics → (Balance, Fluctuations)."""

    def __init__(self, model, reference, contacts, threads, log):
        self.model, self.reference, self.contacts = model, reference, contacts
        self.threads, self.log = threads, log

    def __call__(self, sign, name):
        spectrum = self.spectrum(sign)
        found = {CLASSICAL: self.classical(spectrum, name)}
        quantum = self.quantum(spectrum, name, found[CLASSICAL].temperature)
        if quantum:
            found[QUANTUM] = quantum
        baths = [BATHS[kind](at_field.temperature) for kind, at_field in found.items()]
        states = fluctuations(spectrum, baths, self.threads)
        return {kind: (found[kind], state) for kind, state in zip(found, states, strict=True)}

    def spectrum(self, sign):
        field = self.model.field.at(sign)
        dynamics = EquationOfMotion.of(self.model, field)
        return Spectrum(self.model.operator, self.reference.stiffness, dynamics, field)

    def classical(self, spectrum, name):
        self.log(f"{name}: response of every cell to every bath")

        def progress(done, total):
            self.log(f"{name}: q_z {done} of {total}")

        kernel = heat_kernel(spectrum, self.threads, progress)
        return balance(kernel, self.model, self.contacts)

    def quantum(self, spectrum, name, start):
        """The quantum Balance, or None where it would take too many frequencies."""
        omega = frequencies(self.model, _slowest(spectrum), self.contacts.hot)
        size = numbers(self.model, omega)
        self.log(f"{name}: heat exchanged at {len(omega)} frequencies, {8e-6 * size:.0f} MB")
        if size > MOST_NUMBERS:
            self.log("these are too many: no quantum statistics; raise damping.gamma_bulk_per_ps")
            return None
        found = exchange(self.model, self.reference, spectrum.field, omega)
        return quantum_balance(found, self.model, self.contacts, start)


def _slowest(spectrum):
    """Decay rate of the slowest mode (1/ps)."""
    rates = []
    for iz in spectrum.rows:
        for ix in spectrum.columns:
            spectrum.solve(ix, iz)
            rates += [-modes.values.real.max() for modes in spectrum.modes(ix, iz)[0]]
        spectrum.forget()
    return min(rates)


def _mirrored(found, state):
    turned = Balance(found.temperature[:, ::-1], found.power[:, ::-1])
    return turned, mirrored_in_y(state)
