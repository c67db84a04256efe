"""The slab in perspective, shared by the geometry and the schematic of the Hall effects."""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Polygon

from ferronhall.model.domains import domain_signs, walls_of_dataset
from ferronhall.results.figures import style
from ferronhall.results.figures.ions import blend, draw_arrow
from ferronhall.results.figures.view import View


@dataclass(frozen=True)
class Slab:
    """A box centred at the origin with half-widths a, b, c along x, y, z, and the camera."""

    half: tuple
    view: View

    def screen(self, x, y, z=1.0):
        """Screen point of reduced coordinates in [−1, 1]; z = 1 is the upper face."""
        return self.view.screen(np.multiply(self.half, (x, y, z)))

    def draw(self, axes, colours, zorder=1.0):
        """Fill the three visible faces with strips along x.

        colours : sequence of colours, one a column of cells, from −x to +x
        """
        bounds = np.linspace(-1, 1, len(colours) + 1)
        for left, right, colour in zip(bounds[:-1], bounds[1:], colours, strict=True):
            self._patch(axes, [(left, -1), (right, -1), (right, 1), (left, 1)], colour, zorder)
            front = [(left, -1, -1), (right, -1, -1), (right, -1, 1), (left, -1, 1)]
            self._patch(axes, front, blend(colour, "black", 0.18), zorder)
        side = -1 if self.view.azimuth > 0 else 1
        face = [(side, -1, -1), (side, 1, -1), (side, 1, 1), (side, -1, 1)]
        end = colours[0] if side < 0 else colours[-1]
        self._patch(axes, face, blend(end, "black", 0.30), zorder)
        top = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
        front = [(-1, -1, -1), (1, -1, -1), (1, -1, 1), (-1, -1, 1)]
        for outline in (top, front, face):
            points = [self.screen(*p) for p in outline]
            axes.add_patch(Polygon(points, closed=True, fc="none", ec=style.INK, lw=0.6, zorder=2))

    def _patch(self, axes, corners, colour, zorder):
        points = [self.screen(*c) for c in corners]
        axes.add_patch(Polygon(points, closed=True, fc=colour, ec=colour, lw=0.3, zorder=zorder))

    def domains(self, axes, parameters):
        """P of every domain as an arrow on the upper face, and the walls between them dashed.

        parameters : xarray.Dataset
            Content of parameters.nc.
        returns : list of the arrows' signs, from the lower face of the slab to the upper; empty
            where P is the same everywhere
        """
        walls, ny = walls_of_dataset(parameters), parameters.sizes["y"]
        if "domain_sign" in parameters:
            return self._both_signs(axes)
        if not walls:
            return []
        bounds = 2 * np.array([0, *walls, ny]) / ny - 1
        signs = [int(s) for s in domain_signs(walls, ny)[[0, *walls]]]
        for wall in bounds[1:-1]:
            line = np.array([self.screen(x, wall) for x in (-1, 1)])
            axes.plot(*line.T, color=style.FERROELECTRIC, lw=0.8, ls=(0, (4, 2)), zorder=30)
        width = min(2.2, 9 / len(signs))
        for sign, low, high in zip(signs, bounds[:-1], bounds[1:], strict=True):
            row, centre = (low + high) / 2, 0.43
            start, end = (centre - 0.14 * sign, row), (centre + 0.14 * sign, row)
            self.arrow(axes, start, end, style.FERROELECTRIC, width=width, head=5 * width)
            axes.text(
                *self.screen(centre + 0.22, row),
                f"${'' if sign > 0 else '-'}P_0$",
                ha="center",
                va="center",
                color=style.FERROELECTRIC,
                fontsize=max(style.SMALL, 4 * width),
                zorder=80,
            )
        return signs

    def _both_signs(self, axes):
        """P of domains that are no layers, as two arrows on the front; their signs."""
        for sign, height in ((1, 0.3), (-1, -0.5)):
            ends = [(0.5 + reach * sign, -1, height) for reach in (-0.15, 0.15)]
            self.arrow(axes, *ends, style.FERROELECTRIC, width=1.6, head=8)
        text = {"ha": "center", "va": "center", "color": style.FERROELECTRIC, "zorder": 80}
        axes.text(*self.screen(0.78, -1, -0.1), r"$\pm P_0$", **text)
        return [1, -1]

    def arrow(self, axes, start, end, colour, **options):
        """Arrow between two points in reduced coordinates."""
        return draw_arrow(axes, self.screen(*start), self.screen(*end), colour, **options)


def draw_tripod(axes, view, origin, length):
    """The axes x, y, z of the slab, drawn at a screen point."""
    for axis, name in enumerate("xyz"):
        tip = np.asarray(origin) + view.screen(length * np.eye(3)[axis])
        draw_arrow(axes, origin, tip, style.INK, width=0.8, head=5)
        outward = np.asarray(origin) + 1.28 * (tip - np.asarray(origin))
        axes.text(*outward, f"${name}$", ha="center", va="center", fontsize=7, color=style.INK)
