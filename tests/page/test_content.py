"""What stands in the page's text: numbers, warnings, what was asked, and nothing from elsewhere."""

import base64
import copy
import gzip
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
import yaml

from ferronhall.base import schema
from ferronhall.results import display_units
from ferronhall.results.page import explorer, headline, map_views
from ferronhall.results.page.asked import configuration_table
from ferronhall.results.page.curves import curves
from ferronhall.results.page.document import document
from ferronhall.results.page.findings import findings
from ferronhall.results.page.headline import asked
from ferronhall.results.page.written import links, table_html
from tests.conftest import CONFIG, ROOT
from tests.page.conftest import make_content
from tests.unit.synthetic_campaign import make_scan


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def stored_arrays(html):
    """Column → numbers, of every array that the page's plots hold."""
    script = re.search(r"const docs_json = '(.*?)';\n", html, re.DOTALL).group(1)
    found = {}

    def walk(node):
        if isinstance(node, list):
            if len(node) == 2 and isinstance(node[0], str) and isinstance(node[1], dict):
                if node[1].get("type") == "ndarray":
                    raw = gzip.decompress(base64.b64decode(node[1]["array"]["data"]))
                    found[node[0]] = np.frombuffer(raw, node[1]["dtype"])
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            for each in node.values():
                walk(each)

    # JSON inside a string of JavaScript
    walk(json.loads(re.sub(r"\\(.)", r"\1", script)))
    return found


def test_the_page_holds_the_numbers_of_the_datasets(html, content):
    """In the units that stand beside them."""
    arrays = stored_arrays(html)
    shown = map_views.views(content.ensemble, content.theory)
    for name, label, field, size, unit in (
        ("polarization", "Δ_B", None, 1.0, "µC/m²"),
        ("kinetic_energy", "−Ω_B", -1, 1.0, "meV"),
        ("angular_momentum", "0", 0, 1e-4, "10⁻⁴ ħ"),
    ):
        assert shown[name, label].unit.text == unit
        for column, dataset in (
            ("value", content.ensemble),
            ("error", content.ensemble),
            ("theory", content.theory),
        ):
            key = name if field is not None else f"delta_{name}"
            key += "_stderr" if column == "error" else ""
            expected = dataset[key] if field is None else dataset[key].sel(field=field)
            given = arrays[f"{name}/{label}/{column}"]
            tolerance = 1e-7 if column == "error" else 1e-15
            np.testing.assert_allclose(size * given, expected.values.ravel(), rtol=tolerance)


def test_nothing_is_loaded_from_anywhere(html):
    for tag, attributes in Tags(html).found:
        for name in ("src", "srcset", "data", "action"):
            assert attributes.get(name, "data:").startswith("data:"), (tag, attributes)
        if tag != "a":
            assert attributes.get("href", "data:").startswith("data:"), (tag, attributes)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert "url(" not in style and "@import" not in style


def test_links_are_relative_and_lead_to_the_files_given(html, content):
    found = [a["href"] for tag, a in Tags(html).found if tag == "a" and a["href"][0] != "#"]
    assert sorted(found) == sorted(content.files)
    # the endings of one file stand side by side
    assert links(["tables/a.md", "tables/a.csv"]).count("<li>") == 1


def test_what_differs_is_marked():
    config = copy.deepcopy(CONFIG)
    config["dipole"]["eta_a"] = 1.3
    rows = re.findall(r"<tr( class=differs)?><td><code>(.*?)</code>", configuration_table(config))
    marks = {key: bool(mark) for mark, key in rows}
    assert marks["dipole.eta_a"] and marks["lattice.nx"]
    assert not marks["dipole.kernel"] and not marks["field.omega_B_rad_per_ps"]
    assert "<mark>1.3</mark></td><td>1.2</td>" in configuration_table(config)
    assert "<mark>7</mark></td><td>31 (demo)</td>" in configuration_table(config)


def test_the_demo_of_the_schema_is_the_demo():
    demo = yaml.safe_load((ROOT / "config" / "config.yaml").read_text(encoding="utf-8"))
    keys = {k: d for k, d in schema.described("config").items() if not d.has_default}
    compared = 0
    for key, described in keys.items():
        value = demo
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        assert value == described.usual, key
        compared += value is not None
    assert compared == 10


def test_warnings_are_told_from_good_news(content):
    told = findings(content.ensemble, content.comparison, ["time: too long"], "engine.run")
    warnings = [line for warns, line in told if warns]
    assert "L_z, zero field at the edges changes" in warnings[0]
    assert "too few independent blocks to tell whether Δ_B P" in warnings[1]
    assert warnings[2] == "time: too long"
    assert warnings[3].startswith("Twins: the harmonic twins of Δ_B P miss")
    assert "engine.run" in warnings[4]


