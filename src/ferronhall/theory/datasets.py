"""The noise-free theory of a campaign as datasets: theory.nc, timestep.nc, self_consistent.nc."""

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.model.map_algebra import field_odd
from ferronhall.model.material import AXIAL, CUBIC
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.reference import relaxed_reference
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.model.stability_report import REFUSE_OMEGA_H
from ferronhall.model.statistics import CLASSICAL, QUANTUM, STATISTICS, SUFFIX
from ferronhall.theory.bond_covariance import bond_bilinear_maps
from ferronhall.theory.by_site.cost import chosen_closure
from ferronhall.theory.heat_flow.conduction import READ_OFF, conduction, transverse_gradient
from ferronhall.theory.heat_flow.kinetic_conductivity import kinetic_conductivity
from ferronhall.theory.heat_flow.self_consistent import self_consistent
from ferronhall.theory.mean_field import anharmonic_force, harmonic_mean, local_mean
from ferronhall.theory.solver import Solver, observable_maps
from ferronhall.theory.turning import softest_turn

CLOSURES = {
    "averaged": "Gaussian, stiffness averaged over x",
    "site": "Gaussian, stiffness of every cell",
}
"""The closures by their names in theory.closure, as the datasets call them."""

AVERAGE = "average"
"""What datasets say of a theory that has the mean stiffness and mass in every cell."""


def theory_dataset(model, config, threads=1, log=print):
    """Maps of the noise-free theory (theory.nc).

    config : dict, the theory's part of the configuration
    returns : Dataset with the variables of ensemble.nc in the Gaussian closure that theory.closure
        asks for (named in the attribute closure), the same with `_harmonic` to first order in the
        temperature, the polarization of the local formula (`_local`), the longitudinal
        fluctuation ⟨w_x²⟩, and in an axial well the bilinear of nearest neighbours (see
        bond_polarization); all of
        it again with a further `_quantum`, thermal parts under quantum statistics in the averaged
        closure; in a cubic well the stiffness of the softest mode by the closure's mean and
        fluctuations of every cell, and the attribute turns where it is below 0 (see turning)
    raises : TheoryError; ConfigError when the closure asked for does not fit in memory
    """
    form = CUBIC if model.material.onsite.coupled else AXIAL
    kind = chosen_closure(config["theory"]["closure"], model.slab.shape, form)
    solver = Solver(model, threads, log)
    harmonic, quantum = solver.harmonic(STATISTICS)
    closure = solver.site_closure() if kind == "site" else solver.closure()
    variables = _approximations(model, closure, harmonic, "", "")
    found = {CLASSICAL: closure, QUANTUM: solver.closure(QUANTUM, quantum)}
    words = ", quantum statistics"
    variables |= _approximations(model, found[QUANTUM], quantum, SUFFIX[QUANTUM], words)
    relaxed_map = model.material.polarization_derivative[0, 0] * harmonic.reference.mean
    attributes = {"units": "C/m^2", "long_name": "polarization of the relaxed slab at T = 0"}
    variables["polarization_relaxed"] = ("y", relaxed_map, attributes)
    dataset = _dataset(model, config, variables)
    average = ", of the average crystal" if model.disorder else ""
    if model.material.onsite.coupled:
        for name, solution in found.items():
            dataset = _with_softest_turn(dataset, model, solution, name, log)
    dataset.attrs["closure"] = CLOSURES[kind] + average
    dataset.attrs["closure_quantum"] = CLOSURES["averaged"] + average
    dataset.attrs["statistics"] = config["theory"]["statistics"]
    return dataset


def _with_softest_turn(dataset, model, solution, statistics, log):
    """The dataset with the stiffness of turning.softest_turn, and what it says in an attribute."""
    turning, suffix = softest_turn(model, solution), SUFFIX[statistics]
    words = ", quantum statistics" if suffix else ""
    attributes = {
        "units": "eV/angstrom^2",
        "long_name": "stiffness of the mode softest by every cell's mean and fluctuations" + words,
    }
    if turning.message:
        log(f"Warning: closure{words}: {turning.message}")
        dataset.attrs[f"turns{suffix}"] = turning.message
    return dataset.assign({f"softest_turn{suffix}": ((), turning.stiffness, attributes)})


