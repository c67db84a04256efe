"""Checking a YAML file against its schema, with messages that name key, value, range and remedy."""

import datetime
import difflib
import math
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from ferronhall.base.errors import ConfigError

SCHEMAS = resources.files("ferronhall.base") / "schemas"

_WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
    "array": "a list",
    "object": "a group of keys",
}
_LIMITS = {
    "minimum": "below the smallest allowed value",
    "maximum": "above the largest allowed value",
    "exclusiveMinimum": "not above the limit",
    "exclusiveMaximum": "not below the limit",
}
_EXPONENT = re.compile(r"([+-]?\d+)(\.\d*)?[eE]([+-]?)(\d+)")


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""What reads YAML: libyaml's, some seven times faster, where PyYAML was built with it."""


@cache
def _schema(name):
    return yaml.load((SCHEMAS / f"{name}.schema.yaml").read_text(encoding="utf-8"), LOADER)


def check(content, name):
    """Check content (from YAML) against schemas/<name>.schema.yaml.

    raises : ConfigError listing every mistake, a line each
    """
    if not isinstance(content, dict):
        raise ConfigError(f"{name}: the file holds no keys; start from one in config/")
    # here, as most who import this module have content that was checked before
    import jsonschema

    finite = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("number", _is_finite_number)
    whole = {"pattern": _matches_whole}
    checker = jsonschema.validators.extend(
        jsonschema.Draft202012Validator, whole, type_checker=finite
    )
    errors = sorted(
        checker(_schema(name)).iter_errors(content), key=lambda error: list(map(str, error.path))
    )
    report([message for error in errors for message in _messages(error)])


def report(messages):
    """Raise one ConfigError that lists the messages; nothing when there are none."""
    if len(messages) > 1:
        count = f"{len(messages)} mistakes in the input:"
        raise ConfigError("\n".join([count, *(f"- {message}" for message in messages)]))
    if messages:
        raise ConfigError(messages[0])


def fill(content, name):
    """A copy of checked content with the schema's defaults filled in and numbers typed.

    Numbers become float where the schema says number and int where it says integer, so that 50 and
    50.0 mean the same campaign.
    """
    return _fill(content, _schema(name))


@dataclass(frozen=True)
class Described:
    """What a schema says of a key.

    meaning : str
        Its description, with unit, range and default.
    usual : object
        The default or, where the key has none, the demo's value (the schema's first example); None
        of a key that the demo has not.
    has_default : bool
    """

    meaning: str
    usual: Any
    has_default: bool


def described(name):
    """Dotted key → Described, of every key of a schema that is no group of others."""
    return dict(_described(_schema(name), ""))


def _described(schema, prefix):
    for key, child in schema["properties"].items():
        if "properties" in child:
            yield from _described(child, f"{prefix}{key}.")
        else:
            usual = child.get("default", child.get("examples", [None])[0])
            meaning = " ".join(child["description"].split())
            yield f"{prefix}{key}", Described(meaning, usual, "default" in child)


def _fill(value, schema):
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        known = schema["properties"]
        filled = {}
        for key, child in known.items():
            if key in value:
                filled[key] = _fill(value[key], child)
            elif "default" in child:
                filled[key] = _fill(child["default"], child)
            elif child.get("type") == "object" and "required" not in child:
                filled[key] = _fill({}, child)
        return filled
    if kind == "object" and schema.get("additionalProperties"):
        return {key: _fill(entry, schema["additionalProperties"]) for key, entry in value.items()}
    if kind == "array":
        return [_fill(item, schema["items"]) for item in value]
    if "anyOf" in schema:
        branch = schema["anyOf"][_choice(value, schema["anyOf"])]
        return value if isinstance(value, str) else _fill(value, branch)
    return {"number": float, "integer": int}.get(kind, lambda same: same)(value)


def _choice(value, branches):
    """Which of the choices in the schemas is meant: a list, a word, or else what stands first."""
    if isinstance(value, list):
        kinds = [branch.get("type") for branch in branches]
        return kinds.index("array") if "array" in kinds else 0
    return 1 if isinstance(value, str) and not _is_number_as_text(value) else 0


