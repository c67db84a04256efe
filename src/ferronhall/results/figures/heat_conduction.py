"""Self-consistent baths: temperature, its field-odd part and the responses in that state."""

from ferronhall.model.statistics import CLASSICAL, SUFFIX
from ferronhall.results.figures import quantities, style
from ferronhall.results.figures.maps import draw_colour_bar, draw_map, label_scale, panel_aspect
from ferronhall.results.figures.output import DrawnFigure

COLUMN, LEFT, WIDTH, BETWEEN = 2.32, 0.44, 1.42, 0.78


def draw(parameters, self_consistent):
    """Draw T(x, y) without field, Δ_B T and the mean over y, then L_z, Δ_B KE and Δ_B P.

    parameters, self_consistent : xarray.Dataset
        Content of parameters.nc and self_consistent.nc.
    returns : DrawnFigure
    """
    found = self_consistent
    map_height = WIDTH * panel_aspect(found.sizes["x"], found.sizes["y"])
    bottoms = 0.56 + map_height + BETWEEN, 0.56
    panels = (
        (0, 0, quantities.temperature(found, odd=False), "Temperature, no field"),
        (0, 1, quantities.temperature(found, odd=True), "Thermal Hall effect"),
        (1, 0, quantities.zero_field(found, "angular_momentum"), "Phonon angular momentum"),
        (1, 1, quantities.field_odd(found, "kinetic_energy"), "Phonon Hall response"),
        (1, 2, quantities.field_odd(found, "polarization"), "Ferron Hall response"),
    )
    data = []
    with style.context():
        figure = style.new_figure(2 * map_height + BETWEEN + 0.98)
        for letter, (row, column, field, title) in zip("abdef", panels, strict=True):
            left, bottom = 0.02 + column * COLUMN + LEFT, bottoms[row]
            style.heading(figure, left - 0.42, bottom + map_height + 0.19, letter, title)
            mesh = draw_map(style.place(figure, left, bottom, WIDTH, map_height), field)
            bar = style.place(figure, left + WIDTH + 0.05, bottom, 0.07, map_height)
            draw_colour_bar(figure, bar, mesh, field)
            label_scale(figure, left + WIDTH + 0.40, bottom + map_height + 0.05, field)
            data.append((f"{letter}: {title}", field.columns()))
        left, x = 0.02 + 2 * COLUMN + LEFT, found["x"].values
        style.heading(figure, left - 0.42, bottoms[0] + map_height + 0.19, "c", "Mean over $y$")
        axes = style.place(figure, left, bottoms[0], WIDTH + 0.2, map_height)
        columns = {"x (cells)": x}
        for n, name, label, colour in (
            (1, "no field", "no field", style.INK),
            (2, "+Omega_B", r"$\pm\Omega_B$", style.POSITIVE),
        ):
            for statistics, suffix in SUFFIX.items():
                if f"temperature{suffix}" not in found:
                    continue
                mean = found[f"temperature{suffix}"].isel(field=n).mean("y").values
                dashes = "-" if statistics == CLASSICAL else "--"
                text = f"{label}, {statistics}"
                axes.plot(x, mean, dashes, color=colour, marker="o", ms=1.2, lw=0.9, label=text)
                columns[f"T, {name}, {statistics} (K)"] = mean
        axes.set_xlabel("$x$ (cells)")
        axes.set_ylabel("$T$ (K)")
        axes.legend(frameon=False, fontsize=5, loc="lower center")
        data.insert(2, ("c: mean over y", columns))
        style.theory_note(figure, parameters, found)
    return DrawnFigure(figure, data)
