"""The response to a weak, uniform gradient of temperature about T₀, and to a weak field.

A wave δT exp(iδx) about T₀ brings about moments R(δ, y) δT exp(iδx), so that in T₀ + G x every map
departs from that of T₀ by c(y) G, c = lim Im R/δ. What is odd in the field is divided by a small
Ω_B; without field the even part is taken. Both the field and δ leave out their squares.

Static state and stiffness are those of the Gaussian closure at T₀. That the stiffness would follow
the temperature from cell to cell is left out: an equilibrium of another stiffness turns nothing
either and has nothing odd in the field, so that it enters only by what the fluctuations that are
odd in the field do to the stiffness themselves.
"""

from dataclasses import dataclass, replace

import numpy as np

from ferronhall.base import units
from ferronhall.model import observables
from ferronhall.model.field import Field
from ferronhall.model.reference import closure_reference, hessian_block
from ferronhall.model.slab_operator import even_in_y
from ferronhall.model.statistics import CLASSICAL
from ferronhall.theory.linear_response.neighbouring_waves import NeighbouringWaves
from ferronhall.theory.linear_response.temperature_waves import WaveBath
from ferronhall.theory.mean_field import anharmonic_force
from ferronhall.theory.solver import Solver

COUNT = 60
"""Wave vectors along x that the sums go over, three times as many as their uncertainty knows."""

DELTA = 1e-3
"""δ (1/a) at a damping of _SHORT or more; at less in proportion, as the mean free path grows."""

_SHORT = 2.0
"""1/ps. A wave of the temperature is as long as that path, times a thousand: what its amplitude
lacks in a mode goes with (δ/γ)², and leaves 7e-6 of ∂KE/∂T = 3k_B/2 in BaTiO3."""

OMEGA = 0.1
"""Ω_B (rad/ps)."""

_STATIC_COLUMNS = 12
"""Columns from which on an equilibrium, the same in every column, knows no more of their number."""


@dataclass(frozen=True)
class Response:
    """Coefficients of one statistics at T₀; a pair holds the value and its uncertainty.

    angular_momentum : pair of ndarray, shape (ny,), ħ per K/cell
    kinetic_energy : pair of ndarray, shape (ny,), meV per K/cell and rad/ps
        Of Δ_B KE.
    fluctuation : pair of ndarray, shape (ny,), Å² per K/cell and rad/ps
        Of the field-odd part of ⟨w_x²⟩.
    spread : pair of ndarray, shape (4, ny), Å² per K/cell and rad/ps
        The same of ⟨w_x²⟩, ⟨w_y²⟩, ⟨w_z²⟩ and ⟨w_x w_y⟩, which a cubic well feels.
    polarization : pair of ndarray, shape (ny,), C/m² per K/cell and rad/ps
        Of Δ_B P; as it is odd in y, no depolarizing field opposes it in a long wave.
    heat : ndarray, shape (ny,), meV/K
        ∂KE/∂T at uniform temperature.
    permittivity : float
        Static ε_r along x at constant volume, ε∞ included.
    """

    angular_momentum: tuple
    kinetic_energy: tuple
    fluctuation: tuple
    spread: tuple
    polarization: tuple
    heat: np.ndarray
    permittivity: float


class WeakGradient:
    """Responses of one slab, whatever its profile and field.

    model : Model
    count, delta, omega : as COUNT, DELTA and OMEGA
    """

    def __init__(self, model, count=COUNT, delta=None, omega=OMEGA, threads=1, log=print):
        if delta is None:
            delta = DELTA * min(1.0, float(model.damping.min()) / _SHORT)
        self.delta, self.omega, self.threads, self.log = delta, omega, threads, log
        self.model = replace(model, field=Field(omega, (0.0, 0.0, 1.0)))
        self._narrow = with_columns(model, _STATIC_COLUMNS)
        mirrored = model.operator.mirror_symmetric and even_in_y(model.rest_stiffness)
        self._signs = [1] if mirrored else [1, -1]
        self._waves = [
            NeighbouringWaves(replace(model, field=self.model.field.at(s)), count, delta)
            for s in self._signs
        ]

    def reference(self, statistics, temperature):
        """The closure's static state at a uniform T₀ (K); TheoryError where there is none."""
        uniform = np.full(_STATIC_COLUMNS, float(temperature))
        model = replace(self._narrow, temperature=uniform)
        if statistics == CLASSICAL:
            return closure_reference(model)
        return Solver(model, self.threads, self.log).quantum_reference()

    def response(self, reference, statistics, temperature):
        """Response about a Reference at T₀ (K); TheoryError where it has no steady state."""
        bath = WaveBath(statistics, temperature)
        moments = [
            waves.moments(reference.stiffness, [bath], self.threads)[:, 0] for waves in self._waves
        ]
        plus, minus = moments if len(moments) == 2 else (moments[0], mirrored(moments[0]))
        even, odd = (plus + minus) / 2, (plus - minus) / (2 * self.omega)
        slope, odd_slope = even.imag / self.delta, odd.imag / self.delta
        material, compliance = self.model.material, self._compliance(reference)
        spread = odd_slope[:, [3, 4, 5, 7]]
        # the force along y is no force along x in a long wave
        force, _ = self.force(reference, spread.swapaxes(0, 1))
        derivative = material.polarization_derivative[0, 0]
        susceptibility = compliance.sum(axis=1).mean() * 4 * np.pi * units.COULOMB
        susceptibility *= material.mode.charge[0, 0] ** 2 / material.cell_volume
        coefficients = (
            observables.angular_momentum({"rotation": slope[:, 6]}, material),
            observables.kinetic_energy({"speed_squared": odd_slope[:, :3].sum(axis=1)}, material),
            odd_slope[:, 3],
            spread,
            derivative * force @ compliance.T,
        )
        return Response(
            *((values[0], np.abs(values[1] - values[0])) for values in coefficients),
            heat=observables.kinetic_energy(
                {"speed_squared": even[0, :3].real.sum(axis=0)}, material
            ),
            permittivity=float(material.dielectric[0, 0] + susceptibility),
        )

    def force(self, reference, spread):
        """Force on the mean along x and along y (eV/Å), of Response.spread (4, ..., ny) in Å²."""
        third = self.model.material.onsite.mean_third(reference.mean, reference.variance)
        return anharmonic_force(third, spread[:3], spread[3])

    def _compliance(self, reference):
        """[H⁻¹]_xx (Å²/eV) for forces of a wave along x that is very long, shape (ny, ny).

        What open circuit does to the mean P of the whole slab is no part of it.
        """
        ny, operator = self.model.slab.ny, self.model.operator.short_circuited
        hessian = hessian_block(operator, reference.stiffness, 0, 0)
        return np.linalg.inv(hessian)[:ny, :ny].real


def with_columns(model, columns):
    """The same slab with another number of columns, at 1 K and without flanks."""
    slab = replace(model.slab, nx=columns)
    operator = model.operator.on(slab, model.material)
    cold, flank = np.ones(columns), np.zeros(columns, bool)
    return replace(model, slab=slab, operator=operator, temperature=cold, flank=flank)


def mirrored(moments):
    """Moments of every layer at −Ω_B from those at +Ω_B, by the mirror of y."""
    image = moments[..., ::-1].copy()
    image[..., 6:8, :] *= -1
    return image
