"""What a steady state will cost: time and memory, from one block and one pair on this machine."""

import time
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from ferronhall.model.wave_vectors import wave_vector_pairs
from ferronhall.theory.covariance import pair_moments, profile_components


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


def estimate(spectrum, temperature):
    """Time one diagonalisation and one pair and scale up; returns a Cost."""
    slab = spectrum.operator.slab
    blocks = spectrum.wave_vectors
    pairs = sum(
        1
        for k in profile_components(temperature)
        for _ in wave_vector_pairs(slab, k, spectrum.mirrored)
    )
    # of the process, not of the clock: other work on the machine does not count
    with threadpool_limits(limits=1, user_api="blas"):
        begun = time.process_time()
        spectrum.solve(*blocks[-1])
        solved = time.process_time()
        # the first evaluation also prepares the block's representatives
        pair_moments(spectrum, 0, *blocks[-1])
        prepared = time.process_time()
        pair_moments(spectrum, 0, *blocks[-1])
        combined = time.process_time()
    seconds = len(blocks) * (solved - begun) + pairs * (combined - prepared)
    held = sum(m.nbytes for m in spectrum.modes(*blocks[-1]))
    return Cost(len(blocks), pairs, seconds, len(blocks) * held / 1e6)
