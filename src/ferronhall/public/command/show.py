"""`ferronhall open`: a campaign's results in the terminal."""

import argparse
from collections.abc import Sequence

from ferronhall.base import paths
from ferronhall.public.campaign import Campaign, open
from ferronhall.results.tables import result_table
from ferronhall.results.tables.table import markdown

__all__ = ["lines", "main"]


def lines(campaign: Campaign) -> list[str]:
    """What was asked and what came out; of a simulation its summary, of walls and disorder tables.

    raises : DataFileError when one of its files cannot be used
    """
    for stage in campaign.stages:
        # its text would say what is wrong with a file in place of results; here that is an error
        getattr(campaign, stage)
    wanted = {"summary": paths.RESULT_TABLES["summary"]}
    asked = campaign.parameters.attrs if "parameters" in campaign.stages else {}
    if "walls_y" in asked:
        wanted |= paths.DOMAIN_TABLES
    wanted |= paths.MOVING_WALL_TABLES
    if "disorder" in asked:
        wanted |= paths.DISORDER_TABLES
    shown = [repr(campaign)]
    for table, needed in wanted.items():
        if set(needed) <= set(campaign.stages):
            datasets = {name: getattr(campaign, name) for name in needed}
            shown += ["", markdown(result_table(table, **datasets)).rstrip()]
    return shown


def main(arguments: Sequence[str] | None = None, prog: str = "ferronhall open") -> int:
    """Print what a campaign found; the exit status."""
    parser = argparse.ArgumentParser(prog=prog, description=main.__doc__)
    parser.add_argument("folder", help="the campaign's, like results/demo")
    options = parser.parse_args(arguments)
    print("\n".join(lines(open(options.folder))))
    return 0
