"""What is said of a target that no rule makes."""

import pytest
from snakemake.exceptions import MissingRuleException

from ferronhall.base.paths import Campaign
from ferronhall.campaign.targets import unknown_target

RULES = ["fig1", "fig3", "trajectories", "trajectory"]


@pytest.mark.parametrize(
    ("target", "said", "unsaid"),
    [
        ("fig33", "Did you mean fig3", "campaign is"),
        ("trajectorie", "trajectories or trajectory", "campaign is"),
        ("results/other/theory.nc", "The configuration's campaign is 'mine'", "Did you mean"),
        ("results/mine/figures/fig9.png", "no file of this campaign", "campaign is"),
    ],
)
def test_a_target_that_is_none_is_named_with_a_way_out(target, said, unsaid):
    error = str(MissingRuleException(target))
    told = unknown_target(error, ["all", target], RULES, Campaign("mine"))
    assert told.startswith(f"{target}: ") and said in told and unsaid not in told


def test_a_missing_file_of_another_kind_is_left_to_snakemake():
    error = str(MissingRuleException("results/mine/gone.nc"))
    assert unknown_target(error, ["all"], RULES, Campaign("mine")) == ""
