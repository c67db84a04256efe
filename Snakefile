"""The ferron Hall campaign: parameters, trajectories, ensemble, figures and tables."""

import sys
from pathlib import Path

from snakemake.utils import min_version, update_config

min_version("9.17")

# Where this file lies, whatever workflow includes it or takes it as a module.
ROOT = Path(workflow.current_basedir.get_path_or_uri(secret_free=False))


include: "workflow/rules/library.smk"


from ferronhall.base import shipped, yaml_files
from ferronhall.base.errors import FerronHallError

# One campaign is one complete file: --configfile replaces the demo. Without this condition
# Snakemake would merge the two, and a key left out would silently take the demo's value.
if not (workflow.configfiles and config):

    configfile: shipped.find("config/config.yaml", ROOT)


report: "workflow/report/workflow.rst"


try:
    for file in workflow.configfiles:
        # Snakemake takes the last of two equal keys without a word
        yaml_files.read(file)
except FerronHallError as error:
    sys.exit(f"The configuration cannot be used.\n{error}")

# Snakemake hands over the numbers in --config 'group={key: 1}' as text; a text beside no group is one,
# such as a name that looks like a date; but for the one switch. The configuration of a module need not
# be the one they are for.
groups = {
    key: value
    for key, value in workflow.config_settings.config.items()
    if key in config and (key == "accept_code" or not isinstance(value, str))
}
update_config(config, yaml_files.retyped(groups))
first_principles = config.get("first_principles")

# A file with first-principles runs has none of the keys of a campaign, and the other way round.
by_vasp = isinstance(first_principles, dict) and first_principles.get("code") == "vasp"
if isinstance(first_principles, dict) and "crystals" in first_principles and by_vasp:

    include: "workflow/rules/second_order_runs_vasp_common.smk"
    include: "workflow/rules/second_order_runs_vasp.smk"

elif isinstance(first_principles, dict) and "crystals" in first_principles:

    include: "workflow/rules/second_order_runs_common.smk"
    include: "workflow/rules/second_order_runs.smk"

elif by_vasp:

    include: "workflow/rules/first_principles_vasp_common.smk"
    include: "workflow/rules/first_principles_vasp.smk"

elif "first_principles" in config:

    include: "workflow/rules/first_principles_common.smk"
    include: "workflow/rules/first_principles.smk"

else:

    include: "workflow/rules/arrays.smk"
    include: "workflow/rules/common.smk"
    include: "workflow/rules/shared_folders.smk"
    include: "workflow/rules/parameters.smk"
    include: "workflow/rules/phonons.smk"
    include: "workflow/rules/trajectories.smk"
    include: "workflow/rules/theory.smk"
    include: "workflow/rules/self_consistent.smk"
    include: "workflow/rules/domain_walls.smk"
    include: "workflow/rules/hysteresis.smk"
    include: "workflow/rules/disorder.smk"
    include: "workflow/rules/ensemble.smk"
    include: "workflow/rules/balances.smk"
    include: "workflow/rules/bond_polarization.smk"
    include: "workflow/rules/scans.smk"
    include: "workflow/rules/second_order.smk"
    include: "workflow/rules/second_order_density.smk"
    include: "workflow/rules/shared.smk"
    include: "workflow/rules/figures.smk"
    include: "workflow/rules/tables.smk"
    include: "workflow/rules/page.smk"
    include: "workflow/rules/no_first_principles.smk"
    include: "workflow/rules/replacements.smk"
    include: "workflow/rules/summary.smk"


localrules:
    all,


rule all:
    """Every figure and table of the campaign, and its page."""
    default_target: True
    input:
        everything,


onstart:
    print(banner_start(), file=sys.stderr)


onsuccess:
    print(banner_success(), file=sys.stderr)


onerror:
    print(banner_error(), file=sys.stderr)