def test_a_theory_of_a_state_that_is_left_is_warned_of(content):
    comparison = content.comparison.assign_attrs(turns="P does not stay along x: why")
    told = findings(content.ensemble, comparison)
    assert (True, "Theory: P does not stay along x: why.") in told


def test_a_sound_campaign_warns_of_nothing(content):
    calm = {k: 0.0 for k in content.ensemble if k.endswith("_drift")}
    sound = content.comparison.assign(twin_probability=("map", [0.5, 0.2, 0.9]))
    told = findings(content.ensemble.assign(calm), sound)
    assert [warns for warns, _ in told] == [False, False, False]


def test_headline_answer_and_citation_stand_in_the_text(html):
    for part in (
        "15 × 13 × 3 cells of BaTiO3",
        "8 replicas, 8 replicas",
        "Δ_B P at the edges<b>8.0 ± 1.3 µC/m²</b>",
        "Transverse accumulation of polarization",
        "Daniel A. Bustamante Lopez",
        "Ferroic Polarization from Nonpolar Phonons",
        "Turan Birol",
        "<noscript>",
    ):
        assert part in html


@pytest.mark.parametrize("place", [(9, 11), (14, 7)])
def test_the_first_cell_is_the_one_with_the_largest_response(content, place):
    theory = content.theory.copy(deep=True)
    theory["delta_polarization"].loc[{}] = 1.0
    theory["delta_polarization"][dict(zip("xy", place, strict=True))] = -2.0
    axes = (content.ensemble[axis].values for axis in "xy")
    _, start = explorer.explorer(map_views.views(content.ensemble, theory), *axes)
    at = start.args["at"].data
    assert (at["i"], at["j"]) == ([place[0]], [place[1]])


def test_one_replica_is_no_plural(content):
    single = content.ensemble.assign_attrs(replicas=1)
    assert "; 1 replica, 8 " in asked(content.parameters, "BaTiO3", single)


def test_a_campaign_without_scan_has_no_curves():
    html = document(make_content(scan=None))
    assert 'id="scan"' not in html and 'href="#scan"' not in html


def test_units_are_written_as_figures_have_them(html):
    text = "# T\n\n| x (uC/m^2) | unit |\n| --- | --- |\n| 1 | hbar |\n| 2 | e/angstrom^3 |\n"
    _, table = table_html(text + "\nIn ueV, 1/angstrom; 10^-3.\n")
    for part in ("x (µC/m²)", "<td>ħ</td>", "<td>e/Å³</td>", "In µeV, 1/Å; 10⁻³."):
        assert part in table
    # names of units stand where the page shows text, and no word that merely looks like one
    assert display_units.typeset("uCampaign u0 hbars ufo") == "uCampaign u0 hbars ufo"
    assert not re.search(r"uC/m|\^2|\bhbar\b", re.sub(r"<script[\s\S]*?</script>", "", html))


@pytest.mark.parametrize(
    ("unit", "value", "error", "shown"),
    [
        ("meV", -0.0548, 0.00042, "-54.80 ± 0.42 µeV"),
        ("hbar", -1.0271e-3, 6.1e-6, "(-1.0271 ± 0.0061) × 10⁻³ ħ"),
        ("uC/m^2", -11.98, 0.53, "-11.98 ± 0.53 µC/m²"),
        ("uC/m^2", 0.004, 0.53, "0 ± 530 nC/m²"),
    ],
)
def test_the_headline_has_the_units_of_the_figures(content, monkeypatch, unit, value, error, shown):
    key = "delta_polarization"
    monkeypatch.setattr(type(headline.RESPONSE_MAPS[key]), "unit", unit)
    data = content.ensemble.assign({f"edge_{key}": value, f"edge_{key}_stderr": error})
    assert dict(headline.edge_accumulations(data))[headline.RESPONSE_MAPS[key].title] == shown


@pytest.mark.parametrize("text", ["<b>&", "a | b"])
def test_a_table_of_markdown_becomes_html(text):
    title, html = table_html(f"# T {text}\n\n| x |  | z |\n| --- | --- | --- |\n| 1 |  | q |\n")
    assert title == f"T {text}"
    assert "<td class='number'>1</td><td></td><td>q</td>" in html


def test_curves_that_another_key_differs_by_are_named():
    """Two values of the field, each with a curve in a colour of its own and its name above."""
    scan = make_scan().isel(row=[0, 1, 2, 0, 1, 2])
    fields = np.repeat(["1", "80"], 3)
    scan = scan.assign_coords(
        each_key=("row", ["field.omega_B_rad_per_ps"] * 6), each_value=("row", fields)
    )
    plots = curves(scan)
    assert len(plots) == 3
    for plot in plots.values():
        assert plot.legend[0].title == "field.omega_B_rad_per_ps"
        assert [item.label.value for item in plot.legend[0].items] == ["1", "80"]
        colours = {item.renderers[0].glyph.line_color for item in plot.legend[0].items}
        assert len(colours) == 2
