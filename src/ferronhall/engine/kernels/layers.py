"""Between a field's lines along y and the rows of its even and odd functions (see blocks)."""

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from ferronhall.engine.kernels.lanes import COMPONENTS, VECTOR, Lanes, data_of, number

_NAMES = (
    *("lines", "starts", "signs", "step", "rows", "first", "second", "width"),
    *("members", "even", "odd"),
)


def packed_order(even, odd, parity):
    """The functions of y in a row of a parity: pairs of a component and the layer it counts from.

    A vector's layers of one component stand side by side, then those of the next one; y is odd
    where x and z are even.
    """
    counts = [(even, odd)[(c + parity) % 2] for c in range(COMPONENTS)]
    return [
        (c, layer)
        for group in range(0, even, VECTOR)
        for c in range(COMPONENTS)
        for layer in range(group, min(group + VECTOR, counts[c]))
    ]


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
        """act(near, places, masks) on every vector of layers of every member.

        near : three indices in lines, of the components' layers from the nearer face
        places : of each component, the indices in rows of its even and of its odd functions
        masks : the lanes of layers that there are among the even and the odd functions
        """
        builder, values = self.builder, self.values
        step = number(self.context, VECTOR)
        span = (number(self.context, 0), values["even"], step)
        with cgutils.for_range_slice(builder, *span) as (layer, _):
            group = builder.mul(layer, number(self.context, COMPONENTS))
            counts = [self._count(values[name], layer) for name in ("even", "odd")]
            masks = [self.lanes.first(count) for count in counts]
            corners = [
                self._corners(builder.add(values[name], group), counts, parity)
                for parity, name in enumerate(("first", "second"))
            ]
            with cgutils.for_range(builder, values["members"]) as member:
                line = builder.add(layer, builder.mul(values["step"], member.index))
                row = builder.mul(values["width"], member.index)
                near = [builder.add(start, line) for start in self.starts]
                places = [
                    [builder.add(row, corners[own][c]) for own in (c % 2, 1 - c % 2)]
                    for c in range(COMPONENTS)
                ]
                act(near, places, masks)

    def _count(self, functions, layer):
        """How many of the functions a vector from a layer on holds."""
        left, all_ = self.builder.sub(functions, layer), number(self.context, VECTOR)
        return self.builder.select(self.builder.icmp_signed("<", left, all_), left, all_)

    def _corners(self, start, counts, parity):
        """Where a group's functions of the three components begin in the rows of a y parity."""
        corners = [start]
        for c in range(COMPONENTS - 1):
            corners.append(self.builder.add(corners[-1], counts[(c + parity) % 2]))
        return corners


@intrinsic
def fold_layers(
    _context, lines, starts, signs, step, rows, first, second, width, members, even, odd
):
    """Even and odd functions of y of three components, a few layers of each side by side.

    lines, rows : contiguous arrays of one dtype
    starts, signs : tuples of three ints, and of three numbers of that dtype
        Where each component's run of layers starts in lines, in storage order, and its sign.
    first, second : int
        Where the rows of y parity 0 and 1 start; each holds the functions in the order of
        packed_order, and has room for whole vectors.
    step, width : int
        From one member to the next in lines and in rows.
    even, odd : int
        Numbers of even and odd functions.
    """

    def generate(context, builder, signature, arguments):
        layers = _Layers(context, builder, signature, arguments)
        lanes, far = layers.lanes, layers.values["even"]

        def fold(near, places, masks):
            for here, there, sign in zip(near, places, layers.signs, strict=True):
                one = lanes.load("lines", here)
                other = lanes.load("lines", builder.add(here, far), masks[1])
                # what a vector writes beyond its functions, the next component's overwrites
                lanes.store(builder.fmul(sign, builder.fadd(one, other)), "rows", there[0])
                lanes.store(builder.fmul(sign, builder.fsub(one, other)), "rows", there[1])

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

        def unfold(near, places, masks):
            for here, there, sign in zip(near, places, layers.signs, strict=True):
                sum_ = lanes.load("rows", there[0])
                rest = lanes.load("rows", there[1], masks[1])
                one = builder.fmul(sign, builder.fadd(sum_, rest))
                other = builder.fmul(sign, builder.fsub(sum_, rest))
                lanes.store(one, "lines", here, masks[0])
                lanes.store(other, "lines", builder.add(here, far), masks[1])

        layers.visit(unfold)
        return context.get_dummy_value()

    signature = _Layers.signature(lines, starts, signs, rows)
    return signature and (signature, generate)
