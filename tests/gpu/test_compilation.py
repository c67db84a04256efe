"""Every kernel gets its types, and code that stays in the state's precision, without a device.

Emulation runs the kernels as Python, which has no such types. numba's compiler ends here where a
device's own would begin.
"""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from numba import types
from numba.cuda.compiler import compile_cuda

from ferronhall.engine.gpu import balances, integrator, layered_well
from ferronhall.engine.gpu.blocks import block_product
from ferronhall.engine.gpu.tile import Tile
from ferronhall.engine.gpu.transforms import pair_product

HOPPER = (9, 0)


def array(dimensions, dtype):
    """A contiguous array's type."""
    return types.Array(dtype, dimensions, "C")


def signatures(real):
    """Every kernel and its arguments' types."""
    numbers, whole, double = [array(n, real) for n in range(6)], types.int64, types.float64
    fields, sums = (numbers[3],) * 3, array(4, double)
    halves, wells = types.UniTuple(whole, 2), [types.boolean, numbers[3]]
    constants = types.Tuple([numbers[2], numbers[2], *wells, *[real] * 3])
    dtype = np.dtype(str(real))
    tile = Tile.of(7, dtype)
    bands, keys = array(3, types.int32), array(1, whole)
    bath, columns = (numbers[1],) * 2, (numbers[2],) * 3
    flat = numbers[1]
    yield (
        integrator.advance,
        (*fields, *columns, real, real, *bath, halves, keys, halves),
    )
    yield layered_well.add_well, (numbers[3],) * 3
    yield integrator.sample, (*fields, numbers[2], real, whole, sums)
    yield integrator.largest, (numbers[3], numbers[2])
    which = (whole,) * 3
    yield balances.sample_sites, (*fields, constants, *bath, *which, numbers[3], sums)
    yield balances.sample_bonds, (numbers[3], numbers[3], numbers[5], *which, sums)
    for fold in (True, False):
        kernel = pair_product(tile, dtype, fold)
        yield kernel, (flat, *(whole,) * 3, numbers[2], numbers[2], flat)
    kernel = block_product(tile, dtype)
    yield kernel, (flat, *(whole,) * 5, numbers[4], bands, flat, flat)


@pytest.mark.parametrize("real", [types.float32, types.float64], ids=str)
def test_kernels_compile(real, monkeypatch):
    device = SimpleNamespace(compute_capability=HOPPER)
    monkeypatch.setattr("numba.cuda.dispatcher.get_current_device", lambda: device)
    for kernel, arguments in signatures(real):
        compiled = compile_cuda(kernel.py_func, types.void, arguments, cc=HOPPER)
        name = kernel.py_func.__name__
        assert compiled.signature.return_type == types.none, name
        code = "".join(compiled.library.llvm_strs)
        if real == types.float32 and "sample" not in name:
            assert "float" in code and not re.search(r"= f(mul|add|sub|div) .*double", code), name
