"""The steady state of an uneven crystal whose cells are alike along z, from dense matrices.

Mass and stiffness that vary over x and y leave q_z a good quantum number. With the displacements
and velocities times √(M/M̄) one q_z obeys

    ds/dt = A s + noise,    A = (    0             1    )
                                (−M̄ D    −γ + Ω_B C(B̂) )

in all cells of the (x, y) plane together, with D the Hessian at rest over √(M M′), γ diagonal and
noise of the average crystal. A is diagonalised, and C, with A C + C A† + S = 0, found term by term.
In a field along z the eigenvectors at −Ω_B are the inverse ones at +Ω_B: as D is symmetric and C
antisymmetric, A(−Ω)ᵀ = Y A(Ω) Y⁻¹ with Y = diag(−D, 1).

Harmonic: about the state at rest, which is that of the realisation itself, and the mean to first
order in the fluctuations. Pinned cells are no part of it, since about them the rest is another.
"""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from ferronhall.base import units
from ferronhall.base.errors import TheoryError
from ferronhall.base.machine import installed_memory
from ferronhall.theory.covariance import Fluctuations

MOST_COLUMNS = 600
"""Of cells in the (x, y) plane; the time grows with their cube."""

_SECONDS = 6.0
"""Of one q_z at its three fields, where they have 1000 numbers."""

_ARRAYS = 8
"""Complex matrices of a q_z held at once."""

_TOLERANCE, _MOST_STEPS = 1e-12, 100


def refusal(model):
    """Why the columns of a model have no dense solution, in one message; "" where they have one."""
    if not model.disorder:
        return ""
    disorder, columns = model.disorder, model.slab.nx * model.slab.ny
    if disorder.beyond_theory:
        return disorder.beyond_theory
    way_out = "what is called theory, for a reference, is that of the average crystal"
    if not model.operator.mirror_symmetric or model.walls:
        return f"domains.walls_y: with disorder and walls there is no dense solution; {way_out}"
    memory = dense_memory(columns)
    if columns > MOST_COLUMNS or memory > installed_memory():
        return (
            f"lattice: {model.slab.nx} x {model.slab.ny} = {columns} columns would take "
            f"{memory / 1000:.3g} GB, and about {core_seconds(model.slab) / 60:.0f} min a "
            f"realisation; {MOST_COLUMNS} columns are the most for a dense solution; {way_out}"
        )
    return ""


def dense_memory(columns):
    """MB of the matrices of one q_z."""
    return _ARRAYS * 16e-6 * (6 * columns) ** 2


