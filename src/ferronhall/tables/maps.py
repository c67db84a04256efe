"""How the tables name the six maps."""

from ferronhall.observables import DELTA_UNITS, OBSERVABLES

SYMBOLS = {"kinetic_energy": "KE", "polarization": "P", "angular_momentum": "L_z"}

MAPS = {
    **{f"{n}_zero": (f"{SYMBOLS[n]}, zero field", unit) for n, (unit, _) in OBSERVABLES.items()},
    **{f"delta_{n}": (f"Δ_B {SYMBOLS[n]}", unit) for n, unit in DELTA_UNITS.items()},
}
"""Key → label and unit."""