def _is_finite_number(_, value):
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # a whole number of any length is one to YAML, and too large for a float
    return number and (math.isfinite(value) if isinstance(value, float) else abs(value) < 1e300)


def _matches_whole(_, pattern, value, __):
    # a $ of Python's allows for a line's end after it
    import jsonschema

    if isinstance(value, str) and not re.fullmatch(pattern, value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


def _messages(error):
    key = _dotted(error.absolute_path)
    value, schema, rule = error.instance, error.schema, error.validator
    meaning = f"\n  {schema['description']}" if "description" in schema else ""
    if rule == "additionalProperties" and not error.validator_value:
        for unknown in [k for k in value if k not in schema["properties"]]:
            yield _unknown(error.absolute_path, unknown, schema["properties"])
    elif rule == "required":
        # jsonschema reports each missing key by itself, named only in its English message
        missing = re.match(r"'(.*)' is a required property", error.message).group(1)
        described = schema["properties"][missing].get("description", "")
        full = _dotted([*error.absolute_path, missing])
        yield f"{full}: missing; add it\n  {described}"
    elif rule == "type":
        yield f"{key}: {_wrong_type(value, error.validator_value)}{meaning}"
    elif rule == "enum":
        choices = ", ".join(map(str, error.validator_value))
        near = _nearest(value, error.validator_value)
        yield f"{key}: '{value}' is not known{near}; choose one of {choices}{meaning}"
    elif rule in _LIMITS:
        yield f"{key}: {value} is {_LIMITS[rule]} {error.validator_value}{meaning}"
    elif rule in ("minItems", "maxItems"):
        yield f"{key}: {value} has {len(value)} entries, not {error.validator_value}{meaning}"
    elif rule == "maxLength":
        yield f"{key}: it has {len(value)} characters, more than {error.validator_value}{meaning}"
    elif rule == "anyOf":
        wanted = _choice(value, schema["anyOf"])
        for branch in error.context:
            if branch.schema_path[0] == wanted:
                yield from (f"{message}{meaning}" for message in _messages(branch))
    else:
        yield f"{key}: {value!r} is not allowed{meaning}"


def _unknown(path, key, known):
    full = _dotted([*path, key])
    return f"{full}: unknown key{_nearest(key, known, path)}; allowed here: {', '.join(known)}"


def _nearest(word, known, path=()):
    lowered = {str(k).lower(): str(k) for k in known}
    close = difflib.get_close_matches(str(word).lower(), lowered, n=1)
    return f" (did you mean {_dotted([*path, lowered[close[0]]])}?)" if close else ""


def _wrong_type(value, wanted):
    expected = _WORDS[wanted]
    if isinstance(value, str) and wanted in ("number", "integer"):
        return f"'{value}' is text, not {expected}; {_how_to_write(value)}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not a finite number"
    if isinstance(value, int) and abs(value) >= 1e300:
        return "has 300 digits or more"
    if value is None:
        return f"has no value; give {expected} or delete the line"
    if wanted == "string" and isinstance(value, bool | int | float | datetime.date):
        words = {bool: "true or false", datetime.date: "a date", datetime.datetime: "a time"}
        return (
            f"YAML reads what is written there as {words.get(type(value), 'a number')} ({value}), "
            "not as text; in a file put it in quotes, on a command line take one with a letter"
        )
    return f"{value!r} is not {expected}"


def _how_to_write(text):
    match = _EXPONENT.fullmatch(text.strip())
    if match:
        digits, fraction, sign, exponent = match.groups()
        fraction = fraction if fraction and len(fraction) > 1 else ".0"
        better = f"{digits}{fraction}e{sign or '+'}{exponent}"
        return (
            f"YAML 1.1 reads a number in this form as text (it wants a decimal point, and a sign "
            f"in the exponent): write {better}"
        )
    return "take the quotes away" if _is_number_as_text(text) else "give a number"


def _is_number_as_text(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def _dotted(path):
    return ".".join(map(str, path)) or "the file"
