"""All parts of the page in one HTML file, with the library that draws inside it."""

import base64
from dataclasses import dataclass, field
from html import escape

import xarray as xr
from bokeh.document import Document
from bokeh.embed import components
from bokeh.resources import Resources

from ferronhall.results import average_crystal
from ferronhall.results.page import curves, explorer, look, map_views, written
from ferronhall.results.page.asked import configuration_table
from ferronhall.results.page.findings import findings
from ferronhall.results.page.headline import asked, edge_accumulations

ANSWERS = {
    "summary": "Edge accumulations and extremes, with standard errors",
    "comparison": "Theory beside the simulation",
    "twin": "The twins' test",
}
"""Table → its heading, of those that stand open; the others are folded."""

_LIBRARY = ("bokeh", "bokeh-widgets")


@dataclass(frozen=True)
class Content:
    """What a page is made of.

    parameters, ensemble, theory, comparison, scan : xarray.Dataset, the last three None without
        a theory or a scan
    material : str, its name
    config : dict, validated, or the part of it that the campaign's stages see
    picture : bytes, the PNG of figure 3
    tables : dict, name → Markdown
    files : list of str, relative to the page
    aliasing : list of str
    citation : str, HTML
    accepted : str, other code in the data, in words
    """

    parameters: xr.Dataset
    ensemble: xr.Dataset
    theory: xr.Dataset | None
    comparison: xr.Dataset | None
    material: str
    config: dict
    picture: bytes
    tables: dict
    files: list = field(default_factory=list)
    aliasing: list = field(default_factory=list)
    citation: str = ""
    accepted: str = ""
    scan: xr.Dataset | None = None


def document(content):
    """The page of a campaign, a Content, as HTML text."""
    views = map_views.views(content.ensemble, content.theory)
    cells = (content.ensemble[axis].values for axis in ("x", "y"))
    models, start = explorer.explorer(views, *cells)
    scanned = curves.curves(content.scan) if content.scan is not None else {}
    drawing, places = _embedded({**models, **scanned}, start)
    tables = {name: written.table_html(text) for name, text in content.tables.items()}
    sections = {
        "answer": ("The answer", _answer(content, tables)),
        "maps": ("Maps to explore", _explore(places)),
        **(
            {"scan": ("Scan", _scan(content.scan, [places[name] for name in scanned]))}
            if scanned
            else {}
        ),
        "asked": ("What was asked", _asked(content)),
        "tables": ("All other tables", _tables(tables)),
        "files": ("Files", written.links(content.files)),
        "cite": ("How to cite", content.citation),
    }
    sections = {name: part for name, part in sections.items() if part[1]}
    name = escape(content.parameters.attrs["campaign"])
    said = escape(asked(content.parameters, content.material, content.ensemble))
    way = "".join(f'<a href="#{key}">{title}</a>' for key, (title, _) in sections.items())
    body = "".join(
        f'<section id="{key}"{" class=explore" if key in ("maps", "scan") else ""}>'
        f"<h2>{title}</h2>{html}</section>"
        for key, (title, html) in sections.items()
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # or a browser asks for an icon
        f'<link rel="icon" href="data:,"><title>Campaign {name}</title>'
        f"<style>{look.STYLE}</style></head>\n<body><h1>Campaign {name}</h1><p>{said}</p>"
        f"<nav>{way}</nav>{body}\n{Resources(mode='inline', components=_LIBRARY).render_js()}\n"
        f"<script>{look.SORTING}{drawing}</script></body></html>\n"
    )


def _embedded(models, start):
    """The script that draws all models, and the place of each on the page as HTML."""
    together = Document()
    # or it would go through all models again with each that is added
    with together.models.freeze():
        for name, model in models.items():
            model.name = name
            together.add_root(model)
    together.js_on_event("document_ready", start)
    return components(models, wrap_script=False)


def _answer(content, tables):
    headline = "".join(
        f"<div>{escape(title)} at the edges<b>{escape(value)}</b></div>"
        for title, value in edge_accumulations(content.ensemble)
    )
    told = findings(content.ensemble, content.comparison, content.aliasing, content.accepted)
    lines = "".join(
        f"<li{' class=warning' if warns else ''}>{'Warning. ' if warns else ''}{escape(line)}</li>"
        for warns, line in told
    )
    picture = base64.b64encode(content.picture).decode()
    shown = "".join(
        f"<h3>{heading}</h3>{tables[name][1]}"
        for name, heading in ANSWERS.items()
        if name in tables
    )
    return (
        f"<div class='headline'>{headline}</div><ul class='findings'>{lines}</ul>"
        "<img alt='Angular momentum at zero field, field-odd kinetic energy and field-odd "
        f"polarization, with cuts along y' src='data:image/png;base64,{picture}'>{shown}"
    )


def _explore(places):
    controls = "".join(places[name] for name in explorer.CONTROLS)
    return (
        "<noscript><p>Without JavaScript the maps are those of the figures below under Files."
        "</p></noscript>"
        "<p class='note'>Point at a cell, or tap it: its value with the standard error stands "
        "below, and the cuts run through it.</p>"
        f"<div class='controls'>{controls}</div><p id='reading' aria-live='polite'></p>"
        f"<div class='plots'><div class='whole'>{places['map']}</div>"
        f"<div>{places['along_x']}</div><div>{places['along_y']}</div></div>"
    )


def _scan(scan, places):
    if not places:
        return ""
    drawn = "".join(f"<div>{place}</div>" for place in places)
    theory = average_crystal.after("the noise-free theory", scan)
    lines = "".join(
        f" <span style='color:{colour}'>●</span> {label} ({dash})"
        for label, colour, dash in curves.LINES.values()
    )
    return (
        f"<p class='note'>Edge accumulations of {theory}; point at a curve for its "
        f"numbers. tables/scan has them all.{lines}; curves that another key differs by have "
        f"colours of their own.</p><div class='curves'>{drawn}</div>"
    )


def _asked(content):
    return (
        "<p class='note'>Marked: what differs from the default, or, of a key without one, from the "
        f"demo.</p>{configuration_table(content.config)}"
    )


def _tables(tables):
    return "".join(
        f"<details><summary>{escape(name)}: {escape(title)}</summary>{html}</details>"
        for name, (title, html) in tables.items()
        if name not in ANSWERS
    )
