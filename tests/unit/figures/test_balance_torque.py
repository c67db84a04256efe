"""Torques that are noise."""

from ferronhall.results import figures
from tests.unit.synthetic_campaign import make_balances


def test_torques_that_are_noise_say_so_in_both_panels(campaign):
    """Noise of unit error in all terms but one, whose size is ten errors."""
    parameters, _ = campaign
    found = make_balances(parameters)
    found["cut_delta_torque_dipolar"][:] = 10.0
    drawn = figures.draw("balance_torque", parameters=parameters, balances=found)
    for axes, strong in zip(drawn.figure.axes, ((), ("dipoles",)), strict=True):
        texts = [t.get_text() for t in axes.get_legend().get_texts()]
        assert len(texts) == 6
        assert {t for t in texts if "≈ 0" not in t} == set(strong)
