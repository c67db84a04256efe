"""Heat that flows: baths that take none, conductivity and the thermal Hall angle.

heat_kernel           power of every bath for a kelvin in every cell
heat_balance          temperatures at which the baths between the contacts take no heat
quantum_balance       the same under quantum statistics
self_consistent       states and temperatures that answer each other (self_consistent.nc)
conduction            what a laboratory reads off them
kinetic_conductivity  conductivity from group velocities and lifetimes
"""
