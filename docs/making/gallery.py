"""The gallery: every figure that a campaign can make, with the command that makes it.

    python -m docs.making.gallery results/demo

takes the pictures of the figures that lie there into docs/gallery/, small enough for a page, and
writes docs/gallery.md.
"""

import re
import sys
from pathlib import Path

from PIL import Image

from ferronhall.base import paths

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "gallery.md"
PICTURES = ROOT / "docs" / "gallery"
WIDTH = 900
COLOURS = 200

GROUPS = {
    "Of every campaign": (paths.FIGURES, ""),
    "Of a material with first-principles data": (paths.PHONON_FIGURES, ""),
    "By name": (paths.BOND_FIGURES | paths.LOCK_IN_FIGURES | paths.HYSTERESIS_FIGURES, ""),
    "Of a configuration with a scan": (
        paths.SCAN_FIGURES,
        " --configfile config/scan_field.yaml",
    ),
    "Of a configuration with domain walls": (
        paths.DOMAIN_FIGURES,
        " --configfile config/domain_wall.yaml",
    ),
    "Of walls that move": (paths.MOVING_WALL_FIGURES, " --configfile config/moving_wall.yaml"),
    "Of domains of any shape": (paths.MAP_FIGURES, " --configfile config/wall_stripes.yaml"),
    "Of a configuration with an uneven crystal": (
        paths.DISORDER_FIGURES,
        " --configfile config/disorder.yaml",
    ),
    "Of a configuration with self-consistent baths": (
        paths.SELF_CONSISTENT_FIGURES,
        " --configfile config/heat_conduction.yaml",
    ),
    "Of pairs of nonpolar modes": (paths.SECOND_ORDER_FIGURES, ""),
}
"""Heading → its figures, and what else the command says."""

HEAD = """# Gallery

Every figure that a campaign can make, here by the demo (`config/config.yaml`) where nothing else is
said. Each is written as PNG, PDF and CSV, the plotted numbers, to `results/<campaign>/figures/`;
`snakemake --cores all` makes those that belong to a campaign together. From Python,
`fh.open("results/demo").figure("fig3")` draws one anew.
"""


def caption(name):
    """First words of a figure's caption in a report, those in bold."""
    text = (ROOT / "workflow" / "report" / f"{name}.rst").read_text(encoding="utf-8")
    title = re.match(r"\*\*(.+?)\*\*", text, re.DOTALL)[1]
    # what a report fills in, such as the material
    title = re.sub(r"\{\{.*?\}\}", "the material", title)
    return re.sub(r"\\ :sub:`(\w+)`", r"\1", " ".join(title.split())).rstrip(".,")


def page():
    """The whole page in Markdown."""
    parts = [HEAD]
    for heading, (figures, more) in GROUPS.items():
        parts.append(f"## {heading}\n")
        for name, datasets in figures.items():
            sources = ", ".join(f"`{dataset}.nc`" for dataset in datasets)
            parts.append(
                f"### {name}\n\n{caption(name)}; from {sources}.\n\n"
                f"```\nsnakemake {name} --cores all{more}\n```\n\n"
                f"![{name}](gallery/{name}.png)\n"
            )
    return "\n".join(parts)


def take(folder):
    """The figures of a campaign's folder, as pictures of the gallery."""
    PICTURES.mkdir(exist_ok=True)
    for figures, _ in GROUPS.values():
        for name in figures:
            path = Path(folder, "figures", f"{name}.png")
            if path.exists():
                whole = Image.open(path).convert("RGB")
                small = whole.resize((WIDTH, round(WIDTH * whole.height / whole.width)))
                kept = small.quantize(COLOURS, dither=Image.Dither.NONE)
                kept.save(PICTURES / path.name, optimize=True)


if __name__ == "__main__":
    take(sys.argv[1])
    PAGE.write_text(page(), encoding="utf-8")
