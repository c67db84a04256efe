"""YAML files: read with one message for whatever is wrong with them, and written whole."""

from pathlib import Path

import yaml

from ferronhall import schema
from ferronhall.errors import ConfigError
from ferronhall.storage import replacing


def read(path):
    """Content of a YAML file, unchecked; ConfigError when it cannot be read."""
    try:
        return yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"'{path}' cannot be read ({error.strerror or error})") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"'{path}' cannot be read as YAML: {error}") from error


def read_checked(path, schema_name, key):
    """Content of a YAML file that agrees with workflow/schemas/<schema_name>.schema.yaml.

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


def write(content, path):
    """Write dicts, lists, texts and numbers as YAML, in their order; DataFileError on failure."""
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
