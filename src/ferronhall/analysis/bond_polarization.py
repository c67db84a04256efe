"""The second-order polarization of neighbouring cells, which P = Z u/Ω leaves out.

The local modes u of nearest neighbours, a unit vector R apart, carry a dipole bilinear in them, a
second-order mode effective charge (Jung and Birol, arXiv:2512.00628). Inversion, the fourfold axis
of the bond and the exchange of the cells leave a single constant ζ of it:

    p = ζ [u(0) (R·u(R)) − u(R) (R·u(0))]

Half of a bond belongs to either cell, so P⁽²⁾_x of a cell is ζ/Ω times its bilinear (Å²), half the
sum over its neighbours of the bracket. Bonds along x drop out of it, and none crosses a face.

The bilinear stays as it is under u → −u, where the dipole Z u turns round. So the mirror x → −x, of
which u → −u is a part, turns P⁽²⁾_x round and leaves P_x: in a field along z Δ_B P⁽²⁾ is even in x
where Δ_B P is odd, both are odd in y. In any direction (x, y) → (−x, −y) turns Δ_B P⁽²⁾ round and
leaves Δ_B P.
"""

import numpy as np
import xarray as xr

from ferronhall.analysis.balances import moments_of
from ferronhall.analysis.comparison import pooled_weights
from ferronhall.analysis.projection import amplitude
from ferronhall.analysis.samples import read_samples
from ferronhall.analysis.standing_walls import with_walls_in_place
from ferronhall.base import provenance, units
from ferronhall.base.errors import ConfigError
from ferronhall.model.map_algebra import field_odd, fold
from ferronhall.theory.bond_covariance import mean_bilinear, transverse_mean

MIRROR_SIGNS = (-1, 1)
"""Signs of P⁽²⁾_x under x → −x with u → −u, and under y → −y (see mirrors)."""

PARTS = {"field_odd": field_odd, "zero_field": lambda maps: maps[..., 1, :, :]}
"""What is taken of maps at the three fields."""

LINEAR_ODD = {"field_odd": (True, True), "zero_field": (False, False)}
SECOND_ORDER_ODD = {"field_odd": (False, True), "zero_field": (True, False)}
"""Whether a part of P_x, and of P⁽²⁾_x, is odd in x and in y, in a field along z."""

APPROXIMATIONS = {"closure": "", "harmonic": "_harmonic"}


def polarization_per_bilinear(charge, cell_volume):
    """ζ/Ω in C/m² per Å², for ζ in e/Å and Ω in Å³."""
    return charge / cell_volume * units.COULOMB_PER_M2


def whole_bilinear(bilinear, longitudinal, model):
    """Bilinear of the whole displacement (Å²), from that of the displacement w from u0.

    bilinear, longitudinal : ndarray, shape (..., nx, ny), Å² and Å
        Sampled moment, and ⟨u_x⟩ over the same time.

    What u0 carries is linear in ⟨u_y⟩. That follows from ⟨u_x⟩ with far less noise than a sample of
    it has.
    """
    resting = np.broadcast_to(model.rest, longitudinal.shape)
    return bilinear + mean_bilinear(resting, transverse_mean(model, longitudinal))


def bond_polarization_dataset(model, config, theory, trajectories, control=None, charge=None):
    """Bilinear of every cell beside the linear polarization (bond_polarization.nc).

    theory : Dataset of that stage
    config : dict, validated
    trajectories : dict "minus"/"zero"/"plus" → list of paths, replicas in one order
    control : ControlVariate, for the mean displacement in a campaign with harmonic twins
    charge : dict with value_e_per_A, stderr_e_per_A and source
        The material's ζ; None when it is not known, and only bilinears are then given.
    returns : Dataset over part (field_odd, zero_field), parity (own or that of the linear
        polarization, where it vanishes by symmetry) and approximation of the theory
    raises : DataFileError when the trajectories do not belong together or hold no moments;
        ConfigError in a cubic well
    """
    material, cells = model.material, model.cells
    if material.onsite.coupled:
        raise ConfigError(
            "onsite.form: cubic, and the second-order polarization takes the mean of u_y from that "
            "of u_x, which only an axial well allows; leave the target bond_polarization out, or "
            "take form: axial"
        )
    averaged = config["balances"]["blocks_averaged"]
    root_seed = config["ensemble"]["root_seed"]
    trajectories, _ = with_walls_in_place(model, trajectories)
    what = (trajectories, control, _sampled_bilinear, averaged, root_seed)
    measured = read_samples(*what, realisations=model.disorder is not None)
    polarization, relaxed = measured.maps["polarization"], theory["polarization_relaxed"].values
    linear = _linear_edges(polarization, relaxed, cells)
    longitudinal = polarization / material.polarization_derivative[0, 0]
    raw = whole_bilinear(measured.others["bond_bilinear"], longitudinal, model)
    content = _simulated(measured, raw, linear, model) | _predicted(theory, cells)
    content |= _amplitudes(measured, raw, theory, model.mirrors)
    attributes = provenance.attributes(config) | {
        **measured.attributes,
        **model.mirrors.attributes,
        "closure": theory.attrs["closure"],
    }
    if charge:
        value = charge["value_e_per_A"]
        attributes |= {
            "bond_charge_e_per_A": value,
            "bond_charge_stderr_e_per_A": charge["stderr_e_per_A"],
            "bond_charge_source": charge["source"],
            "polarization_per_bilinear": polarization_per_bilinear(value, material.cell_volume),
        }
    return xr.Dataset(
        {
            name: (dims, values, {"units": unit, "long_name": label})
            for name, (dims, values, unit, label) in content.items()
        },
        coords={
            "part": list(PARTS),
            "parity": ["own", "linear"],
            "approximation": list(APPROXIMATIONS),
            "side": ["left", "right"],
            **cells.coordinates,
        },
        attrs=attributes,
    )


