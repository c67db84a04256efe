"""What a steady state will cost: time and memory, from a few blocks and pairs on this machine."""

import time
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from ferronhall.theory.covariance import Noises, pairs_of_row, run_moments, waves_by_k

_TIMED = 4
"""Blocks that are timed, where they are so small that some are taken together."""


@dataclass(frozen=True)
class Cost:
    """Blocks to diagonalise, pairs of them to combine, seconds on one core, MB of memory."""

    blocks: int
    pairs: int
    seconds: float
    memory_MB: float

    def __str__(self):
        return (
            f"{self.blocks} blocks and {self.pairs} pairs of wave vectors, {self.seconds:.3g} "
            f"core-seconds here, {self.memory_MB:.0f} MB"
        )


def estimate(spectrum, baths):
    """Time some diagonalisations and pairs and scale up; returns a Cost."""
    waves = waves_by_k(baths)
    iz = spectrum.rows[-1]
    pairs = sum(len(pairs_of_row(spectrum, waves, iz)) for iz in spectrum.rows)
    blocks, k = len(spectrum.wave_vectors), 0
    # of the process, not of the clock: other work on the machine does not count
    with threadpool_limits(limits=1, user_api="blas"):
        begun = time.process_time()
        timed = 1 if spectrum.together(iz) == 1 else min(_TIMED, len(spectrum.columns))
        list(spectrum.solve_row(iz, most=timed))
        noises = Noises(spectrum, baths)
        columns = list(spectrum.columns)[: timed if spectrum.stacked(iz) else 1]
        # the first evaluation also prepares what a pair needs of the block
        run_moments(spectrum, noises, waves[k], k, columns, iz)
        prepared = time.process_time()
        run_moments(spectrum, noises, waves[k], k, columns, iz)
        combined = time.process_time()
    a_pair = (combined - prepared) / len(columns)
    seconds = blocks * ((prepared - begun) / timed - a_pair) + pairs * a_pair
    held = sum(modes.nbytes for modes in spectrum.modes(0, iz)[0])
    spectrum.forget()
    return Cost(blocks, pairs, seconds, len(spectrum.columns) * held / 1e6)
