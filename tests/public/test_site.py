"""The site: it is built without a network, its tutorials run, and its links lead somewhere."""

import copy
import re
import shutil
import subprocess
from html.parser import HTMLParser
from urllib.parse import unquote

import nbformat
import pytest

from ferronhall.base import storage
from ferronhall.campaign.config import validate
from ferronhall.model.model import read_model
from ferronhall.theory.linear_response.laboratory import laboratory_dataset
from tests.conftest import CONFIG, ROOT
from tests.public.conftest import CHANGED, quiet

pytest.importorskip("mkdocs", reason="MkDocs builds the site: pip install -e '.[docs]'")
pytest.importorskip("nbclient", reason="nbclient runs the tutorials: pip install -e '.[docs]'")
pytest.importorskip("ipykernel", reason="ipykernel runs the tutorials: pip install -e '.[docs]'")

TUTORIALS = sorted(path.stem for path in ROOT.glob("docs/tutorials/*.md"))


class Page(HTMLParser):
    """What a page of the site links to, loads, and can be linked by."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loaded, self.anchors = [], [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found[key] for key in ("id", "name") if found.get(key)}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") != "canonical":
            self.loaded.append(found["href"])
        elif found.get("src"):
            self.loaded.append(found["src"])


@pytest.fixture(scope="module")
def site(place, tmp_path_factory):
    """The site, its tutorials run beside a campaign of 7 × 5 × 2 cells."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    folder = tmp_path_factory.mktemp("site")
    demo = shutil.copytree(place / "results" / "demo", folder / "results" / "demo")
    whole = validate(copy.deepcopy(CONFIG | CHANGED))
    laboratory = laboratory_dataset(read_model(demo / "parameters.nc"), whole, log=quiet)
    storage.write(laboratory, demo / "laboratory.nc")
    config = load_config(
        str(ROOT / "mkdocs.yml"),
        site_dir=str(folder / "site"),
        extra={"results": str(folder / "results")},
        strict=True,
    )
    build(config)
    return folder / "site"


def test_every_link_of_every_page_leads_somewhere(site):
    pages = {path: Page(path) for path in site.rglob("*.html")}
    assert len(pages) > 25
    for path, page in pages.items():
        for link in page.links + page.loaded:
            if re.match(r"(https?|mailto|data):", link) or path.name == "404.html":
                continue
            name, _, anchor = unquote(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.exists(), (path.name, link)
            # without one, the top
            assert not anchor or anchor in pages[target].anchors, (path.name, link)


def test_nothing_is_loaded_from_a_network(site):
    for path in site.rglob("*.html"):
        assert not [link for link in Page(path).loaded if re.match(r"(https?:)?//", link)], path
    for path in site.rglob("*.css"):
        loaded = re.findall(r"(?:url\(|@import)\s*['\"]?([^'\")]+)", path.read_text("utf-8"))
        assert not [link for link in loaded if re.match(r"(https?:)?//", link)], path


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_has_run_and_shows_a_picture(site, name):
    made = nbformat.read(site / "tutorials" / f"{name}.ipynb", as_version=4)
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert len(code) > 4
    shown = (site / "tutorials" / f"{name}.html").read_text(encoding="utf-8")
    assert "OUTPUT-" not in shown
    pictures = [output for cell in code for output in cell.outputs if "png" in str(output)[:500]]
    assert bool(pictures) == (name != "material") and shown.count("data:image/png") == len(pictures)


def test_a_tutorial_begins_with_text_and_its_code_is_short(site):
    for name in TUTORIALS:
        cells = nbformat.read(site / "tutorials" / f"{name}.ipynb", as_version=4).cells
        assert cells[0].cell_type == "markdown" and cells[0].source.startswith("# ")
        assert max(len(c.source.splitlines()) for c in cells if c.cell_type == "code") <= 25


def test_tutorials_use_the_public_interface_alone():
    for name in TUTORIALS:
        text = (ROOT / "docs" / "tutorials" / f"{name}.md").read_text(encoding="utf-8")
        assert "import ferronhall as fh" in text
        assert not re.search(r"(from|import) ferronhall\.", text)


@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium searches the site")
def test_the_search_needs_no_server(site):
    chromium = "chromium --headless --no-sandbox --disable-gpu --disable-background-networking"
    command = [*chromium.split(), "--virtual-time-budget=5000", "--dump-dom"]
    address = f"file://{site}/search.html?q=sponge_layers"
    done = subprocess.run([*command, address], capture_output=True, text=True, timeout=120)
    found = done.stdout.partition('id="mkdocs-search-results"')[2]
    assert "configuration.html#keys" in found


def test_the_api_describes_every_public_name(site):
    import ferronhall

    anchors = Page(site / "api.html").anchors
    assert {f"fh{name.lower()}" for name in ferronhall.__all__} | {"dsferron"} <= anchors


def test_what_is_stable_names_tests_that_exist():
    text = (ROOT / "docs" / "status.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")]
    rows = [row for row in rows if row[0].strip() != "feature"]
    assert len(rows) > 40
    for feature, state, tests in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)`", tests)
        assert state.strip().startswith(("stable", "experimental", "not there")), feature
        assert bool(named) != state.strip().startswith("not there"), feature
        assert all((ROOT / test).is_file() for test in named), feature
    # so that what is new in the model is not left among what is not there
    held = {test for row in rows for test in re.findall(r"`(tests/[\w/]+\.py)`", row[2])}
    physics = {str(path.relative_to(ROOT)) for path in ROOT.glob("tests/physics/test_*.py")}
    assert physics <= held, physics - held
    assert any(test.startswith("tests/gpu/") for test in held)
