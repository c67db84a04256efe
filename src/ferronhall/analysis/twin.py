"""The harmonic twin of a trajectory: the linear slab under the same noise, as a control variate.

Most of what scatters in a trajectory's averages is the chance course of its noise, and a linear
slab with the same noise scatters with it. The twin's own averages are known exactly, from the
harmonic theory of the same substep, so subtracting its deviation from them leaves the mean as it is
and takes the shared scatter away. The twin moves about the uniform state u0 with the on-site
stiffness (k∥, κ⊥, κ⊥); the faces pull on that state, so it rests at a small offset from it.
"""

import numpy as np
import xarray as xr

from ferronhall.base import provenance, storage
from ferronhall.model import observables
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.observables import TWIN_OBSERVABLES
from ferronhall.model.onsite_potential import well_force
from ferronhall.model.parameters import model_of, substep
from ferronhall.theory.mean_field import StaticResponse
from ferronhall.theory.reference import relaxed_reference
from ferronhall.theory.solver import Solver


def twin_dataset(parameters, config, threads=1, log=print):
    """The twin's exact averages at the campaign's own substep (twin.nc).

    returns : Dataset of TWIN_OBSERVABLES with dims (field, x, y)
    """
    model, field = model_of(parameters), config["field"]
    stiffness = np.repeat(model.material.onsite.hessian[:, None], model.slab.ny, axis=1)
    solver = Solver(model, field["omega_B_rad_per_ps"], field["direction"], threads, log)
    states = solver.fields(stiffness, "harmonic twin", substep(config))
    pull = model.operator.uniform_force(model.material.onsite.amplitude)[0]
    offset = StaticResponse(model, stiffness)(np.tile(pull, (model.slab.nx, 1)))
    moments = {
        "speed_squared": np.array([s.velocity.sum(axis=0) for s in states]),
        "displacement": np.array([offset for _ in states]),
        "rotation": np.array([s.rotation for s in states]),
        "displacement_squared": np.array([s.displacement[0] + offset**2 for s in states]),
    }
    maps = observables.twin_means(moments, model.material)
    return xr.Dataset(
        {name: (("field", "x", "y"), *content) for name, content in maps.items()},
        coords={
            "field": list(FIELD_SIGNS.values()),
            "x": parameters["x"],
            "y": parameters["y"],
        },
        attrs=provenance.attributes(config),
    )


class ControlVariate:
    """By how much a trajectory's averages are off, as far as its twin tells.

    exact : Dataset of twin_dataset
    """

    def __init__(self, parameters, exact):
        model = model_of(parameters)
        relaxed = relaxed_reference(model)
        self.exact = exact
        self.derivative = model.material.polarization_derivative[0, 0]
        self.slope = well_force(model.material.onsite).deriv(2)(relaxed.mean)
        self.response = StaticResponse(model, relaxed.stiffness)

    def deviations(self, sampled):
        """The part of each observable's average that the twin knows to be chance.

        The polarization's is the twin's mean displacement, which is the linear response to the
        bath's mean force, and the linear response to the anharmonic force −(V‴/2)⟨δu²⟩ of the
        excess in the twin's fluctuation.

        sampled : dict of TWIN_OBSERVABLES → ndarray, shape (field, block, nx, ny)
        returns : dict observable → ndarray of the same shape, in the units of OBSERVABLES
        """
        exact = {name: self.exact[name].values[:, None] for name in TWIN_OBSERVABLES}
        offset = exact["twin_displacement"]
        chance = {name: sampled[name] - exact[name] for name in TWIN_OBSERVABLES}
        # about the twin's own rest position, where its displacement adds no scatter of its own
        excess = chance["twin_square"] - 2 * offset * chance["twin_displacement"]
        force = -self.slope / 2 * excess
        bath = self.bath_response(sampled["twin_displacement"])
        return {
            "kinetic_energy": chance["twin_kinetic_energy"],
            "polarization": bath + self.derivative * self.response(force),
            "angular_momentum": chance["twin_angular_momentum"],
        }

    def bath_response(self, displacement):
        """The polarization (C/m²) with which the linear slab answers the bath's mean force.

        displacement : ndarray, shape (field, block, nx, ny), Å
            Sampled mean displacement of the twin.
        """
        return self.derivative * (displacement - self.exact["twin_displacement"].values[:, None])


def control_variate(parameters, path):
    """The ControlVariate of a twin.nc, or None without a path."""
    return ControlVariate(parameters, storage.read(path)) if path else None
