"""An uneven crystal: cells of other stiffness or mass, natural isotopes, and pinned dipoles.

    stiffness   some cells have an on-site potential 1 + change times as large as the others
    mass        some cells have a mass 1 + change times as large as the others
    isotopes    every atom of the named elements has the mass of one of its natural isotopes
    pinned      the local mode of some cells is held at u_x = displacement · u0, u_y = u_z = 0

Each cell is drawn by itself, from the seed, the replica and its place, so that replicas differ and
the three fields of one do not; as a concentration rises, changed cells are added to those that are
there. The material of the model is the average crystal, and what a cell has is told relative to it.

One number is a cell's mass: M = Σ_s m_s Σ_α |v_α,s|²/3, the mean over the components of the mode,
with the pattern v of the material's local mode (material.LocalMode.mass). An isotope off the centre
would make the three components a little different; of natural elements that part is the smallest.
The angular momentum of a cell is to its mass as everywhere, and Ω_B is the rate of every cell: a
moment belongs to the angular momentum.
"""

import json
from dataclasses import dataclass

import numpy as np

from ferronhall.base.errors import ConfigError
from ferronhall.model.isotopes import Isotopes, elements_of, natural_isotopes

_STIFFNESS, _MASS, _PINNED, _ATOMS = range(4)
"""What numbers are drawn for; the atoms one after the other from _ATOMS on."""


@dataclass(frozen=True)
class Portion:
    """A part of the cells, and what they have that the others have not.

    concentration : float, 0 to 1
    value : float
        Change of a stiffness or a mass over that of the others, or displacement over u0.
    """

    concentration: float = 0.0
    value: float = 0.0

    @property
    def mean(self):
        """Mean over the cells, over that of a cell that is not changed."""
        return 1 + self.concentration * self.value

    @property
    def random(self):
        """Whether cells differ."""
        return 0 < self.concentration < 1 and self.value != 0

    def relative(self, chosen):
        """1 + change of the chosen cells and 1 of the others, over the mean."""
        return np.where(chosen, 1 + self.value, 1.0) / self.mean

    @property
    def extremes(self):
        """The smallest and the largest that a cell may have, over the mean."""
        found = self.relative(np.array([False, True])) if self.random else np.ones(2)
        return float(found.min()), float(found.max())


@dataclass(frozen=True)
class Realisation:
    """What every cell of one replica has.

    stiffness, mass : ndarray, shape (nx, ny, nz)
        Over those of the average crystal.
    pinned : ndarray of bool, shape (nx, ny, nz)
    """

    stiffness: np.ndarray
    mass: np.ndarray
    pinned: np.ndarray


