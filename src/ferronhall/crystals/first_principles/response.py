"""Response at the zone centre: dielectric tensor, Born charges and frequencies."""

from dataclasses import dataclass

import numpy as np

from ferronhall.base import yaml_files


@dataclass(frozen=True)
class Response:
    """Linear response at the zone centre.

    dielectric : ndarray, shape (3, 3)
        Electronic dielectric tensor ε∞.
    born_charges : ndarray, shape (n, 3, 3), e
        Z*[s, α, β] of atom s: polarization along α for its displacement along β.
    frequencies : ndarray, shape (3n,), THz
        Without non-analytical correction or sum rule, imaginary ones negative.
    """

    dielectric: np.ndarray
    born_charges: np.ndarray
    frequencies: np.ndarray


def write(response, labels, path):
    """Write a response as YAML, the Born charges under the atoms' labels."""
    content = {
        "dielectric_electronic": response.dielectric.tolist(),
        "born_charges_e": {
            label: charge.tolist()
            for label, charge in zip(labels, response.born_charges, strict=True)
        },
        "frequencies_without_nac_THz": response.frequencies.tolist(),
    }
    yaml_files.write(content, path)
