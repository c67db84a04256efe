"""Do the harmonic twins keep to their exact averages (tables/twin)?"""

from ferronhall.analysis.comparison import doubtful_twins
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.tables.table import Table

COLUMNS = ["map", "chi2", "probability", "verdict"]


def table(ensemble, comparison):
    """One row a map of the twins."""
    doubtful = doubtful_twins(comparison)
    rows = []
    for key, response in RESPONSE_MAPS.items():
        chosen = comparison.sel(map=key)
        numbers = [float(chosen[name]) for name in ("twin_chi2", "twin_probability")]
        if numbers[0] != numbers[0]:
            rows.append([response.title, None, None, "nothing to test"])
        else:
            rows.append([response.title, *numbers, "doubtful" if key in doubtful else "holds"])
    notes = [
        "The sampled average of the twins less its exact value: the harmonic steady state of the "
        "substep. chi2: its square over what the twins' scatter explains, 1 on average. "
        "Probability: how often flipping the signs of the samples gives as much.",
        "Results with the twins' chance taken off rest on these averages. P stands for the "
        "polarization that the twins' mean and fluctuation bring about.",
    ]
    title = f"Test of the harmonic twins of campaign {ensemble.attrs['campaign']}"
    return Table(title, COLUMNS, rows, notes)
