"""What a release repeats is the same everywhere: version, licence, dependencies, commands."""

import re
import tomllib

import jinja2
import yaml

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_NAMES = {"matplotlib": "matplotlib-base", "snakemake": "snakemake-minimal"}
"""Name of a Python package → of the conda package that has it without what is not needed here."""


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def citation():
    return yaml.safe_load(text("CITATION.cff"))


def recipe():
    """The conda recipe as conda-build reads it."""
    rendered = jinja2.Template(text("recipe/meta.yaml"), undefined=jinja2.StrictUndefined).render(
        environ={"FERRONHALL_SHA256": 64 * "0"}, PYTHON="python"
    )
    return yaml.safe_load(rendered)


def split(requirement):
    """(name, what is asked of its version) of a requirement in either notation."""
    name, asked = re.fullmatch(r"([A-Za-z0-9_.-]+) ?(.*)", requirement).groups()
    return name, asked


def test_the_version_is_the_same_everywhere():
    version = PROJECT["version"]
    assert str(citation()["version"]) == version
    assert str(recipe()["package"]["version"]) == version
    assert recipe()["source"]["url"].endswith(f"ferronhall-{version}.tar.gz")
    for page in ("README.md", "docs/elsewhere.md"):
        assert set(re.findall(r"ferronhall-(\d[\w.]*)-py3", text(page))) == {version}


def test_the_version_has_its_day_in_the_changelog():
    headings = re.findall(r"^## \[(.+?)\](?: - (\S+))?$", text("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == ("Unreleased", "")
    assert headings[1] == (PROJECT["version"], str(citation()["date-released"]))


def test_the_workflow_asks_for_the_snakemake_that_the_package_does():
    (asked,) = re.findall(r'^min_version\("(.+)"\)$', text("Snakefile"), re.MULTILINE)
    assert ("snakemake", f">={asked}") in map(split, PROJECT["dependencies"])


def test_the_licence_is_the_same_everywhere_and_that_of_the_data():
    assert text("LICENSE").startswith(f"{PROJECT['license']} License")
    assert citation()["license"] == PROJECT["license"] == recipe()["about"]["license"]
    assert f"licence of the code, {PROJECT['license']}" in text("data/README.md")
    for folder in (ROOT / "data").iterdir():
        assert not folder.is_dir() or f"]({folder.name}/README.md)" in text("data/README.md")


def test_the_recipe_needs_what_the_package_needs():
    wanted = dict(split(requirement) for requirement in PROJECT["dependencies"])
    wanted = {CONDA_NAMES.get(name, name): asked for name, asked in wanted.items()}
    wanted["python"] = PROJECT["requires-python"]
    requirements = recipe()["requirements"]
    assert dict(map(split, requirements["run"])) == wanted
    assert wanted["python"] == dict(map(split, requirements["host"]))["python"]
    build = tomllib.loads(text("pyproject.toml"))["build-system"]["requires"]
    assert set(map(split, build)) < set(map(split, requirements["host"]))


def test_the_recipe_has_every_command():
    commands = dict(line.split(" = ") for line in recipe()["build"]["entry_points"])
    assert commands == PROJECT["scripts"]


def test_the_citation_names_what_the_readme_asks_to_cite():
    cited = text("README.md").partition("## Cite\n")[2]
    cited = " ".join(cited.split())
    paper, *_ = citation()["references"]
    assert "CITATION.cff" in cited
    assert all(author["family-names"] in cited for author in paper["authors"])
    assert paper["title"].partition(":")[0] in cited


def test_the_checklist_names_every_file_that_holds_the_version():
    for file in ("pyproject.toml", "CITATION.cff", "recipe/meta.yaml", "CHANGELOG.md"):
        assert f"`{file}`" in text("docs/releasing.md")
