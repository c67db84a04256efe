"""Theory against simulation (comparison.nc): amplitudes, differences and whether they are noise."""

import numpy as np
import xarray as xr

from ferronhall.analysis.control_variate import KNOWN
from ferronhall.analysis.projection import amplitude, excess, flip_probability
from ferronhall.analysis.samples import read_samples
from ferronhall.analysis.standing_walls import with_walls_in_place
from ferronhall.base import provenance
from ferronhall.model.map_algebra import fold
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.response_maps import of_observable

APPROXIMATIONS = {"harmonic": "_harmonic", "closure": ""}
"""Approximations of the theory, with the suffix of their variables in theory.nc."""


DOUBTFUL = 1e-3
"""Probability below which a deviation of the twins is not believed to be chance."""

RAW = "_raw"
"""Suffix of what the samples say without their twins."""


def comparison_dataset(model, config, theory, timestep, trajectories, control=None):
    """Every simulated map beside its prediction.

    The prediction is the theory's map, plus the time-step bias of the campaign's own substep where
    the samples still have it. Maps are folded by the mirrors, and each cell counts once. Cells are
    weighted by the inverse variance of the observable's samples, pooled over fields and mirror
    images. Of a map that the mirrors make zero nothing is left to compare; it is what breaks them.

    With harmonic twins the comparison stands twice: of the samples with their twins' chance taken
    off, which are in part made of the theory (its harmonic averages) and test what is anharmonic,
    and of the samples as they are (RAW), which test all of it. Whether the twins keep to their
    exact averages, on which the former relies, is a test of its own.

    theory, timestep : Datasets of those stages
    config : dict, validated
    trajectories : dict "minus"/"zero"/"plus" → list of paths
    control : ControlVariate, for a campaign with harmonic twins
    returns : Dataset over (map, approximation): amplitude along the prediction with its standard
        error, chi2 (reduced) and the probability that chance exceeds it, and the same with RAW; for
        every map the difference from the closure, with its standard error; and with twins
        twin_chi2 and twin_probability of every map
    """
    cells, mirrors = model.cells, model.mirrors
    trajectories, _ = with_walls_in_place(model, trajectories)
    seed, uneven = config["ensemble"]["root_seed"], model.disorder is not None
    samples = read_samples(trajectories, control, root_seed=seed, realisations=uneven)
    told = {"": samples.maps} | ({RAW: samples.raw} if control else {})
    rows, parity, twins, variables = {s: [] for s in told}, {s: {} for s in told}, {}, {}
    for name, observable in OBSERVABLES.items():
        substep = timestep[f"{name}_bias"].values[0]
        for suffix, sampled in told.items():
            maps = sampled[name]
            # the twins take the harmonic part of the bias off what they know
            bias = 0.0 if control and name in KNOWN and not suffix else substep
            folded = fold(maps, observable.parity(mirrors), mirrors)
            weights = pooled_weights(maps, mirrors)
            for response in of_observable(name):
                key, measured = response.key, response.take(folded)
                independent = mirrors.independent(cells.x, cells.y, response.delta)
                for approximation in APPROXIMATIONS.values():
                    expected = response.take(theory[f"{name}{approximation}"].values + bias)
                    base = cold_map(theory, key)
                    parts = (measured - base, expected - base, weights, independent)
                    rows[suffix].append((key, *_agreement(samples, *parts)))
                broken = response.take(maps) - measured
                parity[suffix][key] = _left_over(samples, broken, weights)
                if suffix == RAW:
                    continue
                difference = measured - response.take(theory[name].values + bias)
                variables |= _with_error(samples, f"{key}_difference", difference, response.unit)
        if control:
            folded = fold(samples.chance[name], observable.parity(mirrors), mirrors)
            weights = pooled_weights(samples.chance[name], mirrors)
            for response in of_observable(name):
                independent = mirrors.independent(cells.x, cells.y, response.delta)
                chance = response.take(folded)[:, independent]
                twins[response.key] = _left_over(samples, chance, weights[independent])
    # without twins the samples as they are, are all there is
    rows.setdefault(RAW, rows[""])
    parity.setdefault(RAW, parity[""])
    found = _dataset(cells, samples, rows, parity, variables, twins)
    said = {name: theory.attrs[name] for name in ("crystal", "turns") if name in theory.attrs}
    return found.assign_attrs(provenance.attributes(config) | mirrors.attributes | said)