def _sampled_bilinear(datasets):
    return {"bond_bilinear": moments_of(datasets)["bond_bilinear"]}


def _simulated(samples, raw, linear, model):
    """Means with errors of the simulated bilinear, shape (sample, field, nx, ny)."""
    cells, folded = model.cells, _parts(fold(raw, MIRROR_SIGNS, model.mirrors))
    cuts = cells.flank_cuts(folded)
    what = "bilinear of nearest neighbours"
    content = {}
    for name, dims, values, unit, label in (
        ("bilinear", ("part", "x", "y"), _parts(raw), "angstrom^2", what),
        ("bilinear_folded", ("part", "x", "y"), folded, "angstrom^2", f"{what}, folded"),
        ("cut", ("part", "side", "y"), cuts, "angstrom^2", f"{what}, folded, over a flank"),
        ("edge", ("part", "parity"), _edges(_parts(raw), cells), "angstrom^2", f"{what} at edges"),
        ("linear_edge", ("part",), linear, "uC/m^2", "linear polarization at edges"),
    ):
        mean, error = samples.mean_and_error(values)
        content[name] = dims, mean, unit, label
        content[f"{name}_stderr"] = dims, error, unit, f"standard error: {label}"
    return content


def _predicted(theory, cells):
    """The theory's bilinear and linear polarization, in both approximations."""
    fields = np.array([theory[f"bond_bilinear{s}"].values for s in APPROXIMATIONS.values()])
    polarization = np.array([theory[f"polarization{s}"].values for s in APPROXIMATIONS.values()])
    linear = _linear_edges(polarization, theory["polarization_relaxed"].values, cells)
    what = "bilinear of nearest neighbours, theory"
    dims = ("approximation", "part")
    return {
        "bilinear_theory": ((*dims, "x", "y"), _parts(fields), "angstrom^2", what),
        "edge_theory": ((*dims, "parity"), _edges(_parts(fields), cells), "angstrom^2", what),
        "linear_edge_theory": (dims, linear, "uC/m^2", "linear polarization at edges, theory"),
    }


def _amplitudes(samples, raw, theory, mirrors):
    """How much of the theory's map the simulated one holds, with its standard error."""
    folded = _parts(fold(raw, MIRROR_SIGNS, mirrors)).reshape(len(raw), len(PARTS), -1)
    weights = pooled_weights(raw, mirrors).ravel()
    found = []
    for suffix in APPROXIMATIONS.values():
        expected = _parts(theory[f"bond_bilinear{suffix}"].values[None])[0]
        found.append(
            [
                samples.mean_and_error(amplitude(folded[:, p], expected[p].ravel(), weights))
                if part == "zero_field" or not mirrors.field_even
                else (np.nan, np.nan)
                for p, part in enumerate(PARTS)
            ]
        )
    dims, label = ("approximation", "part"), "amplitude of the simulated map along the theory's"
    values = np.moveaxis(found, -1, 0)
    return {
        "amplitude": (dims, values[0], "1", label),
        "amplitude_stderr": (dims, values[1], "1", f"standard error: {label}"),
    }


def _parts(maps):
    """Field-odd and zero-field parts, shape (sample, part, nx, ny)."""
    return np.stack([take(maps) for take in PARTS.values()], axis=1)


def _edges(parts, cells):
    """Accumulations with the parity of P⁽²⁾ and with that of P, shape (sample, part, parity)."""
    return np.stack(
        [
            np.stack(
                [cells.edge_accumulation(parts[:, p], odd[part]) for p, part in enumerate(PARTS)]
            )
            for odd in (SECOND_ORDER_ODD, LINEAR_ODD)
        ]
    ).transpose(2, 1, 0)


def _linear_edges(polarization, relaxed, cells):
    """Accumulations of P less that of the relaxed slab (µC/m²), shape (sample, part)."""
    parts = _parts(polarization - relaxed)
    found = [cells.edge_accumulation(parts[:, p], LINEAR_ODD[n]) for p, n in enumerate(PARTS)]
    return units.MICRO * np.array(found).T
