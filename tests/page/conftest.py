"""The page of a made-up campaign with a scan, and a browser without a window to look at it."""

import shutil

import pytest
import xarray as xr

from ferronhall.results.page.citation import citation_html
from ferronhall.results.page.document import Content, document
from ferronhall.results.tables import result_table
from ferronhall.results.tables.table import Table, markdown
from tests.conftest import CONFIG, ROOT
from tests.unit.synthetic_campaign import (
    make_comparison,
    make_ensemble,
    make_parameters,
    make_scan,
    make_theory,
)

OPTIONS = "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
RESPONSES = ("angular_momentum_zero", "delta_kinetic_energy", "delta_polarization")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000000000200017e21bc330000000049454e44ae426082"
)
"""A picture of one transparent pixel."""


def make_content(**others):
    """A Content of made-up data; L_z drifts, and the twins of Δ_B P are doubtful."""
    parameters = make_parameters()
    ensemble = make_ensemble(parameters).assign_attrs(sample_count=8, campaign="demo")
    drifts = dict(zip(RESPONSES, (4.0, 1.0, float("nan")), strict=True))
    ensemble = ensemble.assign({f"edge_{key}_drift": drift for key, drift in drifts.items()})
    theory = make_theory(parameters)
    comparison = make_comparison(ensemble, theory)
    comparison["twin_probability"] = xr.DataArray([0.5, 0.2, 1e-5], dims="map")
    table = Table("Summary", ["map", "value"], [["b", 10.0], ["a", -2.0], ["c", None]], ["A note."])
    content = {
        **{"parameters": parameters, "ensemble": ensemble, "theory": theory},
        **{"comparison": comparison, "scan": make_scan(), "material": "BaTiO3", "config": CONFIG},
        **{"picture": PIXEL, "citation": citation_html(ROOT / "CITATION.cff")},
        "tables": {
            "summary": markdown(table),
            "scan": markdown(result_table("scan", scan=make_scan())),
        },
        "files": ["ensemble.nc", "tables/summary.csv", "tables/summary.md", "figures/fig3.png"],
    }
    return Content(**content | others)


@pytest.fixture(scope="session")
def content():
    """What the page shows."""
    return make_content()


@pytest.fixture(scope="session")
def html(content):
    """The page as text."""
    return document(content)


@pytest.fixture(scope="session")
def browser():
    """Chromium driven by Selenium."""
    programs = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in programs:
        pytest.skip("no chromium with chromedriver is installed: the page is not looked at")
    selenium = pytest.importorskip("selenium.webdriver", reason="Selenium drives the browser")
    chromium, driver = programs
    options = selenium.ChromeOptions()
    options.binary_location = chromium
    for option in OPTIONS.split():
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # a path of its own, or Selenium would look for a driver in the network
    started = selenium.Chrome(options=options, service=selenium.ChromeService(driver))
    yield started
    started.quit()
