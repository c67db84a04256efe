"""Before any trajectory: is the slab at rest stable, and is the substep short enough?

Whether an unstable wave vector is among the few that a lattice holds is chance, see bulk_stability.
"""

from dataclasses import replace

import numpy as np

from ferronhall.base.errors import UnstableKernelError
from ferronhall.model import ferroelectric_phases as phases
from ferronhall.model.domains import holds, layer_coupling, relaxed
from ferronhall.model.electrical_boundary import depolarizing_stiffness
from ferronhall.model.map_algebra import ROUNDING
from ferronhall.model.reference import hessian_block
from ferronhall.model.slab_operator import mirror_real
from ferronhall.model.stability_report import (
    StabilityReport,
    require_short,
    require_short_field,
)
from ferronhall.model.static_state import hessian_extremes, turned_cells
from ferronhall.model.wave_vectors import wave_vectors


def hessian_blocks(operator, onsite_hessian):
    """Every block of the slab Hessian at rest with its wave vector.

    onsite_hessian : ndarray, shape (3,), or (3, ny) where it differs from layer to layer, eV/Å²
    yields : (ix, iz, matrix); for a mirror-symmetric operator the real blocks at |q_x|, |q_z|,
        otherwise the complex ones.
    """
    ny, mirrored = operator.slab.ny, operator.mirror_symmetric
    ne, no = (ny + 1) // 2, ny // 2
    sizes = ((ne, no, ne), (no, ne, no))
    for ix, iz, _ in wave_vectors(operator.slab, mirrored):
        if onsite_hessian.ndim == 2:
            # parity in y is lost with walls
            block = hessian_block(operator, onsite_hessian, ix, iz)
            yield ix, iz, mirror_real(block) if mirrored else block
        elif mirrored:
            for counts, block in zip(sizes, operator.mirror_blocks(ix, iz), strict=True):
                yield ix, iz, block + np.diag(np.repeat(onsite_hessian, counts))
        else:
            yield ix, iz, operator.block(ix, iz) + np.diag(np.repeat(onsite_hessian, ny))


def preflight_at_rest(model, h):
    """See preflight; of a Model, with its walls.

    raises : UnstableKernelError, also when a wall does not stay where it is, a depolarizing field
        leaves no domain, or cells of an uneven crystal are so soft that a region of nothing else
        would be unstable
    """
    if model.domain_map:
        return _of_domain_map(model, h)
    _require_domain(model)
    stiffness = model.rest_stiffness if model.walls else None
    require_minimum(model.material.onsite)
    omega_B = model.field.omega_B
    report = preflight(model.operator, model.material, h, omega_B, stiffness, model.walls)
    if model.field_switched_on:
        report = _of_moving_walls(model, report, h)
    return _of_uneven_cells(model, report, h) if model.disorder else report


def _of_domain_map(model, h):
    """The report of domains of any shape, whose Hessian has no blocks."""
    material, slab, domains = model.material, model.slab, model.domain_map
    state, onsite = model.rest_state, model.onsite_at_rest
    lost = turned_cells(state[0], domains.signs, onsite.amplitude)
    charged, others = "", "take other domains or a weaker electric_field.x_kV_per_cm"
    if domains.charged:
        charge = 2 * material.polarization
        charged = (
            f"; of the walls {domains.charged} pairs of cells meet head to head or tail to tail "
            f"along x, with a bound charge of 2 P0 = {charge:.3g} C/m² that nothing compensates"
        )
        others = "give walls normal to y or z, which are neutral (stripes along z)"
    if lost:
        raise UnstableKernelError(
            f"domains.map: {domains.name}: relaxed, {lost} of {slab.sites} cells have left their "
            f"domain, so that it is no local minimum{charged}; {others}"
        )
    smallest, largest = hessian_extremes(model.operator, onsite, state)
    if smallest < 0:
        raise UnstableKernelError(
            f"domains.map: {domains.name}: relaxed, the domains are unstable: the slab Hessian has "
            f"the eigenvalue {smallest:.3g} eV/Å²{charged}; {others}, or another "
            "short_range.preset"
        )
    omega_max = float(np.sqrt(largest / material.mass[0, 0]))
    field_h = model.field.omega_B * h
    report = StabilityReport(smallest, (), omega_max, omega_max * h, field_h, slab.nz)
    report = _of_moving_walls(model, report, h)
    require_short_field(report, h, model.field.omega_B)
    return report


def _of_moving_walls(model, report, h):
    """The report with the higher frequency of one domain, which may take the whole slab."""
    *_, largest = _hessian_extremes(model.operator, model.material.onsite.hessian)
    omega_max = max(report.omega_max, float(np.sqrt(largest / model.material.mass[0, 0])))
    report = replace(report, omega_max=omega_max, omega_h=omega_max * h)
    require_short(report, h)
    return report


def _of_uneven_cells(model, report, h):
    """The report with bounds for every realisation: that of the softest and the hardest cells.

    The Hessian rises with the stiffness of each cell. Somewhere in a large crystal there is a
    region of nothing but soft cells, so that these have to be stable by themselves.
    """
    softest, hardest = model.disorder.stiffness.extremes
    stiffness, walls = model.rest_stiffness, model.walls
    where = f"disorder.stiffness.change = {model.disorder.stiffness.value:g}: "
    blocks = (softest * stiffness, hardest * stiffness)
    (smallest, wave_vector, _), (_, _, largest) = (
        _hessian_extremes(model.operator, on_site if walls else on_site[:, 0]) for on_site in blocks
    )
    if smallest < 0:
        nx, _, nz = model.slab.shape
        raise UnstableKernelError(
            f"{where}a region of the softer cells alone is unstable, and a large crystal has one: "
            f"the slab Hessian of nothing else has the eigenvalue {smallest:.3g} eV/Å² at q_x = "
            f"{wave_vector[0]}/{nx}, q_z = {wave_vector[1]}/{nz} (units of 2π/a); bring "
            "disorder.stiffness.change nearer to 0"
        )
    lightest = model.material.mass[0, 0] * model.disorder.lightest
    omega_max = float(np.sqrt(largest / lightest))
    report = replace(
        report,
        smallest=smallest,
        wave_vector=wave_vector,
        omega_max=omega_max,
        omega_h=omega_max * h,
    )
    require_short(report, h)
    return report


