"""Several replicas on a CUDA device: what engine does for one, member by member the same.

Members, which are field, twin and replica, are the last index of every array, so that neighbouring
threads read neighbouring numbers. Experimental: no device has run it yet (docs/gpu.md).

device                    is there one; what is compiled for it, or emulated
tile → transforms, blocks → force     products in shared memory; the linear force
noise → integrator        the CPU's normals, bit for bit; a substep and its samples
balances                  samples of the balance moments
propagator                state and motion on the device
share, batch              replicas on the host; their way through the schedule together
"""
