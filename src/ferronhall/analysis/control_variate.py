"""The harmonic twin of a trajectory as a control variate: the linear slab under the same noise.

Most of what scatters in a trajectory's averages is the chance course of its noise, and a linear
slab with the same noise scatters with it. The twin's own averages are known exactly (theory.twin),
so subtracting its deviation from them, as far as a regression finds it in the trajectory, leaves
the mean as it is and takes the shared scatter away. The twin's averages are known for h → 0 too,
and the difference is the harmonic part of the time-step bias, which is taken off at no cost.
"""

import numpy as np

from ferronhall.analysis.regression import controlled
from ferronhall.base import storage
from ferronhall.model.observables import AT_ZERO_STEP, OBSERVABLES, TWIN_OBSERVABLES
from ferronhall.model.reference import relaxed_reference
from ferronhall.theory.mean_field import StaticResponse

KNOWN = ("kinetic_energy", "polarization", "angular_momentum")
"""Observables of which the twin tells chance and time-step bias, see _of_observables."""


class ControlVariate:
    """By how much a trajectory's averages are off, as far as its twin tells.

    exact : Dataset of theory.twin.twin_dataset

    An observable that is not KNOWN keeps its samples, and their time-step bias, as they are.
    """

    def __init__(self, model, exact):
        relaxed = relaxed_reference(model)
        self.exact = exact
        self.derivative = model.material.polarization_derivative[0, 0]
        self.slope = model.material.onsite.mean_third(relaxed.mean)[0]
        self.response = StaticResponse(model, relaxed.stiffness)

    def deviations(self, sampled):
        """The part of each observable's average that the twin knows to be chance.

        sampled : dict of TWIN_OBSERVABLES → ndarray, shape (field, block, nx, ny)
        returns : dict observable → ndarray of the same shape, in the units of OBSERVABLES
        """
        exact = {name: self.exact[name].values[:, None] for name in TWIN_OBSERVABLES}
        return self._of_observables({name: sampled[name] - exact[name] for name in exact})

    @property
    def bias(self):
        """What the substep adds to each observable of the twin, (field, nx, ny)."""
        change = {
            name: (self.exact[name] - self.exact[name + AT_ZERO_STEP]).values[:, None]
            for name in TWIN_OBSERVABLES
        }
        return {name: value[:, 0] for name, value in self._of_observables(change).items()}

    def controlled(self, raw, chance, run):
        """Samples less what the twin knows to be chance, and less the time-step bias.

        Every column has coefficients of its own, as the twin follows the cold cells better than the
        hot ones. Regressed apart are the parts of a map that are odd and even in the field, in x
        and in y: a coefficient that errs would mix strong noise of one into another.

        raw, chance : dict observable → ndarray, shape (sample, field, nx, ny)
        run : int, see regression.controlled
        """
        bias = self.bias
        return {
            name: _whole(controlled(_parts(raw[name]), _parts(chance[name]), run, shared=(-1,)))
            - bias[name]
            for name in raw
        }

    def bath_response(self, displacement):
        """The polarization (C/m²) with which the linear slab answers the bath's mean force.

        displacement : ndarray, shape (field, block, nx, ny), Å
            Sampled mean displacement of the twin.
        """
        return self.derivative * (displacement - self.exact["twin_displacement"].values[:, None])

    def _of_observables(self, change):
        """What a change of the twin's averages is in each observable.

        The polarization's is the mean displacement, which is the linear response to the bath's mean
        force, and the linear response to the anharmonic force −(V‴/2)⟨δu²⟩ of the change in the
        fluctuation.
        """
        offset = self.exact["twin_displacement"].values[:, None]
        # about the twin's own rest position, where its displacement adds no scatter of its own
        excess = change["twin_square"] - 2 * offset * change["twin_displacement"]
        answer = self.response(-self.slope / 2 * excess)
        told = (
            change["twin_kinetic_energy"],
            self.derivative * (change["twin_displacement"] + answer),
            change["twin_angular_momentum"],
        )
        known = dict(zip(KNOWN, told, strict=True))
        return {name: known.get(name, np.zeros(answer.shape)) for name in OBSERVABLES}


def _parts(maps):
    """Parts of samples (sample, field, nx, ny) by parity in x and y (4) and in the field (3).

    returns : ndarray, shape (sample, 4, 3, nx, ny)
        Of the field: odd part, zero field, even part.
    """
    minus, zero, plus = np.moveaxis(maps, 1, 0)
    parts = [np.stack([(plus - minus) / 2, zero, (plus + minus) / 2], axis=1)]
    for axis in (-2, -1):
        parts = [(p + sign * np.flip(p, axis)) / 2 for p in parts for sign in (1, -1)]
    return np.stack(parts, axis=1)


def _whole(parts):
    """The inverse of _parts."""
    odd, zero, even = np.moveaxis(parts.sum(axis=1), 1, 0)
    return np.stack([even - odd, zero, even + odd], axis=1)


def control_variate(model, path):
    """The ControlVariate of a twin.nc, or None without a path."""
    return ControlVariate(model, storage.read(path)) if path else None
