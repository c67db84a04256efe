"""All points of a scan as one dataset (scan.nc)."""

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.campaign.scan.axes import rows, text
from ferronhall.model.material import read_material


def scan_dataset(config, points):
    """Put the points of a scan in the order of its axes.

    config : dict, the base's part of the configuration, with the scan
    points : iterable of Dataset, see point.point_dataset
    returns : Dataset with the responses, dims (row, map, approximation); each row has its key, its
        value as text and as a number (NaN for a word), the key and value it stands beside (empty
        where only one key varies), and whether it is the base, which stands in every axis;
        published sizes over map where the material file has them, else NaN
    """
    by_name = {point.attrs["point"]: point for point in points}
    scanned = rows(config)
    content = [by_name[row.point] for row in scanned]
    # the encoding of the first point would cut the reasons of the others to its own length
    dataset = xr.concat(
        content, "row", data_vars="all", coords="minimal", compat="override", combine_attrs="drop"
    ).drop_encoding()
    published = read_material(config["material"]).get("published", {})
    sizes = [published.get(f"edge_{name}", np.nan) for name in dataset["map"].values]
    dataset["published"] = ("map", sizes, {"long_name": "published size at the edges"})
    number = [np.nan if isinstance(row.value, str) else row.value for row in scanned]
    beside = [
        (row.each.key, text(row.each.key, row.each_value)) if row.each else ("", "")
        for row in scanned
    ]
    return dataset.assign_coords(
        key=("row", [row.axis.key for row in scanned]),
        value=("row", [text(row.axis.key, row.value) for row in scanned]),
        number=("row", np.array(number, float)),
        each_key=("row", [key for key, _ in beside]),
        each_value=("row", [value for _, value in beside]),
        base=("row", [not row.changes for row in scanned]),
    ).assign_attrs(provenance.attributes(config))
