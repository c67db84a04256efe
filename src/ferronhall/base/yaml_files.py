"""YAML files: read with one message for whatever is wrong with them, and written whole."""

from pathlib import Path

import yaml

from ferronhall.base import schema
from ferronhall.base.errors import ConfigError
from ferronhall.base.regular_file import require_regular
from ferronhall.base.storage import replacing


class _Loader(schema.LOADER):
    """Refuses a key that stands twice in a group, of which YAML would take the last."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise ConfigError(
                    f"{key.value}: stands twice in one group, the second time in line "
                    f"{key.start_mark.line + 1}; leave one"
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(path):
    """Content of a YAML file, unchecked; ConfigError when it cannot be read or repeats a key."""
    try:
        require_regular(path)
        return yaml.load(Path(path).read_text(encoding="utf-8"), _Loader)
    except ConfigError as error:
        raise ConfigError(f"'{path}' cannot be used: {error}") from error
    except OSError as error:
        raise ConfigError(f"'{path}' cannot be read ({error.strerror or error})") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"'{path}' cannot be read as YAML: {error}") from error


def read_checked(path, schema_name, key):
    """Content of a YAML file that agrees with schemas/<schema_name>.schema.yaml.

    key : str
        Of the configuration, where it names the file; begins the message.
    raises : ConfigError when the file cannot be read or has mistakes
    """
    try:
        content = read(path)
    except ConfigError as error:
        raise ConfigError(f"{key}: {error}") from error
    try:
        schema.check(content, schema_name)
    except ConfigError as error:
        raise ConfigError(f"{key}: '{path}' cannot be used: {error}") from error
    return content


def retyped(value):
    """Values from a command line, where numbers and words alike arrive as text, read as YAML."""
    if isinstance(value, dict):
        return {key: retyped(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [retyped(entry) for entry in value]
    try:
        return yaml.safe_load(value) if isinstance(value, str) else value
    except yaml.YAMLError:
        return value


def write(content, path):
    """Write dicts, lists, texts and numbers as YAML, in their order; DataFileError on failure."""
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
