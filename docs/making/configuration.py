"""The tables of keys in config/README.md, from the schemas.

    python -m docs.making.configuration

in the clone writes them anew; the text around them is kept. The description of a key ends with its
unit, range and default.
"""

import re
from pathlib import Path

import yaml

from ferronhall.base import schema

PAGE = Path(__file__).resolve().parents[2] / "config" / "README.md"

TABLES = {
    "## Keys": "config",
    "## First-principles runs": "first_principles",
    "## Second-order runs": "second_order_runs",
    "### A perovskite by VASP": "first_principles_vasp",
    "### Second-order runs by VASP": "second_order_runs_vasp",
}
"""Heading of a section → the schema whose keys its table lists."""

HEAD = "| key | meaning | unit | range | default |\n|---|---|---|---|---|\n"
DESCRIPTION = re.compile(r"(.*)\. Unit: (.*)\. Range: (.*)\. Default: (.*)\.", re.DOTALL)


def leaves(node, path=()):
    """Every key that is described by unit, range and default, dotted, with its part of a schema."""
    for key, child in node.get("properties", {}).items():
        here = (*path, key)
        if DESCRIPTION.fullmatch(child.get("description", "")):
            yield ".".join(here), child
        yield from leaves(child, here)
        if isinstance(child.get("additionalProperties"), dict):
            yield from leaves(child["additionalProperties"], (*here, "NAME"))
        if isinstance(child.get("items"), dict):
            yield from leaves(child["items"], (*here, "N"))


def row(key, leaf):
    """A key's line of the table."""
    meaning, unit, span, default = DESCRIPTION.fullmatch(leaf["description"]).groups()
    unit = "" if unit == "none" else unit
    stated = f"`{default}`" if "default" in leaf else default
    stated = "required" if default == "none, must be given" else stated
    return f"| `{key}` | {meaning} | {unit} | {span} | {stated} |\n"


def table(name):
    """The table of a schema's keys."""
    content = yaml.safe_load((schema.SCHEMAS / f"{name}.schema.yaml").read_text(encoding="utf-8"))
    found = leaves(content)
    # the campaign's name is described once
    return HEAD + "".join(row(k, v) for k, v in found if name == "config" or k != "campaign")


def page(text):
    """The page with its tables as the schemas have them."""
    for heading, name in TABLES.items():
        before, found, after = text.partition(f"\n{heading}\n")
        above, _, below = after.partition(HEAD)
        rest = below.partition("\n\n")[2]
        text = f"{before}{found}{above}{table(name)}\n{rest}"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