def doubtful_twins(comparison):
    """Maps whose twins' averages are off by more than chance leaves in one case of a thousand."""
    if "twin_probability" not in comparison:
        return []
    return [str(key) for key in comparison["map"].values[comparison["twin_probability"] < DOUBTFUL]]


def pooled_weights(maps, mirrors):
    """Inverse variance of an observable's cells, pooled over fields and mirror images.

    maps : ndarray, shape (sample, field, nx, ny)
    returns : ndarray, shape (nx, ny); ones for a single sample, 0 where samples do not scatter
    """
    if len(maps) < 2:
        return np.ones(maps.shape[2:])
    variance = mirrors.pool(maps.var(axis=0, ddof=1).mean(axis=0))
    return np.divide(1, variance, out=np.zeros_like(variance), where=variance > 0)


def cold_map(theory, key):
    """What a map is without any fluctuation: the relaxed slab's polarization, else 0."""
    return theory["polarization_relaxed"].values if key == "polarization_zero" else 0.0


def _agreement(samples, measured, expected, weights, independent):
    """Amplitude, its standard error, reduced χ² and probability of one folded map.

    All NaN where no cell is left to compare or none scatters, as at T = 0.
    """
    test = _varying(measured[:, independent], expected[independent], weights[independent])
    measured, expected, weights = test
    if not measured.size:
        return (np.nan,) * 4
    # a prediction that is zero by symmetry has no amplitude
    meaningful = np.abs(expected).max() > 1e-9 * np.abs(measured).max()
    values = amplitude(*test) if meaningful else np.full(len(measured), np.nan)
    joined = (samples.exchangeable(measured), expected, weights)
    return *samples.mean_and_error(values), excess(*joined), flip_probability(*joined)


def _left_over(samples, measured, weights):
    """Reduced χ² and probability of maps (sample, ...) that should be noise about zero.

    NaN as in _agreement.
    """
    measured, expected, weights = _varying(measured, np.zeros(measured.shape[1:]), weights)
    if not measured.size:
        return np.nan, np.nan
    joined = (samples.exchangeable(measured), expected, weights)
    return excess(*joined), flip_probability(*joined)


def _varying(measured, expected, weights):
    """Cells in a row, without those that a mirror makes zero: they have no scatter."""
    measured = measured.reshape(len(measured), expected.size)
    variance = measured.var(axis=0)
    counted = variance > 1e-18 * variance.max(initial=0) if len(measured) > 1 else slice(None)
    return measured[:, counted], expected.ravel()[counted], weights.ravel()[counted]


def _with_error(samples, name, values, unit):
    mean, error = samples.mean_and_error(values)
    label = "folded simulation less theory (closure)"
    return {
        name: (("x", "y"), mean, {"units": unit, "long_name": label}),
        f"{name}_stderr": (
            ("x", "y"),
            error,
            {"units": unit, "long_name": f"standard error: {label}"},
        ),
    }


def _dataset(cells, samples, rows, parity, variables, twins):
    keys = list(parity[""])
    labels = (
        ("amplitude{}", "amplitude of the simulated map along its prediction"),
        ("amplitude{}_stderr", "standard error of the amplitude"),
        ("chi2{}", "reduced chi-squared of simulation less theory"),
        ("probability{}", "chance of a larger chi-squared if the theory holds, by sign flips"),
    )
    for suffix, found in rows.items():
        table = np.array([row[1:] for row in found]).reshape(len(keys), len(APPROXIMATIONS), 4)
        plain = ", samples as they are" if suffix else ""
        for column, (name, label) in enumerate(labels):
            attrs = {"units": "1", "long_name": label + plain}
            variables[name.format(suffix)] = (("map", "approximation"), table[:, :, column], attrs)
    for name, tested, label in (
        ("parity_{}", parity[""], "the part that breaks the mirrors"),
        ("parity_{}" + RAW, parity[RAW], "the part that breaks the mirrors, samples as they are"),
        ("twin_{}", twins, "the sampled twin less its exact average"),
    ):
        for column, kind in enumerate(("chi2", "probability") if tested else ()):
            attrs = {"units": "1", "long_name": f"{kind} of {label}"}
            values = [tested[key][column] for key in keys]
            variables[name.format(kind)] = ("map", values, attrs)
    return xr.Dataset(
        variables,
        coords={
            "map": keys,
            "approximation": list(APPROXIMATIONS),
            **cells.coordinates,
        },
        attrs=samples.attributes,
    )
