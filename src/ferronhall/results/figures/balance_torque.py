"""What turns the ions: the torques of the balance of angular momentum against y."""

from ferronhall.results.figures import style
from ferronhall.results.figures.output import DrawnFigure
from ferronhall.results.figures.terms import draw_term_cuts

LOOKS = {
    "torque_onsite": ("on-site", style.RIGHT, {}),
    "torque_short_range": ("short range", style.NEGATIVE, {}),
    "torque_dipolar": ("dipoles", style.FERROELECTRIC, {}),
    "torque_magnetic": ("magnetic", style.FIELD, {}),
    "torque_damping": ("damping", style.POSITIVE, {}),
    "residual_angular_momentum": ("left over", style.INK, {"ls": ":"}),
}
PANELS = (("a", "", "Without field"), ("b", "delta_", "Field-odd part"))

COLUMN, LEFT, WIDTH, HEIGHT, BOTTOM = 3.48, 0.52, 2.8, 1.9, 0.52


def draw(parameters, balances):
    """Draw every torque of S38 over the right flank, without field and field-odd.

    parameters, balances : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure
    """
    height = BOTTOM + HEIGHT + 0.34
    data = []
    with style.context():
        figure = style.new_figure(height)
        for column, (letter, prefix, title) in enumerate(PANELS):
            left = 0.02 + column * COLUMN + LEFT
            style.heading(figure, left - 0.46, height - 0.17, letter, f"{title}, $x > 0$")
            axes = style.place(figure, left, BOTTOM, WIDTH, HEIGHT)
            columns = draw_term_cuts(axes, balances, LOOKS, prefix)
            axes.set_ylabel(r"torque about $z$ ($\hbar$/ps)")
            style.headroom(axes, 0.3)
            axes.legend(
                title="≈ 0: consistent with zero",
                title_fontsize=style.SMALL,
                loc="upper center",
                ncol=3,
                borderpad=0.1,
                handletextpad=0.4,
                labelspacing=0.2,
                columnspacing=1.0,
            )
            data.append((f"{letter}: cut at x > 0", columns))
        style.campaign_note(figure, parameters, balances)
    return DrawnFigure(figure, data)
