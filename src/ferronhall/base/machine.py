"""What this machine has."""

import os


def installed_memory():
    """Memory in MB."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6
