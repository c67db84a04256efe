"""Compiled inner loops: everything numba compiles stands in this folder.

No module of it imports from the library outside, so its sources are all that a compiled kernel is
made of (see kernel_cache).
"""

from pathlib import Path

import numba

from ferronhall.engine.kernel_cache import cache_folder
from ferronhall.engine.kernels.compilation import Compiled

_CACHE = cache_folder(Path(__file__).parent, numba.config.CACHE_DIR)

# "contract" lets the compiler fuse a multiply and an add. The other fast-math flags stay off: they
# would make the guards against NaN meaningless.
_ARITHMETIC = {"error_model": "numpy", "fastmath": {"contract"}}


def compiled_before():
    """Whether these sources have been compiled here, for whatever types.

    It looks for the substep itself (loop.propagate), which is compiled last.
    """
    return _CACHE is not None and any(Path(_CACHE).glob("loop.propagate-*.nbc"))


def kernel(function):
    """Compile a function when it is first called, or take it from the kernels' own cache.

    Where another one calls it, it becomes part of that (see compilation).
    """
    return _compiled(function, _nrt=True)


def borrowing(function):
    """A kernel that makes no array of its own, so that nobody needs to count who holds one.

    Counting takes longer than the work on one block of a small lattice.
    """
    return _compiled(function, _nrt=False)


def formula(function):
    """A function that is copied wherever it is called; it makes no array."""
    return Compiled(numba.njit(_nrt=False, forceinline=True, **_ARITHMETIC)(function))


formula_of_literals = numba.njit(inline="always", **_ARITHMETIC)
"""A formula that passes literal numbers on, which other functions do not: typed at every call."""


def _compiled(function, **options):
    told = numba.config.CACHE_DIR
    # numba looks for the cache's folder here and now; other libraries keep theirs
    numba.config.CACHE_DIR = _CACHE or told
    # not copied even into a formula, whose options hold in what it calls unless it has its own
    options |= {"forceinline": False, "no_cfunc_wrapper": True, "nogil": True, **_ARITHMETIC}
    try:
        return Compiled(numba.njit(cache=_CACHE is not None, **options)(function))
    finally:
        numba.config.CACHE_DIR = told
