"""Real Fourier transforms of lines of columns, folded at the mirror on the way (see transforms).

    forward    cosine k = Σ_i cos[k, i] (w_i + w_{n−i})      sine k = Σ_i sin[k, i] (w_i − w_{n−i})
    back       w_i, w_{n−i} = Σ_k cos[i, k] cosine_k ± Σ_k sin[i, k] sine_k

Points are rows n − i apart from their images, cosines rows n//2 apart from their sines. Sums and
differences are made in registers, of what is read or of what is written. As in tile, every sum is
taken in the order of its terms: an element has the same bits wherever the tiles are cut.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from ferronhall.engine.kernels import borrowing, formula, formula_of_literals
from ferronhall.engine.kernels.lanes import LINE_BYTES, VECTOR, Lanes, data_of, fetch, number
from ferronhall.engine.kernels.runs import copy
from ferronhall.engine.kernels.tile import (
    MANY_REGISTERS,
    REGISTER_BYTES,
    address,
    compiled_once,
    unless_none,
)

ROWS = 4 if MANY_REGISTERS else 2
"""Pairs of rows of a tile."""

_LINES = 3
"""Cache lines that two whole vectors lie in, at most."""


def _shared_out(context, builder, far, tile):
    """What a tile's terms fetch, of all that is needed soon: two of the runs' lines."""
    runs = list(zip(far[::2], far[1::2], strict=True))
    chosen = []
    for turn in range(2 if runs else 0):
        which = builder.add(builder.mul(tile, number(context, 2)), number(context, turn))
        which = builder.srem(which, number(context, _LINES * len(runs)))
        run, line = (
            operation(which, number(context, _LINES)) for operation in (builder.sdiv, builder.srem)
        )
        begin, step = runs[0]
        for n, (other, its_step) in enumerate(runs[1:], start=1):
            is_it = builder.icmp_signed("==", run, number(context, n))
            begin, step = builder.select(is_it, other, begin), builder.select(is_it, its_step, step)
        chosen.append((builder.add(begin, builder.mul(line, number(context, LINE_BYTES))), step))
    return chosen


@intrinsic(prefer_literal=True)
def _mirror_tile(_context, rows, wide, back, columns, matrices, field, out, n, row, ahead):
    """Some pairs of rows of a strip, from number `row` on; see transform_lines.

    rows, wide, back : literal int
        wide : 1 for two whole vectors of columns; else `columns`, at most VECTOR.
        back : 1 for the way back.
    field, out : tuples of an array, a start and a stride
    """
    literal = (rows, wide, back)
    signature = types.void(
        *literal, types.intp, matrices, field, out, types.intp, types.intp, ahead
    )
    dtype = field[0].dtype
    if not dtype == matrices[0].dtype == matrices[1].dtype == out[0].dtype:
        return None
    many, wide_, back_ = (kind.literal_value for kind in literal)

    def generate(context, builder, signature, arguments):
        count, matrices_, field_, out_, n, row, far = arguments[3:]
        tables = cgutils.unpack_tuple(builder, matrices_, 2)
        source, start, stride = cgutils.unpack_tuple(builder, field_, 3)
        target, out_start, out_stride = cgutils.unpack_tuple(builder, out_, 3)
        kinds = (*matrices, field[0], out[0])
        names = ("cos", "sin", "field", "out")
        arrays = data_of(context, builder, kinds, (*tables, source, target), names)
        size = context.get_abi_sizeof(context.get_data_type(dtype))
        length = REGISTER_BYTES // size if wide_ else VECTOR
        lanes = Lanes(context, builder, dtype, arrays, length)
        mask = None if wide_ else lanes.first(count)
        places = [number(context, length * part) for part in range(2 if wide_ else 1)]
        far = cgutils.unpack_tuple(builder, far, len(ahead))
        soon = _shared_out(context, builder, far, builder.sdiv(row, number(context, many)))
        one, two = number(context, 1), number(context, 2)
        middle = builder.sdiv(n, two)
        half, paired = builder.add(middle, one), builder.sdiv(builder.add(n, one), two)

        def image(i, points):
            """The row of a point's mirror image, or of a cosine's sine."""
            return builder.sub(n, i) if points else builder.add(middle, i)

        def line(i):
            place = builder.add(start, builder.mul(stride, i))
            return [lanes.load("field", builder.add(place, p), mask) for p in places]

        def both(near, other):
            added = [builder.fadd(a, b) for a, b in zip(near, other, strict=True)]
            return added, [builder.fsub(a, b) for a, b in zip(near, other, strict=True)]

        numbers = [builder.add(row, number(context, r)) for r in range(many)]
        firsts = [builder.mul(half, r) for r in numbers]
        zero = ir.Constant(lanes.vector, None)
        sums = {
            name: [[cgutils.alloca_once(builder, lanes.vector) for _ in places] for _ in numbers]
            for name in ("cos", "sin")
        }
        for slot in (slot for table in sums.values() for slots in table for slot in slots):
            builder.store(zero, slot)

        def add(name, i, vectors):
            for first, slots in zip(firsts, sums[name], strict=True):
                element = builder.load(builder.gep(arrays[name], [builder.add(first, i)]))
                for vector, slot in zip(vectors, slots, strict=True):
                    term = builder.fmul(lanes.spread(element), vector, flags=("contract",))
                    builder.store(builder.fadd(builder.load(slot), term, flags=("contract",)), slot)

        add("cos", number(context, 0), line(number(context, 0)))
        with cgutils.for_range_slice(builder, one, paired, one) as (i, _):
            for begin, step in soon:
                fetch(builder, builder.add(begin, builder.mul(step, i)))
            near, other = line(i), line(image(i, points=not back_))
            cosine, sine = (near, other) if back_ else both(near, other)
            add("cos", i, cosine)
            add("sin", i, sine)
        with builder.if_then(builder.icmp_signed("<", paired, half)):
            add("cos", middle, line(middle))

        def put(vectors, i):
            place = builder.add(out_start, builder.mul(out_stride, i))
            for vector, p in zip(vectors, places, strict=True):
                lanes.store(vector, "out", builder.add(place, p), mask)

        for i, cosines, sines in zip(numbers, sums["cos"], sums["sin"], strict=True):
            cosine = [builder.load(slot) for slot in cosines]
            sine = [builder.load(slot) for slot in sines]
            near, other = both(cosine, sine) if back_ else (cosine, sine)
            put(near, i)
            has_image = builder.and_(
                builder.icmp_signed(">", i, number(context, 0)),
                builder.icmp_signed("<", i, paired),
            )
            with builder.if_then(has_image):
                put(other, image(i, points=back_))
        return context.get_dummy_value()

    return signature, generate


@formula_of_literals
def _strip(wide, back, columns, matrices, field, out, n, ahead):
    """All pairs of rows of some columns."""
    rows, row = n // 2 + 1, 0
    while row + ROWS <= rows:
        _mirror_tile(ROWS, wide, back, columns, matrices, field, out, n, row, ahead)
        row += ROWS
    while row < rows:
        _mirror_tile(1, wide, back, columns, matrices, field, out, n, row, ahead)
        row += 1


@formula_of_literals
def _lines(back, matrices, n, columns, field, out, strip, large):
    """All columns, by two whole vectors and then by short ones."""
    (a, start, stride), (b, out_start, out_stride) = field, out
    width, c = 2 * REGISTER_BYTES // a.itemsize, 0
    while c + width <= columns:
        here, there = (a, start + c, stride), (b, out_start + c, out_stride)
        next_one = _next(
            n, back, (a, start + c + width, stride), (b, out_start + c + width, out_stride)
        )
        if large is not None:
            # every tile goes through all rows, and each row of a large field is a page by itself
            copy(a, start + c, stride, strip, 0, width, n, width)
            here = (strip, 0, width)
        _strip(1, back, width, matrices, here, there, n, unless_none(large, next_one))
        c += width
    while c < columns:
        here, there = (a, start + c, stride), (b, out_start + c, out_stride)
        _strip(0, back, min(VECTOR, columns - c), matrices, here, there, n, ())
        c += VECTOR


@formula
def _next(n, back, field, out):
    """Where pairs of rows of a strip lie that is needed soon, and steps in bytes, as in tile."""
    (a, start, stride), (b, out_start, out_stride) = field, out
    step, out_step = stride * a.itemsize, out_stride * b.itemsize
    middle, sign, out_middle, out_sign = (n // 2, 1, n, -1) if back else (n, -1, n // 2, 1)
    return (
        *(address(a, start), step, address(a, start + middle * stride), sign * step),
        *(address(b, out_start), out_step),
        *(address(b, out_start + out_middle * out_stride), out_sign * out_step),
    )


@borrowing
def transform_lines(matrices, n, columns, field, out, strip, large):
    """Cosine and sine transforms of n rows of columns.

    matrices : tuple of two arrays
        Cosines and sines, (n//2 + 1) × (n//2 + 1) each, a function a row; the sines of lone points
        and wave vectors are zero.
    field, out : tuples of an array, its first row's place and the step to the next
        n//2 + 1 cosines, then the sines of the paired wave vectors. Other arrays.
    strip : array with room for n rows of two whole vectors
    large : None, or 1 where the rows lie far apart, to fetch from memory what comes next
    """
    compiled_once()
    _lines(0, matrices, n, columns, field, out, strip, large)


@borrowing
def invert_lines(matrices, n, columns, field, out, strip, large):
    """The inverse (transpose) of transform_lines, with the transposed matrices."""
    compiled_once()
    _lines(1, matrices, n, columns, field, out, strip, large)
