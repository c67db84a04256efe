"""The page of every variable of the result files (docs/variables.md), made from the files."""

import textwrap

import xarray as xr

from ferronhall.public.accessor import ERROR
from ferronhall.public.campaign import Campaign
from ferronhall.public.stages import STAGES

__all__ = ["examples", "page"]

_HEAD = """\
# Variables of the result files

Made from the files of a campaign by `ferronhall.public.variables.page`; a test holds it to them.

Each line has an example, for which

```
import ferronhall as fh
campaign = fh.open("results/demo")
```

is all that is needed. **±**: the standard error stands beside it as `<name>_stderr`. Units are
those of pint ([library.md](library.md#units)); `1` is a pure number, – a word, or numbers of
several units, which the meaning then tells.
"""

_WIDTH = 116


def page(campaign: Campaign) -> str:
    """The page as Markdown, of every stage that a campaign has, and of a trajectory and a state."""
    parts = [_HEAD]
    for name, dataset in _files(campaign).items():
        parts.append(_section(name, dataset))
    return "\n".join(parts)


def examples(campaign: Campaign) -> dict[str, str]:
    """Expression → variable, of every example on the page."""
    return {
        _example(name, dataset, key): key
        for name, dataset in _files(campaign).items()
        for key in _listed(dataset)
    }


def _files(campaign: Campaign) -> dict[str, xr.Dataset]:
    """Datasets by how a campaign is asked for them."""
    found = {stage: getattr(campaign, stage) for stage in campaign.stages}
    found['trajectory("plus", 0)'] = campaign.trajectory("plus", 0)
    found["state()"] = campaign.state()
    return found


def _listed(dataset: xr.Dataset) -> list[str]:
    """Its variables, without the standard errors of others."""
    names = [str(name) for name in dataset.data_vars]
    return [n for n in names if not (n.endswith(ERROR) and n.removesuffix(ERROR) in names)]


def _section(name: str, dataset: xr.Dataset) -> str:
    kinds = {
        'trajectory("plus", 0)': ("trajectories/…/0000.nc", "block means of one trajectory"),
        "state()": ("checkpoints/0000.final.ckpt", "the state in which a replica ended"),
    }
    file, meaning = kinds.get(name) or (f"{name}.nc", STAGES[name])
    lines = [f"## {file}", "", f"`campaign.{name}`: {meaning}.", ""]
    known = [f"`{c}` ({_unit(dataset[c])})" for c in dataset.coords]
    if known:
        lines += [textwrap.fill(f"Coordinates: {', '.join(known)}.", _WIDTH), ""]
    if dataset.attrs:
        said = ", ".join(f"`{a}`" for a in dataset.attrs)
        lines += [textwrap.fill(f"Attributes: {said}.", _WIDTH), ""]
    lines += [
        "| variable | ± | dimensions | unit | meaning | example |",
        "|---|---|---|---|---|---|",
    ]
    for key in _listed(dataset):
        variable = dataset[key]
        error = "±" if key + ERROR in dataset else ""
        dims = ", ".join(map(str, variable.dims)) or "–"
        said = str(variable.attrs.get("long_name", "")).replace("|", "\\|")
        example = _example(name, dataset, key)
        lines.append(f"| `{key}` | {error} | {dims} | {_unit(variable)} | {said} | `{example}` |")
    return "\n".join([*lines, ""])


def _unit(variable: xr.DataArray) -> str:
    return str(variable.attrs.get("units", "–"))


def _example(name: str, dataset: xr.Dataset, key: str) -> str:
    """An expression that takes something from a variable: by the label of its first dimension."""
    start, variable = f"campaign.{name}.{key}", dataset[key]
    if hasattr(xr.Dataset, key):
        # a name that a Dataset has itself
        start = f'campaign.{name}["{key}"]'
    if not variable.dims:
        return f"{start}.item()"
    dim = str(variable.dims[0])
    if dim not in dataset.coords:
        return f"{start}.isel({dim}=0)"
    last = dataset[dim].values[-1]
    if dim in ("x", "y"):
        return f'{start}.sel({dim}=0, method="nearest")'
    if len(set(dataset[dim].values.tolist())) < dataset.sizes[dim]:
        return f"{start}.isel({dim}=0)"
    return f"{start}.sel({dim}={last.item()!r})".replace("'", '"')
