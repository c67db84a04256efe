"""Natural isotopes of an element: masses and abundances, by which the mass of a cell is uneven.

The isotopic compositions are those of IUPAC (J. R. de Laeter et al., Pure Appl. Chem. 75, 683
(2003)), as phonopy keeps them.
"""

from dataclasses import dataclass

import numpy as np

from ferronhall.base.errors import ConfigError


@dataclass(frozen=True)
class Isotopes:
    """The isotopes of an element.

    masses : ndarray, shape (n,), amu
    abundances : ndarray, shape (n,), that add up to 1
    """

    masses: np.ndarray
    abundances: np.ndarray

    @property
    def mean(self):
        """Mean mass (amu)."""
        return float(self.abundances @ self.masses)

    @property
    def variance(self):
        """Variance of the mass (amu²)."""
        return float(self.abundances @ (self.masses - self.mean) ** 2)

    def drawn(self, uniform):
        """Deviations from the mean mass (amu) for uniform numbers from 0 to 1, of their shape."""
        chosen = np.searchsorted(np.cumsum(self.abundances)[:-1], uniform, side="right")
        return self.masses[chosen] - self.mean


def natural_isotopes(element):
    """The natural Isotopes of a chemical symbol; ConfigError where it has none."""
    found = _compositions().get(element)
    if not found:
        raise ConfigError(
            f"disorder.isotopes: '{element}' is no element with natural isotopes; give chemical "
            "symbols as Ti, or a mass spread by disorder.mass"
        )
    _, masses, abundances = np.array(found).T
    return Isotopes(masses, abundances / abundances.sum())


def elements_of(labels):
    """The chemical symbol that each atom's label begins with, '' where there is none.

    labels : sequence of str, as Ti, O1 or Ti_h
    """
    known = _compositions()
    return [
        next((s for s in (label[:2].capitalize(), label[:1].upper()) if s in known), "")
        for label in labels
    ]


def _compositions():
    """Symbol → isotopes as (number, mass, abundance), None of an element without natural ones."""
    # phonopy takes longer to import than all that is needed without isotopes
    from phonopy.structure.atomic_data import get_atomic_data

    return get_atomic_data().isotope_data
