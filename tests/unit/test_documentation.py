"""Pages of the repository: links lead somewhere, tables are the schemas', commands run."""

import os
import re
import subprocess
import sys
import tomllib

import pytest
from docs.making import configuration, gallery, runnable

from ferronhall.public.command.new_campaign import begin
from tests.conftest import ROOT

PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("config/*.md"),
        *ROOT.glob("data/**/*.md"),
    ]
)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(page):
    """Anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def check_links(page):
    """Assert that every link of a page within its folder tree leads to a file and a heading."""
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(page):
    check_links(page)


def test_links_of_a_new_campaigns_pages_lead_somewhere(tmp_path):
    pages = list(begin(tmp_path / "mine").rglob("*.md"))
    assert [page.name for page in pages] == ["README.md"]
    for page in pages:
        check_links(page)


def test_the_tables_of_keys_are_those_of_the_schemas():
    text = configuration.PAGE.read_text(encoding="utf-8")
    assert configuration.page(text) == text, "python -m docs.making.configuration"


def test_every_page_and_picture_is_linked():
    """A page or picture that nothing leads to is one that nobody keeps true."""
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in LINK.findall(page.read_text(encoding="utf-8"))
    }
    kept = {*ROOT.glob("docs/**/*.md"), *ROOT.glob("docs/images/*")}
    assert not {str(p.relative_to(ROOT)) for p in kept - linked}


def test_the_gallery_shows_every_figure_with_its_command():
    text = gallery.PAGE.read_text(encoding="utf-8")
    assert text == gallery.page(), "python -m docs.making.gallery results/demo"
    figures = {path.stem for path in (ROOT / "src/ferronhall/results/figures").glob("*.py")}
    named = {name for group, _ in gallery.GROUPS.values() for name in group}
    assert named <= figures
    assert named == {path.stem for path in gallery.PICTURES.iterdir()}
    assert max(path.stat().st_size for path in gallery.PICTURES.iterdir()) < 250_000


RUNNABLE = [
    pytest.param(page, code, id=f"{page.relative_to(ROOT)}-{number}")
    for page in PAGES
    for number, code in enumerate(runnable.blocks(page.read_text(encoding="utf-8")))
]


@pytest.fixture
def clone(tmp_path):
    """A folder that holds what a clone does, and may be written to."""
    for part in ROOT.iterdir():
        if part.name not in ("config", "results", ".snakemake"):
            (tmp_path / part.name).symlink_to(part)
    (tmp_path / "config").mkdir()
    for part in (ROOT / "config").iterdir():
        (tmp_path / "config" / part.name).symlink_to(part)
    return tmp_path


@pytest.fixture
def commands(tmp_path_factory):
    """A folder with the commands of the pages; of snakemake the dry run."""
    folder = tmp_path_factory.mktemp("bin")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = {
        name: "import sys; from {} import {}; sys.exit({}())".format(*entry.split(":"), "main")
        for name, entry in project["scripts"].items()
    }
    dry = "from snakemake.cli import main; main([*sys.argv[1:], '-n', '-q'])"
    for name, line in (lines | {"snakemake": f"import sys; {dry}"}).items():
        (folder / name).write_text(f"#!{sys.executable}\n{line}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize(("page", "code"), RUNNABLE)
def test_commands_marked_as_runnable_run(page, code, clone, commands):
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        cwd=clone,
        env=os.environ
        | {"PYTHONPATH": str(ROOT / "src"), "PATH": f"{commands}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_commands_are_marked_on_several_pages():
    assert len({parameters.values[0] for parameters in RUNNABLE}) >= 4
