"""The inner loop of every matrix product here: a few rows times a tile of a few vectors' columns.

    out[r, l] = Σ_i x[r, i] b[i, l]        r < rows, l < columns

Written as a loop, the sums would go through memory at every term: the compiler cannot know that
they share none with the factors. Here they are vectors, and stay in registers. Every sum is taken
in the order of i, whatever the size of the tile: an element has the same bits wherever the tiles
are cut.

Meanwhile a product may fetch what is needed next, a line a term. Fields that are larger than the
cache come too late otherwise: the processor does not guess where the next strip of them lies.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.codegen import get_host_cpu_features
from numba.extending import intrinsic

from ferronhall.engine.kernels import borrowing, formula_of_literals
from ferronhall.engine.kernels.lanes import LINE_BYTES, VECTOR, Lanes, data_of, fetch, number

MANY_REGISTERS = "+avx512f" in get_host_cpu_features()
REGISTER_BYTES = 64 if MANY_REGISTERS else 32
"""There are 32 of the long registers and 16 of the short ones."""

MOST_ROWS = 8 if MANY_REGISTERS else 4
"""Rows of a tile: for so many a line is fetched with every term."""


def _lengths(columns, size):
    """Lengths of the vectors that hold so many columns of `size` bytes each."""
    whole, rest = divmod(columns, REGISTER_BYTES // size)
    return [REGISTER_BYTES // size] * whole + ([rest] if rest else [])


@intrinsic(prefer_literal=True)
def _multiply_tile(_context, rows, columns, factor, lines, terms, target, ahead, row):
    """Some rows of a strip, from number `row` on; factor, lines, target and ahead as for _strip.

    rows, columns : literal int
        A tile may be narrower than one VECTOR: `columns` is then no literal but their number.
    """
    narrow = not isinstance(columns, types.IntegerLiteral)
    width = types.intp if narrow else columns
    signature = types.void(rows, width, factor, lines, types.intp, target, ahead, types.intp)
    dtype = factor[0].dtype
    if not dtype == lines[0].dtype == target[0].dtype:
        return None

    def generate(context, builder, signature, arguments):
        _, count, *triples, far, row = arguments
        terms = triples.pop(2)
        (x, x_start, x_stride), (b, b_start, b_stride), (out, start, stride) = (
            cgutils.unpack_tuple(builder, triple, 3) for triple in triples
        )
        kinds = (factor[0], lines[0], target[0])
        arrays = data_of(context, builder, kinds, (x, b, out), ("factor", "lines", "target"))
        far = cgutils.unpack_tuple(builder, far, len(ahead))
        x_start = builder.add(x_start, builder.mul(x_stride, row))
        start = builder.add(start, builder.mul(stride, row))
        size = context.get_abi_sizeof(context.get_data_type(dtype))
        lengths = [VECTOR] if narrow else _lengths(columns.literal_value, size)
        parts = [Lanes(context, builder, dtype, arrays, length) for length in lengths]
        mask = parts[0].first(count) if narrow else None
        places = [number(context, sum(lengths[:n])) for n in range(len(lengths))]

        def row_starts(first, step):
            numbers = [number(context, row) for row in range(rows.literal_value)]
            return [builder.add(first, builder.mul(step, n)) for n in numbers]

        sums = [
            [cgutils.alloca_once(builder, part.vector) for part in parts]
            for _ in range(rows.literal_value)
        ]
        for slot in (slot for row in sums for slot in row):
            builder.store(ir.Constant(slot.type.pointee, None), slot)
        factors = row_starts(x_start, x_stride)
        group = builder.sdiv(row, number(context, MOST_ROWS))
        beside = builder.mul(group, number(context, LINE_BYTES))
        with cgutils.for_range(builder, terms) as loop:
            for begin, step in zip(far[::2], far[1::2], strict=True):
                place = builder.add(begin, builder.mul(step, loop.index))
                fetch(builder, builder.add(place, beside))
            line = builder.add(b_start, builder.mul(b_stride, loop.index))
            vectors = [
                part.load("lines", builder.add(line, place), mask)
                for part, place in zip(parts, places, strict=True)
            ]
            for first, slots in zip(factors, sums, strict=True):
                place = builder.gep(arrays["factor"], [builder.add(first, loop.index)])
                element = builder.load(place)
                for part, vector, slot in zip(parts, vectors, slots, strict=True):
                    term = builder.fmul(part.spread(element), vector, flags=("contract",))
                    builder.store(builder.fadd(builder.load(slot), term, flags=("contract",)), slot)
        for line, slots in zip(row_starts(start, stride), sums, strict=True):
            for part, place, slot in zip(parts, places, slots, strict=True):
                part.store(builder.load(slot), "target", builder.add(line, place), mask)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def address(_context, array, index):
    """Where in memory a number of a contiguous array stands, or would stand."""

    def generate(context, builder, signature, arguments):
        data = data_of(context, builder, signature.args, arguments, ("array", "index"))["array"]
        place = builder.gep(data, [arguments[1]])
        return builder.ptrtoint(place, context.get_value_type(types.intp))

    return types.intp(array, types.intp), generate


@intrinsic
def unless_none(_context, large, ahead):
    """`ahead`, or () where `large` is None: a product is then compiled without fetching."""
    found = types.Tuple(()) if isinstance(large, types.NoneType) else ahead

    def generate(context, builder, signature, arguments):
        return arguments[1] if len(found) else context.make_tuple(builder, found, ())

    return found(large, ahead), generate


@intrinsic
def compiled_once(_context):
    """Keep the function that calls this from being copied into its callers."""

    def generate(context, builder, _signature, _arguments):
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return types.void(), generate


@formula_of_literals
def _strip(columns, factor, lines, rows, terms, target, ahead):
    """All rows of some columns: by eights, where registers last, and what is left.

    factor, lines, target : tuples of an array, a start and a stride
    ahead : tuple of ints, see multiply
    """
    row = 0
    if MANY_REGISTERS:
        while row + 8 <= rows:
            _multiply_tile(8, columns, factor, lines, terms, target, ahead, row)
            row += 8
    while row + 4 <= rows:
        _multiply_tile(4, columns, factor, lines, terms, target, ahead, row)
        row += 4
    if row + 2 <= rows:
        _multiply_tile(2, columns, factor, lines, terms, target, ahead, row)
        row += 2
    if row < rows:
        _multiply_tile(1, columns, factor, lines, terms, target, ahead, row)


@borrowing
def multiply(
    x, x_start, x_stride, b, b_start, b_stride, rows, terms, columns, out, start, stride, ahead
):
    """out = x · b.

    x, b, out : contiguous arrays of one dtype
    start, stride : int
        Elements from an array's first to the first one used, and from one row to the next.
    ahead : tuple of ints
        Addresses of what is needed soon, each with a step in bytes; () for none. Term i fetches
        the cache lines from address + i · step on, as many as MOST_ROWS goes into the rows.
    """
    compiled_once()
    factor, c = (x, x_start, x_stride), 0
    if MANY_REGISTERS and x.itemsize == 4:
        while c + 32 <= columns:
            lines, target = (b, b_start + c, b_stride), (out, start + c, stride)
            _strip(32, factor, lines, rows, terms, target, ahead)
            c += 32
    if c + 24 == columns:
        lines, target = (b, b_start + c, b_stride), (out, start + c, stride)
        _strip(24, factor, lines, rows, terms, target, ahead)
        c += 24
    while c + 16 <= columns:
        lines, target = (b, b_start + c, b_stride), (out, start + c, stride)
        _strip(16, factor, lines, rows, terms, target, ahead)
        c += 16
    while c < columns:
        lines, target = (b, b_start + c, b_stride), (out, start + c, stride)
        _strip(min(VECTOR, columns - c), factor, lines, rows, terms, target, ahead)
        c += VECTOR
