"""Simulated maps along their predictions, and whether the rest is noise (tables/projection)."""

from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.tables.table import Table

COLUMNS = [
    "map",
    "amplitude on harmonic theory",
    "amplitude on closure",
    "standard error",
    "amplitude, standard errors",
    "chi2 on harmonic theory",
    "chi2 on closure",
    "probability",
    "mirrors",
    "mirror chi2",
    "mirror probability",
]


def table(ensemble, comparison):
    """One row a map."""
    rows, mirrors = [], Mirrors.of_dataset(comparison)
    for key, response in RESPONSE_MAPS.items():
        chosen = comparison.sel(map=key)
        harmonic, closure = (chosen.sel(approximation=a) for a in ("harmonic", "closure"))
        amplitude, error = closure["amplitude"], closure["amplitude_stderr"]
        rows.append(
            [
                response.title,
                *map(_number, (harmonic["amplitude"], amplitude, error, abs(amplitude) / error)),
                *map(_number, (harmonic["chi2"], closure["chi2"], closure["probability"])),
                response.parity(mirrors),
                *map(_number, (chosen["parity_chi2"], chosen["parity_probability"])),
            ]
        )
    title = f"Projection on the theory of campaign {ensemble.attrs['campaign']}"
    return Table(title, COLUMNS, rows, _notes(comparison))


def _number(value):
    value = float(value)
    return value if value == value else None


def _notes(comparison):
    kind, count = comparison.attrs["samples"], comparison.attrs["sample_count"]
    return [
        "Amplitude: of the simulated map, folded by the mirrors, along the predicted map; 1 if "
        "they agree. Cells are weighted by the inverse of their variance. The prediction is the "
        "theory with the bias of the substep; P at zero field is counted from the relaxed slab at "
        "T = 0.",
        f"chi2: squared deviation from the prediction over what the scatter of the {count} {kind} "
        "explains, 1 on average if it holds. Probability: how often flipping the signs of the "
        "samples' deviations from the closure gives as much; a small one says that something is "
        "missing in the closure.",
        "Mirrors: the map's symmetry in this direction of the field, and the same two numbers for "
        "the part that breaks it. Of a map that is zero by symmetry that part is all there is.",
    ]
