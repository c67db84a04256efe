"""What a drawn figure shows: maps, words and their places."""

from matplotlib.collections import QuadMesh


def meshes(drawn):
    """The map of each map panel (colour bars left out), in drawing order."""
    return [
        mesh
        for axes in drawn.figure.axes
        if any(line.get_gid() == "hot-band-centre" for line in axes.lines)
        for mesh in axes.collections
        if isinstance(mesh, QuadMesh)
    ]


def texts_of(drawn):
    figure = drawn.figure
    inside = [t.get_text() for a in figure.axes for t in (*a.texts, a.title)]
    return [t.get_text() for t in figure.texts] + inside


def labels(drawn):
    """Text → places (inches) and colour of the words drawn in a figure's axes."""
    found = {}
    for axes in drawn.figure.axes:
        for text in axes.texts:
            place = text.get_transform().transform(text.get_position()) / drawn.figure.dpi
            found.setdefault(text.get_text(), []).append((place, text.get_color()))
    return found


def boxes(figure, artists):
    """Extents of artists, in pixels; the figure is drawn first, so that ticks have their places."""
    figure.canvas.draw()
    return [artist.get_window_extent() for artist in artists]
