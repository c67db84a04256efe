"""Simulated maps along their predictions, and whether the rest is noise (tables/projection)."""

from ferronhall.analysis.comparison import RAW
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.tables.rounding import in_errors
from ferronhall.results.tables.table import Table

COLUMNS = [
    "map",
    "samples",
    "amplitude on harmonic theory",
    "amplitude on closure",
    "standard error",
    "standard errors from zero",
    "chi2 on harmonic theory",
    "chi2 on closure",
    "probability",
    "mirrors",
    "mirror chi2",
    "mirror probability",
]
PLAIN, AIDED = "as they are", "less their twins' chance"


def table(ensemble, comparison):
    """One row a map, and with harmonic twins another of the samples less their twins' chance.

    Of a map that the symmetry makes zero there is no such other: nothing is left to compare.
    """
    rows, mirrors = [], Mirrors.of_dataset(comparison)
    for key, response in RESPONSE_MAPS.items():
        chosen, parity = comparison.sel(map=key), response.parity(mirrors)
        plain = _agreement(chosen, RAW, counted=True)
        rows.append([response.title, PLAIN, *plain, parity, *_broken(chosen, RAW)])
        if "twin_chi2" in comparison and parity != "zero":
            aided = _agreement(chosen, "", counted=False)
            rows.append([response.title, AIDED, *aided, parity, *_broken(chosen, "")])
    title = f"Projection on the theory of campaign {ensemble.attrs['campaign']}"
    errors = dict.fromkeys(COLUMNS[2:4], "standard error")
    formats = {"standard errors from zero": in_errors}
    return Table(title, COLUMNS, rows, _notes(comparison), errors, formats)


def _agreement(chosen, suffix, counted):
    """Amplitudes, error, significance where it is `counted`, χ² and probability."""
    harmonic, closure = (chosen.sel(approximation=a) for a in ("harmonic", "closure"))
    name = f"amplitude{suffix}"
    amplitude, error = closure[name], closure[f"{name}_stderr"]
    tests = (harmonic[f"chi2{suffix}"], closure[f"chi2{suffix}"], closure[f"probability{suffix}"])
    return [
        *map(_number, (harmonic[name], amplitude, error)),
        _number(abs(amplitude) / error) if counted else None,
        *map(_number, tests),
    ]


def _broken(chosen, suffix):
    return [_number(chosen[f"parity_{name}{suffix}"]) for name in ("chi2", "probability")]


def _number(value):
    value = float(value)
    return value if value == value else None


def _notes(comparison):
    notes = [
        "Amplitude: of the simulated map, folded by the mirrors, along the predicted map; 1 if "
        "they agree. Cells are weighted by the inverse of their variance. The prediction is the "
        "theory, with the bias of the substep where the samples have it; P at zero field is "
        "counted from the relaxed slab at T = 0.",
        "chi2: squared deviation from the prediction over what the scatter of the "
        f"{comparison.attrs['sample_count']} {comparison.attrs['samples']} explains, 1 on average "
        "if it holds. "
        "Probability: how often flipping the signs of the samples' deviations from the closure "
        "gives as much; a small one says that something is missing in the closure.",
        "Mirrors: the map's symmetry in this direction of the field, and the same two numbers for "
        "the part that breaks it. Of a map that is zero by symmetry that part is all there is.",
    ]
    if "turns" in comparison.attrs:
        notes.append(f"Warning: theory: {comparison.attrs['turns']}.")
    if "crystal" in comparison.attrs:
        notes.append(
            "The theory is that of the average crystal, of the mean stiffness and mass: no theory "
            "of the uneven crystal, whose replicas are its samples, but what that is set against."
        )
    if "twin_chi2" in comparison:
        notes.append(
            f"Samples {PLAIN} test the theory whole. {AIDED.capitalize()} they hold the twins' "
            "exact averages, which are the harmonic theory's, and test what is anharmonic alone: "
            "their amplitude is no independent sign of the effect. Whether the twins keep to those "
            "averages is tested in tables/twin."
        )
    return notes
