"""All points of a scan as one dataset (scan.nc)."""

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.campaign.scan.axes import axes, text
from ferronhall.model.material import read_material


def scan_dataset(config, points):
    """Put the points of a scan in the order of its axes.

    config : dict, the base's part of the configuration, with the scan
    points : iterable of Dataset, see point.point_dataset
    returns : Dataset with the responses, dims (row, map, approximation); each row has its key, its
        value as text and as a number (NaN for a word), and whether it is the base, which stands in
        every axis; published sizes over map where the material file has them, else NaN
    """
    by_name = {point.attrs["point"]: point for point in points}
    rows = [(axis, value) for axis in axes(config) for value in axis.values]
    content = [by_name[axis.point(value)] for axis, value in rows]
    # the encoding of the first point would cut the reasons of the others to its own length
    dataset = xr.concat(
        content, "row", data_vars="all", coords="minimal", compat="override", combine_attrs="drop"
    ).drop_encoding()
    published = read_material(config["material"]).get("published", {})
    sizes = [published.get(f"edge_{name}", np.nan) for name in dataset["map"].values]
    dataset["published"] = ("map", sizes, {"long_name": "published size at the edges"})
    number = [np.nan if isinstance(value, str) else value for _, value in rows]
    return dataset.assign_coords(
        key=("row", [axis.key for axis, _ in rows]),
        value=("row", [text(value) for _, value in rows]),
        number=("row", np.array(number, float)),
        base=("row", [value == axis.base for axis, value in rows]),
    ).assign_attrs(provenance.attributes(config))