def _approximations(model, closure, harmonic, statistics, words):
    """Variables of the closure, of the harmonic solution and of the local formula.

    statistics, words : what their names and long names end in
    """
    local = [local_mean(model, s) for s in harmonic.states]
    variables = {}
    for suffix, label, solution, means in (
        ("", "", closure, closure.means),
        ("_harmonic", ", harmonic", harmonic, harmonic.means),
        ("_local", ", local formula S53", harmonic, local),
    ):
        states = solution.states
        maps = observable_maps(model, states, means)
        names = ("polarization",) if suffix == "_local" else OBSERVABLES
        ending = suffix + statistics, label + words
        for name in names:
            variables |= _with_field_odd(model.cells, name, maps[name], *ending)
        if suffix == "_local":
            continue
        variance = np.array([s.displacement[0] for s in states])
        found = [("fluctuation", variance, "longitudinal fluctuation <w_x^2>")]
        if not model.material.onsite.coupled:
            # ⟨u_y⟩, of which the bonds know, follows from ⟨u_x⟩ in an axial well alone
            bonds = bond_bilinear_maps(model, states, means)
            found.append(("bond_bilinear", bonds, "bilinear of nearest neighbours"))
        for name, values, text in found:
            attributes = {"units": "angstrom^2", "long_name": text + ending[1]}
            variables[name + ending[0]] = (("field", "x", "y"), values, attributes)
        if model.walls:
            attributes = {
                "units": "eV/angstrom",
                "long_name": "force of the fluctuations along x" + ending[1],
            }
            pull = _pull(model, solution)
            variables["pull" + ending[0]] = (("field", "x", "y"), pull, attributes)
    return variables


def _pull(model, solution):
    """Force of the fluctuations on the mean along x (eV/Å), shape (field, nx, ny)."""
    reference = solution.reference
    third = model.material.onsite.mean_third(reference.mean, reference.variance)
    states = solution.states
    return np.array([anharmonic_force(third, s.displacement, s.shear)[0] for s in states])


def timestep_dataset(model, theory, config, omega_max, threads=1, log=print):
    """What the integrator's substep does to every map, without noise (timestep.nc).

    theory : Dataset of that stage
    omega_max : float, rad/ps
        Highest mode frequency (stability_report.StabilityReport).
    returns : Dataset with <name>_bias, dims (substep, field, x, y), and the biases of the field-odd
        maps: the harmonic steady state of the substep less that of the equation of motion, at the
        campaign's substep h and, where it is stable, at 2h
    """
    solver = Solver(model, threads, log)
    relaxed = relaxed_reference(model)

    def maps(name, h):
        states = solver.fields(relaxed.stiffness, name, h)
        means = [harmonic_mean(model, relaxed, s) for s in states]
        return observable_maps(model, states, means)

    steps = [model.h]
    if 2 * omega_max * model.h < REFUSE_OMEGA_H:
        steps.append(2 * model.h)
    biased = [maps(f"substep {h:g} ps", h) for h in steps]
    variables = {}
    for name, observable in OBSERVABLES.items():
        bias = np.array([b[name] for b in biased]) - theory[f"{name}_harmonic"].values
        attrs = {"units": observable.unit, "long_name": f"time-step bias: {observable.label}"}
        variables[f"{name}_bias"] = (("substep", "field", "x", "y"), bias, attrs)
        response = RESPONSE_MAPS[f"delta_{name}"]
        attrs = {"units": response.unit, "long_name": f"time-step bias: {response.label}"}
        variables[f"delta_{name}_bias"] = (("substep", "x", "y"), response.take(bias), attrs)
    dataset = _dataset(model, config, variables)
    return dataset.assign_coords(substep=("substep", steps, {"units": "ps"}))


