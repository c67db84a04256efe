"""The linear force on a device: transforms along x and z about the products over y."""

import numpy as np
from numba import cuda

from ferronhall.engine.gpu.blocks import BlockProduct
from ferronhall.engine.gpu.transforms import Transform


class DeviceForce:
    """Linear force of a mirror-symmetric operator on all members at once.

    operator : SlabOperator
    reference : float, Å
        u0, the uniform displacement that every w is counted from.
    members : int
    """

    def __init__(self, operator, reference, dtype, members):
        self.nx, _, self.nz = operator.slab.shape
        self.along_x, self.along_z = Transform(self.nx, dtype), Transform(self.nz, dtype)
        pull = operator.uniform_force(reference)[0]
        self.product = BlockProduct(operator, pull, dtype, members)
        self.work = cuda.device_array(3 * operator.slab.sites * members, np.dtype(dtype))

    def __call__(self, w, force):
        """force = −K (u0 + w), flat device arrays of (3, nx, nz, ny, members), y folded."""
        if self.nz == 1:
            # one layer is its own transform
            self.along_x.forward(w, 3, force)
            self.product(force, self.work)
            self.along_x.backward(self.work, 3, force)
            return
        self.along_x.forward(w, 3, force)
        self.along_z.forward(force, 3 * self.nx, self.work)
        self.product(self.work, force)
        self.along_z.backward(force, 3 * self.nx, self.work)
        self.along_x.backward(self.work, 3, force)
