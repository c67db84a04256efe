"""The material: its local polar mode and the double well that mode moves in."""

from dataclasses import dataclass, replace

import numpy as np

from ferronhall.base import units, yaml_files
from ferronhall.base.errors import ConfigError
from ferronhall.model import short_range
from ferronhall.model.cubic_potential import CubicPotential
from ferronhall.model.disorder import average_content
from ferronhall.model.onsite_potential import OnSitePotential

_NEUTRAL_E = 0.05
"""Sum of the Born charges that rounding may leave."""

_ISOTROPIC = 1e-3
"""Relative difference that tensors printed with a few digits may have between x, y and z."""


@dataclass(frozen=True)
class LocalMode:
    """Soft-mode basis of one cell and the tensors projected onto it (Eq. 1 and its definitions).

    labels : tuple of str, length n
        Atom names.
    positions : ndarray, shape (n, 3), fractional
    masses : ndarray, shape (n,), amu
    born_charges : ndarray, shape (n, 3, 3), e
    eigenvector : ndarray, shape (3, n, 3), dimensionless
        Displacement pattern v_α of every atom for each Cartesian mode coordinate α.
    """

    labels: tuple
    positions: np.ndarray
    masses: np.ndarray
    born_charges: np.ndarray
    eigenvector: np.ndarray

    @property
    def charge(self):
        """Mode effective charge Z[μ, α] = Σ_s Z*_s v_α,s (e), shape (3, 3)."""
        return np.einsum("smn,asn->ma", self.born_charges, self.eigenvector)

    @property
    def mass(self):
        """Mode mass M[α, β] = Σ_s m_s v_α,s · v_β,s (amu), shape (3, 3)."""
        return np.einsum("s,asn,bsn->ab", self.masses, self.eigenvector, self.eigenvector)

    @property
    def angular_momentum_matrices(self):
        """Λ[k, α, β] = Σ_s m_s [ṽ_α,s × ṽ_β,s]_k about the cell's centre of mass (amu)."""
        centre = np.einsum("s,asn->an", self.masses, self.eigenvector) / self.masses.sum()
        relative = self.eigenvector - centre[:, None, :]
        cross = np.cross(relative[:, None], relative[None, :])
        return np.einsum("s,absk->kab", self.masses, cross)


@dataclass(frozen=True)
class Material:
    """A local-mode ferroelectric on a simple cubic lattice.

    lattice_constant : float, Å
    dielectric : ndarray, shape (3, 3)
        Electronic dielectric tensor ε∞.
    short_range : dict, name → short_range.Preset
        Short-range kernels made for this local mode.

    >>> import ferronhall as fh
    >>> content = fh.Material.read("config/materials/batio3.yaml")
    >>> f"Z = {content.mode.charge[0, 0]:.2f} e, P0 = {content.polarization:.3f} C/m²"
    'Z = 19.77 e, P0 = 0.358 C/m²'
    """

    name: str
    source: str
    lattice_constant: float
    dielectric: np.ndarray
    mode: LocalMode
    onsite: OnSitePotential | CubicPotential
    short_range: dict

    @property
    def cell_volume(self):
        """Ω (Å³)."""
        return self.lattice_constant**3

    @property
    def mass(self):
        """M in internal units (eV ps²/Å²), shape (3, 3)."""
        return self.mode.mass * units.AMU

    @property
    def angular_momentum_matrices(self):
        """Λ^(k) in internal units (eV ps²/Å²), shape (3, 3, 3)."""
        return self.mode.angular_momentum_matrices * units.AMU

    @property
    def polarization_derivative(self):
        """∂P/∂u = Z/Ω (C m⁻² Å⁻¹), shape (3, 3), Eq. S14."""
        return self.mode.charge / self.cell_volume * units.COULOMB_PER_M2

    @property
    def polarization(self):
        """P0 = (∂P/∂u) u0 along x (C/m²)."""
        return float(self.polarization_derivative[0, 0] * self.onsite.amplitude)

    @classmethod
    def read(cls, path):
        """The material of a file (config/materials/*.yaml); ConfigError when unusable."""
        return cls.from_dict(read_material(path))

    @classmethod
    def from_dict(cls, data):
        """Build from the content of a material file; ConfigError when the cell is not cubic."""
        atoms = data["atoms"]
        positions = np.array([a["position"] for a in atoms], float)
        found = cls(
            name=data["name"],
            source=data["source"],
            lattice_constant=float(data["lattice_constant_A"]),
            dielectric=np.diag(np.array(data["dielectric_electronic"], float)),
            mode=LocalMode(
                labels=tuple(a["label"] for a in atoms),
                positions=positions,
                masses=np.array([a["mass_amu"] for a in atoms], float),
                born_charges=np.array([np.diag(a["born_charge_e"]) for a in atoms], float),
                eigenvector=cubic_partners(positions, [a["mode_z"] for a in atoms]),
            ),
            onsite=_potential(data),
            short_range=short_range.presets(data.get("short_range", {})),
        )
        _require_cubic(found)
        return found.in_field(data.get("electric_field_kV_per_cm", 0.0))

    def in_field(self, kV_per_cm):
        """The same material in a static electric field along x; ConfigError beyond the spinodal."""
        if kV_per_cm == 0:
            return self
        force = float(self.mode.charge[0, 0] * units.KV_PER_CM)
        onsite = replace(self.onsite, tilt=force * kV_per_cm)
        if onsite.tilt <= -onsite.spinodal:
            raise ConfigError(
                f"electric_field.x_kV_per_cm: {kV_per_cm:g} kV/cm, and from "
                f"{-onsite.spinodal / force:.5g} (the spinodal of the double well) a domain along "
                "+x has no equilibrium; take a weaker field against the polarization"
            )
        # where a sextic term turns down the well holds no strong field along the polarization
        _ = onsite.equilibrium
        return replace(self, onsite=onsite)


