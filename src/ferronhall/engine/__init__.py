"""What advances the equation of motion: states, forces, noise, and the way through a schedule.

layout, block_plan → forces     storage order; the linear force by mirror blocks
constants, kernels/             a substep's constants, and everything compiled
propagator → run                state and motion; equilibration, blocks, guards
balance_means                   moments that the balances are made of
checkpoint, keeper              states on disk, and when they are written
trajectory                      one replica at all its fields
"""
