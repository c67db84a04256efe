"""Theory against simulation (comparison.nc): amplitudes, differences and whether they are noise."""

import numpy as np
import xarray as xr

from ferronhall.analysis.projection import amplitude, excess, flip_probability
from ferronhall.analysis.samples import read_samples
from ferronhall.base import provenance
from ferronhall.model.map_algebra import fold
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.response_maps import of_observable

APPROXIMATIONS = {"harmonic": "_harmonic", "closure": ""}
"""Approximations of the theory, with the suffix of their variables in theory.nc."""


def comparison_dataset(parameters, config, theory, timestep, trajectories, control=None):
    """Every simulated map beside its prediction.

    The prediction is the theory's map plus the time-step bias of the campaign's own substep. Maps
    are folded by the mirrors, and each cell counts once. Cells are weighted by the inverse variance
    of the observable's samples, pooled over fields and mirror images.

    parameters, theory, timestep : Datasets of those stages
    config : dict, validated
    trajectories : dict "minus"/"zero"/"plus" → list of paths
    control : twin.ControlVariate, for a campaign with harmonic twins
    returns : Dataset over (map, approximation): amplitude along the prediction with its standard
        error, chi2 (reduced) and the probability that chance exceeds it; and for every map the
        difference from the closure, with its standard error
    """
    x, y = parameters["x"].values, parameters["y"].values
    masks = (x, y, parameters["flank"].values, parameters["edge"].values)
    samples = read_samples(trajectories, *masks, control)
    quadrant = np.ix_(x <= 0, y <= 0)
    rows, parity, variables = [], {}, {}
    for name, observable in OBSERVABLES.items():
        maps, bias = samples.maps[name], timestep[f"{name}_bias"].values[0]
        folded, weights = fold(maps, observable.mirror_parity), pooled_weights(maps)
        for response in of_observable(name):
            key, measured = response.key, response.take(folded)
            for approximation, suffix in APPROXIMATIONS.items():
                expected = response.take(theory[f"{name}{suffix}"].values + bias)
                base = cold_map(theory, key)
                parts = (measured - base, expected - base, weights)
                rows.append((key, approximation, *_agreement(*parts, quadrant)))
            broken = response.take(maps) - measured
            parity[key] = _excess_and_probability(broken, np.zeros(broken.shape[1:]), weights)
            difference = measured - response.take(theory[name].values + bias)
            variables |= _with_error(f"{key}_difference", difference, response.unit)
    found = _dataset(parameters, samples, rows, parity, variables)
    return found.assign_attrs(provenance.attributes(config))


def pooled_weights(maps):
    """Inverse variance of an observable's cells, pooled over fields and mirror images.

    maps : ndarray, shape (sample, field, nx, ny)
    returns : ndarray, shape (nx, ny); ones for a single sample
    """
    if len(maps) < 2:
        return np.ones(maps.shape[2:])
    variance = maps.var(axis=0, ddof=1).mean(axis=0)
    for axis in range(2):
        variance = (variance + np.flip(variance, axis)) / 2
    return 1 / variance


def cold_map(theory, key):
    """What a map is without any fluctuation: the relaxed slab's polarization, else 0."""
    return theory["polarization_relaxed"].values if key == "polarization_zero" else 0.0


def _agreement(measured, expected, weights, quadrant):
    """Amplitude, its standard error, reduced χ² and probability of one folded map.

    All NaN where no cell scatters, as at T = 0.
    """
    cells = (slice(None), *quadrant)
    test = _varying(measured[cells], expected[quadrant], weights[quadrant])
    measured, expected, _ = test
    if not measured.size:
        return (np.nan,) * 4
    # a prediction that is zero by symmetry has no amplitude
    meaningful = np.abs(expected).max() > 1e-9 * np.abs(measured).max()
    values = amplitude(*test) if meaningful else np.array([np.nan])
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    return values.mean(), error, excess(*test), flip_probability(*test)


def _excess_and_probability(measured, expected, weights):
    test = _varying(measured, expected, weights)
    return excess(*test), flip_probability(*test)


def _varying(measured, expected, weights):
    """Cells in a row, without those that a mirror makes zero: they have no scatter."""
    measured = measured.reshape(len(measured), -1)
    variance = measured.var(axis=0)
    counted = variance > 1e-18 * variance.max() if len(measured) > 1 else slice(None)
    return measured[:, counted], expected.ravel()[counted], weights.ravel()[counted]


def _with_error(name, samples, unit):
    count = len(samples)
    error = samples.std(axis=0, ddof=1) / np.sqrt(count) if count > 1 else samples[0] * np.nan
    label = "folded simulation less theory (closure, with the substep's bias)"
    return {
        name: (("x", "y"), samples.mean(axis=0), {"units": unit, "long_name": label}),
        f"{name}_stderr": (
            ("x", "y"),
            error,
            {"units": unit, "long_name": f"standard error: {label}"},
        ),
    }


def _dataset(parameters, samples, rows, parity, variables):
    keys = list(dict.fromkeys(row[0] for row in rows))
    table = np.array([row[2:] for row in rows]).reshape(len(keys), len(APPROXIMATIONS), 4)
    labels = (
        ("amplitude", "amplitude of the simulated map along its prediction"),
        ("amplitude_stderr", "standard error of the amplitude"),
        ("chi2", "reduced chi-squared of simulation less theory"),
        ("probability", "chance of a larger chi-squared if the theory holds, by sign flips"),
    )
    for column, (name, label) in enumerate(labels):
        attrs = {"units": "1", "long_name": label}
        variables[name] = (("map", "approximation"), table[:, :, column], attrs)
    for column, name in enumerate(("parity_chi2", "parity_probability")):
        attrs = {"units": "1", "long_name": "the same for the part that breaks the mirrors"}
        variables[name] = ("map", [parity[key][column] for key in keys], attrs)
    return xr.Dataset(
        variables,
        coords={
            "map": keys,
            "approximation": list(APPROXIMATIONS),
            "x": parameters["x"],
            "y": parameters["y"],
        },
        attrs={
            "replicas": samples.replicas,
            "samples": samples.kind,
            "sample_count": len(samples.maps["kinetic_energy"]),
        },
    )
