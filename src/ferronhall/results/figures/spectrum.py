"""Which phonons make the edge responses: by frequency, and by wave vector along x and z."""

import numpy as np

from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.model.statistics import CLASSICAL, QUANTUM
from ferronhall.results import average_crystal
from ferronhall.results.figures import style
from ferronhall.results.figures.cuts import ZERO
from ferronhall.results.figures.output import DrawnFigure
from ferronhall.results.figures.scan import COLUMNS

LOOKS = {
    CLASSICAL: {"color": style.NEGATIVE, "lw": 1.0},
    QUANTUM: {"color": style.POSITIVE, "lw": 1.0},
}
WAVES = {"qx": "$|q_x|$ $(2\\pi/a)$", "qz": "$|q_z|$ $(2\\pi/a)$"}
LEFT, COLUMN, WIDTH, HEIGHT, ROW, TOP, BELOW = 0.54, 2.32, 1.66, 0.98, 1.38, 0.5, 0.78
GROUPED = 2
"""Bands of the dataset in one of the figure."""

FACTORS = [m * 10**n for n in range(6) for m in (1, 2, 5)]
"""What the quantum curves may be multiplied by, to be seen beside the classical ones."""


def draw(parameters, theory_spectrum):
    """Draw densities and running sums of the three edge responses against frequency, q_x and q_z.

    A response that is zero by symmetry, whose parts are too, is drawn and written as zero.

    parameters, theory_spectrum : xarray.Dataset
        Content of parameters.nc and theory_spectrum.nc.
    returns : DrawnFigure
    """
    height = TOP + 3 * ROW + HEIGHT + BELOW
    bottoms = [height - TOP - HEIGHT - n * ROW for n in range(4)]
    mirrors, data = Mirrors.of_dataset(parameters), []
    with style.context():
        figure = style.new_figure(height)
        for column, (name, title, label, unit) in enumerate(COLUMNS):
            left = LEFT + column * COLUMN
            axes = [style.place(figure, left, bottom, WIDTH, HEIGHT) for bottom in bottoms]
            response = theory_spectrum["response"].sel(map=name) / unit.size
            if not RESPONSE_MAPS[name].accumulates(mirrors):
                # of which the sums over waves leave rounding alone
                response = 0.0 * response
            factor = _factor(response)
            modes = theory_spectrum["modes"].isel(omega_B=0 if name.endswith("_zero") else 1)
            head = style.heading
            head(figure, left - 0.44, bottoms[0] + HEIGHT + 0.12, "abc"[column], title)
            header = f"edge {name} ({unit.ascii}"
            frequency = _by_frequency(axes[:2], response, modes, factor, header)
            data.append((f"{'abc'[column]}: frequency", frequency))
            for axis, wave in zip(axes[2:], WAVES, strict=True):
                panel = f"{'abc'[column]}: {wave}"
                data.append((panel, _by_wave(axis, response, wave, factor, header)))
            for axis in axes:
                axis.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
                axis.set_ylabel(f"edge ${label}$ ({unit.label})")
            axes[0].set_ylabel(rf"$\mathrm{{d}}{label}/\mathrm{{d}}\omega$ ({unit.label} ps)")
            text = f"quantum × {factor}" if factor > 1 else "" if response.any() else ZERO
            axes[1].annotate(text, (1.0, 1.04), xycoords="axes fraction", ha="right")
            if column == 0:
                handles = axes[1].get_legend_handles_labels()
                figure.legend(*handles, loc="upper center", ncols=2, borderpad=0.2)
        _small_print(figure, parameters)
    return DrawnFigure(figure, data)


def _by_frequency(axes, response, modes, factor, header):
    """Density over the density of states, and running sums below."""
    inside = np.isfinite(response["omega_high"].values)
    edges = np.append(0.0, response["omega_high"].values[inside])
    last = (edges.size - 1) // GROUPED * GROUPED
    edges = edges[: last + 1 : GROUPED]
    count = _grouped(modes.sum(["qx", "qz"]).values, last)
    shade = axes[0].twinx()
    shade.stairs(count / np.diff(edges), edges, fill=True, color=style.FADED, alpha=0.3, lw=0)
    shade.set_ylim(0, None)
    shade.set_yticks([])
    axes[0].set_zorder(shade.get_zorder() + 1)
    axes[0].patch.set_visible(False)
    columns = {"omega from (rad/ps)": edges[:-1], "omega to (rad/ps)": edges[1:]}
    columns["modes (ps)"] = count / np.diff(edges)
    for name, look in LOOKS.items():
        by_band = response.sel(statistics=name).sum(["qx", "qz"]).values
        part = _grouped(by_band, last)
        shown = factor * part if name == QUANTUM else part
        axes[0].stairs(shown / np.diff(edges), edges, baseline=None, **look)
        axes[1].plot(edges, np.append(0.0, np.cumsum(shown)), label=name, **look)
        columns[f"density of {header} ps), {name}"] = part / np.diff(edges)
        columns[f"running sum of {header}), {name}"] = np.cumsum(part)
    reach = edges[1:][count > 0].max() + edges[1]
    for axis in axes:
        axis.set_xlim(0, reach)
    axes[1].set_xlabel(r"$\omega$ (rad/ps)")
    axes[0].set_xticklabels([])
    return columns


def _by_wave(axes, response, wave, factor, header):
    """What every |q| counts (dots), and running sums."""
    others = [name for name in ("qx", "qz", "band") if name != wave]
    q = response[wave].values
    columns = {f"{wave} (2pi/a)": q}
    for name, look in LOOKS.items():
        part = response.sel(statistics=name).sum(others).values
        shown = factor * part if name == QUANTUM else part
        axes.plot(q, shown, ls="none", marker="o", ms=2.2, color=look["color"])
        axes.plot(q, np.cumsum(shown), **look)
        columns[f"{header}), {name}"] = part
        columns[f"running sum of {header}), {name}"] = np.cumsum(part)
    axes.set_xlabel(WAVES[wave])
    return columns


def _factor(response):
    """What shows the quantum running sum at the size of the classical one."""
    sums = response.sum(["qx", "qz"]).cumsum("band")
    classical, quantum = (float(abs(sums.sel(statistics=name)).max()) for name in LOOKS)
    return max((f for f in FACTORS if f * quantum <= classical), default=1) if quantum else 1


def _grouped(values, last):
    return values[:last].reshape(-1, GROUPED).sum(axis=1)


def _small_print(figure, parameters):
    theory = average_crystal.after("harmonic theory", parameters)
    style.setting_note(figure, parameters, f"{theory},  grey: density of states")
