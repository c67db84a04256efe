"""What was asked of a campaign and what came out at the edges, in words."""

import numpy as np

from ferronhall.model.electrical_boundary import ElectricalBoundary
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results import display_units
from ferronhall.results.tables import rounding


def walls_in_words(layers):
    """Layers of walls as an attribute has them, one number or several."""
    return ", ".join(f"{layer:d}" for layer in np.atleast_1d(layers))


def asked(parameters, material, ensemble=None):
    """Slab, temperatures, field, walls, electrodes and, of a finished campaign, what was sampled.

    parameters, ensemble : xarray.Dataset
    material : str, its name
    """
    attrs = parameters.attrs
    said = (
        f"{attrs['nx']} × {attrs['ny']} × {attrs['nz']} cells of {material}, "
        f"{attrs['T_cold_K']:g} to {attrs['T_hot_K']:g} K, Ω_B = {attrs['omega_B_rad_per_ps']:g} "
        "rad/ps"
    )
    if "walls_y" in attrs:
        said += f"; domain walls at {walls_in_words(attrs['walls_y'])}"
    if "domain_sign" in parameters:
        said += f"; domains: {parameters['domain_sign'].attrs['map']}"
    if "field_switched_on" in attrs:
        said += ", electric field switched on"
    if (boundary := ElectricalBoundary.from_attributes(attrs)).electrodes:
        plates = boundary.electrodes
        said += f"; electrodes {plates.distance:g} Å from the faces"
        said += f", screening length {plates.screening_length:g} Å"
    if boundary.open_circuit:
        said += f"; open circuit along {' and '.join(boundary.open_circuit)}"
    if ensemble is None:
        return said
    counts = ensemble.attrs
    replicas = f"{counts['replicas']} replica{'s' if counts['replicas'] != 1 else ''}"
    return f"{said}; {replicas}, {counts['sample_count']} {counts['samples']}"


def edge_accumulations(dataset):
    """Title and value with unit of every edge accumulation that the symmetry allows.

    dataset : xarray.Dataset of the simulation, with standard errors, or of the theory
    returns : list of (str, str)

    In units as figures have them: Δ_B KE of a datasets' meV may be one of µeV.
    """
    mirrors, rows = Mirrors.of_dataset(dataset), []
    for key, response in RESPONSE_MAPS.items():
        if not response.accumulates(mirrors):
            continue
        value, error = float(dataset[f"edge_{key}"]), dataset.get(f"edge_{key}_stderr")
        limit = max(abs(value), 0.0 if error is None else float(error))
        unit = display_units.of_dataset(response.unit, limit)
        value /= unit.size
        if error is None:
            shown = f"{rounding.plain(value)} {unit.text} (theory)"
        else:
            error = float(error) / unit.size
            before, after = unit.around
            shown = f"{rounding.supported(value, error)} ± {rounding.error(error)}"
            shown = f"{before}{shown}{after}"
        rows.append((response.title, shown))
    return rows