def core_seconds(slab):
    """About what a realisation takes on one core."""
    return _SECONDS * (slab.nz // 2 + 1) * (6 * slab.nx * slab.ny / 1000) ** 3


@dataclass(frozen=True)
class ColumnState:
    """Steady states of one realisation at −Ω_B, 0, +Ω_B.

    states : list of covariance.Fluctuations
        Velocities and rotation weighted by M/M̄, as solver.observable_maps takes them; no bilinear.
    means : list of ndarray, shape (nx, ny), Å
        ⟨u_x⟩.
    """

    states: list
    means: list


def column_states(model, replica):
    """The ColumnState of a replica's own crystal.

    model : Model with a disorder that is uniform along z
    raises : TheoryError where there is no dense solution, or no stable state
    """
    reason = refusal(model)
    if reason:
        raise TheoryError(reason)
    cells = model.disorder.realisation(model.slab, replica)
    stiffness, mass = cells.stiffness[..., 0], cells.mass[..., 0]
    rest, response = _rest(model, stiffness)
    onsite = model.material.onsite
    across = np.broadcast_to(onsite.transverse, rest.shape)
    local = stiffness * np.array([onsite.well_force.deriv()(rest), across, across])
    slope = stiffness * onsite.well_force.deriv(2)(rest)
    shape = (3, model.slab.nx, model.slab.ny)
    scale = np.tile(np.sqrt(mass.ravel()), 3)
    totals = np.zeros((3, 8, *shape[1:]))
    with threadpool_limits(limits=1, user_api="blas"):
        for iz in range(model.slab.nz // 2 + 1):
            weight = (1 if iz in (0, model.slab.nz / 2) else 2) / model.slab.nz
            hessian = coupling(model, iz) + np.diag(local.ravel())
            dynamical = hessian / np.outer(scale, scale) / model.material.mass[0, 0]
            for n, covariance in enumerate(_covariances(model, dynamical)):
                totals[n] += weight * _moments(covariance, scale, shape)
    states, means = [], []
    for moments in totals:
        states.append(Fluctuations(moments[:3], moments[3:6], *moments[6:], np.zeros(shape[1:])))
        means.append(rest + response(-slope / 2 * moments[3]))
    return ColumnState(states, means)


def coupling(model, iz):
    """K of all cells of the plane at one q_z (eV/Å²), shape (3 nx ny)², component-major.

    Real, with u_z counted imaginary, in a field along z; else u_z is as it is.
    """
    slab = model.slab
    blocks = np.array([model.operator.block(ix, iz) for ix in range(slab.nx)])
    distance = np.fft.ifft(blocks.reshape(slab.nx, 3, slab.ny, 3, slab.ny), axis=0)
    x = np.arange(slab.nx)
    whole = distance[(x[:, None] - x[None, :]) % slab.nx].transpose(2, 0, 3, 4, 1, 5)
    whole = whole.reshape(3 * slab.nx * slab.ny, -1)
    if not model.field.along_z:
        return whole
    phase = np.repeat([1, 1, 1j], slab.nx * slab.ny)
    return (phase.conj()[:, None] * whole * phase).real


def _rest(model, stiffness):
    """ū_x(x, y) at rest (Å), and the answer there to a force along x, a function of (nx, ny)."""
    slab, onsite = model.slab, model.material.onsite
    size = slab.nx * slab.ny
    whole = coupling(model, 0).real[: 2 * size, : 2 * size]
    force, share = onsite.well_force + onsite.tilt, stiffness.ravel()
    mean = np.zeros(2 * size)
    mean[:size] = onsite.equilibrium
    for _ in range(_MOST_STEPS):
        slope = whole @ mean
        slope[:size] += share * force(mean[:size]) - onsite.tilt
        slope[size:] += share * onsite.transverse * mean[size:]
        local = np.concatenate([share * force.deriv()(mean[:size]), share * onsite.transverse])
        step = np.linalg.solve(whole + np.diag(local), slope)
        mean = mean - np.clip(step, -onsite.amplitude / 10, onsite.amplitude / 10)
        if np.abs(step).max() < _TOLERANCE * onsite.amplitude:
            break
    else:
        raise TheoryError(
            "disorder.stiffness: the uneven slab has no state at rest near the average crystal's; "
            "bring disorder.stiffness.change nearer to 0"
        )
    compliance = np.linalg.inv(whole + np.diag(local))[:size, :size]

    def response(pull):
        return (compliance @ pull.ravel()).reshape(pull.shape)

    return mean[:size].reshape(slab.nx, slab.ny), response


def _covariances(model, dynamical):
    """C at −Ω_B, 0 and +Ω_B of one q_z, shape (2n, 2n)."""
    zero = _modes(model, dynamical, model.field.at(0))
    plus = _modes(model, dynamical, model.field.at(+1))
    if np.isrealobj(dynamical):
        minus = _reversed(plus, dynamical)
    else:
        minus = _modes(model, dynamical, model.field.at(-1))
    slab = model.slab
    damping = np.broadcast_to(model.damping, (slab.nx, slab.ny))
    strength = 2 * damping * units.BOLTZMANN_EV_PER_K * model.temperature_map
    noise = np.tile(strength.ravel() / model.material.mass[0, 0], 3)
    return (_covariance(*modes, noise) for modes in (minus, zero, plus))


def _modes(model, dynamical, field):
    """λ, X and X⁻¹ of A."""
    slab, n = model.slab, len(dynamical)
    plane = slab.nx * slab.ny
    damping = np.tile(np.broadcast_to(model.damping, (slab.nx, slab.ny)).ravel(), 3)
    matrix = np.zeros((2 * n, 2 * n), dynamical.dtype)
    matrix[:n, n:] = np.eye(n)
    matrix[n:, :n] = -dynamical
    matrix[n:, n:] = np.kron(field.generator, np.eye(plane)) - np.diag(damping)
    values, vectors = np.linalg.eig(matrix)
    if values.real.max() >= 0:
        raise TheoryError(
            f"the uneven slab is unstable: a mode grows at {values.real.max():.3g} 1/ps; bring "
            "disorder.stiffness.change nearer to 0"
        )
    return values, vectors, np.linalg.inv(vectors)


def _reversed(modes, dynamical):
    """The modes at −Ω_B from those at +Ω_B."""
    values, vectors, inverse = modes
    n = len(dynamical)
    # X′ = Y⁻ᵀ X⁻ᵀ and X′⁻¹ = Xᵀ Yᵀ, of a D that is its own transpose
    right, left = inverse.T.copy(), vectors.T.copy()
    right[:n] = -np.linalg.solve(dynamical, right[:n])
    left[:, :n] = -left[:, :n] @ dynamical
    return values, right, left


def _covariance(values, vectors, inverse, noise):
    """C of A C + C A† + S = 0, S = diag(0, noise)."""
    n = len(noise)
    driven = (inverse[:, n:] * noise) @ inverse[:, n:].conj().T
    driven /= -(values[:, None] + values.conj())
    return vectors @ driven @ vectors.conj().T


def _moments(covariance, scale, shape):
    """⟨v_c²⟩ M/M̄, ⟨w_c²⟩, ⟨w_x v_y − w_y v_x⟩ M/M̄ and ⟨w_x w_y⟩ of a cell, shape (8, nx, ny)."""
    n = len(scale)
    diagonal = np.diag(covariance).real
    displacement, velocity = diagonal[:n] / scale**2, diagonal[n:]
    plane, w = shape[1] * shape[2], np.arange(shape[1] * shape[2])
    turning = covariance[w, n + plane + w] - covariance[plane + w, n + w]
    shear = covariance[w, plane + w].real / (scale[w] * scale[plane + w])
    found = np.concatenate([velocity, displacement, turning.real, shear])
    return found.reshape(8, *shape[1:])
