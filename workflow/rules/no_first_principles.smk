"""The target first_principles of a configuration without such runs."""

import sys


def missing_section(wildcards):
    """No files, but what to write to get them."""
    sys.exit(
        "first_principles: this configuration is one of a campaign; first-principles runs have files "
        "of their own: snakemake first_principles --cores all --configfile "
        "config/first_principles/batio3.yaml"
    )


rule first_principles:
    """Say which configurations have first-principles runs."""
    input:
        missing_section,
