"""The campaign's tables; those of results one module each, found by name as the figures are."""

from importlib import import_module


def result_table(name, **datasets):
    """The table of results called `name`: the `table` function of its module.

    datasets : xarray.Dataset by name
        Those that paths.RESULT_TABLES lists for the table.
    returns : tables.table.Table
    """
    return import_module(f"ferronhall.results.tables.{name}").table(**datasets)
