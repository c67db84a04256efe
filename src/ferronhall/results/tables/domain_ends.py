"""What gathers at the ends of domains, faces and walls, in theory and simulation."""

from ferronhall.model.response_maps import HALL_RESPONSES, RESPONSE_MAPS
from ferronhall.results.tables.rounding import in_errors
from ferronhall.results.tables.table import Table
from ferronhall.results.tables.zeros import NOTE, settled_response

COLUMNS = [
    "map",
    "unit",
    "domain",
    "end",
    "harmonic theory",
    "Gaussian closure",
    "Gaussian closure, quantum",
    "simulation",
    "standard error",
    "simulation less closure, standard errors",
]


def table(theory, ensemble):
    """The three Hall responses at both ends of every domain, from the lower face to the upper."""
    rows = [
        _row(theory, ensemble, RESPONSE_MAPS[key], domain, end)
        for key in HALL_RESPONSES
        for domain in range(theory.sizes["domain"])
        for end in ("lower", "upper")
    ]
    notes = [
        "Mean of sign(x) X over the flank columns and the two outermost layers of a domain's end: "
        "a face of the slab, or a wall, which is an end of the domain on either side. A domain of "
        "a single layer has that one at both.",
        f"Theory without noise; closure: {theory.attrs['closure']}. Simulation: one standard error "
        f"over {ensemble.attrs['sample_count']} {ensemble.attrs['samples']}; time-step bias: "
        f"{ensemble.attrs['time_step_bias']}. {NOTE}",
    ]
    title = f"Accumulation at faces and walls of campaign {ensemble.attrs['campaign']}"
    errors, formats = {"simulation": "standard error"}, {COLUMNS[-1]: in_errors}
    return Table(title, COLUMNS, rows, notes, errors, formats)


def _row(theory, ensemble, response, domain, end):
    place, name = {"domain": domain, "end": end}, f"end_{response.key}"
    values = [
        settled_response(
            float(theory[f"{name}{suffix}"].sel(place)),
            response,
            theory[f"{response.observable}{suffix}"].values,
        )
        for suffix in ("_harmonic", "", "_quantum")
    ]
    measured, error = (float(ensemble[f"{name}{s}"].sel(place)) for s in ("", "_stderr"))
    away = (measured - values[1]) / error if error > 0 else None
    sign = "+P" if theory["sign"].values[domain] > 0 else "−P"
    where = _where(theory, domain, end)
    return [response.title, response.unit, sign, where, *values, measured, error, away]


def _where(theory, domain, end):
    next_domain = domain + (end == "upper")
    if next_domain in (0, theory.sizes["domain"]):
        return f"{end} face"
    return f"wall at {int(theory['first_layer'].values[next_domain])}"
