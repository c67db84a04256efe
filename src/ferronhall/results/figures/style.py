"""One look for all figures: fonts, line widths, colours, and axes placed in inches."""

import json

import matplotlib as mpl
from matplotlib.colors import LinearSegmentedColormap

WIDTH = 7.0
"""Width of a two-column figure (inches)."""

SMALL = 6.2
"""Smallest font size used (points)."""

POSITIVE = "#b2182b"
NEGATIVE = "#2166ac"
INK = "#222222"
FADED = "#8a8a8a"
LEFT = "#7b3294"
RIGHT = "#e08214"
FIELD = "#1b7837"
FERROELECTRIC = "#6a3d9a"

RING = {"ls": "none", "marker": "o", "mfc": "none", "mec": POSITIVE, "mew": 0.8}
"""Around a point that others are compared with."""

DIVERGING = "RdBu_r"
"""Colour map of what may have either sign."""

SHADES = "viridis"
"""Colour map of curves that another key differs by, in the order of its values."""

TEMPERATURE = LinearSegmentedColormap.from_list(
    "temperature", ["#cfdfec", "#eceae4", "#f8cf9c", "#ee8a4a", "#cf3f2a"]
)

RC = {
    "font.family": "DejaVu Sans",
    "font.size": 7.0,
    "mathtext.fontset": "dejavusans",
    "axes.titlesize": 7.5,
    "axes.labelsize": 7.0,
    "axes.linewidth": 0.6,
    "axes.edgecolor": INK,
    "axes.labelpad": 2.0,
    "axes.formatter.use_mathtext": True,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.major.pad": 2.0,
    "ytick.major.pad": 2.0,
    "lines.linewidth": 1.1,
    "legend.fontsize": 6.5,
    "legend.frameon": False,
    "legend.handlelength": 1.3,
    "pdf.fonttype": 42,
    # by which matplotlib 3.11 divides the characters of PDF files too: a font is embedded once for
    # all of them, and not once more for Greek letters and signs
    "ps.fonttype": 42,
    "pdf.compression": 6,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


def context():
    """Context manager in which figures are drawn and saved, whatever the user's matplotlibrc."""
    defaults = {key: mpl.rcParamsDefault[key] for key in mpl.rcParamsDefault if key != "backend"}
    return mpl.rc_context({**defaults, **RC})


def new_figure(height, width=WIDTH):
    """An empty figure of `width` × `height` inches on the Agg canvas, outside pyplot."""
    # here, as the page takes its colours from this module, and draws nothing with matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def place(figure, left, bottom, width, height, **options):
    """Axes at a position given in inches from the figure's lower left corner."""
    total_width, total_height = figure.get_size_inches()
    return figure.add_axes(
        (
            left / total_width,
            bottom / total_height,
            width / total_width,
            height / total_height,
        ),
        **options,
    )


def canvas(figure, left, bottom, width, height, extent):
    """Bare axes for a drawing: no frame, equal scales; extent = (xmin, xmax, ymin, ymax)."""
    axes = place(figure, left, bottom, width, height)
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(extent[:2])
    axes.set_ylim(extent[2:])
    return axes


def note(figure, left, bottom, text, **options):
    """Text at a position in inches."""
    width, height = figure.get_size_inches()
    settings = {"ha": "left", "va": "baseline", "color": INK, **options}
    return figure.text(left / width, bottom / height, text, **settings)


def heading(figure, left, bottom, letter, title):
    """A panel's letter at a position in inches, and its title beside it."""
    note(figure, left, bottom, f"({letter})", weight="bold", fontsize=8)
    note(figure, left + 0.26, bottom, title, fontsize=7.5)


def headroom(axes, share):
    """Room for a legend above the curves, as a share of their height."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + share * (high - low))


def small_print(figure, *lines):
    """Lines at the foot of a two-column figure: what it shows, and where that comes from."""
    for n, line in enumerate(reversed(lines)):
        bottom = 0.045 + 0.1 * n
        note(figure, WIDTH / 2, bottom, line, ha="center", color=FADED, fontsize=SMALL)


def campaign_note(figure, parameters, ensemble):
    """The small print below a map figure: campaign, lattice, drive, couplings and ensemble."""
    replicas = int(ensemble.attrs["replicas"])
    couplings = interactions(json.loads(parameters.attrs["config"]))
    counted = (
        f"{replicas} replica{'s' if replicas != 1 else ''},  "
        f"errors over {ensemble.attrs['samples']}"
    )
    small_print(figure, _setting(parameters), f"{couplings};  {counted}")


def theory_note(figure, parameters, theory):
    """The small print below a figure of the theory: campaign, lattice, couplings and closure."""
    couplings = interactions(json.loads(parameters.attrs["config"]))
    closure = f"no noise,  closure: {theory.attrs['closure']}"
    small_print(figure, _setting(parameters), f"{couplings};  {closure}")


def theory_name(theory):
    """What legends call the theory of a dataset: an uneven crystal's is of the average one."""
    return "theory, average crystal" if "crystal" in theory.attrs else "theory"


def setting_note(figure, parameters, text):
    """The small print of what hangs on the model alone: campaign, lattice, couplings and a text."""
    couplings = interactions(json.loads(parameters.attrs["config"]))
    small_print(figure, _setting(parameters), f"{couplings};  {text}")


def interactions(config):
    """What decides size and sign of the responses, in words: preset, kernel and box along y."""
    padding = config["lattice"]["padding_y"]
    isolated = padding == "isolated"
    box = "no images along $y$" if isolated else f"box of ${padding:g}\\,n_y$ along $y$"
    preset, kernel = config["short_range"]["preset"], config["dipole"]["kernel"]
    return f"preset {preset},  {kernel} dipoles,  {box}"


def _setting(parameters):
    attrs = parameters.attrs
    direction = " ".join(f"{float(b):g}" for b in attrs["field_direction"])
    return (
        f"{attrs['campaign']}:  {attrs['nx']} × {attrs['ny']} × {attrs['nz']} cells,  "
        f"{attrs['T_hot_K']:g} K / {attrs['T_cold_K']:g} K,  "
        f"$\\Omega_B$ = {attrs['omega_B_rad_per_ps']:g} rad/ps along [{direction}]"
    )
