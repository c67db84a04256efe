"""The files of a data set of second-order runs: dataset.yaml and polarizations.csv."""

from pathlib import Path

import yaml

from ferronhall import schema
from ferronhall.errors import ConfigError

CONTENT = "dataset.yaml"
TABLE = "polarizations.csv"


def read_content(folder):
    """The checked description of a data set, defaults filled in.

    raises : ConfigError where it is missing or wrong
    """
    path = Path(folder) / CONTENT
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        schema.check(content, "second_order_data")
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(
            f"second_order.data: '{path}' cannot be read ({error}); give the folder of a data set, "
            "as snakemake second_order_runs makes it"
        ) from error
    except ConfigError as error:
        raise ConfigError(f"second_order.data: '{path}' cannot be used: {error}") from error
    return schema.fill(content, "second_order_data")
