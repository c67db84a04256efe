"""Links between files of the repository, as links between pages of the site.

Pages are written to be read in the repository: a link names a file beside, above or below. On the
site the same file may be another page, or none.
"""

import posixpath
import re

PAGES = {
    "README.md": "index.md",
    "config/README.md": "configuration.md",
    "CHANGELOG.md": "changelog.md",
}
"""File of the repository → page of the site, where it is not that of docs/ by the same name."""

LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


def rewritten(text, source, page):
    """A page's Markdown with links that hold on the site.

    source : str
        The file of the repository it was written for, such as config/README.md.
    page : str
        The page of the site, such as configuration.md.
    returns : str; a link to a file that is not on the site is left as its text
    """

    def replace(match):
        mark, words, target = match.groups()
        path, sharp, anchor = target.partition("#")
        if re.match(r"\w+:", target) or not path:
            return match.group()
        file = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        there = PAGES.get(file)
        if there is None and file.startswith("docs/"):
            there = file.removeprefix("docs/")
        if there is None:
            return words
        shown = posixpath.relpath(there, posixpath.dirname(page) or ".")
        return f"{mark}[{words}]({shown}{sharp}{anchor})"

    return LINK.sub(replace, text)


def anchor(heading, separator="-"):
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", separator)
