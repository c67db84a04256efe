"""The wave vectors of the slab that stand for all of them, and how many each stands for."""


def wave_vector_pairs(slab, k, mirrored):
    """The q in pairs (q, q − k) that stand for all of them, with their number.

    k : int, index of 2π/(nx a)
    mirrored : bool
        Whether the mirrors of the kernel hold for what is summed.
    yields : ix, iz, weight
    """
    for iz in range(slab.nz // 2 + 1):
        for ix, weight in row_pairs(slab, k, iz, mirrored):
            yield ix, iz, weight


def row_pairs(slab, k, iz, mirrored):
    """Those of one q_z.

    Reality maps the pair at (q_x, q_z) on that at (k − q_x, −q_z), with mirrors also −q_z on q_z.

    yields : ix, weight
    """
    own = iz in (0, slab.nz / 2)
    for ix in range(slab.nx):
        partner = (k - ix) % slab.nx
        if not own and not mirrored:
            yield ix, 2
        elif partner >= ix:
            weight = 1 if partner == ix else 2
            yield ix, weight * (1 if own else 2)


def wave_vectors(slab, mirrored):
    """The q that stand for all of them: each q paired with itself, as in wave_vector_pairs."""
    return wave_vector_pairs(slab, 0, mirrored)
