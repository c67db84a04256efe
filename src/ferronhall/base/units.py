"""Physical constants in the internal units Å, ps, eV, e, K, and conversions to the plotted ones.

The unit of mass is eV ps²/Å², so that a force in eV/Å divided by a mass gives Å/ps².
"""

from scipy import constants as _si

ANGSTROM = _si.angstrom
PICOSECOND = _si.pico
ELECTRONVOLT = _si.e

BOLTZMANN_EV_PER_K = _si.k / _si.e
AMU = _si.atomic_mass * (ANGSTROM / PICOSECOND) ** 2 / _si.e
"""One atomic mass unit in eV ps²/Å²."""

HBAR = _si.hbar / _si.e / PICOSECOND
"""ħ in eV ps, the internal unit of angular momentum."""

BOHR_MAGNETON = _si.physical_constants["Bohr magneton in eV/T"][0]
"""µ_B in eV/T."""

COULOMB = _si.e / (4 * _si.pi * _si.epsilon_0) / ANGSTROM
"""The Coulomb constant k_e in eV Å/e²."""

BOHR = _si.physical_constants["Bohr radius"][0] / ANGSTROM
"""One bohr in Å."""

RYDBERG = _si.physical_constants["Rydberg constant times hc in eV"][0]
"""One Ry in eV."""

KV_PER_CM = 1e-5
"""One kV/cm in V/Å."""

COULOMB_PER_M2 = _si.e / ANGSTROM**2
"""One e/Å² in C/m²."""

MEV = 1e3
"""meV in one eV."""

MICRO = 1e6
"""µC/m² in one C/m², and other millionths in one."""
