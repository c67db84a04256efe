"""The statistics of the bath: which there are, and how datasets name what belongs to them."""

CLASSICAL, QUANTUM = "classical", "quantum"
STATISTICS = (CLASSICAL, QUANTUM)
"""Both, in the order of every dataset."""

SUFFIX = {CLASSICAL: "", QUANTUM: "_quantum"}
"""What the variables of theory.nc and the approximations of scan.nc end in."""

WORDS = {CLASSICAL: "", QUANTUM: ", quantum"}
"""The same in legends and headings."""


def other(statistics):
    """The one of the two that is not meant."""
    return QUANTUM if statistics == CLASSICAL else CLASSICAL
