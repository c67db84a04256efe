"""The harmonic twin of a trajectory as a control variate: the linear slab under the same noise.

Most of what scatters in a trajectory's averages is the chance course of its noise, and a linear
slab with the same noise scatters with it. The twin's own averages are known exactly (theory.twin),
so subtracting its deviation from them leaves the mean as it is and takes the shared scatter away.
"""

from ferronhall.base import storage
from ferronhall.model.observables import TWIN_OBSERVABLES
from ferronhall.theory.mean_field import StaticResponse
from ferronhall.theory.reference import relaxed_reference


class ControlVariate:
    """By how much a trajectory's averages are off, as far as its twin tells.

    exact : Dataset of theory.twin.twin_dataset
    """

    def __init__(self, model, exact):
        relaxed = relaxed_reference(model)
        self.exact = exact
        self.derivative = model.material.polarization_derivative[0, 0]
        self.slope = model.material.onsite.well_force.deriv(2)(relaxed.mean)
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


def control_variate(model, path):
    """The ControlVariate of a twin.nc, or None without a path."""
    return ControlVariate(model, storage.read(path)) if path else None
