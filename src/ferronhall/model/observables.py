"""From sampled moments to the maps: kinetic energy, polarization, angular momentum (Eq. 1)."""

from dataclasses import dataclass

from ferronhall.base import units

_PREFIXES = {"": 1.0, "u": units.MICRO}


@dataclass(frozen=True)
class Observable:
    """What is sampled, averaged and compared with the theory in every cell.

    unit, label, symbol : str
    mirror_parity : int
        Sign of the map under y → −y, and under x → −x with u → −u (see mirrors).
    delta_prefix : str
        Prefix of the unit of its field-odd part Δ_B X: "" or "u".
    """

    unit: str
    label: str
    symbol: str
    mirror_parity: int
    delta_prefix: str = ""

    @property
    def delta_unit(self):
        """Unit of the field-odd part."""
        return self.delta_prefix + self.unit

    @property
    def delta_scale(self):
        """From the unit of X to that of Δ_B X."""
        return _PREFIXES[self.delta_prefix]


SAMPLED_MOMENTS = ("speed_squared", "displacement", "rotation", "displacement_squared")
"""What kernels.integrator.sample adds up in every cell, in its order: v² (Å²/ps²), w_x (Å),
w_x v_y − w_y v_x (Å²/ps) and w_x² (Å²)."""

OBSERVABLES = {
    "kinetic_energy": Observable("meV", "kinetic energy per cell", "KE", 1),
    "polarization": Observable("C/m^2", "longitudinal polarization", "P", 1, "u"),
    "angular_momentum": Observable(
        "hbar", "out-of-plane phonon angular momentum per cell", "L_z", -1
    ),
}

TWIN_OBSERVABLES = {
    "twin_kinetic_energy": ("meV", "kinetic energy per cell of the harmonic twin"),
    "twin_displacement": ("angstrom", "mean displacement from u0 along x of the harmonic twin"),
    "twin_angular_momentum": ("hbar", "angular momentum per cell of the harmonic twin"),
    "twin_square": ("angstrom^2", "mean square of the twin's displacement from u0 along x"),
}
"""What is sampled of the harmonic twin, and known of it exactly (see twin)."""


def block_means(moments, material):
    """Maps in the plotted units.

    moments : dict of SAMPLED_MOMENTS → ndarray, shape (..., nx, ny)
        Means; the square of the displacement is not needed.
    returns : dict of name → (ndarray of shape (..., nx, ny), attributes)
    """
    derivative = material.polarization_derivative[0, 0]
    maps = {
        "kinetic_energy": kinetic_energy(moments["speed_squared"], material),
        "polarization": (material.onsite.amplitude + moments["displacement"]) * derivative,
        "angular_momentum": angular_momentum(moments["rotation"], material),
    }
    return _with_attributes(maps, {n: (o.unit, o.label) for n, o in OBSERVABLES.items()})


def twin_means(moments, material):
    """The harmonic twin's moments in the units of TWIN_OBSERVABLES.

    moments : dict of SAMPLED_MOMENTS → ndarray, shape (..., nx, ny)
        Means.
    returns : dict of name → (ndarray of shape (..., nx, ny), attributes)
    """
    maps = {
        "twin_kinetic_energy": kinetic_energy(moments["speed_squared"], material),
        "twin_displacement": moments["displacement"],
        "twin_angular_momentum": angular_momentum(moments["rotation"], material),
        "twin_square": moments["displacement_squared"],
    }
    return _with_attributes(maps, TWIN_OBSERVABLES)


def _with_attributes(maps, table):
    return {
        name: (maps[name], {"units": unit, "long_name": label})
        for name, (unit, label) in table.items()
    }


def kinetic_energy(squares, material):
    """M⟨v²⟩/2 in meV, from ⟨v²⟩ in Å²/ps²."""
    return squares * material.mass[0, 0] / 2 * units.MEV


def angular_momentum(rotation, material):
    """Λ ⟨w_x v_y − w_y v_x⟩ in ħ (Eq. 1), from Å²/ps."""
    return rotation * material.angular_momentum_matrices[2, 0, 1] / units.HBAR
