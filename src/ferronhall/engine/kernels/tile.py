"""The inner loop of every matrix product here: four rows times a tile of sixteen columns.

    out[r, l] = Σ_i x[r, i] tile[i, l]        r < ROWS, l < LANES

Written as a loop, the sums would go through memory at every term: the compiler cannot know that
they share none with the factors. Here they are vectors, and stay in registers. Terms with even and
odd i are summed apart, because an addition waits for the one before it in its own sum.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

ROWS = 4
LANES = 16
CHAINS = 2


@intrinsic
def multiply_tile(
    _context, x, x_start, x_stride, tile, tile_start, tile_stride, terms, out, out_start, out_stride
):
    """Multiply four rows by a tile.

    x, tile, out : contiguous arrays of one dtype
    start, stride : int
        Elements from an array's first to the first one used, and from one row to the next.
    terms : int
        A multiple of CHAINS.
    """
    if not x.dtype == tile.dtype == out.dtype:
        return None
    arrays = {0: x, 3: tile, 7: out}
    signature = types.void(*(arrays.get(i, types.intp) for i in range(10)))

    def generate(context, builder, signature, arguments):
        element = context.get_data_type(x.dtype)
        vector = ir.VectorType(element, LANES)
        align = context.get_abi_sizeof(element)
        data = {
            i: context.make_array(array)(context, builder, arguments[i]).data
            for i, array in arrays.items()
        }
        _, x_start, x_stride, _, tile_start, tile_stride, terms, _, out_start, out_stride = (
            arguments
        )

        def place(array, start, stride, row, column=None):
            offset = builder.add(start, builder.mul(stride, row))
            return builder.gep(data[array], [builder.add(offset, column) if column else offset])

        def as_vector(pointer):
            return builder.bitcast(pointer, vector.as_pointer())

        def spread(scalar):
            single = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, zero)
            mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), None)
            return builder.shuffle_vector(single, ir.Constant(vector, ir.Undefined), mask)

        zero = ir.Constant(ir.IntType(32), 0)
        rows = [context.get_constant(types.intp, row) for row in range(ROWS)]
        chains = [context.get_constant(types.intp, chain) for chain in range(CHAINS)]
        sums = [[cgutils.alloca_once(builder, vector) for _ in rows] for _ in chains]
        for slot in (slot for chain in sums for slot in chain):
            builder.store(ir.Constant(vector, None), slot)
        step = context.get_constant(types.intp, CHAINS)
        start = context.get_constant(types.intp, 0)
        with cgutils.for_range_slice(builder, start, terms, step) as (first, _):
            for chain, slots in zip(chains, sums, strict=True):
                i = builder.add(first, chain)
                line = as_vector(place(3, tile_start, tile_stride, i))
                line = builder.load(line, align=align)
                for row, slot in zip(rows, slots, strict=True):
                    factor = spread(builder.load(place(0, x_start, x_stride, row, i)))
                    term = builder.fmul(factor, line, flags=("contract",))
                    builder.store(builder.fadd(builder.load(slot), term, flags=("contract",)), slot)
        for row, slots in zip(rows, zip(*sums, strict=True), strict=True):
            total = builder.load(slots[0])
            for slot in slots[1:]:
                total = builder.fadd(total, builder.load(slot))
            builder.store(total, as_vector(place(7, out_start, out_stride, row)), align=align)
        return context.get_dummy_value()

    return signature, generate
