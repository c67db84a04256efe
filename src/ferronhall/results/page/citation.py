"""How to cite: the CITATION file of the workflow and the papers it refers to, as HTML."""

from html import escape

from ferronhall.base import yaml_files


def citation_html(path):
    """The software and its references, from a CITATION.cff; "" for no path.

    raises : ConfigError where the file cannot be read
    """
    if not path:
        return ""
    content = yaml_files.read(path)
    entries = [content, *content.get("references", [])]
    return (
        f"<p>{escape(content['message'])}</p>"
        f"<ul>{''.join(f'<li>{_entry(entry)}</li>' for entry in entries)}</ul>"
    )


def _entry(entry):
    authors = ", ".join(map(_name, entry["authors"]))
    year = entry.get("year") or str(entry.get("date-released", ""))[:4]
    parts = [authors, f"<i>{escape(entry['title'])}</i>"]
    parts += [f"version {escape(str(entry['version']))}"] if "version" in entry else []
    parts += [escape(str(each["value"])) for each in entry.get("identifiers", [])]
    parts += [str(year)] if year else []
    return ", ".join(parts) + "."


def _name(author):
    names = (author.get("given-names"), author.get("family-names"), author.get("name"))
    return escape(" ".join(filter(None, names)))
