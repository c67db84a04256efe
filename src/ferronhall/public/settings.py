"""What a notebook's results say of themselves in place of a campaign."""

__all__ = ["NAME", "silent"]

NAME = "notebook"
"""The campaign's name in the attributes of results that belong to none."""


def silent(line: str) -> None:
    """A log that keeps nothing."""
