"""Vectors of an intrinsic's arrays, as the code that it writes.

Loops over runs as short as a lattice's layers would mostly run number by number; written with
vectors, a run ends in one whose last lanes are masked.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils

VECTOR = 8
"""Numbers in the shorter vectors. Rows of work arrays have room for a whole number of these."""

COMPONENTS = 3

LINE_BYTES = 64
"""Of a cache line."""

_TO_READ_FROM_LEVEL_2 = (0, 2, 1)
"""How a line is asked for: to read, into the second cache, of data."""


def number(context, value):
    """A constant intp."""
    return context.get_constant(types.intp, value)


def data_of(context, builder, kinds, arguments, names):
    """Name of every array among the arguments → pointer to its first number."""
    return {
        name: context.make_array(kind)(context, builder, argument).data
        for name, kind, argument in zip(names, kinds, arguments, strict=True)
        if isinstance(kind, types.Array)
    }


def fetch(builder, address):
    """Ask for the cache line at an address, which need not be one of an array's."""
    place = builder.inttoptr(address, ir.IntType(8).as_pointer())
    flag = ir.IntType(32)
    signature = ir.FunctionType(ir.VoidType(), [place.type, flag, flag, flag])
    function = cgutils.get_or_insert_function(builder.module, signature, "llvm.prefetch.p0")
    builder.call(function, [place, *map(flag, _TO_READ_FROM_LEVEL_2)])


class Lanes:
    """Writes code for vectors of `length` numbers of the arrays of one intrinsic."""

    def __init__(self, context, builder, dtype, arrays, length=VECTOR):
        self.context, self.builder, self.arrays = context, builder, arrays
        self.element = context.get_data_type(dtype)
        self.align = context.get_abi_sizeof(self.element)
        self.length = length
        self.vector = ir.VectorType(self.element, length)
        self.bits = ir.VectorType(ir.IntType(1), length)

    def _pointer(self, array, index):
        place = self.builder.gep(self.arrays[array], [index])
        return self.builder.bitcast(place, self.vector.as_pointer())

    def _name(self, verb):
        kind = {4: "f32", 8: "f64"}[self.align]
        return f"llvm.masked.{verb}.v{self.length}{kind}.p0"

    def first(self, count):
        """The mask of the first `count` lanes, count an intp of any value."""
        intp = self.context.get_value_type(types.intp)
        numbers = ir.Constant(ir.VectorType(intp, self.length), list(range(self.length)))
        return self.builder.icmp_signed("<", numbers, self.spread(count))

    def spread(self, scalar):
        """A vector of equal lanes."""
        vector = ir.VectorType(scalar.type, self.length)
        undefined = ir.Constant(vector, ir.Undefined)
        single = self.builder.insert_element(undefined, scalar, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), self.length), None)
        return self.builder.shuffle_vector(single, undefined, mask)

    def load(self, array, index, mask=None):
        """Consecutive numbers; zero in the lanes that a mask leaves out."""
        pointer = self._pointer(array, index)
        if mask is None:
            return self.builder.load(pointer, align=self.align)
        align = ir.IntType(32)
        signature = ir.FunctionType(self.vector, [pointer.type, align, self.bits, self.vector])
        load = cgutils.get_or_insert_function(self.builder.module, signature, self._name("load"))
        zero = ir.Constant(self.vector, None)
        return self.builder.call(load, [pointer, align(self.align), mask, zero])

    def store(self, vector, array, index, mask=None):
        """Put lanes side by side, only those of a mask."""
        pointer = self._pointer(array, index)
        if mask is None:
            self.builder.store(vector, pointer, align=self.align)
            return
        align = ir.IntType(32)
        arguments = [self.vector, pointer.type, align, self.bits]
        signature = ir.FunctionType(ir.VoidType(), arguments)
        store = cgutils.get_or_insert_function(self.builder.module, signature, self._name("store"))
        self.builder.call(store, [vector, pointer, align(self.align), mask])
