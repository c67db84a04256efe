"""What a trajectory keeps of domains that it follows cell by cell."""

import numpy as np


def domain_variables(model, means):
    """The sign of ⟨u_x⟩ of every cell and block, and P along the domain that a cell began in.

    means : ndarray, shape (block, nz, nx, ny)
        ⟨w_x⟩/nz (Å), the rows of a block's means beyond SAMPLED_MOMENTS.
    returns : dict of name → (dims, values, attributes)
    """
    mean = model.rest_state[0] + model.slab.nz * np.moveaxis(means, 1, -1)
    along = np.mean(model.signs * mean, axis=-1)
    charge = model.material.polarization_derivative[0, 0]
    sign = {"units": "1", "long_name": "sign of the mean P along x of a cell"}
    label = "mean over z of P along the domain that a cell began in"
    return {
        "domain": (("block", "x", "y", "z"), np.where(mean < 0, -1, 1).astype(np.int8), sign),
        "domain_polarization": (
            ("block", "x", "y"),
            along * charge,
            {"units": "C/m^2", "long_name": label},
        ),
    }
