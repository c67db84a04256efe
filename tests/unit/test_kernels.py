"""The compiled pieces of the linear force, each against plain arrays."""

import numba
import numpy as np
import pytest

from ferronhall.engine.block_plan import fourier_basis
from ferronhall.engine.kernels.layers import fold_layers, packed_order, unfold_layers
from ferronhall.engine.kernels.mirror import invert_lines, transform_lines
from ferronhall.engine.kernels.runs import butterfly, copy
from ferronhall.engine.kernels.tile import multiply
from ferronhall.model.slab_operator import y_parity_basis

PRECISIONS = [np.float32, np.float64]


@numba.njit
def _butterfly(a, b, step, sums, rests, out_step, runs, count):
    butterfly(a, 1, b, 2, step, sums, 3, rests, 0, out_step, runs, count)


@numba.njit
def _copy(a, step, out, out_step, runs, count):
    copy(a, 1, step, out, 3, out_step, runs, count)


@numba.njit
def _fold(lines, starts, signs, step, rows, second, width, members, even, odd):
    fold_layers(lines, starts, signs, step, rows, 0, second, width, members, even, odd)


@numba.njit
def _unfold(lines, starts, signs, step, rows, second, width, members, even, odd):
    unfold_layers(lines, starts, signs, step, rows, 0, second, width, members, even, odd)


def _product(x, b, columns, ahead=()):
    """x · b[:, :columns] by the kernel, and the margin it was written into."""
    margin = np.full((len(x) + 1, b.shape[1] + 9), 7, x.dtype)
    sizes = (len(x), x.shape[1], columns)
    places = (margin.ravel(), 4, margin.shape[1])
    multiply(x.ravel(), 0, x.shape[1], b.ravel(), 0, b.shape[1], *sizes, *places, ahead)
    found = margin[: len(x), 4 : 4 + columns].copy()
    margin[: len(x), 4 : 4 + columns] = 7
    return found, margin


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_products_of_any_size_are_the_matrix_product(rng, dtype):
    for rows in (1, 2, 3, 7, 8, 13, 16):
        for terms, columns in ((0, 5), (1, 1), (3, 8), (9, 24), (4, 39), (17, 45), (2, 96)):
            x = rng.normal(size=(rows, terms)).astype(dtype)
            b = rng.normal(size=(terms, columns)).astype(dtype)
            found, margin = _product(x, b, columns)
            exact = x.astype(np.longdouble) @ b.astype(np.longdouble)
            size = np.abs(x).astype(float) @ np.abs(b) + 1
            assert np.all(np.abs(found - exact) <= (terms + 1) * np.finfo(dtype).eps * size)
            # nothing beside the product is touched
            assert np.all(margin == 7)


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_an_element_has_the_same_bits_in_every_tile(rng, dtype):
    """Whatever rows and columns are multiplied with it: members do not see one another."""
    x, b = rng.normal(size=(15, 33)).astype(dtype), rng.normal(size=(33, 79)).astype(dtype)
    whole, _ = _product(x, b, 79)
    for columns in (1, 7, 8, 16, 23, 24, 32, 40, 56, 72):
        assert np.array_equal(_product(x, b, columns)[0], whole[:, :columns])
    for rows in range(1, 15):
        assert np.array_equal(_product(x[:rows], b, 79)[0], whole[:rows])
    for row in range(15):
        assert np.array_equal(_product(x[row : row + 1], b, 79)[0][0], whole[row])


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_a_product_that_fetches_has_the_same_bits(rng, dtype):
    """Lines far beyond an array included: what is fetched is never read."""
    x, b = rng.normal(size=(15, 33)).astype(dtype), rng.normal(size=(33, 79)).astype(dtype)
    ahead = (b.ctypes.data, 64, b.ctypes.data - 2**40, 4096)
    found, margin = _product(x, b, 79, ahead)
    assert np.array_equal(found, _product(x, b, 79)[0])
    assert np.all(margin == 7)