AXIAL, CUBIC = "axial", "cubic"
"""Forms of the on-site potential, onsite.form."""

_WELLS = {AXIAL: "onsite", CUBIC: "cubic_well"}
"""The group of a material file that holds each."""

_AXIAL_KEYS = {
    "form": AXIAL,
    "gamma_eV_per_A4": "material",
    "strain_along": 0.0,
    "strain_across": 0.0,
}
"""What a configuration from before there were two forms leaves out."""


def _potential(data):
    """The on-site potential of a material's content: of the axial well where there is one.

    raises : ConfigError where there is none, and where a cubic one has no double well along x
    """
    if well := data.get("onsite"):
        return OnSitePotential(
            amplitude=float(well["well_amplitude_A"]),
            barrier=float(well["barrier_meV"]) / units.MEV,
            sextic=float(well["sextic_eV_per_A6"]),
            transverse=float(well["transverse_eV_per_A2"]),
        )
    if not (well := data.get("cubic_well")):
        raise ConfigError(
            "onsite: the material file has neither onsite, an axial well, nor cubic_well; give one"
        )
    found = CubicPotential(
        kappa=float(well["kappa_eV_per_A2"]),
        alpha=float(well["alpha_eV_per_A4"]),
        gamma=float(well["gamma_eV_per_A4"]),
        **{key: float(well.get(f"{key}_eV_per_A6", 0.0)) for key in ("k1", "k2", "k3")},
        k4=float(well.get("k4_eV_per_A8", 0.0)),
        coupling=tuple(map(float, well.get("strain_coupling_eV_per_A2", (0.0, 0.0)))),
        strain=tuple(map(float, well.get("strain", (0.0, 0.0)))),
    )
    # without a minimum along x nothing below makes sense
    _ = found.amplitude
    return found


def _require_cubic(material):
    """ConfigError unless mass, charge and ε∞ are the same for the three components of the mode."""
    if not material.mode.mass.any():
        raise ConfigError(
            "mode_z: no atom moves in the mode; give its displacements, 1 for the B cation"
        )
    total = material.mode.born_charges.sum(axis=0)
    if np.abs(total).max() > _NEUTRAL_E:
        raise ConfigError(
            f"born_charge_e: the charges of the cell add up to {total[2, 2]:+.3g} e along z, where "
            "the acoustic sum rule leaves none; take an equal share of that from every atom"
        )
    for words, tensor in (
        ("mass_amu: the mass of the mode is {} amu", material.mode.mass),
        ("born_charge_e: the charge of the mode is {} e", material.mode.charge),
        ("dielectric_electronic: ε∞ is {}", material.dielectric),
    ):
        if np.abs(tensor - tensor[0, 0] * np.eye(3)).max() > _ISOTROPIC * abs(tensor[0, 0]):
            values = ", ".join(f"{value:.6g}" for value in np.diag(tensor))
            raise ConfigError(
                f"{words.format(values)} along x, y, z, but the reference cell is cubic; atoms "
                "that an exchange of x, y and z takes into each other have one mass, and their "
                "born_charge_e is exchanged with the axes"
            )


def read_material(path):
    """Content of a material file (config/materials/*.yaml), checked; ConfigError when unusable."""
    return yaml_files.read_checked(path, "material", "material")


