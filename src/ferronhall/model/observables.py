"""From sampled moments to the maps: kinetic energy, polarization, angular momentum (Eq. 1)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ferronhall.base import units
from ferronhall.base.errors import DeclarationError

_PREFIXES = {"": 1.0, "u": units.MICRO}

SAMPLED_MOMENTS = ("speed_squared", "displacement", "rotation", "displacement_squared")
"""What kernels.integrator.sample adds up in every cell, in its order: v² (Å²/ps²), w_x (Å),
w_x v_y − w_y v_x (Å²/ps) and w_x² (Å²)."""

PREDICTED_MOMENTS = ("speed_squared", "displacement", "rotation")
"""Those of them that the theory knows, so that it has every observable (solver.observable_maps)."""


def kinetic_energy(moments, material):
    """M⟨v²⟩/2 in meV, from ⟨v²⟩ in Å²/ps²."""
    return moments["speed_squared"] * material.mass[0, 0] / 2 * units.MEV


def polarization(moments, material):
    """Z⟨u_x⟩/Ω in C/m², from ⟨w_x⟩ = ⟨u_x⟩ − u_E in Å."""
    displacement = material.onsite.equilibrium + moments["displacement"]
    return displacement * material.polarization_derivative[0, 0]


def angular_momentum(moments, material):
    """Λ ⟨w_x v_y − w_y v_x⟩ in ħ (Eq. 1), from Å²/ps."""
    return moments["rotation"] * material.angular_momentum_matrices[2, 0, 1] / units.HBAR


@dataclass(frozen=True)
class Observable:
    """What is sampled, averaged and compared with the theory in every cell.

    unit, label, symbol : str
    mirror_parity : int
        Sign of the map under y → −y, and under x → −x with u → −u (see mirrors).
    value : callable
        From moments, a dict of PREDICTED_MOMENTS → ndarray (..., nx, ny), and the Material to the
        map in `unit`, of the same shape.
    delta_prefix : str
        Prefix of the unit of its field-odd part Δ_B X: "" or "u".
    mathtext : str
        Symbol in figures, without dollars; by default `symbol`.
    polar : bool
        Whether it changes sign under u → −u.
    """

    unit: str
    label: str
    symbol: str
    mirror_parity: int
    value: Callable
    delta_prefix: str = ""
    mathtext: str = ""
    polar: bool = False

    def parity(self, mirrors):
        """Signs of the map under x → −x and y → −y, by what else these mirrors turn round."""
        return self.mirror_parity, self.mirror_parity * (mirrors.polar if self.polar else 1)

    @property
    def in_figures(self):
        """Symbol in figures, as mathtext without dollars."""
        return self.mathtext or self.symbol

    @property
    def delta_unit(self):
        """Unit of the field-odd part."""
        return self.delta_prefix + self.unit

    @property
    def delta_scale(self):
        """From the unit of X to that of Δ_B X."""
        return _PREFIXES[self.delta_prefix]


OBSERVABLES = {
    "kinetic_energy": Observable(
        "meV", "kinetic energy per cell", "KE", 1, kinetic_energy, mathtext=r"\mathrm{KE}"
    ),
    "polarization": Observable(
        "C/m^2", "longitudinal polarization", "P", 1, polarization, "u", polar=True
    ),
    "angular_momentum": Observable(
        "hbar", "out-of-plane phonon angular momentum per cell", "L_z", -1, angular_momentum
    ),
}

TWIN_OBSERVABLES = {
    "twin_kinetic_energy": ("meV", "kinetic energy per cell of the harmonic twin"),
    "twin_displacement": ("angstrom", "mean displacement from u0 along x of the harmonic twin"),
    "twin_angular_momentum": ("hbar", "angular momentum per cell of the harmonic twin"),
    "twin_square": ("angstrom^2", "mean square of the twin's displacement from u0 along x"),
}
"""What is sampled of the harmonic twin, and known of it exactly (see twin)."""

AT_ZERO_STEP = "_limit"
"""Suffix of what the exact averages are for h → 0."""


def block_means(moments, material):
    """Maps in the plotted units.

    moments : dict of SAMPLED_MOMENTS → ndarray, shape (..., nx, ny)
        Means; those beyond PREDICTED_MOMENTS are not needed.
    returns : dict of name → (ndarray of shape (..., nx, ny), attributes)
    """
    maps = {name: observable.value(moments, material) for name, observable in OBSERVABLES.items()}
    return _with_attributes(maps, {n: (o.unit, o.label) for n, o in OBSERVABLES.items()})


def require_declared(material):
    """Whether every observable can be had of what the engine samples and the theory predicts.

    raises : DeclarationError naming everything that is missing, and where it belongs
    """
    moments = {name: np.ones((1, 1)) for name in PREDICTED_MOMENTS}
    lines = [
        f"{name}: the theory predicts this moment, and the engine does not sample it; add it to "
        "kernels.integrator.sample and to SAMPLED_MOMENTS in model/observables.py"
        for name in PREDICTED_MOMENTS
        if name not in SAMPLED_MOMENTS
    ]
    for name, observable in OBSERVABLES.items():
        where = f"observable {name}"
        if observable.delta_prefix not in _PREFIXES:
            known = ", ".join(map(repr, _PREFIXES))
            lines.append(f"{where}: delta_prefix {observable.delta_prefix!r} is not one of {known}")
        if observable.mirror_parity not in (1, -1):
            lines.append(f"{where}: mirror_parity is {observable.mirror_parity}, not 1 or -1")
        try:
            shape = np.shape(observable.value(moments, material))
        except KeyError as error:
            lines.append(
                f"{where}: it asks for the moment {error}, which is not among PREDICTED_MOMENTS; "
                "let theory.solver.observable_maps give it, kernels.integrator.sample add it up, "
                "and add it to PREDICTED_MOMENTS and SAMPLED_MOMENTS in model/observables.py"
            )
        else:
            if shape != (1, 1):
                lines.append(f"{where}: of moments of shape (1, 1) it makes one of {shape}")
    if lines:
        raise DeclarationError("\n".join(["what is measured is not declared whole:", *lines]))


def twin_means(moments, material):
    """The harmonic twin's moments in the units of TWIN_OBSERVABLES.

    moments : dict of SAMPLED_MOMENTS → ndarray, shape (..., nx, ny)
        Means.
    returns : dict of name → (ndarray of shape (..., nx, ny), attributes)
    """
    maps = {
        "twin_kinetic_energy": kinetic_energy(moments, material),
        "twin_displacement": moments["displacement"],
        "twin_angular_momentum": angular_momentum(moments, material),
        "twin_square": moments["displacement_squared"],
    }
    return _with_attributes(maps, TWIN_OBSERVABLES)


def _with_attributes(maps, table):
    return {
        name: (maps[name], {"units": unit, "long_name": label})
        for name, (unit, label) in table.items()
    }
