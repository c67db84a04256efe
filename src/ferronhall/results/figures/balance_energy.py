"""Where the energy goes: currents over the kinetic energy, the balance, and what is left over."""

from math import lgamma

import numpy as np
from matplotlib.colors import Normalize

from ferronhall.results.figures import quantities, style
from ferronhall.results.figures.maps import draw_colour_bar, draw_map, edges, panel_aspect
from ferronhall.results.figures.output import DrawnFigure
from ferronhall.results.figures.standard_errors import LARGEST
from ferronhall.results.figures.terms import at_zero_field, draw_term_cuts, residual_map

COLUMN, LEFT, WIDTH, LOWER = 2.32, 0.44, 1.42, 1.05
LEGEND = {"borderpad": 0.1, "handletextpad": 0.4, "labelspacing": 0.1, "fontsize": 5.4}
ARROWS = 16
"""Most arrows along an axis; the current is averaged over the cells around them."""

BALANCE = {
    "power_bath": ("bath", style.POSITIVE, {}),
    "power_dipolar": ("dipoles", style.FERROELECTRIC, {}),
    "energy_outflow": ("inflow of $J^E$", style.NEGATIVE, {}),
    "power_step": ("finite substep", style.FADED, {}),
    "residual_energy": ("left over", style.INK, {"ls": ":"}),
}
TRANSVERSE = {"energy_current_y": (r"$\Delta_B J^E_y$", style.FIELD, {"marker": ".", "ms": 2.5})}
RESIDUALS = {
    "residual_kinetic_energy": ("kinetic energy (S29)", style.RIGHT),
    "residual_energy": ("energy (S31)", style.FIELD),
    "residual_angular_momentum": ("$L_z$ (S38)", style.LEFT),
}


def draw(parameters, ensemble, balances):
    """Draw the energy balance without field, its field-odd current, and the residuals.

    parameters, ensemble, balances : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure
    """
    map_height = WIDTH * panel_aspect(balances.sizes["x"], balances.sizes["y"])
    map_bottom = 0.52 + LOWER + 0.62
    height = map_bottom + map_height + 0.36
    data = []
    with style.context():
        figure = style.new_figure(height)
        heat = quantities.zero_field(ensemble, "kinetic_energy", "_folded")
        odd = quantities.field_odd(ensemble, "kinetic_energy", "_folded")
        left_over = residual_map(balances, "residual_energy", "residual of S31")
        maps = (
            ("a", heat, "Energy current", ""),
            ("b", odd, "Field-odd energy current", "delta_"),
            ("c", left_over, "Residual, zero field", None),
        )
        for column, (letter, field, title, prefix) in enumerate(maps):
            left = 0.02 + column * COLUMN + LEFT
            style.heading(figure, left - 0.42, height - 0.17, letter, title)
            axes = style.place(figure, left, map_bottom, WIDTH, map_height)
            mesh = draw_map(axes, field)
            if prefix is None:
                mesh.set_norm(Normalize(-LARGEST, LARGEST))
                label = field.axis_label.replace("$", "")
            else:
                current = _currents(balances, prefix)
                colour = "white" if field.positive else style.INK
                _draw_arrows(axes, field, current, colour)
                data.append((f"{letter}: current", _current_columns(field, current)))
                label = f"{field.axis_label};  longest arrow {_longest(current):.2g} meV/ps"
            bar = style.place(figure, left + WIDTH + 0.05, map_bottom, 0.07, map_height)
            draw_colour_bar(figure, bar, mesh, field)
            style.note(figure, left - 0.1, map_bottom + map_height + 0.05, label, fontsize=6.2)
            data.append((f"{letter}: map", field.columns()))
        lower = [
            style.place(figure, 0.02 + c * COLUMN + LEFT, 0.52, WIDTH + 0.12, LOWER)
            for c in range(3)
        ]
        data.append(("d: balance along x", _draw_balance(lower[0], balances)))
        data.append(("e: cut at x > 0", draw_term_cuts(lower[1], balances, TRANSVERSE, "delta_")))
        lower[1].set_ylabel(r"$\Delta_B J^E_y$ (meV/ps)")
        data.append(("f: chi squared", _draw_distribution(lower[2], balances)))
        heads = ("d", "Balance of energy (S31)"), ("e", "Flank $x > 0$"), ("f", "All residuals")
        for column, head in enumerate(heads):
            left = 0.02 + column * COLUMN + LEFT
            style.heading(figure, left - 0.42, 0.52 + LOWER + 0.08, *head)
        style.campaign_note(figure, parameters, balances)
    return DrawnFigure(figure, data)


def _currents(balances, prefix):
    """Folded current density, shape (2, nx, ny), meV/ps through a cell's face."""
    names = [f"{prefix}energy_current_{axis}_folded" for axis in "xy"]
    return np.array([balances[n].values if prefix else at_zero_field(balances, n) for n in names])


