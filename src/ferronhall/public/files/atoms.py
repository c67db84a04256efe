"""A state as atoms displaced by the local mode, in extended XYZ: for OVITO, ASE and others."""

import re
from pathlib import Path

import numpy as np
import xarray as xr

from ferronhall.base.storage import replacing
from ferronhall.model.model import Model
from ferronhall.public.files.columns import columns

__all__ = ["write_extxyz"]


def write_extxyz(
    model: Model, path: str | Path, state: xr.Dataset | None = None, maps: xr.Dataset | None = None
) -> Path:
    """Write the slab's atoms, each displaced by Δr = Σ_α u_α v_α of its cell.

    model : Model
    path : file to write
    state : Dataset of u (Å) and, where it has one, v (Å/ps), dims (component, x, y, z), as
        Campaign.state gives them; without one every cell stands at u0 along x
    maps : Dataset over (x, y), each of whose maps becomes a column: an atom has its cell's value
    returns : Path
    raises : ValueError when state or maps are of another lattice; DataFileError when the file
        cannot be written

    >>> import ferronhall as fh
    >>> campaign = fh.open("results/demo")
    >>> path = fh.write_extxyz(campaign.model, "state.xyz", campaign.state(),
    ...     campaign.ensemble[["delta_polarization"]])
    >>> lines = path.read_text().splitlines()
    >>> lines[0], len(lines)
    ('350', 352)
    """
    slab, mode, a = model.slab, model.material.mode, model.material.lattice_constant
    moved = {} if state is None else {n: _field(state, n, slab.shape) for n in "uv" if n in state}
    u = moved.get("u")
    if u is None:
        u = model.rest_state
    corner = np.stack(np.meshgrid(*(np.arange(n) for n in slab.shape), indexing="ij"), axis=-1)
    # (nx, ny, nz, atom, 3)
    sites = a * (corner[..., None, :] + mode.positions)
    parts = [("pos", sites + np.einsum("axyz,ask->xyzsk", u, mode.eigenvector))]
    if "v" in moved:
        parts.append(("velo", np.einsum("axyz,ask->xyzsk", moved["v"], mode.eigenvector)))
    atoms = len(mode.labels)
    for name, values, _ in columns(maps) if maps is not None else ():
        if values.shape != slab.shape[:2]:
            raise ValueError(
                f"maps: '{name}' has the shape {values.shape}, the model's slab is "
                f"{slab.nx} x {slab.ny} cells"
            )
        everywhere = np.broadcast_to(values[:, :, None, None, None], (*slab.shape, atoms, 1))
        parts.append((re.sub(r"\W", "_", name), everywhere))
    lattice = " ".join(f"{x:.8g}" for x in np.diag(a * np.array(slab.shape, float)).ravel())
    kinds = "".join(f":{name}:R:{values.shape[-1]}" for name, values in parts)
    heading = f'Lattice="{lattice}" Properties=species:S:1{kinds} pbc="T F T"'
    table = np.concatenate([v.reshape(slab.sites * atoms, -1) for _, v in parts], axis=1)
    elements = [_element(label) for label in mode.labels] * slab.sites
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as stream:
        stream.write(f"{len(table)}\n{heading}\n")
        for element, row in zip(elements, table, strict=True):
            stream.write(f"{element} {' '.join(f'{x:.9g}' for x in row)}\n")
    return Path(path)


def _field(state: xr.Dataset, name: str, shape: tuple[int, int, int]) -> np.ndarray:
    found = state[name].transpose("component", "x", "y", "z").values
    if found.shape != (3, *shape):
        raise ValueError(
            f"state: {name} has the shape {found.shape}, the model's slab asks for {(3, *shape)}"
        )
    return found


def _element(label: str) -> str:
    """Chemical symbol of an atom's name: O of O1."""
    found = re.match(r"[A-Z][a-z]?", label)
    return found.group() if found else label
