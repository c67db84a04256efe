"""From sampled moments to the maps: kinetic energy, polarization, angular momentum (Eq. 1)."""

from ferronhall import units

OBSERVABLES = {
    "kinetic_energy": ("meV", "kinetic energy per cell"),
    "polarization": ("C/m^2", "longitudinal polarization"),
    "angular_momentum": ("hbar", "out-of-plane phonon angular momentum per cell"),
}

DELTA_UNITS = {"kinetic_energy": "meV", "polarization": "uC/m^2", "angular_momentum": "hbar"}
"""Units of the field-odd parts Δ_B X."""

DELTA_SCALE = {"kinetic_energy": 1.0, "polarization": units.MICRO, "angular_momentum": 1.0}
"""From the unit of X to that of Δ_B X."""


def block_means(moments, material):
    """Maps in the plotted units.

    moments : ndarray, shape (block, 3, nx, ny)
        Means of v² (Å²/ps²), w_x (Å) and w_x v_y − w_y v_x (Å²/ps), see kernels.integrator.sample.
    returns : dict of name → (ndarray of shape (block, nx, ny), attributes)
    """
    derivative = material.polarization_derivative[0, 0]
    spin = material.angular_momentum_matrices[2, 0, 1]
    maps = {
        "kinetic_energy": moments[:, 0] * material.mass[0, 0] / 2 * units.MEV,
        "polarization": (material.onsite.amplitude + moments[:, 1]) * derivative,
        "angular_momentum": moments[:, 2] * spin / units.HBAR,
    }
    return {
        name: (maps[name], {"units": unit, "long_name": label})
        for name, (unit, label) in OBSERVABLES.items()
    }
