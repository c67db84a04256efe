"""The static state of a slab whose domains have any shape: a local minimum in every component.

    E = Σ_r V(u_r) + ½ Σ_rr′ u_r K(r, r′) u_r′

Newton's steps, each by conjugate gradients on the Hessian, which costs two transforms a step
instead of a matrix. Along a direction of negative curvature a step goes down the slope, so that a
saddle is left. Walls normal to y alone have their dense solution in `domains`.
"""

import numpy as np

_TOLERANCE = 1e-10
_MOST_STEPS = 200
_MOST_PRODUCTS = 400
_FORCING = 0.1

_LEAST = 0.25
"""Part of u0 below which a cell at rest no longer belongs to its domain, as in domains."""


def turned_cells(mean, signs, amplitude=0.0):
    """Number of cells that are not, or barely, of the domain they belong to.

    mean : ndarray, shape (..., nx, ny, nz), Å, ⟨u_x⟩
    amplitude : float, Å
        u0 for a static state, that no cell is about to turn round; by default the sign decides.
    """
    return int(np.count_nonzero(~(mean * signs >= _LEAST * amplitude)))


def static_state(operator, onsite, signs):
    """The minimum that domains of the given signs relax to (Å), shape (3, nx, ny, nz).

    operator : SlabOperator
    onsite : OnSitePotential
    signs : ndarray, shape (nx, ny, nz), ±1
    """
    u = np.zeros((3, *operator.slab.shape))
    u[0] = onsite.amplitude * signs
    largest = onsite.amplitude / 10
    for _ in range(_MOST_STEPS):
        slope = -operator.apply(u) - onsite.force(u)
        step = _newton_step(operator, onsite, u, slope)
        u = u + np.clip(step, -largest, largest)
        if np.abs(step).max() < _TOLERANCE * onsite.amplitude:
            break
    return u


def hessian_product(operator, onsite, u):
    """Function of a field p (3, nx, ny, nz) that gives the Hessian at u times p (eV/Å)."""
    stiffness = onsite.mean_stiffness(u[0])
    return lambda p: stiffness * p - operator.apply(p)


def hessian_extremes(operator, onsite, u):
    """Smallest and largest eigenvalue of the Hessian at u (eV/Å²), by Lanczos' method."""
    # here, as every model imports this module, and few are uneven or have a map of domains
    from scipy.sparse.linalg import LinearOperator, eigsh

    product, size = hessian_product(operator, onsite, u), u.size
    shape = (size, size)
    matrix = LinearOperator(shape, lambda p: product(p.reshape(u.shape)).ravel(), dtype=float)
    start = np.random.default_rng(0).standard_normal(size)
    found = [
        eigsh(matrix, 1, which=end, v0=start, tol=tolerance, ncv=40, return_eigenvectors=False)
        for end, tolerance in (("SA", 1e-4), ("LA", 1e-8))
    ]
    return float(found[0][0]), float(found[1][0])


def _newton_step(operator, onsite, u, slope):
    """−H⁻¹ slope to a part of its length, or down the slope where H is not positive."""
    product = hessian_product(operator, onsite, u)
    norm = np.linalg.norm(slope)
    # ever more exact towards the minimum, where the steps converge
    enough = norm * min(_FORCING, norm / (onsite.amplitude * np.sqrt(slope.size)))
    step, rest = np.zeros_like(slope), -slope
    direction, square = rest, norm**2
    for _ in range(_MOST_PRODUCTS):
        if np.sqrt(square) <= enough:
            break
        along = product(direction)
        curvature = np.sum(direction * along)
        if curvature <= 0:
            return step if step.any() else direction * onsite.amplitude / np.abs(direction).max()
        length = square / curvature
        step = step + length * direction
        rest = rest - length * along
        square, before = np.sum(rest**2), square
        direction = rest + square / before * direction
    return step
