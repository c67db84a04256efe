"""What to say of a target that no rule makes."""

import difflib

from ferronhall.base.paths import RESULTS, below


def unknown_target(said, targets, rules, campaign):
    """A message in place of Snakemake's, which names a file of the workflow instead.

    said : str, what Snakemake says
    targets : sequence of str, what was asked for
    rules : sequence of str, what can be
    campaign : paths.Campaign, that of the configuration
    returns : str; "" where it is no target that cannot be made
    """
    target = next((one for one in targets if f"No rule to produce {one} " in said), None)
    if target is None:
        return ""
    lines = [f"{target}: there is no target and no file of this campaign that is called so."]
    if near := difflib.get_close_matches(target, rules, n=3):
        lines.append(f"Did you mean {' or '.join(near)}?")
    elsewhere = target.startswith(f"{RESULTS}/") and not below(target, campaign.name)
    if elsewhere:
        lines.append(
            f"The configuration's campaign is '{campaign.name}', with its files in "
            f"{campaign.folder}/; another one is made by its own file, with --configfile."
        )
    return " ".join([*lines, "`snakemake --list` names all targets."])
