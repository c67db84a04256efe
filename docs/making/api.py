"""The page of the public names, from their docstrings and signatures."""

import inspect
import re
from functools import cached_property

import ferronhall
from ferronhall.public import FerronAccessor

HEAD = """# API

What `import ferronhall as fh` offers, and `ds.ferron` of every dataset, by the docstrings of the
library: the texts that `help(fh.open)` prints. [From Python](library.md) tells which is for what.
"""
ITEM = re.compile(r"^([\w., …*|-]+?) : ?(.*)$")
WIDTH = 88


def page():
    """The whole page in Markdown."""
    names = [(f"fh.{name}", getattr(ferronhall, name)) for name in ferronhall.__all__]
    return "\n".join([HEAD, *(entry(*each) for each in [*names, ("ds.ferron", FerronAccessor)])])


def entry(name, thing):
    """A name with its signature and docstring; of a class, its attributes and methods besides."""
    if not inspect.isclass(thing):
        return f"## `{name}`\n\n{signature(name, thing)}\n{prose(thing)}"
    # an error is caught and the accessor is there: neither is called
    called = not issubclass(thing, Exception) and thing is not FerronAccessor
    parts = [f"## `{name}`\n", signature(name, thing) if called else "", prose(thing)]
    members = [each for each in vars(thing).items() if not each[0].startswith("_")]
    for key, value in members:
        if isinstance(value, property | cached_property):
            parts.append(f"- `.{key}`: {' '.join(inspect.getdoc(value).split())}")
    short = name.rpartition(".")[2]
    for key, value in members:
        method = getattr(value, "__func__", value)
        if inspect.isfunction(method):
            head = signature(f"{short}.{key}", method)
            parts.append(f"\n### `{short}.{key}`\n\n{head}\n{prose(method)}")
    return "\n".join(parts)


def signature(name, thing):
    """How a name is called, as a block of code: an argument a line where they are many."""
    found = inspect.signature(thing)
    arguments = [a for key, a in found.parameters.items() if key not in ("self", "cls")]
    back = inspect.Signature.empty if inspect.isclass(thing) else found.return_annotation
    text = str(found.replace(parameters=arguments, return_annotation=back))
    # names without their modules, and without the quotes of those that are loaded later
    text = re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", text)
    text = re.sub(r"(: |-> )'([^']+)'", r"\1\2", text)
    if len(name + text) > WIDTH:
        inside, arrow, result = text.partition(" -> ")
        words = re.split(r", (?=\*{0,2}\w+:)", inside[1:-1])
        text = "(\n" + "".join(f"    {word},\n" for word in words) + f"){arrow}{result}"
    return f"```python\n{name}{text}\n```\n"


def prose(thing):
    """A docstring as Markdown: arguments as a list, examples as code."""
    out, in_item, in_code = [], False, False
    for line in [*(inspect.getdoc(thing) or "").splitlines(), ""]:
        if in_code and not line.strip():
            out, in_code = [*out, "```"], False
        if line.startswith(">>>") and not in_code:
            out, in_code = [*out, "", "```pycon"], True
        item = None if in_code else ITEM.match(line)
        if item:
            out += [] if in_item else [""]
            out.append(f"- **{item[1]}**: {item[2]}")
            in_item = True
        elif in_item and line.startswith(" "):
            out.append("    " + line.strip())
        else:
            in_item = in_item and not line
            out.append(line)
    return "\n".join(out)