def _transformed(kernel, matrices, field, large=None):
    """A field of shape (n, columns) by the kernel, and the margin it was written into."""
    n, columns = field.shape
    given, margin = np.full((2, n, columns + 9), 7, field.dtype)
    given[:, 4 : 4 + columns] = field
    places = ((a.ravel(), 4, columns + 9) for a in (given, margin))
    kernel(
        tuple(m.ravel() for m in matrices),
        n,
        columns,
        *places,
        np.empty(32 * n, field.dtype),
        large,
    )
    found = margin[:, 4 : 4 + columns].copy()
    margin[:, 4 : 4 + columns] = 7
    return found, margin


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("n", [1, 2, 3, 8, 9, 13, 31])
def test_mirrored_transforms_are_the_real_fourier_transform_and_its_inverse(rng, dtype, n):
    """Orthonormal: a wave vector that is its own mirror image weighs √½ of another one."""
    matrices = [m.astype(dtype) for m in fourier_basis(n)]
    back = [np.ascontiguousarray(m.T) for m in matrices]
    for columns in (1, 7, 8, 15, 32, 45, 96):
        field = rng.normal(size=(n, columns)).astype(dtype)
        spectrum = np.fft.rfft(field.astype(float), axis=0, norm="ortho") * np.sqrt(2)
        spectrum[:: n // 2 if n > 1 and n % 2 == 0 else n] /= np.sqrt(2)
        right = np.concatenate([spectrum.real, -spectrum.imag[1 : (n + 1) // 2]])
        found, margin = _transformed(transform_lines, matrices, field)
        # an angle of up to πn/2 is rounded, and n terms
        size = np.abs(field.astype(float)).sum(axis=0) * np.sqrt(2 / n)
        assert np.all(np.abs(found - right) <= (np.pi / 2 + 1) * n * np.finfo(dtype).eps * size)
        again, beside = _transformed(invert_lines, back, found)
        size = np.abs(found.astype(float)).sum(axis=0) * np.sqrt(2 / n)
        assert np.all(np.abs(again - field) <= (np.pi + 2) * n * np.finfo(dtype).eps * size)
        assert np.all(margin == 7)
        assert np.all(beside == 7)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("kernel", [transform_lines, invert_lines])
def test_a_column_is_transformed_to_the_same_bits_beside_any_others(rng, dtype, kernel):
    matrices = [m.astype(dtype) for m in fourier_basis(13)]
    field = rng.normal(size=(13, 79)).astype(dtype)
    whole, _ = _transformed(kernel, matrices, field)
    for columns in (1, 7, 8, 16, 24, 32, 40, 72):
        assert np.array_equal(
            _transformed(kernel, matrices, field[:, :columns])[0], whole[:, :columns]
        )
    assert np.array_equal(_transformed(kernel, matrices, field, 1)[0], whole)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("count", [1, 7, 8, 15, 16, 39])
def test_butterflies_and_copies_end_where_their_runs_do(rng, dtype, count):
    runs, step, out_step = 3, count + 2, count + 5
    a, b = rng.normal(size=(2, 200)).astype(dtype)
    sums, rests, copies = np.full((3, 200), 7, dtype)
    _butterfly(a, b, step, sums, rests, out_step, runs, count)
    _copy(a, step, copies, out_step, runs, count)
    right = np.full((3, 200), 7, dtype)
    for r in range(runs):
        one = a[1 + r * step :][:count]
        other = b[2 + r * step :][:count]
        right[0, 3 + r * out_step :][:count] = one + other
        right[1, r * out_step :][:count] = one - other
        right[2, 3 + r * out_step :][:count] = one
    assert np.array_equal([sums, rests, copies], right)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("ny", [1, 2, 13, 16, 20, 37])
def test_layers_fold_into_even_and_odd_functions(rng, dtype, ny):
    """Against the orthonormal functions of the operator, which count √½ for every pair."""
    members, (ne, no) = 3, ((ny + 1) // 2, ny // 2)
    stored = [*range(ne), *range(ny - 1, ne - 1, -1)]
    step, width = 3 * (ny + 3), 3 * (-(-ne // 8) * 8)
    fields = rng.normal(size=(members, 3, ny)).astype(dtype)
    lines = np.full((members, 3, ny + 3), 7, dtype)
    lines[..., :ny] = fields[..., stored]
    rows = np.zeros((2, members, width), dtype)
    starts, signs = (0, ny + 3, 2 * (ny + 3)), (dtype(-1), dtype(1), dtype(1))
    shape = (members * width, width, members, ne, no)
    _fold(lines.ravel(), starts, signs, step, rows.ravel(), *shape)
    even, odd = y_parity_basis(ny)
    norm = np.where(np.arange(ne) < no, np.sqrt(2), 1)
    functions = (even * norm[:, None], odd * np.sqrt(2))
    places = [packed_order(ne, no, parity) for parity in range(2)]
    for parity in range(2):
        for place, (c, layer) in enumerate(places[parity]):
            basis = functions[parity if c != 1 else 1 - parity]
            right = (-1, 1, 1)[c] * fields[:, c].astype(float) @ basis[layer]
            found = rows[parity, :, place]
            np.testing.assert_allclose(found, right, rtol=0, atol=8 * np.finfo(dtype).eps)
    # the transpose: ⟨fold a, b⟩ = ⟨a, unfold b⟩, whatever stands beside a row's functions
    other = rng.normal(size=(2, members, width)).astype(dtype)
    back = np.full_like(lines, 7)
    _unfold(back.ravel(), starts, signs, step, other.ravel(), *shape)
    assert np.all(back[..., ny:] == 7)
    left = sum(
        np.sum(rows[p, :, : len(places[p])].astype(float) * other[p, :, : len(places[p])])
        for p in range(2)
    )
    assert left == pytest.approx(np.sum(lines[..., :ny].astype(float) * back[..., :ny]), rel=1e-5)


def test_a_row_holds_every_function_once_and_close_layers_side_by_side():
    assert packed_order(2, 1, 0) == [(0, 0), (0, 1), (1, 0), (2, 0), (2, 1)]
    assert packed_order(2, 1, 1) == [(0, 0), (1, 0), (1, 1), (2, 0)]
    long = packed_order(10, 9, 0)
    assert sorted(long) == sorted((c, j) for c, n in enumerate((10, 9, 10)) for j in range(n))
    assert long[24:] == [(0, 8), (0, 9), (1, 8), (2, 8), (2, 9)]
