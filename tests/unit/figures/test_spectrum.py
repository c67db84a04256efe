"""The spectrum of the edge responses: running sums that end where everything is counted."""

import numpy as np
import pytest

from ferronhall.model.mirrors import Mirrors
from ferronhall.results import figures
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


def test_what_is_zero_by_symmetry_is_drawn_as_zero(drawings):
    """A wall in the middle makes the field-odd polarization even in y: its edges add to zero."""
    ny = drawings.datasets["parameters"].sizes["y"]
    wall = np.arange(ny) - (ny - 1) / 2
    mirrors = Mirrors.of([0.0, 0.0, 1.0], rest=wall)
    parameters = drawings.datasets["parameters"].assign_attrs(mirrors.attributes)
    drawn = figures.draw("spectrum", parameters=parameters, theory_spectrum=make_spectrum())
    for panel, columns in drawn.data:
        for header, values in columns.items():
            if "edge" in header:
                assert np.any(values) == (not panel.startswith("c")), (panel, header)
    shown = [text.get_text() for axes in drawn.figure.axes for text in axes.texts]
    assert shown.count("zero by symmetry") == 1
