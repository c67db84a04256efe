"""What advances the equation of motion: states, forces, noise, and the way through a schedule.

layout, block_plan → forces     storage order; the linear force by mirror blocks
constants, kernels/             a substep's constants, and everything compiled
kernel_cache                    where compiled kernels are kept
initial                         what every engine begins with
propagator → run                state and motion; equilibration, blocks, guards
balance_means                   moments that the balances are made of; their balance_variables
domain_means                    what is kept of domains that are followed cell by cell
checkpoint, keeper              states on disk, and when they are written
replica_lock                    what keeps a replica from running twice at once
trajectory                      one replica at all its fields
gpu/                            the same for several replicas on a device
"""
