"""The crystal's branches, and those the local-mode model keeps of them, as a picture."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ferronhall.base.storage import replacing
from ferronhall.crystals.phonons import dispersion
from ferronhall.crystals.phonons.projected_kernel import centred_shares, projected_kernel
from ferronhall.model.material import Material

_COLOURS = ("C3", "C0", "C2", "C4")


def draw(data, content, path):
    """Write the picture of FirstPrinciples and the material file's content made of them."""
    material = Material.from_dict(content)
    cubic = data.cubic
    way = dispersion.zone_path(dispersion.CUBIC, cubic.cell.cell, 31)
    shares = centred_shares(cubic.cell, data.soft_mode.b_site)
    at_origin = projected_kernel(cubic, material.mode.eigenvector, shares, np.zeros((1, 3)))
    stiffness = float(at_origin[0, 0, 0].real)
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    crystal = dispersion.crystal_branches(cubic, way, with_dipoles=True)
    axes.plot(way.distance, crystal, color="0.7", lw=0.8)
    for colour, (name, preset) in zip(_COLOURS, material.short_range.items(), strict=False):
        branches = dispersion.model_branches(
            material, preset, way, stiffness, data.content["eta_a"]
        )
        lines = axes.plot(way.distance, branches, color=colour, lw=1.2)
        lines[0].set_label(name)
    axes.axhline(0, color="0.4", lw=0.5)
    axes.set_xticks(way.corners, way.labels)
    axes.set_xlim(0, way.corners[-1])
    axes.set_ylabel("frequency (THz), imaginary ones negative")
    axes.set_title(f"{content['name']}: crystal (grey) and local-mode model")
    axes.legend(fontsize="small")
    with replacing(path) as whole:
        figure.savefig(whole, dpi=150, format=str(path).rsplit(".", 1)[1])
