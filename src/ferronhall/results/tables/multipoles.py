"""Multipole moments of the polar density at the oxygen site, published and computed here."""

import numpy as np

from ferronhall.base import units
from ferronhall.results.tables import rounding
from ferronhall.results.tables.table import Table, deviation


def table(fluorite_density):
    """Table 2 of arXiv:2512.00628: the moments the site's symmetry allows, for every pair of modes.

    fluorite_density : xarray.Dataset, as second_order.density_dataset makes it
    returns : tables.table.Table
    """
    attrs = fluorite_density.attrs
    rows, turned = [], []
    for pair in fluorite_density["pair"].values.tolist():
        chosen = fluorite_density.sel(pair=pair)
        computed, published = chosen["moment"].values, chosen["published_moment"].values
        sign = _common_sign(computed, published)
        if sign < 0:
            turned.append(pair)
        for component, degree, value, printed in zip(
            chosen["component"].values.tolist(),
            chosen["degree"].values.tolist(),
            units.MICRO * sign * computed,
            units.MICRO * published,
            strict=True,
        ):
            printed = None if np.isnan(printed) else float(printed)
            difference = deviation(float(value), printed)
            unit = "µe Å" + (f"^{degree}" if degree > 1 else "")
            rows.append([pair, component, unit, float(value), printed, difference])
    radius, amplitude = attrs["radius_A"], 1e3 * attrs["amplitude_A"]
    return Table(
        f"Multipole moments of the Γ4- charge density at the oxygen of {attrs['crystal']}",
        ["pair of modes", "component", "unit", "here", "published", "deviation (%)"],
        rows,
        [
            f"Eq. 6 of arXiv:2512.00628 with R = {radius:.2f} Å, for Q = {amplitude:.1f} mÅ of "
            "either mode; electrons count as negative. Published: its Table 2, printed to two "
            "decimals or three digits.",
            "The sign of a column goes with the phases of the two modes, so each is given the sign "
            "of its largest published component; turned: " + (", ".join(turned) or "none") + ".",
            f"Densities: {attrs['source']}. The published ones come from PAW potentials at 520 eV, "
            "with 9 × 9 × 9 k points and a grid of 120 × 120 × 120 points.",
        ],
        formats={"deviation (%)": rounding.deviation},
    )


def _common_sign(computed, published):
    """+1 or -1, which makes the largest published component of a pair agree in sign."""
    if np.all(np.isnan(published)):
        return 1.0
    largest = np.nanargmax(np.abs(published))
    return float(np.sign(computed[largest] * published[largest])) or 1.0
