"""The files of a data set of second-order runs: dataset.yaml and polarizations.csv."""

from pathlib import Path

from ferronhall.base import schema, yaml_files
from ferronhall.base.errors import ConfigError

CONTENT = "dataset.yaml"
TABLE = "polarizations.csv"


def check(folder):
    """Whether both files are there and the description is right; ConfigError where not."""
    read_content(folder)
    _require(Path(folder) / TABLE)


def read_content(folder):
    """The checked description of a data set, defaults filled in.

    raises : ConfigError where it is missing or wrong
    """
    path = Path(folder) / CONTENT
    _require(path)
    content = yaml_files.read_checked(path, "second_order_data", "second_order.data")
    return schema.fill(content, "second_order_data")


def _require(path):
    if not path.is_file():
        raise ConfigError(
            f"second_order.data: '{path}' cannot be read (no such file); give the folder of a data "
            "set, as snakemake second_order_runs makes it"
        )
