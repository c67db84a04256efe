"""Nothing runs through a legend or off the page."""

import numpy as np

from ferronhall.results import figures
from tests.unit.synthetic_campaign import make_scan

from .drawn_artists import boxes


def test_no_line_runs_through_the_legend_of_the_theory(campaign, drawings):
    figure = drawings["theory_maps"].figure
    (legend,) = figure.legends
    assert len(legend.get_texts()) == 3
    (place,) = boxes(figure, [legend])
    for axes in figure.axes:
        assert not place.overlaps(axes.get_tightbbox())


def test_every_tick_of_a_scan_is_on_the_page():
    scan = make_scan()
    scan = scan.assign_coords(number=("row", [0.0, 5000.0, 10000.0, np.nan, np.nan]))
    for name in ("edge", "extreme"):
        scan[name] = scan[name] * 1e-3
    figure = figures.draw("scan", scan=scan).figure
    figure.canvas.draw()
    labels = [
        label
        for axes in figure.axes
        for label, place in zip(axes.get_xticklabels(), axes.get_xticks(), strict=True)
        if axes.get_xlim()[0] <= place <= axes.get_xlim()[1]
    ]
    assert any("10000" in label.get_text() for label in labels)
    for box in boxes(figure, labels):
        assert 0 <= box.x0 and box.x1 <= figure.bbox.x1


def test_the_published_size_alone_is_dotted_in_a_scan():
    figure = figures.draw("scan", scan=make_scan()).figure

    def dotted(line):
        drawn, dashes = line.get_linestyle() != "None", line._unscaled_dash_pattern[1]
        return drawn and dashes is not None and max(dashes[::2]) <= 1

    published = {line for axes in figure.axes for line in axes.lines if dotted(line)}
    # with either sign; of the first quantity 1, of the last 16, where the axes reach them
    assert {abs(line.get_ydata()[0]) for line in published} == {1.0, 16.0}
    assert not any(dotted(line) for legend in figure.legends for line in legend.get_lines())
    curves = [line for axes in figure.axes for line in axes.lines if len(line.get_xdata()) == 3]
    assert curves and not published & set(curves)
