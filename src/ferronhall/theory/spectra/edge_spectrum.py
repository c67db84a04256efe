"""Which phonons make the edge responses: by frequency and wave vector (theory_spectrum.nc)."""

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.model.map_algebra import edge_weights
from ferronhall.model.observables import angular_momentum, kinetic_energy
from ferronhall.model.reference import relaxed_reference
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.model.statistics import STATISTICS
from ferronhall.theory.baths import BATHS
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.mean_field import StaticResponse
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.solver import Solver
from ferronhall.theory.spectra.frequency_bands import Bands
from ferronhall.theory.spectra.spectral_density import Functional, spectral_density

BAND_WIDTH = 2.0
"""Of a band of frequency (rad/ps), about what a mode's damping makes of its line."""

AT_ZERO, FIELD_ODD = ("angular_momentum_zero",), ("delta_kinetic_energy", "delta_polarization")


def spectrum_dataset(model, config, threads=1, log=print):
    """Edge responses of the harmonic theory by frequency and wave vector (theory_spectrum.nc).

    config : dict, the theory's part of the configuration
    returns : Dataset with `response`, dims (map, statistics, qx, qz, band), whose sum over all
        bands and wave vectors is theory.nc's edge_<map>_harmonic or edge_<map>_harmonic_quantum;
        and `modes`, dims (omega_B, qx, qz, band), the number of modes, 3 to a cell
    raises : TheoryError
    """
    reference = relaxed_reference(model)
    baths = [BATHS[name](model.temperature) for name in STATISTICS]
    bands = Bands.up_to(highest_frequency(model), BAND_WIDTH)
    weights = edge_functionals(model, reference)

    def resolved(sign, names, mirrored=False):
        log(f"spectrum at {model.field.at(sign).omega_B:g} rad/ps")
        field = model.field.at(sign)
        dynamics = EquationOfMotion.of(model, field)
        spectrum = Spectrum(model.operator, reference.stiffness, dynamics, field)
        functionals = [weights[name] for name in names]
        if mirrored:
            # the state at −Ω_B is the mirror image of this one
            functionals = [functional.less_mirrored() for functional in functionals]
        return spectral_density(spectrum, baths, functionals, bands, threads)

    solver = Solver(model)
    at_zero, count = resolved(0, AT_ZERO)
    odd, count_plus = resolved(+1, FIELD_ODD, solver.mirrored)
    if solver.same:
        odd = 0 * odd
    elif not solver.mirrored:
        odd = odd - resolved(-1, FIELD_ODD)[0]
    response = np.concatenate([at_zero, odd / 2], axis=1).swapaxes(0, 1)
    maps = [*AT_ZERO, *FIELD_ODD]
    slab = model.slab
    wave = {"units": "1", "long_name": "wave vector in 2 pi/a"}
    return xr.Dataset(
        {
            "response": (
                ("map", "statistics", "qx", "qz", "band"),
                response,
                {"long_name": "part of the edge accumulation, in the unit of the map"},
            ),
            "modes": (
                ("omega_B", "qx", "qz", "band"),
                np.array([count, count_plus]),
                {"units": "1", "long_name": "number of modes, by |Im lambda|"},
            ),
        },
        coords={
            "map": maps,
            "unit": ("map", [RESPONSE_MAPS[name].unit for name in maps]),
            "statistics": list(STATISTICS),
            "omega_B": ("omega_B", [0.0, model.field.omega_B], {"units": "rad/ps"}),
            "qx": ("qx", np.arange(slab.nx // 2 + 1) / slab.nx, wave),
            "qz": ("qz", np.arange(slab.nz // 2 + 1) / slab.nz, wave),
            "omega_low": ("band", bands.edges[:-1], {"units": "rad/ps"}),
            "omega_high": ("band", bands.edges[1:], {"units": "rad/ps"}),
        },
        attrs=provenance.attributes(config),
    )


def highest_frequency(model):
    """Where the bands end (rad/ps): the field takes a mode of ω to Ω/2 + √(ω² + Ω²/4) at most."""
    half = abs(model.field.omega_B) / 2
    return half + np.hypot(model.omega_max, half)


def edge_functionals(model, reference):
    """Key of a map → Functional of its edge accumulation in a state.

    That of the polarization is the shift that the fluctuations bring about, by the harmonic theory
    (see mean_field.harmonic_mean): the response to a force is as symmetric as the Hessian, so the
    weights of P answer the slab as a force would.
    """
    cells, material = model.cells, model.material
    weights = edge_weights(cells.x, cells.y, cells.flank, cells.edge)
    third, derivative = material.onsite.mean_third(reference.mean), material.polarization_derivative
    coupled = material.onsite.coupled
    if coupled:
        forces = np.stack([weights, np.zeros_like(weights)])
        answer, across = StaticResponse(model, reference.stiffness, 2)(forces)
    else:
        answer = StaticResponse(model, reference.stiffness)(weights)
    shift = {"longitudinal": -third[0] / 2 * answer * derivative[0, 0]}
    if coupled:
        shift |= {
            "along_y": -third[1] / 2 * answer * derivative[0, 0],
            "along_z": -third[2] / 2 * answer * derivative[0, 0],
            "shear": -third[1] * across * derivative[0, 0],
        }
    found = {
        "angular_momentum_zero": {"rotation": angular_momentum({"rotation": weights}, material)},
        "delta_kinetic_energy": {"speed": kinetic_energy({"speed_squared": weights}, material)},
        "delta_polarization": shift,
    }
    return {
        key: Functional({name: RESPONSE_MAPS[key].scale * w for name, w in parts.items()})
        for key, parts in found.items()
    }
