"""Physical constants in the internal units Å, ps, eV, e, K, and conversions to the plotted ones.

The unit of mass is eV ps²/Å², so that a force in eV/Å divided by a mass gives Å/ps².

The constants are those of CODATA 2022. They stand here as numbers, as scipy.constants takes each of
a campaign's processes a third of a second to import.
"""

import math

ANGSTROM = 1e-10
PICOSECOND = 1e-12
ELECTRONVOLT = 1.602176634e-19

BOLTZMANN_EV_PER_K = 1.380649e-23 / ELECTRONVOLT
AMU = 1.66053906892e-27 * (ANGSTROM / PICOSECOND) ** 2 / ELECTRONVOLT
"""One atomic mass unit in eV ps²/Å²."""

HBAR = 6.62607015e-34 / (2 * math.pi) / ELECTRONVOLT / PICOSECOND
"""ħ in eV ps, the internal unit of angular momentum."""

BOHR_MAGNETON = 5.7883817982e-5
"""µ_B in eV/T."""

VACUUM_PERMITTIVITY = 8.8541878188e-12
"""ε_0 in F/m."""

COULOMB = ELECTRONVOLT / (4 * math.pi * VACUUM_PERMITTIVITY) / ANGSTROM
"""The Coulomb constant k_e in eV Å/e²."""

BOHR = 5.29177210544e-11 / ANGSTROM
"""One bohr in Å."""

RYDBERG = 13.605693122990
"""One Ry in eV."""

KV_PER_CM = 1e-5
"""One kV/cm in V/Å."""

COULOMB_PER_M2 = ELECTRONVOLT / ANGSTROM**2
"""One e/Å² in C/m²."""

MEV = 1e3
"""meV in one eV."""

MICRO = 1e6
"""µC/m² in one C/m², and other millionths in one."""