def model_content(content, form=AXIAL):
    """What of a material file the model is made of: all but the bond charge and the path of data.

    The charge weighs what trajectories and theory have left (see bond_polarization), so a new one
    must not make them again; nor must first-principles data that lie elsewhere, nor a well of the
    other form.

    form : AXIAL or CUBIC
    """
    others = [group for known, group in _WELLS.items() if known != form]
    beside = ("bond_charge", "first_principles", *others)
    return {key: value for key, value in content.items() if key not in beside}


def campaign_content(config):
    """What the model of a campaign is made of: its material, with the well of its configuration.

    And, where there is one, its electric field; where cells differ, the average crystal.
    raises : ConfigError when the material has no well of the form asked for, or a key belongs to
        the other form
    """
    onsite, content = _AXIAL_KEYS | config["onsite"], read_material(config["material"])
    form = onsite["form"]
    content = model_content(content, form)
    group = _WELLS[form]
    if group not in content:
        raise ConfigError(
            f"onsite.form: {form}, and the material file {config['material']} has no {group}; "
            + (
                "give it one (config/README.md, A well with cubic symmetry), or write axial"
                if form == CUBIC
                else "write cubic, or give it one"
            )
        )
    _require_own_keys(onsite)
    well = dict(content[group])
    if onsite["transverse_eV_per_A2"] != "material":
        well["transverse_eV_per_A2"] = onsite["transverse_eV_per_A2"]
    if onsite["gamma_eV_per_A4"] != "material":
        well["gamma_eV_per_A4"] = onsite["gamma_eV_per_A4"]
    if strain := _strain(onsite):
        if "strain_coupling_eV_per_A2" not in well:
            raise ConfigError(
                f"onsite.strain_along, strain_across: {strain}, and the cubic_well of "
                f"{config['material']} has no strain_coupling_eV_per_A2 (B1xx and B1yy), by which "
                "the mode feels a strain; give it one, or set both to 0"
            )
        well["strain"] = strain
    content |= {group: well}
    if field := config["electric_field"]["x_kV_per_cm"]:
        content |= {"electric_field_kV_per_cm": field}
    return average_content(content, config.get("disorder"))


def _strain(onsite):
    """[e∥, e⊥] of a configuration's onsite, empty without a strain."""
    strain = [onsite["strain_along"], onsite["strain_across"]]
    return strain if any(strain) else []


def _require_own_keys(onsite):
    """ConfigError where a key of one form is given beside the other form."""
    if onsite["form"] == CUBIC:
        if onsite["transverse_eV_per_A2"] != "material":
            raise ConfigError(
                f"onsite.transverse_eV_per_A2: {onsite['transverse_eV_per_A2']:g}, and with "
                "onsite.form: cubic the stiffness across the axis follows from the well; write "
                "material and choose onsite.gamma_eV_per_A4, or take form: axial"
            )
        return
    given = [] if onsite["gamma_eV_per_A4"] == "material" else ["gamma_eV_per_A4"]
    given += ["strain_along", "strain_across"] if _strain(onsite) else []
    if given:
        raise ConfigError(
            f"onsite: a cubic well alone has {' and '.join(given)}, and onsite.form is axial; "
            "write form: cubic, or leave that out"
        )


def cubic_partners(positions, mode_z):
    """The x-, y- and z-polar members of the soft mode from its z-polar member.

    positions : array, shape (n, 3), fractional
    mode_z : array, shape (n,)
        Displacement of each atom along z in the z-polar member.
    returns : ndarray, shape (3, n, 3)

    The mirror that exchanges z with x (or y) maps the cubic cell onto itself; the atom that lands
    on s lends it its amplitude. ConfigError when no atom lands there.
    """
    positions = np.asarray(positions, float)
    mode_z = np.asarray(mode_z, float)
    vectors = np.zeros((3, len(mode_z), 3))
    for axis in range(3):
        swapped = positions.copy()
        swapped[:, [axis, 2]] = positions[:, [2, axis]]
        for s, position in enumerate(positions):
            offset = swapped - position
            distance = np.abs(offset - np.round(offset)).max(axis=1)
            partner = int(np.argmin(distance))
            if distance[partner] > 1e-4:
                raise ConfigError(
                    f"atoms: the position {position.tolist()} has no partner when z and "
                    f"{'xyz'[axis]} are exchanged, so the cell is not cubic; give the atoms of the "
                    "cubic reference cell in fractional coordinates"
                )
            vectors[axis, s, axis] = mode_z[partner]
    return vectors
