"""Covariances between the modes at q and at q − k, and the moments of every layer they make.

The bath couples q to q − k. In the eigenmodes the Lyapunov equation A C + C A† + S = 0 is solved
term by term: ⟨a b*⟩ is the noise a and b have in common, d_a · d_b*, times how long it builds up,
β(λ_a, λ_b*). Rows of w are enough. As dw/dt = p, ⟨p w′*⟩ = −⟨w p′*⟩ and ⟨p p′*⟩ = −⟨w ṗ′*⟩, the
latter but for the noise's own part, and with w̄ = Q w, v = Q p (see block_dynamics) the same holds
of w̄ and v.
"""

import numpy as np

from ferronhall.theory.bond_covariance import y_bonds, z_bonds

MOMENTS = 10
"""⟨v_c²⟩, ⟨w_c²⟩, ⟨w_x v_y − w_y v_x⟩, ⟨w_x w_y⟩, and the bonds' bilinear along y and along z."""


def white(values, others, _conjugate):
    """How long white noise builds up: −1/(λ_a + λ_b*).

    values, others : ndarray, shapes (..., n) and (..., n′)
    returns : ndarray, shape (..., n, n′)
    """
    values, others = values[..., :, None], others[..., None, :]
    # a complex quotient takes several times as long as its real parts
    decay, beat = values.real + others.real, values.imag + others.imag
    result = np.empty(decay.shape, complex)
    square = decay * decay
    square += beat * beat
    np.divide(beat, square, out=result.imag)
    np.negative(square, out=square)
    np.divide(decay, square, out=result.real)
    return result


def once(build_up):
    """The same function of two modes, evaluated once for each conjugation of the second."""
    known = {}

    def remembered(values, others, conjugate):
        if conjugate not in known:
            known[conjugate] = build_up(values, others, conjugate)
        return known[conjugate]

    return remembered


def coloured(at_left, at_right, white=white):
    """How long coloured noise builds up: −[F(λ_a) + F(λ_b*)]/(λ_a + λ_b*).

    at_left, at_right : ndarray, shapes (n,) and (n′,)
        F at λ_a and at λ_b.
    white : that of white noise, which may be known
    """

    def build_up(values, others, conjugate):
        right = at_right.conj() if conjugate else at_right
        return (at_left[..., :, None] + right[..., None, :]) * white(values, others, conjugate)

    return build_up


def shared_noise(left, right, opposite, profile=None):
    """Noise that the columns of two Modes have in common, shape (..., N, N′).

    opposite : bool, whether the left one stands for its opposite q_x
    profile : ndarray, shape (ny,), optional
        What multiplies the noise of every layer (see baths.Wave).
    """
    drive = left.drive * left.basis.opposite if opposite else left.drive
    if profile is not None:
        local = left.basis.project_layers(profile, right.basis)
        # a profile of few layers leaves few functions
        rows, columns = local.any(axis=1), local.any(axis=0)
        local = local[np.ix_(rows, columns)]
        return (drive[..., rows] @ local) @ _adjoint(right.drive[..., columns])
    return drive @ _adjoint(right.drive)


def covariance(left, right, shared, build_up):
    """Covariance between the columns of two Modes, or stacks of them, shape (..., N, N′).

    shared : ndarray, see shared_noise
    build_up : callable
        Takes λ_a, shape (n,), and λ_b* or (for the conjugate of b) λ_b, shape (n′,), with whether
        it is the former; returns β, shape (n, n′). In a real basis β of the conjugates has to be
        the conjugate of β.
    """
    direct = build_up(left.values, right.values.conj(), True)
    if not left.basis.real:
        return shared * direct
    crossed = build_up(left.values, right.values, False)
    return paired(shared, direct, crossed, left.share, right.share)


def paired(shared, direct, crossed, left_share, right_share):
    """Covariance between columns that are the real and imaginary parts of modes.

    shared : ndarray, shape (..., N, N′), real
    direct, crossed : ndarray, shape (..., n, n′), complex
        β of a and b, and of a and the conjugate of b.
    left_share, right_share : ndarray, shapes (..., n) and (..., n′), as in modes.Modes
    """
    n, m = direct.shape[-2:]
    rr, ri = shared[..., :n, :m], shared[..., :n, m:]
    ir, ii = shared[..., n:, :m], shared[..., n:, m:]
    # with b itself, and with its conjugate in b's place
    alike, turned = np.empty((2, *direct.shape), complex)
    np.add(rr, ii, out=alike.real)
    np.subtract(ir, ri, out=alike.imag)
    np.subtract(rr, ii, out=turned.real)
    np.add(ir, ri, out=turned.imag)
    alike *= direct
    turned *= crossed
    result = np.empty((*direct.shape[:-2], 2 * n, 2 * m))
    np.add(alike.real, turned.real, out=result[..., :n, :m])
    np.subtract(alike.imag, turned.imag, out=result[..., :n, m:])
    np.add(alike.imag, turned.imag, out=result[..., n:, :m])
    np.negative(result[..., n:, :m], out=result[..., n:, :m])
    np.subtract(alike.real, turned.real, out=result[..., n:, m:])
    result *= _twice(2 * left_share)[..., :, None]
    if not np.all(right_share == 1):
        result *= _twice(right_share)[..., None, :]
    return result


def _twice(share):
    return np.concatenate([share, share], axis=-1)


def layer_moments(left, right, opposite, covariance, qz):
    """Moments of every layer kept, from the covariance between two Modes, or stacks of them.

    covariance : ndarray, shape (..., N, N′)
    qz : float, wave vector along z in units of the inverse lattice constant
    returns : ndarray, shape (..., MOMENTS, layers), complex; rotation, shear and bonds
        symmetrised, as the pair stands for its transpose too; bonds along y from a layer to the
        next, those past the layers kept 0
    """
    basis, rows = left.basis, left.displacement @ covariance
    x = [basis.layers(rows)]
    if left.inertia is not None:
        x.append(basis.layers(left.inertia @ rows))
    if opposite:
        for part in x:
            np.conjugate(part, out=part)
            part[..., 2, :, :] *= -1
    w, inertial = x[0], x[-1]
    displacement, momentum, velocity, force = right.follow
    result = np.zeros((*w.shape[:-3], MOMENTS, basis.layers_kept), complex)
    result[..., :3, :] = -_product(inertial, force)
    result[..., 3:6, :] = _product(w, displacement)
    turns = _crossed(w, velocity) + _crossed(inertial, momentum)
    result[..., 6, :] = turns / 2
    result[..., 7, :] = _crossed(w, displacement, 1) / 2
    result[..., 8, :-1] = y_bonds(w, displacement)
    result[..., 9, :] = z_bonds(w, displacement, qz)
    return result


def _crossed(a, b, sign=-1):
    """⟨a_x b_y*⟩ and, with the sign, ⟨a_y b_x*⟩."""
    along = _product(a[..., 0, :, :], b[..., 1, :, :])
    across = _product(a[..., 1, :, :], b[..., 0, :, :])
    return along + sign * across


def _adjoint(matrix):
    return np.swapaxes(matrix, -1, -2).conj()


def _product(a, b):
    return np.einsum("...yb,...yb->...y", a, b)
