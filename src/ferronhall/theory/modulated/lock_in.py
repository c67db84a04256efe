"""Edge responses to modulated heating, from DC to THz (lock_in.nc)."""

from dataclasses import replace

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.reference import relaxed_reference
from ferronhall.model.response_maps import HALL_RESPONSES, RESPONSE_MAPS
from ferronhall.model.statistics import STATISTICS
from ferronhall.theory.baths import BATHS
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.modulated.modulation import (
    angular_frequency,
    modulated,
    observable_amplitudes,
)

_VANISHING = 1e-10
"""Part of the largest amplitude in a cell and field below which an accumulation is rounding."""


def lock_in_dataset(model, config, threads=1, log=print):
    """Amplitude and phase of every edge accumulation at every frequency (lock_in.nc).

    config : dict, the stage's part of the configuration
    returns : Dataset with edge_<map> in amplitude and phase (degrees by which it lags, its sign
        at DC taken off), dims (statistics, frequency), the first frequency 0; half_<map>, the
        lowest frequency (GHz) at which the amplitude is half of that at 0, NaN where there is none.
        Of a response that vanishes at DC phase and half_<map> are NaN.
    """
    frequencies = np.array([0.0, *sorted({*config["theory"]["modulation_GHz"]} - {0.0})])
    edges = edge_amplitudes(model, angular_frequency(frequencies), threads, log)
    variables = {}
    for name, values in edges.items():
        response = RESPONSE_MAPS[name]
        sign = np.sign(values[:, :1].real)
        phase = -np.degrees(np.unwrap(np.angle(values * sign), axis=1))
        phase = np.where(sign == 0, np.nan, phase)
        half = [half_frequency(frequencies, np.abs(each)) for each in values]
        dims, label = ("statistics", "frequency"), f"edge accumulation of {response.label}"
        variables |= {
            f"edge_{name}": (dims, np.where(sign < 0, -1, 1) * np.abs(values), {}),
            f"phase_{name}": (dims, phase, {"units": "degree", "long_name": f"lag of {label}"}),
            f"half_{name}": ("statistics", half, {"units": "GHz", "long_name": "half amplitude"}),
        }
        variables[f"edge_{name}"][2].update(units=response.unit, long_name=label)
    return xr.Dataset(
        variables,
        coords={
            "statistics": list(STATISTICS),
            "frequency": ("frequency", frequencies, {"units": "GHz"}),
        },
        attrs=provenance.attributes(config),
    )


def edge_amplitudes(model, omegas, threads=1, log=print):
    """Complex edge accumulations before exp(iω_m t), name → (statistics, frequency)."""
    reference, cells = relaxed_reference(model), model.cells
    baths = [BATHS[name](model.temperature) for name in STATISTICS]
    maps = {}
    for sign in _signs(model):
        log(f"modulated heating, field {sign:+d}, {len(omegas)} frequencies")
        here = replace(model, field=model.field.at(sign))
        dynamics = EquationOfMotion.of(here, here.field)
        spectrum = Spectrum(model.operator, reference.stiffness, dynamics, here.field)
        moments = modulated(spectrum, baths, omegas, threads)
        maps[sign] = [
            [
                observable_amplitudes(here, reference, of_bath, omega)
                for of_bath, omega in zip(moments[:, n], omegas, strict=True)
            ]
            for n in range(len(baths))
        ]
    if -1 not in maps:
        maps[-1] = [[_mirrored(each, model.mirrors) for each in row] for row in maps[1]]
    found = {}
    for name in HALL_RESPONSES:
        response = RESPONSE_MAPS[name]
        values = np.array(
            [[[m[response.observable] for m in row] for row in maps[s]] for s in (-1, 0, 1)]
        )
        odd = response.scale * (values[2] - values[0]) / 2
        edge = cells.edge_accumulation(odd if response.delta else values[1])
        # what the mirrors or the bath leave nothing of is the rounding of what cancels
        largest = response.scale * np.abs(values).max(axis=(0, -2, -1))
        found[name] = np.where(np.abs(edge) > _VANISHING * largest, edge, 0.0)
    return found


def half_frequency(frequencies, amplitudes):
    """Where the amplitude first falls to half of the first one, between neighbours by a line."""
    below = np.flatnonzero(amplitudes <= amplitudes[0] / 2)
    if not below.size or not amplitudes[0]:
        return np.nan
    n = below[0]
    high, low = amplitudes[n - 1], amplitudes[n]
    part = (high - amplitudes[0] / 2) / (high - low)
    return float(frequencies[n - 1] + part * (frequencies[n] - frequencies[n - 1]))


def _signs(model):
    """Fields to solve: that at −Ω_B is the mirror image of +Ω_B where one mirror holds."""
    mirrored = model.operator.mirror_symmetric and model.mirrors.single
    return (0, 1) if mirrored else (0, 1, -1)


def _mirrored(maps, mirrors):
    return {
        name: OBSERVABLES[name].parity(mirrors)[1] * values[:, ::-1]
        for name, values in maps.items()
    }