def _require_domain(model):
    """UnstableKernelError where open circuit along x turns the only domain round, or melts it."""
    onsite, operator = model.material.onsite, model.operator
    if model.walls or "x" not in operator.boundary.open_circuit:
        return
    start = np.full(model.slab.ny, onsite.equilibrium)
    if not holds(relaxed(onsite, layer_coupling(operator), start), (), onsite.amplitude):
        raise UnstableKernelError(
            "dipole.boundary.x: open_circuit leaves no domain polarized along x: the depolarizing "
            f"field has a stiffness of {depolarizing_stiffness(model.material):.4g} eV/Å² "
            f"(4πk_e Z²/Ωε∞) and the well {onsite.well_force.deriv()(0.0):.3g} eV/Å² at u = 0, so "
            "that a uniform P would lower its energy by vanishing; take short_circuit, or as many "
            "layers of either sign of P (domains.walls_y, in a slab of even lattice.ny one at "
            "ny/2), or a material of a smaller Z²/Ωε∞"
        )


def preflight(operator, material, h, omega_B=0.0, stiffness=None, walls=()):
    """Diagonalise the slab Hessian at u0; UnstableKernelError on a negative eigenvalue or a long h.

    h : float, ps
    omega_B : float, rad/ps
    stiffness : ndarray, shape (3, ny), eV/Å²
        On-site stiffness of another state than u0, and the walls that it has.
    returns : StabilityReport
    """
    onsite = material.onsite.hessian if stiffness is None else stiffness
    smallest, wave_vector, largest = _hessian_extremes(operator, onsite)
    omega_max = float(np.sqrt(largest / material.mass[0, 0]))
    nx, _, nz = operator.slab.shape
    report = StabilityReport(smallest, wave_vector, omega_max, omega_max * h, omega_B * h, nz)
    if smallest < 0:
        among = f" with domains.walls_y = {list(walls)}" if walls else ""
        plates, farther = operator.boundary.electrodes, ""
        if plates:
            among += f" beside electrodes {plates.distance:g} Å from the faces"
            farther = ", or raise electrodes.distance_A or screening_length_A"
        raise UnstableKernelError(
            f"the ferroelectric state{among} is unstable: the slab Hessian has the eigenvalue "
            f"{smallest:.3g} eV/Å² at q_x = {wave_vector[0]}/{nx}, q_z = {wave_vector[1]}/{nz} "
            f"(units of 2π/a), {_unheld(material.onsite, walls)}{farther}"
        )
    require_short(report, h)
    require_short_field(report, h, omega_B)
    return report


def _hessian_extremes(operator, onsite):
    """Smallest eigenvalue of the slab Hessian, its wave vector, and the largest eigenvalue."""
    smallest, wave_vector, largest = np.inf, (0, 0), 0.0
    for ix, iz, block in hessian_blocks(operator, onsite):
        eigenvalues = np.linalg.eigvalsh(block)
        largest = max(largest, float(eigenvalues[-1]))
        if eigenvalues[0] < smallest:
            smallest, wave_vector = float(eigenvalues[0]), (ix, iz)
    return smallest, wave_vector, largest


def _unheld(onsite, walls):
    """Why nothing holds an unstable slab, and the way out."""
    others = ", or other walls" if walls else ""
    if not onsite.coupled:
        return (
            "and the transverse potential has no quartic term to hold it; choose another "
            f"short_range.preset{others}"
        )
    return (
        f"so that P turns there, out of a cubic well of {onsite.transverse:.3g} eV/Å² across x; "
        "raise onsite.gamma_eV_per_A4, or onsite.strain_along above strain_across, or choose "
        f"another short_range.preset{others}"
    )


def require_minimum(onsite):
    """Refuse a cubic well in which the state along x is a saddle, with the phase that is lower.

    raises : UnstableKernelError
    """
    if not onsite.coupled or onsite.transverse > 0:
        return
    here, lower = phases.tetragonal(onsite), phases.lowest(onsite)
    raise UnstableKernelError(
        f"onsite.form: cubic, and the tetragonal state along x is a saddle of the well: across x "
        f"its stiffness is {onsite.transverse:.4g} eV/Å², and the {lower.name} state, P along "
        f"{lower.direction}, lies {1e3 * (here.energy - lower.energy):.3g} meV a cell lower; the "
        "slab is polarized along x, so raise onsite.gamma_eV_per_A4 from "
        f"{onsite.gamma:.5g} to more than {_least_gamma(onsite):.5g}, or hold a tetragonal strain "
        "(onsite.strain_along above strain_across)"
    )


def _least_gamma(onsite):
    """γ at which the stiffness across x vanishes, as 2 γ u0² is its part of it."""
    least = onsite.gamma - onsite.transverse / (2 * onsite.equilibrium**2)
    # where γ is all of it, what is left is rounding
    return least if abs(least) > ROUNDING * abs(onsite.gamma) else 0.0