@dataclass(frozen=True)
class Disorder:
    """How uneven a crystal is, by concentrations.

    isotopes : tuple of (Isotopes, float)
        Those of every atom that has them, and the atom's part of a cell's mass in 1/amu.
    """

    seed: int
    uniform_along_z: bool
    stiffness: Portion
    mass: Portion
    pinned: Portion
    isotopes: tuple[tuple[Isotopes, float], ...] = ()

    @classmethod
    def of(cls, section, material):
        """That of a configuration's section; None where all cells are alike.

        material : Material, the average crystal
        raises : ConfigError when isotopes are asked for that the material has no atoms of
        """
        mass = portion(section, "mass")
        found = cls(
            seed=section["seed"],
            uniform_along_z=section["uniform_along_z"],
            stiffness=portion(section, "stiffness"),
            mass=mass,
            pinned=Portion(section["pinned"]["concentration"], section["pinned"]["displacement"]),
            isotopes=_shares(section["isotopes"], material.mode, mass.mean),
        )
        return found if found.uneven else None

    @classmethod
    def from_config(cls, config, material):
        """The same of a configuration; without the key all cells are alike."""
        section = config.get("disorder")
        return cls.of(section, material) if section else None

    @classmethod
    def of_dataset(cls, parameters, material):
        """The same of a parameters dataset."""
        if "disorder" not in parameters.attrs:
            return None
        return cls.of(json.loads(parameters.attrs["disorder"]), material)

    @property
    def uneven(self):
        """Whether any two cells may differ."""
        return bool(
            self.stiffness.random
            or self.mass.random
            or self.isotopes
            or self.pinned.concentration > 0
        )

    def realisation(self, slab, replica):
        """The cells of one replica, as a Realisation."""
        shape = (slab.nx, slab.ny, 1) if self.uniform_along_z else slab.shape

        def drawn(number):
            return np.broadcast_to(_uniform(self.seed, replica, number, shape), slab.shape)

        mass = self.mass.relative(drawn(_MASS) < self.mass.concentration)
        excess = np.zeros(slab.shape)
        for number, (isotopes, weight) in enumerate(self.isotopes, _ATOMS):
            excess += weight * isotopes.drawn(drawn(number))
        return Realisation(
            self.stiffness.relative(drawn(_STIFFNESS) < self.stiffness.concentration),
            mass * (1 + excess),
            drawn(_PINNED) < self.pinned.concentration,
        )

    @property
    def beyond_theory(self):
        """Why no noise-free theory knows the crystal itself, in one message; "" where one does."""
        way_out = (
            "the theory does not apply; what figures and tables call theory, for a reference, is "
            "that of the average crystal"
        )
        if self.pinned.concentration > 0:
            return f"disorder.pinned: with cells that are held fixed {way_out}"
        if not self.uniform_along_z:
            return (
                f"disorder.uniform_along_z: false: with cells that differ along z as well {way_out}"
                "; true makes them columns along z, which have a dense solution"
            )
        return ""

    @property
    def lightest(self):
        """The smallest mass that a cell may have, over that of the average crystal."""
        missing = sum(w * (i.masses.min() - i.mean) for i, w in self.isotopes)
        return self.mass.extremes[0] * (1 + missing)

    @property
    def mass_variance(self):
        """Variance of a cell's mass over the square of its mean."""
        c, change = self.mass.concentration, self.mass.value / self.mass.mean
        isotopes = sum(w**2 * i.variance for i, w in self.isotopes)
        spread = c * (1 - c) * change**2
        return spread + isotopes * (1 + spread)


def portion(section, name):
    """The Portion of stiffness or mass of a configuration's section."""
    return Portion(section[name]["concentration"], section[name]["change"])


def average_content(content, section):
    """Content of a material file for the average crystal.

    section : the configuration's disorder, or None
    """
    if not section:
        return content
    stiffer, heavier = portion(section, "stiffness").mean, portion(section, "mass").mean
    if stiffer != 1:
        scaled = ("barrier_meV", "sextic_eV_per_A6", "transverse_eV_per_A2")
        onsite = {k: stiffer * v if k in scaled else v for k, v in content["onsite"].items()}
        content = content | {"onsite": onsite}
    if heavier != 1:
        atoms = [atom | {"mass_amu": heavier * atom["mass_amu"]} for atom in content["atoms"]]
        content = content | {"atoms": atoms}
    return content


def _shares(elements, mode, heavier):
    """Isotopes of the atoms of some elements, with each atom's part of the cell's mass.

    heavier : mass of the average crystal over that of the material file
    """
    if not elements:
        return ()
    present = elements_of(mode.labels)
    for element in elements:
        natural_isotopes(element)
        if element not in present:
            raise ConfigError(
                f"disorder.isotopes: the material has no atom '{element}' (labels "
                f"{', '.join(mode.labels)}), so that its part of a cell's mass is not known; give "
                "the elements that it has, or a mass spread by disorder.mass"
            )
    weights = np.einsum("asn,asn->s", mode.eigenvector, mode.eigenvector) / 3
    total = np.trace(mode.mass) / 3 / heavier
    return tuple(
        (natural_isotopes(element), float(weight / total))
        for element, weight in zip(present, weights, strict=True)
        if element in elements
    )


def _uniform(seed, replica, number, shape):
    """Uniform numbers from 0 to 1 that nothing but their arguments decides."""
    bits = np.random.Philox(key=np.array([seed, (replica << 16) + number], np.uint64))
    return (bits.random_raw(int(np.prod(shape))) >> np.uint64(11)).reshape(shape) * 2.0**-53
