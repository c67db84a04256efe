"""Which element an atom's label stands for: codes allow `Ti_h`, `TI` and `Ti1` for titanium."""

import numpy as np
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base.errors import ConfigError


def element(label, mass=None):
    """Chemical symbol of a label.

    label : str
        Begins with the symbol in any case; what follows tells kinds of one element apart.
    mass : float, amu, optional
        Decides where one letter and two are both symbols ('CO': cobalt, or a carbon named O).
    raises : ConfigError when it begins with no symbol
    """
    letters = "".join(c for c in label.strip()[:2] if c.isalpha()).capitalize()
    masses = {symbol: _mass(symbol) for symbol in (letters, letters[:1])}
    known = [symbol for symbol, tabulated in masses.items() if tabulated is not None]
    if not known:
        raise ConfigError(
            f"'{label}' begins with no chemical symbol; name the atoms like Ti, Ti1 or Ti_h"
        )
    if mass is None:
        return known[0]
    return min(known, key=lambda symbol: abs(masses[symbol] - mass))


def _mass(symbol):
    """Tabulated mass (amu), None where there is no such element."""
    try:
        return float(
            PhonopyAtoms([symbol], cell=np.eye(3), scaled_positions=np.zeros((1, 3))).masses[0]
        )
    except (KeyError, ValueError, RuntimeError, TypeError):
        return None
