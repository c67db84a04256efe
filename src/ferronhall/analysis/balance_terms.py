"""The balances of energy and angular momentum from the sampled moments (Eq. S25–S41, S51–S58).

Each balance is the mean change of a quantity over a substep, which vanishes in a steady state:

    kinetic energy     P_on + P_sr + P_dip + P_bath                            (S29)
    energy             −Σ_R J^E + P_dip + P_bath + P_step                      (S31)
    angular momentum   −Σ_R J^L + τ_on + τ_dip + τ_B + τ_bath                  (S38)

The terms are those of the substep, which the paper's become for h → 0. P_step is the energy that a
finite substep adds: the kick works with its own velocity, the potential energy changes with the
drift's. It falls as h² and vanishes in equilibrium.

Angular momentum is measured from u0, with domain walls from the relaxed ū(y). A term of the paper's
balance differs by the torque of its mean transverse force at the arm u0; the sum of these torques
vanishes.
"""

import numpy as np

from ferronhall.base import units
from ferronhall.model.bath import bath_coefficients

POWER, TORQUE = "meV/ps", "hbar/ps"

EVEN, ALONG_X, ALONG_Y, AXIAL = (1, 1), (-1, 1), (1, -1), (-1, -1)
"""Signs under x → −x with u → −u, and under y → −y (see mirrors)."""

TERMS = {
    "power_onsite": (POWER, EVEN, "power of the on-site force (S27)"),
    "power_short_range": (POWER, EVEN, "power of the short-range force (S26)"),
    "power_dipolar": (POWER, EVEN, "power of the dipolar force (S28)"),
    "power_bath": (POWER, EVEN, "power of the bath (S32)"),
    "power_step": (POWER, EVEN, "power of the finite substep"),
    "energy_outflow": (POWER, EVEN, "sum of the energy currents to the neighbours (S31)"),
    "energy_current_x": (POWER, ALONG_X, "energy current along x through a cell's face (S30)"),
    "energy_current_y": (POWER, ALONG_Y, "energy current along y through a cell's face (S30)"),
    "torque_onsite": (TORQUE, AXIAL, "torque of the on-site force (S39)"),
    "torque_short_range": (TORQUE, AXIAL, "torque of the short-range force (minus sum of S37)"),
    "torque_dipolar": (TORQUE, AXIAL, "torque of the dipolar force (S40)"),
    "torque_magnetic": (TORQUE, AXIAL, "magnetic torque (S41)"),
    "torque_damping": (TORQUE, AXIAL, "torque of the damping (S38)"),
    "spin_current_x": (TORQUE, ALONG_Y, "current of L_z along x through a cell's face (S37)"),
    "spin_current_y": (TORQUE, ALONG_X, "current of L_z along y through a cell's face (S37)"),
    "longitudinal_kinetic_energy": ("meV", EVEN, "longitudinal kinetic energy (S56)"),
    "longitudinal_fluctuation": ("angstrom^2", EVEN, "mean of (u_x − u0)² (S53)"),
    "polarization": ("C/m^2", EVEN, "longitudinal polarization (S54)"),
    "polarization_fluctuation": ("C/m^2", EVEN, "shift by the fluctuations (S55)"),
    "polarization_kinetic": ("C/m^2", EVEN, "shift by the kinetic energy (S58)"),
    "residual_kinetic_energy": (POWER, EVEN, "left over in the balance of kinetic energy (S29)"),
    "residual_energy": (POWER, EVEN, "left over in the balance of energy (S31)"),
    "residual_angular_momentum": (TORQUE, AXIAL, "left over in the balance of L_z (S38)"),
}
"""Term → unit, mirror signs, meaning."""

POLAR = ("polarization", "polarization_fluctuation", "polarization_kinetic")
"""Those that change sign under u → −u."""

RESIDUALS = tuple(name for name in TERMS if name.startswith("residual_"))


def term_parity(name, mirrors):
    """Signs of a term under x → −x and y → −y, by what else these mirrors turn round."""
    in_x, in_y = TERMS[name][1]
    return in_x, in_y * (mirrors.polar if name in POLAR else 1)


