"""What a steady state will cost: time and memory, from one block and one pair on this machine."""

import time
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from ferronhall.theory.covariance import Noises, pair_moments, pairs_of_row, waves_by_k


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
    """Time one diagonalisation and one pair and scale up; returns a Cost."""
    blocks, waves = spectrum.wave_vectors, waves_by_k(baths)
    ix, iz = blocks[-1]
    pairs = sum(len(pairs_of_row(spectrum, waves, iz)) for iz in spectrum.rows)
    k = 0
    # of the process, not of the clock: other work on the machine does not count
    with threadpool_limits(limits=1, user_api="blas"):
        begun = time.process_time()
        spectrum.solve(ix, iz)
        noises = Noises(spectrum, baths)
        # the first evaluation also prepares what a pair needs of the block
        pair_moments(spectrum, noises, waves[k], k, ix, iz)
        prepared = time.process_time()
        pair_moments(spectrum, noises, waves[k], k, ix, iz)
        combined = time.process_time()
    seconds = len(blocks) * (prepared - begun) + pairs * (combined - prepared)
    held = sum(modes.nbytes for modes in spectrum.modes(ix, iz)[0])
    spectrum.forget()
    return Cost(len(blocks), pairs, seconds, len(spectrum.columns) * held / 1e6)
