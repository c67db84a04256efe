"""Compiled functions that call each other, against the same functions as Python."""

import numba
import numpy as np
import pytest

from ferronhall.engine.kernels.compilation import Compiled


def compiled(**options):
    return lambda function: Compiled(numba.njit(**options)(function))


@compiled(forceinline=True, _nrt=False)
def turned(pair, factor):
    return -factor * pair[1], factor * pair[0]


@compiled(_nrt=False, forceinline=False)
def turn_all(x, factor):
    flat, n = x.reshape(-1), x.shape[1]
    for i in range(n):
        flat[i], flat[n + i] = turned((flat[i], flat[n + i]), factor)


@compiled(_nrt=True, forceinline=False)
def turned_copy(x, factor):
    out = np.empty(x.shape, x.dtype)
    for m in range(x.shape[0]):
        out[m] = x[m]
        turn_all(out[m], factor)
    return out


def expected(x, factor):
    return np.stack([-factor * x[:, 1], factor * x[:, 0]], axis=1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_functions_are_right_from_python_and_within_each_other(dtype):
    x = np.arange(24, dtype=dtype).reshape(3, 2, 4)
    factor = dtype(3)
    assert np.array_equal(turned_copy(x, factor), expected(x, factor))
    alone = x[0].copy()
    turn_all(alone, factor)
    assert np.array_equal(alone, expected(x, factor)[0])
    assert turned((x[0, 0, 1], x[0, 1, 1]), factor) == tuple(expected(x, factor)[0, :, 1])


def test_what_is_called_gets_no_machine_code_of_its_own():
    # a type of factor that no other test calls with
    turned_copy(np.ones((1, 2, 4), np.float32), np.int8(2))
    assert any(types[-1] == numba.int8 for types in turned_copy.dispatcher.overloads)
    for called in (turn_all, turned):
        assert not any(types[-1] == numba.int8 for types in called.dispatcher.overloads)


def test_a_call_that_cannot_be_typed_names_the_reason():
    @compiled(_nrt=False)
    def wrong(x):
        return x.no_such_attribute

    @compiled(_nrt=True)
    def calling(x):
        return wrong(x)

    with pytest.raises(numba.TypingError, match="no_such_attribute"):
        calling(1.0)
