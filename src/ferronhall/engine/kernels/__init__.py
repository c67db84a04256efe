"""Compiled inner loops: everything numba compiles stands in this folder.

No module of it imports from the library outside, so its sources are all that a compiled kernel is
made of (see kernel_cache).
"""

from pathlib import Path

import numba

from ferronhall.engine.kernel_cache import cache_folder

_CACHE = cache_folder(Path(__file__).parent, numba.config.CACHE_DIR)


def compiled_before():
    """Whether these sources have been compiled here, for whatever types.

    It looks for the substep itself (loop.propagate), which is compiled last.
    """
    return _CACHE is not None and any(Path(_CACHE).glob("loop.propagate-*.nbc"))


def kernel(function):
    """Compile a function when it is first called, or take it from the kernels' own cache."""
    return _compiled(function, _nrt=True)


def borrowing(function):
    """A kernel that makes no array of its own, so that nobody needs to count who holds one.

    Counting takes longer than the work on one block of a small lattice.
    """
    return _compiled(function, _nrt=False)


def _compiled(function, **options):
    told = numba.config.CACHE_DIR
    # numba looks for the cache's folder here and now; other libraries keep theirs
    numba.config.CACHE_DIR = _CACHE or told
    try:
        # "contract" lets the compiler fuse a multiply and an add. The other fast-math flags stay
        # off: they would make the guards against NaN meaningless.
        return numba.njit(
            cache=_CACHE is not None,
            error_model="numpy",
            fastmath={"contract"},
            nogil=True,
            **options,
        )(function)
    finally:
        numba.config.CACHE_DIR = told


formula = numba.njit(inline="always", error_model="numpy", fastmath={"contract"})
