"""Cuts of the flanks and accumulations, with their errors."""

import numpy as np
import pytest

from ferronhall.results.figures import cuts, quantities


def test_cuts_and_their_errors_are_those_of_the_ensemble(campaign):
    parameters, ensemble = campaign
    field = quantities.field_odd(ensemble, "polarization")
    cut = cuts.flank_cut(field, ensemble)
    right = parameters["flank"].values & (field.x > 0)
    np.testing.assert_allclose(cut.mean["right"], field.values[right].mean(axis=0))
    error = ensemble["cut_delta_polarization_stderr"].sel(side="right").values
    np.testing.assert_array_equal(cut.stderr["right"] * field.unit.size, error)


@pytest.mark.parametrize(
    ("value", "stderr", "text"),
    [(4.2, 0.8, "4.2 ± 0.8"), (10.03, 1.62, "10.0 ± 1.6"), (-120.0, 34.0, "−120 ± 34")],
)
def test_accumulations_are_printed_with_the_digits_they_have(value, stderr, text, campaign):
    field = quantities.field_odd(campaign[1], "polarization")
    shown = cuts.edge_text(field, cuts.EdgeAccumulation(value, stderr))
    assert text in shown and f"{abs(value) / stderr:.1f}σ" in shown


def test_an_accumulation_within_two_errors_is_said_to_be_consistent_with_zero(campaign):
    field = quantities.field_odd(campaign[1], "polarization")
    shown = cuts.edge_text(field, cuts.EdgeAccumulation(-1.5, 0.8))
    assert "−1.5 ± 0.8" in shown and "consistent with 0" in shown
