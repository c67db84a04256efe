"""The static loop against a field along x, and what softens on the way to its end."""

from ferronhall.results.figures import style
from ferronhall.results.figures.output import DrawnFigure

HEIGHT, WIDTH, SIZE = 2.75, 2.75, 1.75
LOOKS = {"cell": {"color": style.FADED, "lw": 2.2}, "slab": {"color": style.INK, "lw": 0.9}}
SOFT = {
    "stiffness_cell": ("a cell alone", LOOKS["cell"]),
    "stiffness_static": ("slab, uniform along x and z", LOOKS["slab"]),
    "stiffness_softest": ("slab, softest of all", {"color": style.POSITIVE}),
}


def draw(parameters, hysteresis):
    """Draw P against the field, and the stiffness on the branch along +x.

    parameters, hysteresis : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure
    """
    found, data = hysteresis, []
    field, spinodal = found["field"].values, float(found["spinodal_cell"])
    with style.context():
        figure = style.new_figure(HEIGHT)
        loop = style.place(figure, 0.6, 0.62, WIDTH, SIZE)
        style.heading(figure, 0.18, HEIGHT - 0.3, "a", "Loop")
        columns = {"E (kV/cm)": field}
        for name, look in LOOKS.items():
            for way in found["direction"].values:
                values = found[f"polarization_{name}"].sel(direction=way).values
                label = {"cell": "a cell alone", "slab": "slab"}[name] if way == "down" else None
                loop.plot(field, values, label=label, **look)
                columns[f"P, {name}, {way} (C/m^2)"] = values
        for end in (spinodal, -spinodal):
            loop.axvline(end, color=style.FADED, lw=0.5, ls=(0, (1, 2)), zorder=0)
        loop.set_xlabel("$E_x$ (kV/cm)")
        loop.set_ylabel("$P$ (C/m$^2$)")
        loop.legend(loc="upper left")
        data.append(("a", columns))
        soft = style.place(figure, 4.05, 0.62, WIDTH, SIZE)
        style.heading(figure, 3.63, HEIGHT - 0.3, "b", "Stiffness along +x")
        columns = {"E (kV/cm)": found["branch_field"].values}
        for name, (label, look) in SOFT.items():
            soft.plot(found["branch_field"], found[name], label=label, **look)
            columns[f"{label} (eV/A^2)"] = found[name].values
        soft.axvline(spinodal, color=style.FADED, lw=0.5, ls=(0, (1, 2)), zorder=0)
        soft.set_yscale("log")
        soft.set_xlabel("$E_x$ (kV/cm)")
        soft.set_ylabel("stiffness (eV/Å$^2$)")
        soft.legend(loc="center right")
        data.append(("b", columns))
        style.setting_note(figure, parameters, "at rest, dotted: spinodal of the well")
    return DrawnFigure(figure, data)
