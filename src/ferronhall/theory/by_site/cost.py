"""What the site-dependent closure will cost, and which closure a campaign therefore uses.

The choice rests on counted operations, not on a timing: the same configuration gives the same
theory on every machine. The timing only tells how long that will take here.
"""

import time
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from ferronhall.base.errors import ConfigError
from ferronhall.base.machine import installed_memory
from ferronhall.model.material import AXIAL, CUBIC
from ferronhall.theory.by_site.lyapunov import RESTART

_SOLUTIONS = 12
"""Lyapunov solutions of a sector until the closure has settled, with its start and its maps."""

_CUBIC_SOLUTIONS = 180
"""The same in a cubic well: its stiffness across x is several times as large in the hot band as
elsewhere, which takes GMRES a hundred of them a round."""

_MOST_OPERATIONS = 1.0e12
"""About a minute on one core; more is not begun unasked."""

_MOST_MEMORY_MB = 4000

SECTORS_AT_A_TIME = 2
"""Threads that solve one each; more would take more memory than is counted here."""

_WORK_ARRAYS, _BLOCK_ARRAYS = 8, 4
"""Arrays beside the Krylov vectors: of R's size in a solution, of all modes' size in a sector."""

_REAL = 0.3
"""Time over that of as many operations of complex numbers, which mirrors spare: a quarter in a
field, where parities do not separate, and less without."""

_TIMED_S = 0.1


@dataclass(frozen=True)
class SiteCost:
    """Operations of both fields together, in complex numbers, and the most memory on the way."""

    shape: tuple
    operations: float
    memory_MB: float

    @property
    def modest(self):
        """Whether theory.closure: auto takes it upon itself."""
        return self.operations < _MOST_OPERATIONS and self.memory_MB < _MOST_MEMORY_MB

    @property
    def seconds(self):
        """Core-seconds here."""
        return _REAL * self.operations / _speed(self.shape)

    def __str__(self):
        return (
            f"{self.operations:.2g} operations, {self.seconds:.3g} "
            f"core-seconds here, {self.memory_MB:.0f} MB"
        )


def site_cost(shape, form=AXIAL):
    """Cost of the site-dependent closure of a slab with mirrors.

    Without them, in a field across z or in a T(x, y) that is not its own image numbers are complex
    and, where rows at −q_x count too, twice as many.

    shape : (nx, ny, nz)
    form : AXIAL or CUBIC
    """
    nx, ny, nz = shape
    sectors, modes = nz // 2 + 1, 6 * ny
    felt, solutions = (3, _CUBIC_SOLUTIONS) if form == CUBIC else (1, _SOLUTIONS)
    products = 6 * 8 * (nx // 2 + 1) * nx * felt * ny * modes**2
    vector = 16e-6 * nx * felt * ny * (nx // 2 + 1) * modes
    blocks = 16e-6 * nx * modes**2
    held = sectors * (_BLOCK_ARRAYS * blocks + 2 * vector)
    work = SECTORS_AT_A_TIME * ((RESTART + _WORK_ARRAYS) * vector + _BLOCK_ARRAYS * blocks)
    hessian = SECTORS_AT_A_TIME * 16e-6 * (3 * nx * ny) ** 2
    return SiteCost(shape, 2 * sectors * solutions * products, held + max(work, hessian))


def chosen_closure(wanted, shape, form=AXIAL):
    """Which closure to use: site or averaged.

    wanted : "auto", "site" or "averaged"
    form : AXIAL or CUBIC
        Of the on-site potential. In a cubic one site takes some twenty times as long, and is not
        begun unasked.
    raises : ConfigError when the site-dependent closure is asked for and does not fit here
    """
    cost = site_cost(shape, form)
    if wanted == "auto":
        return "site" if form == AXIAL and cost.modest else "averaged"
    installed = installed_memory()
    if wanted == "site" and cost.memory_MB > installed:
        raise ConfigError(
            f"theory.closure: site takes {cost.memory_MB / 1000:.3g} GB of memory at "
            f"{' x '.join(map(str, shape))} cells, and this machine has {installed / 1000:.3g} GB; "
            "write averaged, or shorten lattice.nx or lattice.ny"
        )
    return wanted


def _speed(shape):
    """Operations a second on one core, from the products and quotients of one row of blocks."""
    nx, ny, _ = shape
    modes = 6 * ny
    enter, leave = np.ones((modes, ny), complex), np.ones((nx, modes, ny), complex)
    forcing = np.ones((nx, ny, modes), complex)
    values = np.ones((nx, 1, modes), complex)
    with threadpool_limits(limits=1, user_api="blas"):
        # of the process, not of the clock: other work on the machine does not count
        begun, done = time.process_time(), 0
        while time.process_time() - begun < _TIMED_S:
            row = np.matmul(enter, forcing) / (values + enter[:, :1])
            np.matmul(row, leave)
            done += 1
    return 16 * done * nx * ny * modes**2 / (time.process_time() - begun)
