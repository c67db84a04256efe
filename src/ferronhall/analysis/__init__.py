"""What trajectories and theory say together.

samples → estimates → ensemble    maps with errors; identity: is every file what its place says
regression → control_variate      what a trajectory's harmonic twin knows to be chance
equilibration                     has a trajectory forgotten its start
efficiency, trajectory_length     what an error bar costs; twin_cost: and twins, in time
projection → comparison           theory against simulation
balance_terms → balances          energy and angular momentum, cell by cell
standing_walls                    which replicas' domain walls stayed where they were
wall_velocity                     where walls went, and how fast
wall_push                         the force of the fluctuations on a wall
bond_polarization                 second-order polarization of neighbouring cells
"""
