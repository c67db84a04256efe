"""What the equation of motion is (Eq. S3), as one object that engine, theory and analysis take."""

import json
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ferronhall.base import storage
from ferronhall.base.errors import TheoryError
from ferronhall.model import short_range, stability
from ferronhall.model.bath_profile import bath_profile
from ferronhall.model.cells import Cells
from ferronhall.model.disorder import Disorder
from ferronhall.model.domain_map import DomainMap
from ferronhall.model.domains import (
    domain_signs,
    domain_state,
    holds,
    relaxes_without_field,
    walls_of,
    walls_of_dataset,
)
from ferronhall.model.electrical_boundary import ElectricalBoundary
from ferronhall.model.field import Field
from ferronhall.model.geometry import Slab, Sponge, edges
from ferronhall.model.material import Material, campaign_content
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.reference import averaged_stiffness
from ferronhall.model.schedule import substep
from ferronhall.model.slab_operator import SlabOperator
from ferronhall.model.static_state import static_state


@dataclass(frozen=True)
class Model:
    """Material, slab and couplings, bath, field and substep.

    operator : SlabOperator
        Short range and dipoles on the slab, with the bonds K_sr(R) they were made of.
    temperature : ndarray, shape (nx,) or (nx, ny), K
        T(x) of the bath, the same in every layer, or T(x, y).
    damping : ndarray, shape (ny,), 1/ps
        γ(y), the same in every column.
    field : Field
        That of the trajectories called plus.
    h : float, ps, or None
        Substep of the integrator; None for a configuration that has no time step, as a scan's.
    flank : ndarray of bool, shape (nx,)
        Columns of the hot band's flanks, or between two contacts.
    walls : tuple of int
        Layers at which the domains of 180-degree walls begin, see domains.
    disorder : Disorder or None
        How cells differ from those of `material`, which is then the average crystal.
    domain_map : DomainMap or None
        Domains of any shape in place of walls.
    field_switched_on : bool
        Whether domains relax without the electric field, which is there as trajectories begin.
    known_rest, known_omega_max, known_twin_stiffness, known_twin_transverse : optional
        Of the properties, where a pre-flight has found them already.

    >>> import ferronhall as fh
    >>> config = fh.configuration("config/config.yaml", lattice={"nx": 7, "ny": 5, "nz": 2},
    ...     damping={"sponge_layers": 2}, temperature={"hot_fraction": 0.3})
    >>> model = fh.Model.from_config(config)
    >>> model.slab.shape, f"{model.omega_max:.0f} rad/ps"
    ((7, 5, 2), '133 rad/ps')
    """

    material: Material
    slab: Slab
    operator: SlabOperator
    temperature: np.ndarray
    damping: np.ndarray
    field: Field
    h: float | None
    flank: np.ndarray
    walls: tuple = ()
    disorder: Disorder | None = None
    domain_map: DomainMap | None = None
    field_switched_on: bool = False
    known_rest: np.ndarray | None = None
    known_omega_max: float | None = None
    known_twin_stiffness: float | np.ndarray | None = None
    known_twin_transverse: float | np.ndarray | None = None

    @classmethod
    def from_config(cls, config):
        """The model of a validated configuration.

        raises : ConfigError when the material or a map of the temperature cannot be used, or preset
            and dipoles do not match
        """
        material = Material.from_dict(campaign_content(config))
        slab = Slab.from_config(config)
        temperature, flank = bath_profile(config, slab)
        dipole = config["dipole"]
        name = config["short_range"]["preset"]
        preset = short_range.choose(material.short_range, name, dipole["kernel"], dipole["eta_a"])
        bonds = short_range.kernel(preset.shells)
        boundary = ElectricalBoundary.from_config(config)
        return cls(
            material=material,
            slab=slab,
            operator=SlabOperator.build(
                slab, material, bonds, dipole["kernel"], dipole["eta_a"], boundary=boundary
            ),
            temperature=temperature,
            damping=Sponge.from_config(config).damping(slab),
            field=Field.from_config(config),
            h=substep(config) if "time" in config else None,
            flank=flank,
            walls=walls_of(config),
            disorder=Disorder.from_config(config, material),
            domain_map=DomainMap.from_config(config, slab),
            field_switched_on=relaxes_without_field(config),
        )

    @classmethod
    def from_dataset(cls, parameters):
        """The model that a parameters dataset holds (see parameters.parameters_dataset)."""
        attrs = parameters.attrs
        material = Material.from_dict(json.loads(attrs["material"]))
        lattice = (int(attrs[name]) for name in ("nx", "ny", "nz", "padded_layers"))
        slab = Slab(*lattice, isolated=bool(attrs["isolated"]))
        bonds = parameters["short_range_kernel"].values
        dipoles = (attrs["dipole_kernel"], float(attrs["dipole_eta_a"]))
        boundary = ElectricalBoundary.from_attributes(attrs)
        return cls(
            material=material,
            slab=slab,
            operator=SlabOperator.build(slab, material, bonds, *dipoles, boundary=boundary),
            temperature=parameters["temperature"].values,
            damping=parameters["damping"].values,
            field=Field(
                float(attrs["omega_B_rad_per_ps"]), tuple(map(float, attrs["field_direction"]))
            ),
            h=float(attrs["substep_ps"]),
            flank=parameters["flank"].values,
            walls=walls_of_dataset(parameters),
            disorder=Disorder.of_dataset(parameters, material),
            domain_map=DomainMap.of_dataset(parameters),
            field_switched_on=bool(attrs.get("field_switched_on", False)),
            known_rest=parameters["rest_state"].values if "rest_state" in parameters else None,
            known_omega_max=float(parameters["omega_max"]),
            known_twin_stiffness=parameters["twin_stiffness"].values[()],
            known_twin_transverse=(
                parameters["twin_transverse"].values[()]
                if "twin_transverse" in parameters
                else None
            ),
        )

    @cached_property
    def rest(self):
        """What every displacement w along x is counted from (Å), shape (ny,).

        u_E in every layer; with walls the relaxed ū(y).
        raises : UnstableKernelError when a wall does not stay where it is; TheoryError with a map,
            whose state has no layers
        """
        if self.domain_map:
            self.require_theory()
        if self.walls:
            return domain_state(self.operator, self.onsite_at_rest, self.walls)
        return np.full(self.slab.ny, self.material.onsite.equilibrium)

    @cached_property
    def rest_state(self):
        """The same of every cell and component (Å), shape (3, nx, ny, nz)."""
        if self.known_rest is not None:
            return self.known_rest
        if self.domain_map:
            return static_state(self.operator, self.onsite_at_rest, self.domain_map.signs)
        state = np.zeros((3, *self.slab.shape))
        state[0] = self.rest[:, None]
        return state

    @property
    def onsite_at_rest(self):
        """The on-site potential in which the state at rest is one."""
        onsite = self.material.onsite
        return replace(onsite, tilt=0.0) if self.field_switched_on else onsite

    @property
    def signs(self):
        """Sign of P along x of every cell as a run begins, shape (nx, ny, nz)."""
        if self.domain_map:
            return self.domain_map.signs
        signs = domain_signs(self.walls, self.slab.ny).astype(np.int8)
        return np.broadcast_to(signs[:, None], self.slab.shape)

    @property
    def by_cell(self):
        """Whether trajectories keep the sign of ⟨u_x⟩ of every cell."""
        return self.domain_map is not None or self.field_switched_on

    @property
    def beyond_theory(self):
        """Why the noise-free theory does not know these domains, in one message; "" where it does.

        What else it does not know has disorder.beyond_theory.
        """
        left = (
            "the noise-free theory does not apply; trajectories, their averages, and the figures "
            "and tables of them alone are made"
        )
        if self.domain_map:
            return (
                f"domains.map: {self.domain_map.name}: of domains that are no layers along y {left}"
            )
        if self.field_switched_on:
            return (
                "domains.relaxed: without_field: of walls that a field may tear off as it is "
                f"switched on {left}"
            )
        return ""

    @property
    def rest_stiffness(self):
        """On-site stiffness at rest (eV/Å²), shape (3, ny)."""
        onsite, ny = self.material.onsite, self.slab.ny
        if not self.walls:
            return np.repeat(onsite.hessian[:, None], ny, axis=1)
        return onsite.mean_stiffness(self.rest)

    def require_theory(self):
        """TheoryError where the noise-free theory does not know the domains."""
        if self.beyond_theory:
            raise TheoryError(self.beyond_theory)

    def stands_in(self, trajectory):
        """Whether in all blocks of a trajectory's dataset the walls are where they were."""
        if self.by_cell:
            return bool(np.all(trajectory["domain"].values == self.signs))
        return self.stands(trajectory["polarization"].values)

    def stands(self, polarization):
        """Whether with such mean maps of P (C/m²), (..., nx, ny), the walls are where they were."""
        mean = polarization / self.material.polarization_derivative[0, 0]
        return not self.walls or holds(mean, self.walls)

    @property
    def rest_shift(self):
        """The state at rest less u_E (Å), shape (ny,), zero without walls; with a map (nx, ny)."""
        rest = self.rest_state[0].mean(axis=-1) if self.domain_map else self.rest
        return rest - self.material.onsite.equilibrium

    @property
    def pulling(self):
        """Uniform u_x (Å) whose linear force acts on the state at rest, as it does at the faces.

        u_E, which the on-site potential leaves alone; 0 with walls, where the state is relaxed.
        """
        return 0.0 if self.walls or self.domain_map else self.material.onsite.equilibrium

    @property
    def switched_on(self):
        """Force along x (eV/Å) of a field on a local mode, which the state at rest has not felt."""
        return self.material.onsite.tilt if self.field_switched_on else 0.0

    @cached_property
    def omega_max(self):
        """Highest mode frequency at rest without a field (rad/ps), what samples have to resolve.

        raises : UnstableKernelError when the state at rest is no minimum
        """
        if self.known_omega_max is not None:
            return self.known_omega_max
        # the Hessian has no substep that could be too long
        return stability.preflight_at_rest(self, h=0.0).omega_max

    @cached_property
    def twin_stiffness(self):
        """On-site stiffness of the harmonic twin along x (eV/Å²), see averaged_stiffness.

        A number; with walls one for each layer, shape (ny,).
        """
        if self.known_twin_stiffness is not None:
            return self.known_twin_stiffness
        if self.beyond_theory:
            # no fluctuations are known that could soften it, and there are no twins
            return float(self.material.onsite.mean_stiffness(self.rest_state[0])[0].mean())
        return self._averaged_stiffness[0]

    @cached_property
    def twin_transverse(self):
        """The same across it: κ⊥, or of a cubic well what fluctuations leave of V_yy and V_zz."""
        if self.known_twin_transverse is not None:
            return self.known_twin_transverse
        if not self.material.onsite.coupled or self.beyond_theory:
            return self.material.onsite.transverse
        return self._averaged_stiffness[1]

    @cached_property
    def _averaged_stiffness(self):
        return averaged_stiffness(self)

    @property
    def temperature_map(self):
        """T(x, y) of the bath (K), shape (nx, ny)."""
        layers = np.reshape(self.temperature, (self.slab.nx, -1))
        return np.broadcast_to(layers, (self.slab.nx, self.slab.ny))

    @property
    def cells(self):
        """Coordinates of the cells, flanks and edges."""
        return Cells(self.slab.x, self.slab.y, self.flank, edges(self.slab), self.walls)

    @property
    def mirrors(self):
        """Symmetry of the maps in this field's direction and this bath."""
        layered = self.temperature.ndim == 2
        rest = self.rest if self.walls else None
        if self.domain_map:
            rest = self.rest_state
        return Mirrors.of(self.field.direction, self.temperature if layered else None, rest)


_READ = (
    "short_range_kernel",
    "temperature",
    "damping",
    "flank",
    "omega_max",
    "twin_stiffness",
)
"""Variables that Model.from_dataset reads of every parameters dataset."""


def read_model(path):
    """The model of a parameters.nc; DataFileError when it cannot be read or lacks a variable."""
    return Model.from_dataset(storage.read(path, _READ))
