"""The unit cell as drawn: its atoms and their periodic images, and how the mode moves them."""

from dataclasses import dataclass

import numpy as np

COLOURS = {"A": "#4daf4a", "B": "#9a9a9a", "O": "#d7301f"}
RADII = {"A": 0.135, "B": 0.095, "O": 0.085}

_NEAR_FACE = 0.05
"""Distance from a face, in lattice constants, below which an atom lies on it."""


@dataclass(frozen=True)
class Cell:
    """A perovskite cell centred on its B cation.

    sites : list of str, "A", "B" or "O", length n
    elements : list of str, chemical symbols, length n
    positions : ndarray, shape (n, 3), in lattice constants from the B cation
    modes : ndarray, shape (3, n, 3)
        Displacement of each atom for a unit of the mode along x, y and z.
    """

    sites: list
    elements: list
    positions: np.ndarray
    modes: np.ndarray

    @classmethod
    def from_parameters(cls, parameters, cations=True):
        """Cell of parameters.nc with all images on its faces; `cations` draws the A sites too."""
        labels = [str(label) for label in parameters["atom"].values]
        fractional = np.asarray(parameters["position"].transpose("atom", "axis").values, float)
        vectors = np.asarray(
            parameters["eigenvector"].transpose("component", "atom", "axis").values, float
        )
        kinds = _site_kinds(labels, fractional)
        sites, elements, positions, source = [], [], [], []
        for s, (kind, centre) in enumerate(zip(kinds, fractional, strict=True)):
            if kind == "A" and not cations:
                continue
            for image in _images(centre):
                sites.append(kind)
                elements.append(labels[s].rstrip("0123456789"))
                positions.append(image)
                source.append(s)
        positions = np.array(positions)
        return cls(sites, elements, positions - positions[sites.index("B")], vectors[:, source, :])

    def displacements(self, mode):
        """Displacement of each atom for mode amplitudes (3,): shape (n, 3)."""
        return np.einsum("a,asn->sn", np.asarray(mode, float), self.modes)

    def octahedron(self):
        """Indices of the oxygens next to the B cation and the triangles between them."""
        oxygen = [i for i, site in enumerate(self.sites) if site == "O"]
        nearest = sorted(oxygen, key=lambda i: np.linalg.norm(self.positions[i]))[:6]
        faces = [
            (i, j, k)
            for n, i in enumerate(nearest)
            for m, j in enumerate(nearest[n + 1 :], n + 1)
            for k in nearest[m + 1 :]
            if not any(
                np.dot(self.positions[a], self.positions[b]) < -0.1
                for a, b in ((i, j), (i, k), (j, k))
            )
        ]
        return nearest, faces


def _site_kinds(labels, fractional):
    """Oxygen by its label; of the cations, B is the one with the nearest oxygen."""
    oxygen = [s for s, label in enumerate(labels) if label.rstrip("0123456789") == "O"]
    cations = [s for s in range(len(labels)) if s not in oxygen]

    def nearest_oxygen(s):
        offset = fractional[oxygen] - fractional[s]
        return np.linalg.norm(offset - np.round(offset), axis=1).min()

    centre = min(cations, key=nearest_oxygen)
    return ["O" if s in oxygen else "B" if s == centre else "A" for s in range(len(labels))]


def _images(fractional):
    """Positions of an atom and of its images on the opposite faces of the cell."""
    choices = []
    for value in np.mod(fractional, 1.0):
        on_face = min(value, 1 - value) < _NEAR_FACE
        choices.append((np.round(value) - 0.0, 1.0 - np.round(value)) if on_face else (value,))
    return [np.array((a, b, c)) for a in choices[0] for b in choices[1] for c in choices[2]]
