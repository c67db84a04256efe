"""Between a field's lines along y and the rows of its even and odd functions (see blocks)."""

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from ferronhall.engine.kernels.lanes import COMPONENTS, VECTOR, Lanes, data_of, number

_NAMES = (
    *("lines", "starts", "signs", "step", "rows", "first", "second", "width"),
    *("members", "even", "odd"),
)


class _Layers:
    """What fold_layers and unfold_layers have in common."""

    def __init__(self, context, builder, signature, arguments):
        self.context, self.builder = context, builder
        self.values = dict(zip(_NAMES, arguments, strict=True))
        arrays = data_of(context, builder, signature.args, arguments, _NAMES)
        self.lanes = Lanes(context, builder, signature.args[0].dtype, arrays)
        self.starts = cgutils.unpack_tuple(builder, self.values["starts"], COMPONENTS)
        signs = cgutils.unpack_tuple(builder, self.values["signs"], COMPONENTS)
        self.signs = [self.lanes.spread(s) for s in signs]

    @staticmethod
    def signature(lines, starts, signs, rows):
        """The types of both, None where they do not fit."""
        if lines.dtype != rows.dtype:
            return None
        return types.void(lines, starts, signs, types.intp, rows, *6 * [types.intp])

    def visit(self, act):
        """act(near, places) on every vector of layers of every member.

        near : three indices in lines, of the components' layers from the nearer face
        places : the indices in rows of what belongs to the two parities, three vectors each
        layer : the first layer's number
        """
        builder, values = self.builder, self.values
        step, three = (number(self.context, n) for n in (VECTOR, COMPONENTS))
        with cgutils.for_range(builder, values["members"]) as member:
            line = builder.mul(values["step"], member.index)
            row = builder.mul(values["width"], member.index)
            span = (number(self.context, 0), values["even"], step)
            with cgutils.for_range_slice(builder, *span) as (layer, _):
                near = [builder.add(start, builder.add(line, layer)) for start in self.starts]
                place = builder.add(row, builder.mul(layer, three))
                corners = [builder.add(values[name], place) for name in ("first", "second")]
                vectors = [number(self.context, VECTOR * n) for n in range(COMPONENTS)]
                places = [[builder.add(corner, n) for n in vectors] for corner in corners]
                act(near, places, layer)

    def mask(self, name, layer):
        """The lanes of layers that there are among the even or odd functions."""
        return self.lanes.first(self.builder.sub(self.values[name], layer))


@intrinsic
def fold_layers(
    _context, lines, starts, signs, step, rows, first, second, width, members, even, odd
):
    """Even and odd functions of y of three components, side by side layer by layer.

    lines, rows : contiguous arrays of one dtype
    starts, signs : tuples of three ints, and of three numbers of that dtype
        Where each component's run of layers starts in lines, in storage order, and its sign.
    first, second : int
        Where the rows of y parity 0 and 1 start; each holds (x, y, z) of layer 0, of layer 1, …,
        and has room for whole vectors.
    step, width : int
        From one member to the next in lines and in rows.
    even, odd : int
        Numbers of even and odd functions.
    """

    def generate(context, builder, signature, arguments):
        layers = _Layers(context, builder, signature, arguments)
        lanes, far = layers.lanes, layers.values["even"]

        def fold(near, places, layer):
            mask = layers.mask("odd", layer)
            sums, rests = [], []
            for place, sign in zip(near, layers.signs, strict=True):
                here = lanes.load("lines", place)
                there = lanes.load("lines", builder.add(place, far), mask)
                sums.append(builder.fmul(sign, builder.fadd(here, there)))
                rests.append(builder.fmul(sign, builder.fsub(here, there)))
            parities = ((sums[0], rests[1], sums[2]), (rests[0], sums[1], rests[2]))
            for parity, targets in zip(parities, places, strict=True):
                for vector, target in zip(lanes.interleave(parity), targets, strict=True):
                    lanes.store(vector, "rows", target)

        layers.visit(fold)
        return context.get_dummy_value()

    signature = _Layers.signature(lines, starts, signs, rows)
    return signature and (signature, generate)


@intrinsic
def unfold_layers(
    _context, lines, starts, signs, step, rows, first, second, width, members, even, odd
):
    """The inverse (transpose) of fold_layers, from rows to lines; nothing beyond a run is touched.

    An odd function of the middle layer is zero.
    """

    def generate(context, builder, signature, arguments):
        layers = _Layers(context, builder, signature, arguments)
        lanes, far = layers.lanes, layers.values["even"]

        def unfold(near, places, layer):
            near_mask, far_mask = layers.mask("even", layer), layers.mask("odd", layer)
            parities = [lanes.part([lanes.load("rows", p) for p in three]) for three in places]
            for c, (place, sign) in enumerate(zip(near, layers.signs, strict=True)):
                sum_, rest = parities[c % 2][c], parities[1 - c % 2][c]
                here = builder.fmul(sign, builder.fadd(sum_, rest))
                there = builder.fmul(sign, builder.fsub(sum_, rest))
                lanes.store(here, "lines", place, near_mask)
                lanes.store(there, "lines", builder.add(place, far), far_mask)

        layers.visit(unfold)
        return context.get_dummy_value()

    signature = _Layers.signature(lines, starts, signs, rows)
    return signature and (signature, generate)
