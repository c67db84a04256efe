"""Blocks of commands that are marked as runnable.

A line `<!-- runs -->` before a block, which readers do not see, says that it runs in a clone; the
tests do so, with dry runs in place of campaigns. Blocks of Python in docs/library.md,
docs/extending.md and docs/tutorials/ run without a mark.
"""

import re

MARK = "<!-- runs -->\n"
BLOCK = re.compile(rf"^{MARK}```\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(text):
    """Commands of each marked block of a page."""
    return BLOCK.findall(text)