def self_consistent_dataset(model, config, threads=1, log=print):
    """Baths without a net power between the contacts (self_consistent.nc), harmonic.

    config : dict, its part of the configuration
    returns : Dataset with T(x, y), the power of every bath and the variables of ensemble.nc at the
        three fields, each field with its own T(x, y), their field-odd parts, and what a laboratory
        reads off (see conduction), with the thermal Hall angle of the arm at x > 0; the same with
        `_quantum` under quantum statistics, where that is found
    raises : TheoryError
    """
    variables = {}
    for statistics, found in self_consistent(model, config, threads, log).items():
        words = "" if statistics == CLASSICAL else ", quantum statistics"
        variables |= _between_contacts(model, found, SUFFIX[statistics], words)
        relaxed = found.solution.reference
    attributes = {
        "units": "W/(m K)",
        "long_name": "heat conductivity from group velocities and lifetimes, no field",
    }
    kinetic = kinetic_conductivity(model, relaxed.stiffness)
    variables["conductivity_kinetic"] = ((), kinetic, attributes)
    dataset = _dataset(model, config, variables)
    dataset.attrs["closure"] = "none (harmonic)"
    return dataset


def _between_contacts(model, found, suffix, words):
    """Variables of a SelfConsistent state; their names end in suffix, their long names in words."""
    contacts, slab = found.contacts, model.slab
    maps = observable_maps(model, found.solution.states, found.solution.means)
    variables = {}
    for name in OBSERVABLES:
        text = ", self-consistent baths" + words
        variables |= _with_field_odd(model.cells, name, maps[name], suffix, text)
    odd = field_odd(found.temperature)
    gradient = transverse_gradient(odd, slab, contacts)
    parts = [conduction(balance, model, contacts) for balance in found.balances]
    power = np.array([balance.power for balance in found.balances])
    difference, angle = gradient * (slab.ny - 1), np.arctan2(-gradient, parts[2].gradient)
    field, cell = ("field",), ("field", "x", "y")
    for name, dims, values, unit, label in (
        ("temperature", cell, found.temperature, "K", "bath temperature"),
        ("delta_temperature", cell[1:], odd, "K", "field-odd bath temperature"),
        ("bath_power", cell, power, "eV/ps", "power of the bath into a cell"),
        *((key, field, [getattr(p, key) for p in parts], *text) for key, text in READ_OFF.items()),
        (
            "hall_difference",
            (),
            difference,
            "K",
            "field-odd temperature of the last layer less the first, in the arm at x > 0",
        ),
        (
            "hall_angle",
            (),
            angle,
            "rad",
            "thermal Hall angle: field-odd dT/dy over dT/dx at +Omega_B",
        ),
    ):
        variables[name + suffix] = (dims, values, {"units": unit, "long_name": label + words})
    return variables


def _with_field_odd(cells, name, maps, suffix, label):
    """A map at the three fields, its field-odd part, and the edge accumulations of both."""
    observable, response = OBSERVABLES[name], RESPONSE_MAPS[f"delta_{name}"]
    content = {}
    for key, values, dims, u, text in (
        (name, maps, ("field", "x", "y"), observable.unit, observable.label),
        (response.key, response.take(maps), ("x", "y"), response.unit, response.label),
    ):
        content[f"{key}{suffix}"] = (dims, values, {"units": u, "long_name": text + label})
        edge = f"edge_{name}_zero" if key == name else f"edge_{key}"
        at_zero = values[1] if key == name else values
        attrs = {"units": u, "long_name": f"edge accumulation of {text}{label}"}
        content[f"{edge}{suffix}"] = ((), cells.edge_accumulation(at_zero), attrs)
        if cells.walls:
            attrs = {"units": u, "long_name": f"at the ends of domains: {text}{label}"}
            ends = cells.end_accumulation(at_zero)
            content[f"{edge.replace('edge', 'end', 1)}{suffix}"] = (("domain", "end"), ends, attrs)
    return content


def _dataset(model, config, variables):
    signs = list(FIELD_SIGNS.values())
    return xr.Dataset(
        variables,
        coords={
            "field": signs,
            "omega_B": ("field", [model.field.at(s).omega_B for s in signs], {"units": "rad/ps"}),
            **model.cells.coordinates,
            **model.cells.domain_coordinates,
        },
        attrs=provenance.attributes(config)
        | model.mirrors.attributes
        | ({"crystal": AVERAGE} if model.disorder else {}),
    )
