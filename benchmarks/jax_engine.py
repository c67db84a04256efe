"""OpenFerro (github.com/salinelake/OpenFerro, on JAX) on as many cells, where it can be imported.

Its model has strain, is periodic along all axes and knows no place: one temperature everywhere, no
field that turns a velocity. The calls are those of its example 05.BTO_GPU_Parallel, with the
parameters of feram.py up to the fourth power of the mode; they have not been tried with an
OpenFerro here. It runs on the device that JAX finds.
"""

import importlib.util
import time

ONSITE = {"K2": 8.53400622096412, "alpha": 78.9866142426818, "gamma": -115.484148812672}
FIRST, SECOND, THIRD = (-2.08403, -1.12904), (0.68946, -0.61134, 0.0), (0.2769, 0.0)
ELASTIC = {"B11": 126.731671475652, "B12": 41.7582963902598, "B44": 49.2408864348646}
COUPLING = {"B1xx": -185.347187551195, "B1yy": -3.28092949275457, "B4yz": -14.5501738943852}
LATTICE_CONSTANT, CHARGE, DIELECTRIC = 3.98597, 10.33, 6.86915
MASS_AMU, TEMPERATURE_K, STEP_PS = 38.24, 50.0, 0.002


def time_openferro(shape, steps=100):
    """Seconds a time step; None where there is no OpenFerro."""
    if importlib.util.find_spec("openferro") is None:
        return None
    import jax
    from openferro.simulation import SimulationNPTLangevin

    system = _system(shape)
    simulation = SimulationNPTLangevin(system, pressure=-4.8e4, seed=1)
    simulation.init_velocity(mode="gaussian", temp=TEMPERATURE_K)

    def wall():
        begun = time.perf_counter()
        simulation.run(steps)
        jax.block_until_ready([field.get_values() for field in system.get_all_fields()])
        return time.perf_counter() - begun

    # the first one compiles
    wall()
    return min(wall() for _ in range(3)) / steps


def _system(shape):
    """The crystal with its Hamiltonian and thermostats."""
    import jax.numpy as jnp
    import openferro
    from openferro.units import Constants

    a, mass = LATTICE_CONSTANT, MASS_AMU * Constants.amu
    lattice = openferro.SimpleCubic3D(*shape, *(a * jnp.eye(3)))
    system = openferro.System(lattice)
    fields = [
        system.add_field("dipole", ftype="Rn", dim=3, value=0.1, mass=mass),
        system.add_field("lstrain", ftype="LocalStrain3D", value=0.0, mass=mass),
        system.add_global_strain(value=jnp.zeros(6), mass=mass * shape[0] * shape[1] * shape[2]),
    ]
    for field in fields:
        field.set_integrator("isothermal", dt=STEP_PS, temp=TEMPERATURE_K, tau=0.5)
    dipole, both = {"field_ID": "dipole"}, {"field_2_ID": "dipole"}
    system.add_dipole_onsite_interaction("onsite", **dipole, **ONSITE)
    first, second, third = (
        dict(zip(names, values, strict=True))
        for names, values in (
            (("j1", "j2"), FIRST),
            (("j3", "j4", "j5"), SECOND),
            (("j6", "j7"), THIRD),
        )
    )
    system.add_dipole_interaction_1st_shell("first", **dipole, **first)
    system.add_dipole_interaction_2nd_shell("second", **dipole, **second)
    system.add_dipole_interaction_3rd_shell("third", **dipole, **third)
    system.add_dipole_dipole_interaction("ewald", **dipole, prefactor=CHARGE**2 / DIELECTRIC)
    system.add_homo_elastic_interaction("elastic", field_ID="gstrain", **ELASTIC)
    system.add_homo_strain_dipole_interaction("strain", field_1_ID="gstrain", **both, **COUPLING)
    system.add_inhomo_elastic_interaction("local elastic", field_ID="lstrain", **ELASTIC)
    system.add_inhomo_strain_dipole_interaction(
        "local strain", field_1_ID="lstrain", **both, **COUPLING
    )
    return system
