"""Sums and differences of whole runs of numbers: what folding a field at a mirror is made of."""

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from ferronhall.engine.kernels.lanes import Lanes, data_of, number

_LONGEST = 64
"""Bytes of a vector."""


def _over_runs(context, builder, lanes, runs, count, act):
    """act(run, offset, mask) on every vector of every run, the last lanes of a run masked."""
    step = number(context, lanes.length)
    whole = builder.mul(builder.sdiv(count, step), step)
    some_left = builder.icmp_signed("<", whole, count)
    last = lanes.first(builder.sub(count, whole))
    with cgutils.for_range(builder, runs) as run:
        with cgutils.for_range_slice(builder, number(context, 0), whole, step) as (offset, _):
            act(run.index, offset, None)
        with builder.if_then(some_left):
            act(run.index, whole, last)


@intrinsic
def copy(_context, a, a_start, a_step, out, start, step, runs, count):
    """out = a for `runs` runs of `count` numbers, in contiguous arrays of one dtype.

    start, step : int
        The first run's place in an array, and from one run to the next.
    """
    if a.dtype != out.dtype:
        return None
    place = (types.intp, types.intp)
    signature = types.void(a, *place, out, *place, *place)

    def generate(context, builder, signature, arguments):
        lanes = _long_lanes(context, builder, signature, arguments)
        _, a_start, a_step, _, start, step, runs, count = arguments

        def move(run, offset, mask):
            source = builder.add(builder.add(a_start, builder.mul(a_step, run)), offset)
            target = builder.add(builder.add(start, builder.mul(step, run)), offset)
            lanes.store(lanes.load(0, source, mask), 3, target, mask)

        _over_runs(context, builder, lanes, runs, count, move)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def butterfly(
    _context, a, a_start, b, b_start, in_step, sum_, sum_start, rest, rest_start, step, runs, count
):
    """sum = a + b and rest = a − b for `runs` runs of `count` numbers.

    a, b, sum_, rest : contiguous arrays of one dtype
    start : int
        The first run's place in an array.
    in_step, step : int
        From one run to the next in a and b, in sum and rest.
    """
    if not a.dtype == b.dtype == sum_.dtype == rest.dtype:
        return None
    sides = [
        (one, types.intp, other, types.intp, types.intp) for one, other in ((a, b), (sum_, rest))
    ]
    signature = types.void(*sides[0], *sides[1], types.intp, types.intp)

    def generate(context, builder, signature, arguments):
        lanes = _long_lanes(context, builder, signature, arguments)
        _, a_start, _, b_start, in_step, _, sum_start, _, rest_start, step, runs, count = arguments

        def fold(run, offset, mask):
            source = builder.add(builder.mul(in_step, run), offset)
            target = builder.add(builder.mul(step, run), offset)
            one = lanes.load(0, builder.add(a_start, source), mask)
            other = lanes.load(2, builder.add(b_start, source), mask)
            lanes.store(builder.fadd(one, other), 5, builder.add(sum_start, target), mask)
            lanes.store(builder.fsub(one, other), 7, builder.add(rest_start, target), mask)

        _over_runs(context, builder, lanes, runs, count, fold)
        return context.get_dummy_value()

    return signature, generate


def _long_lanes(context, builder, signature, arguments):
    """The longest vectors, of all arrays among an intrinsic's arguments, by their places."""
    dtype = signature.args[0].dtype
    size = context.get_abi_sizeof(context.get_data_type(dtype))
    arrays = data_of(context, builder, signature.args, arguments, range(len(arguments)))
    return Lanes(context, builder, dtype, arrays, _LONGEST // size)
