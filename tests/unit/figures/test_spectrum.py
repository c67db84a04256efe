"""The spectrum of the edge responses: running sums that end where everything is counted."""

import pytest

from tests.unit.synthetic_campaign import make_spectrum


def test_running_sums_end_where_the_wave_vectors_do(drawings):
    """Along q all of a response is there; of the bands all but those beyond the last one."""
    spectrum = make_spectrum()
    panels = dict(drawings["spectrum"].data)
    for letter, size in (("a", 1e-3), ("b", 1e-3), ("c", 1.0)):
        name = spectrum["map"].values["abc".index(letter)]
        whole = float(spectrum["response"].sel(map=name, statistics="quantum").sum()) / size
        for wave in ("qx", "qz"):
            (sums,) = [
                values
                for header, values in panels[f"{letter}: {wave}"].items()
                if header.startswith("running sum") and header.endswith("quantum")
            ]
            assert sums[-1] == pytest.approx(whole)
