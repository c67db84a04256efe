"""The inner loop of every matrix product here: a few rows times a tile of a few vectors' columns.

    out[r, l] = Σ_i x[r, i] b[i, l]        r < rows, l < columns

Written as a loop, the sums would go through memory at every term: the compiler cannot know that
they share none with the factors. Here they are vectors, and stay in registers. Every sum is taken
in the order of i, whatever the size of the tile: an element has the same bits wherever the tiles
are cut.
"""

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from ferronhall.engine.kernels import formula, kernel

VECTOR = 8
"""Columns come in whole numbers of these, and rows in pairs."""

_MANY_REGISTERS = llvm.get_host_cpu_features().get("avx512f", False)
_BYTES = 64 if _MANY_REGISTERS else 32
"""Of a vector register. There are 32 of the long ones and 16 of the short ones."""


def _vectors(columns, size):
    """Lengths of the vectors that hold so many columns of `size` bytes each."""
    most = max(_BYTES // size, 1)
    whole, rest = divmod(columns, most)
    return [most] * whole + ([rest] if rest else [])


@intrinsic(prefer_literal=True)
def _multiply_tile(
    _context, rows, columns, x, x_start, x_stride, b, b_start, b_stride, terms, out, start, stride
):
    """One tile.

    rows, columns : literal int
    x, b, out : contiguous arrays of one dtype
    start, stride : int
        Elements from an array's first to the first one used, and from one row to the next.
    """
    if not x.dtype == b.dtype == out.dtype:
        return None
    arrays = {2: x, 5: b, 9: out}
    literal = {0: rows, 1: columns}
    signature = types.void(*((arrays | literal).get(i, types.intp) for i in range(12)))

    def generate(context, builder, signature, arguments):
        element = context.get_data_type(x.dtype)
        align = context.get_abi_sizeof(element)
        data = {
            i: context.make_array(array)(context, builder, arguments[i]).data
            for i, array in arrays.items()
        }
        _, _, _, x_start, x_stride, _, b_start, b_stride, terms, _, start, stride = arguments
        lengths = _vectors(columns.literal_value, align)
        places = [sum(lengths[:n]) for n in range(len(lengths))]

        def number(value):
            return context.get_constant(types.intp, value)

        def pointer(array, index, length):
            place = builder.gep(data[array], [index])
            return builder.bitcast(place, ir.VectorType(element, length).as_pointer())

        def spread(scalar, length):
            undefined = ir.Constant(ir.VectorType(element, length), ir.Undefined)
            single = builder.insert_element(undefined, scalar, ir.Constant(ir.IntType(32), 0))
            mask = ir.Constant(ir.VectorType(ir.IntType(32), length), None)
            return builder.shuffle_vector(single, undefined, mask)

        row_starts = [
            builder.add(x_start, builder.mul(x_stride, number(row)))
            for row in range(rows.literal_value)
        ]
        sums = [
            [cgutils.alloca_once(builder, ir.VectorType(element, n)) for n in lengths]
            for _ in row_starts
        ]
        for slot in (slot for row in sums for slot in row):
            builder.store(ir.Constant(slot.type.pointee, None), slot)
        with cgutils.for_range(builder, terms) as loop:
            line = builder.add(b_start, builder.mul(b_stride, loop.index))
            vectors = [
                builder.load(pointer(5, builder.add(line, number(place)), length), align=align)
                for place, length in zip(places, lengths, strict=True)
            ]
            for row_start, slots in zip(row_starts, sums, strict=True):
                factor = builder.load(builder.gep(data[2], [builder.add(row_start, loop.index)]))
                for vector, slot, length in zip(vectors, slots, lengths, strict=True):
                    term = builder.fmul(spread(factor, length), vector, flags=("contract",))
                    builder.store(builder.fadd(builder.load(slot), term, flags=("contract",)), slot)
        for row, slots in enumerate(sums):
            line = builder.add(start, builder.mul(stride, number(row)))
            for place, slot, length in zip(places, slots, lengths, strict=True):
                there = pointer(9, builder.add(line, number(place)), length)
                builder.store(builder.load(slot), there, align=align)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def _compiled_once(_context):
    """Keep the function that calls this from being copied into its callers."""

    def generate(context, builder, _signature, _arguments):
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return types.void(), generate


@formula
def _strip(columns, x, x_start, x_stride, b, b_start, b_stride, rows, terms, out, start, stride):
    """All rows of one tile's columns: in eights where registers last, in fours, in twos."""
    row = 0
    if _MANY_REGISTERS:
        while row + 8 <= rows:
            _multiply_tile(
                8,
                columns,
                x,
                x_start + row * x_stride,
                x_stride,
                b,
                b_start,
                b_stride,
                terms,
                out,
                start + row * stride,
                stride,
            )
            row += 8
    while row + 4 <= rows:
        _multiply_tile(
            4,
            columns,
            x,
            x_start + row * x_stride,
            x_stride,
            b,
            b_start,
            b_stride,
            terms,
            out,
            start + row * stride,
            stride,
        )
        row += 4
    if row < rows:
        _multiply_tile(
            2,
            columns,
            x,
            x_start + row * x_stride,
            x_stride,
            b,
            b_start,
            b_stride,
            terms,
            out,
            start + row * stride,
            stride,
        )


@kernel
def multiply(x, x_start, x_stride, b, b_start, b_stride, rows, terms, columns, out, start, stride):
    """out = x · b, for an even number of rows and a multiple of VECTOR of columns.

    x, b, out : contiguous arrays of one dtype
    start, stride : int
        Elements from an array's first to the first one used, and from one row to the next.
    """
    _compiled_once()
    column = 0
    if _MANY_REGISTERS and x.itemsize == 4:
        while column + 32 <= columns:
            _strip(
                32,
                x,
                x_start,
                x_stride,
                b,
                b_start + column,
                b_stride,
                rows,
                terms,
                out,
                start + column,
                stride,
            )
            column += 32
    while column + 16 <= columns and column + 24 != columns:
        _strip(
            16,
            x,
            x_start,
            x_stride,
            b,
            b_start + column,
            b_stride,
            rows,
            terms,
            out,
            start + column,
            stride,
        )
        column += 16
    if column + 24 == columns:
        _strip(
            24,
            x,
            x_start,
            x_stride,
            b,
            b_start + column,
            b_stride,
            rows,
            terms,
            out,
            start + column,
            stride,
        )
    elif column < columns:
        _strip(
            8,
            x,
            x_start,
            x_stride,
            b,
            b_start + column,
            b_stride,
            rows,
            terms,
            out,
            start + column,
            stride,
        )