def _coarse(values):
    """Means over at most ARROWS equally wide windows along each of the last two axes.

    Windows of a width that is no whole number share the cells on their borders, so that they lie
    symmetrically about the middle and no side looks stronger than its mirror image.
    """
    for axis in (-2, -1):
        weights = _windows(values.shape[axis])
        values = np.moveaxis(np.tensordot(weights, values, axes=(1, axis)), 0, axis)
    return values


def _windows(cells):
    """Share of every cell in each window, shape (window, cell), rows adding up to 1."""
    count = min(ARROWS, cells)
    ends = np.linspace(0, cells, count + 1)[:, None]
    first = np.arange(cells)
    overlap = np.minimum(ends[1:], first + 1) - np.maximum(ends[:-1], first)
    return np.clip(overlap, 0, None) * count / cells


def _middles(coordinate):
    """Middles of the windows along a coordinate of equally spaced cells."""
    bounds = edges(coordinate)
    ends = np.linspace(bounds[0], bounds[-1], min(ARROWS, coordinate.size) + 1)
    return (ends[1:] + ends[:-1]) / 2


def _longest(current):
    return float(np.linalg.norm(_coarse(current), axis=0).max())


def _draw_arrows(axes, field, current, colour):
    if not current.any():
        return
    middles = [_middles(coordinate) for coordinate in (field.x, field.y)]
    place = np.meshgrid(*middles, indexing="ij")
    spacing = WIDTH / len(place[0])
    axes.quiver(
        *place,
        *_coarse(current),
        color=colour,
        pivot="mid",
        units="inches",
        scale=_longest(current) / (1.4 * spacing),
        width=0.010,
        headwidth=3.5,
        headlength=4.0,
    )


def _current_columns(field, current):
    return {
        "x (cells)": np.repeat(field.x, field.y.size),
        "y (cells)": np.tile(field.y, field.x.size),
        "J_x (meV/ps)": current[0].ravel(),
        "J_y (meV/ps)": current[1].ravel(),
    }


def _draw_balance(axes, balances):
    """The terms of S31 without field against x, averaged over y."""
    x = balances["x"].values
    columns = {"x (cells)": x}
    axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
    for name, (label, colour, options) in BALANCE.items():
        values = at_zero_field(balances, f"{name}_folded").mean("y").values
        if name == "energy_outflow":
            name, values = "energy_inflow", -values
        axes.plot(x, values, label=label, color=colour, **{"lw": 0.9, **options})
        columns[f"{name} (meV/ps)"] = values
    axes.set_xlabel("$x$ (cells)")
    axes.set_ylabel("power (meV/ps)")
    axes.set_xlim(x[0] - 0.5, x[-1] + 0.5)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.5 * (high - low))
    axes.legend(loc="upper left", ncols=2, columnspacing=0.8, **LEGEND)
    return columns


def _student(t, freedom):
    """Density of Student's t, for which scipy.stats would take half a second to import."""
    half = (freedom + 1) / 2
    peak = np.exp(lgamma(half) - lgamma(freedom / 2)) / np.sqrt(np.pi * freedom)
    return peak * (1 + t**2 / freedom) ** -half


def _draw_distribution(axes, balances):
    """Residuals of all fields over their errors, beside the distribution of pure noise."""
    bins = np.linspace(-LARGEST, LARGEST, 41)
    freedom = int(balances.attrs["sample_count"]) - 1
    centres = (bins[1:] + bins[:-1]) / 2
    if freedom > 0:
        noise = _student(centres, freedom)
        axes.plot(centres, noise, color=style.INK, lw=0.8, ls="--", label="noise")
    lines = []
    for name, (label, colour) in RESIDUALS.items():
        values, errors = balances[name].values, balances[f"{name}_stderr"].values
        ratios = (values[errors > 0] / errors[errors > 0]).ravel()
        if len(ratios):
            share = np.histogram(ratios, bins)[0] / len(ratios) / (bins[1] - bins[0])
            axes.stairs(share, bins, color=colour, lw=0.8, label=label)
        lines.append(balances["chi_squared"].sel(residual=name).values)
    axes.set_xlabel("residual (standard errors)")
    axes.set_ylabel("density")
    axes.set_xlim(-LARGEST, LARGEST)
    axes.set_ylim(0, 0.75)
    if axes.has_data():
        axes.legend(loc="upper left", **LEGEND)
    parts = list(balances["part"].values)
    return {
        "residual": np.repeat(list(RESIDUALS), len(parts)),
        "part": np.tile(parts, len(RESIDUALS)),
        "chi squared a cell": np.concatenate(lines),
        "expected": np.full(len(parts) * len(RESIDUALS), balances.attrs["expected_chi_squared"]),
    }