def balance_terms(moments, model):
    """The TERMS of every cell.

    moments : dict of moment → ndarray, shape (..., nx, ny), units of balance_variables.UNITS; and
        the polarization (C/m²) over the same time; of an uneven crystal also
        balance_variables.CELLS
    returns : dict of term → ndarray, shape (..., nx, ny), units of TERMS
    """
    m = moments
    energy = _energy(m, model)
    power = {name: units.MEV * value for name, value in energy.items()}
    terms = power | _angular_momentum(m, model) | _polarization(m, model)
    return {name: terms[name] for name in TERMS}


def _energy(m, model):
    h = model.h
    decay, amplitude = bath_coefficients(model)
    mass = model.material.mass[0, 0]
    # a pinned cell takes no noise, and what noise does to a bond falls with the cell's mass
    thermal = 1.5 * units.BOLTZMANN_EV_PER_K * model.temperature_map * m.get("free_cells", 1.0)
    amplitude = amplitude * np.sqrt(m.get("noise_share", 1.0))
    bath = (1 - decay**2) / h * (thermal - mass / 2 * m["kicked_speed_squared"])
    onsite, outflow = m["onsite_power"], m["energy_outflow"]
    noise = bond_noise_work(model.operator.bonds, amplitude, h, model.slab.nz)
    work = m["onsite_work"] + m["bond_work"] + noise
    kinetic = onsite + m["intercell_power"] + bath
    step = onsite + m["short_range_power"] + outflow - work / h
    dipolar = m["intercell_power"] - m["short_range_power"]
    return {
        "power_onsite": onsite,
        "power_short_range": m["short_range_power"],
        "power_dipolar": dipolar,
        "power_bath": bath,
        "power_step": step,
        "energy_outflow": outflow,
        "energy_current_x": m["energy_current_x"],
        "energy_current_y": m["energy_current_y"],
        "longitudinal_kinetic_energy": mass / 2 * m["longitudinal_speed_squared"],
        "residual_kinetic_energy": kinetic,
        "residual_energy": dipolar + bath + step - outflow,
    }


def bond_noise_work(bonds, amplitude, h, nz):
    """Half of the bonds' energy given up to the bath's noise in a substep (eV), (..., nx, ny).

    The noise of the drift has the variance (h s/2)² in each component, s the bath's amplitude.
    """
    variance = (h / 2 * amplitude) ** 2
    ny = variance.shape[-1]
    work = np.zeros_like(variance)
    traces = np.trace(bonds, axis1=3, axis2=4)
    # a cell's own noise does not stretch a bond to itself, as R = z is in a slab of one cell
    traces[1, 1] = np.where([nz > 1, False, nz > 1], traces[1, 1], 0.0)
    traces = traces.sum(axis=2)
    for ex in (-1, 0, 1):
        for ey in (-1, 0, 1):
            there = np.roll(variance, -ex, axis=-2)
            low, high = max(0, -ey), min(ny, ny - ey)
            both = variance[..., low:high] + there[..., low + ey : high + ey]
            work[..., low:high] += traces[ex + 1, ey + 1] / 4 * both
    return work


def _angular_momentum(m, model):
    material, h = model.material, model.h
    spin = material.angular_momentum_matrices[2, 0, 1]
    force = spin / material.mass[0, 0] / units.HBAR
    impulse = spin / h / units.HBAR
    torques = {
        "torque_onsite": force * m["onsite_torque"],
        "torque_short_range": force * m["short_range_torque"],
        "torque_dipolar": force * (m["intercell_torque"] - m["short_range_torque"]),
        "torque_magnetic": impulse * m["magnetic_impulse"],
        "torque_damping": impulse * m["damping_impulse"],
    }
    return torques | {
        "spin_current_x": force * m["spin_current_x"],
        "spin_current_y": force * m["spin_current_y"],
        "residual_angular_momentum": sum(torques.values()),
    }


def _polarization(m, model):
    material, stiffness = model.material, model.rest_stiffness[0]
    derivative = material.polarization_derivative[0, 0]
    bend = material.onsite.mean_third(model.rest)[0] / stiffness
    fluctuation = m["longitudinal_displacement_squared"]
    kinetic = material.mass[0, 0] / 2 * m["longitudinal_speed_squared"]
    return {
        "longitudinal_fluctuation": fluctuation,
        "polarization": m["polarization"],
        "polarization_fluctuation": -derivative * bend / 2 * fluctuation,
        "polarization_kinetic": -derivative * bend / stiffness * kinetic,
    }
