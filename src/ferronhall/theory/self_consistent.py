"""Baths that randomise but take no heat: T(x, y) between two contacts that hold theirs.

Every cell's bath gives it the power γ(3k_BT − M⟨v²⟩). In the contacts T is given; the inner baths
take the temperatures at which theirs vanishes (Bonetto, Lebowitz and Lukkarinen 2004). About the
relaxed slab ⟨v²⟩ is linear in all T, so one linear system of the cells between holds them, whose
matrix follows from the heat kernel.
"""

from dataclasses import dataclass, replace

import numpy as np

from ferronhall.model.bath_profile import is_self_consistent
from ferronhall.model.contacts import Contacts
from ferronhall.model.reference import relaxed_reference
from ferronhall.theory.baths import ClassicalBath
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.covariance import fluctuations
from ferronhall.theory.heat_kernel import heat_kernel, in_space
from ferronhall.theory.mean_field import harmonic_mean
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.solver import Solution, mirrored_in_y


@dataclass(frozen=True)
class Balance:
    """Baths in balance at one field.

    temperature : ndarray, shape (nx, ny), K
    power : ndarray, shape (nx, ny), eV/ps
        From the bath into a cell, mean over z; zero between the contacts.
    """

    temperature: np.ndarray
    power: np.ndarray


def balance(kernel, model, contacts):
    """The Balance of one field.

    kernel : ndarray, shape (nx//2 + 1, ny, ny), see heat_kernel.heat_kernel
    """
    slab, mass = model.slab, model.material.mass[0, 0]
    free = contacts.between(slab)
    # the kernel's own sum is 3k_B/M but for rounding, which would be a source of heat
    loss = _matrix(kernel, slab.nx)
    loss = np.diag(loss.sum(axis=1)) - loss
    inside = np.repeat(free, slab.ny)
    temperature = np.repeat(np.where(free, 0.0, contacts.temperature(slab)), slab.ny)
    matrix = loss[np.ix_(inside, inside)]
    temperature[inside] = np.linalg.solve(matrix, -(loss @ temperature)[inside])
    # once more for what rounding left
    temperature[inside] -= np.linalg.solve(matrix, (loss @ temperature)[inside])
    power = mass * np.tile(model.damping, slab.nx) * (loss @ temperature)
    return Balance(temperature.reshape(slab.nx, -1), power.reshape(slab.nx, -1))


def _matrix(kernel, nx):
    """⟨v²⟩ of every cell per kelvin at every other, shape (nx ny, nx ny)."""
    x, ny = np.arange(nx), kernel.shape[1]
    space = in_space(kernel, nx)[(x[:, None] - x) % nx]
    return space.transpose(0, 2, 1, 3).reshape(nx * ny, nx * ny)


@dataclass(frozen=True)
class SelfConsistent:
    """The slab between its contacts, fields ordered −Ω_B, 0, +Ω_B.

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
    """The SelfConsistent state of a model whose configuration has contacts.

    raises : TheoryError when there is no steady state
    """
    contacts = Contacts.from_config(config)
    relaxed = relaxed_reference(model)
    symmetric = model.operator.mirror_symmetric
    field_even = symmetric and model.mirrors.field_even
    in_y = symmetric and (1, -1, -1) in model.mirrors.images

    def solved(sign, name):
        spectrum = _spectrum(model, relaxed, sign)
        log(f"{name}: response of every cell to every bath")
        found = balance(heat_kernel(spectrum, threads, _progress(name, log)), model, contacts)
        (state,) = fluctuations(spectrum, [ClassicalBath(found.temperature)], threads)
        return found, state

    zero, plus = solved(0, "no field"), solved(1, "+Omega_B")
    if field_even:
        minus = plus
    elif in_y:
        found, state = plus
        turned = Balance(found.temperature[:, ::-1], found.power[:, ::-1])
        minus = turned, mirrored_in_y(state)
    else:
        minus = solved(-1, "-Omega_B")
    balances, states = zip(minus, zero, plus, strict=True)
    means = [harmonic_mean(model, relaxed, s.displacement[0]) for s in states]
    return SelfConsistent(contacts, list(balances), Solution(relaxed, list(states), means))


def in_balance(model, config, threads=1, log=print):
    """The model with the self-consistent T(x, y) of no field, where the configuration asks for it.

    raises : TheoryError when there is no steady state
    """
    if not is_self_consistent(config):
        return model
    spectrum = _spectrum(model, relaxed_reference(model), 0)
    kernel = heat_kernel(spectrum, threads, _progress("baths without a net power", log))
    found = balance(kernel, model, Contacts.from_config(config))
    return replace(model, temperature=found.temperature)


def _spectrum(model, reference, sign):
    field = model.field.at(sign)
    dynamics = EquationOfMotion.of(model, field)
    return Spectrum(model.operator, reference.stiffness, dynamics, field)


def _progress(name, log):
    return lambda done, total: log(f"{name}: q_z {done} of {total}")
