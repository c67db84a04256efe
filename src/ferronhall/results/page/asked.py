"""The configuration of a campaign as a table that marks what is special about it."""

from html import escape

from ferronhall.base import schema


def configuration_table(config):
    """HTML table of every key with its value; those unlike the default are marked.

    config : dict, validated, or the part of it that stages see
    returns : str

    What has no default is compared with the demo (the schema's example). The key's description
    stands beside it.
    """
    keys = schema.described("config")
    rows = [_row(key, value, keys[key]) for key, value in leaves(config, keys)]
    head = "<tr><th>key</th><th>value</th><th>default</th><th>meaning</th></tr>"
    return f"<table class='config'><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def leaves(config, keys, prefix=""):
    """Dotted key and value of everything in a configuration that is a key of the schema."""
    for name, value in config.items():
        key = f"{prefix}{name}"
        if key in keys:
            yield key, value
        elif isinstance(value, dict):
            yield from leaves(value, keys, f"{key}.")


def _row(key, value, described):
    usual, text = described.usual, escape(_text(value))
    differs = value != usual
    shown = f"<mark>{text}</mark>" if differs else text
    beside = escape(_text(usual)) + ("" if described.has_default else " (demo)")
    return (
        f"<tr{' class=differs' if differs else ''}><td><code>{key}</code></td><td>{shown}</td>"
        f"<td>{beside if differs else '='}</td>"
        f"<td>{escape(described.meaning)}</td></tr>"
    )


def _text(value):
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(entry)}" for key, entry in value.items())
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value) or '""'
