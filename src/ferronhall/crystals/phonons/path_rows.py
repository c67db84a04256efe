"""The lines of a path's CSV file."""

import csv

from ferronhall.base.errors import ConfigError


def read_rows(path, key):
    """Lines as dicts; a byte order mark and blanks beside commas are no part.

    key : str
        Of the data file, that names it.
    raises : ConfigError when the file cannot be read
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.DictReader(stream, skipinitialspace=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"{key}: '{path}' cannot be read ({reason})") from error
    return [{(name or "").strip(): value for name, value in row.items()} for row in rows]
