"""What MkDocs calls while it builds the site (mkdocs.yml): made pages, links, outputs."""

import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File
from pygments.formatters import HtmlFormatter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from docs.making import api, links, notebooks, runnable  # noqa: E402

log = get_plugin_logger("ferron-hall")

LIMITS = "## Limits\n"
TUTORIALS = "tutorials/"

outputs = {}
"""Page → the HTML of what its cells show."""


def on_config(config):
    """Anchors as code hosts make them, so that a link holds in the repository and on the site."""
    config["mdx_configs"]["toc"]["slugify"] = links.anchor
    return config


def on_files(files, config):
    """The pages that are no file of docs/."""
    made = {
        page: links.rewritten(read(source), source, page) for source, page in links.PAGES.items()
    }
    made |= {
        "limits.md": limits(),
        "api.md": api.page(),
        "pygments.css": HtmlFormatter(style="friendly").get_style_defs(".codehilite"),
    }
    for uri, content in made.items():
        files.append(File.generated(config, uri, content=content))
    results = Path(config["extra"].get("results") or ROOT / "results")
    for uri in [f.src_uri for f in files if f.src_uri.startswith(TUTORIALS)]:
        if uri.endswith(".md"):
            content = tutorial(uri, results.absolute())
            files.append(File.generated(config, uri.replace(".md", ".ipynb"), content=content))
    return files


def on_page_markdown(markdown, page, config, files):
    """Links to other files of the repository, tutorials with what they show, marks left out."""
    uri = page.file.src_uri
    if uri.startswith(TUTORIALS):
        markdown, outputs[uri] = shown[uri]
        name = f"{Path(uri).stem}.ipynb"
        markdown += f"\n\nThis page as a notebook, for the clone's folder: [{name}]({name})\n"
    if page.file.generated_by is None or uri.startswith(TUTORIALS):
        markdown = links.rewritten(markdown, f"docs/{uri}", uri)
    return markdown.replace(runnable.MARK, "")


def on_page_content(html, page, config, files):
    """The outputs, where the Markdown left room for them."""
    for number, output in enumerate(outputs.get(page.file.src_uri, [])):
        html = html.replace(f"<p>OUTPUT-{number}</p>", output)
    return html


def on_post_build(config):
    """A search that needs no server."""
    folder = Path(config["site_dir"], "search")
    index = json.loads((folder / "search_index.json").read_text(encoding="utf-8"))
    for name in ("search_index.json", "worker.js", "lunr.js"):
        (folder / name).unlink()
    # its sections, without the whole page that holds them
    sections = [entry for entry in index["docs"] if "#" in entry["location"]]
    pages = json.dumps(sections, ensure_ascii=False, separators=(",", ":"))
    (folder / "pages.js").write_text(f"const PAGES = {pages};\n", encoding="utf-8")
    (folder / "main.js").write_text(read("docs/making/search.js"), encoding="utf-8")


shown = {}
"""Tutorial → its Markdown and outputs."""


def tutorial(uri, results):
    """Run a tutorial beside results; the notebook as text. Without them it is shown unrun."""
    made = notebooks.notebook(read(f"docs/{uri}"))
    if 'fh.open("results/demo")' in str(made) and not (results / "demo" / "ensemble.nc").exists():
        log.warning("%s is not run: %s/demo is not there; `snakemake` makes it", uri, results)
    else:
        with tempfile.TemporaryDirectory() as folder:
            for name, there in {"config": ROOT / "config", "data": ROOT / "data"}.items():
                os.symlink(there, Path(folder, name))
            os.symlink(results, Path(folder, "results"))
            made = notebooks.executed(made, folder)
    shown[uri] = notebooks.shown(made)
    return nbformat.writes(made)


def limits():
    """README.md's limits, as a page of their own."""
    section = read("README.md").partition(LIMITS)[2].partition("\n## ")[0]
    return f"# Limits\n{links.rewritten(section, 'README.md', 'limits.md')}"


def read(path):
    """Text of a file of the repository."""
    return (ROOT / path).read_text(encoding="utf-8")
