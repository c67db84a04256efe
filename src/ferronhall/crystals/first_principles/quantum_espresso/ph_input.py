"""Inputs of ph.x and q2r.x: density-functional perturbation theory on a mesh of wave vectors."""

from ferronhall.crystals.first_principles.quantum_espresso.pw_input import namelist

_THRESHOLD = 1e-14


def q_points(prefix, q_mesh):
    """The irreducible wave vectors of a mesh and their order; computes nothing else."""
    return _text(prefix, q_mesh, {"start_irr": 0, "last_irr": 0})


def dynamical_matrix(prefix, q_mesh, q):
    """The dynamical matrix at one wave vector, at Γ with dielectric tensor and Born charges.

    q : int
        Place in the list of irreducible wave vectors, from 1.

    `recover` goes on from what an interrupted run left in the same folder, and starts anew where
    there is nothing.
    """
    # at Γ alone: elsewhere there is no response to a uniform field
    field = {"epsil": True} if q == 1 else {}
    run = {"start_q": q, "last_q": q, **field, "tr2_ph": _THRESHOLD, "recover": True}
    return _text(prefix, q_mesh, run)


def force_constants(prefix):
    """Fourier transform of all dynamical matrices to real space, the acoustic sum rule imposed.

    q2r.x takes the dipole-dipole part out first, because the matrix at Γ brings Born charges and
    dielectric tensor.
    """
    return (
        namelist("input", {"fildyn": f"{prefix}.dyn", "zasr": "crystal", "flfrc": f"{prefix}.fc"})
        + "\n"
    )


def _text(prefix, q_mesh, run):
    entries = {"prefix": prefix, "outdir": "./out", "fildyn": f"{prefix}.dyn", "ldisp": True}
    mesh = {f"nq{axis}": n for axis, n in enumerate(q_mesh, start=1)}
    title = f"phonons of {prefix}"
    return f"{title}\n{namelist('inputph', {**entries, **mesh, **run})}\n"
