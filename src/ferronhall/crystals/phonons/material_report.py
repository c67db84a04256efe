"""What was found of a material, as lines of text."""

from ferronhall.base.units import MEV
from ferronhall.crystals.phonons.cubic_well_fit import UNITS
from ferronhall.crystals.phonons.double_well import project_displacement
from ferronhall.crystals.phonons.lattice_dynamics import Note
from ferronhall.crystals.phonons.soft_branch import soft_branch
from ferronhall.model.ferroelectric_phases import lowest, tetragonal
from ferronhall.model.material import Material

_LENGTHS = {"A2": "Å²", "A4": "Å⁴", "A6": "Å⁶"}


def report(data, content, fits):
    """What was found, as lines of text.

    data : FirstPrinciples
    content, fits : as make_material gives them
    """
    material = Material.from_dict(content)
    well = material.onsite
    _, residual = project_displacement(data.path.displacement, data.soft_mode.eigenvector[2, :, 2])
    pattern = ", ".join(f"{a['label']} {a['mode_z']:.4f}" for a in content["atoms"])
    yield f"{content['name']}: soft mode {data.soft_mode.frequency:.3f} THz at Γ ({pattern})"
    yield (
        f"Z = {material.mode.charge[0, 0]:.4f} e, M = {material.mode.mass[0, 0]:.3f} amu, "
        f"Λ^z_xy = {material.mode.angular_momentum_matrices[2, 0, 1]:.3f} amu, "
        f"ε∞ = {material.dielectric[0, 0]:.4f}"
    )
    yield (
        f"u0 = {well.amplitude:.5f} Å (projection residual {residual:.3f}), barrier "
        f"{well.barrier * MEV:.2f} meV, P0 = {material.polarization:.4f} C/m²"
    )
    if data.cubic_well:
        yield from _cubic_well(data.cubic_well)
    branch = soft_branch(data, material, fits)
    for name, fit in fits.items():
        shells = " ".join(f"{j:.4f}" for j in fit.shells)
        yield (
            f"{name}: j1…j7 = {shells} eV/Å², residual {fit.residual:.2g} eV/Å² rms, softest mode "
            f"{fit.softest:+.3g} eV/Å² from that at Γ"
        )
        corners = ", ".join(
            f"{label} {branch.crystal[k]:.2f} → {branch.model[name][k]:.2f}"
            for label, k in branch.corners.items()
        )
        wave = ", ".join(f"{x:.3g}" for x in fit.worst_wave)
        met = (
            "exact on the mesh"
            if fit.exact
            else f"on the mesh it is farthest off at ({wave}), by {fit.worst:+.2g} eV/Å²"
        )
        yield (f"{name}: softest branch, crystal → model: {corners} eV/Å²; {met}; {region(fit)}")
        if fit.softest < -0.01 * abs(branch.crystal[0]):
            yield str(
                Note(
                    f"{name}: somewhere in the zone the model has a mode {-fit.softest:.2g} eV/Å² "
                    "softer than the one at Γ",
                    loud=True,
                )
            )
        between = len(branch.differs(name))
        if fit.misplaced or between:
            yield str(
                Note(
                    f"{name}: the model's unstable region is not the crystal's ({fit.misplaced} "
                    f"modes of the mesh, {between} of {len(branch.waves)} waves along Γ–X–M–R): "
                    "what grows or not in the model differs from the crystal there",
                    loud=True,
                )
            )


def _cubic_well(fit):
    """A CubicWellFit and what its potential does, as lines."""
    numbers = ", ".join(
        f"{name} = {fit.values[name]:.5g} ± {fit.errors[name]:.2g} eV/{_LENGTHS[unit]}"
        for name, unit in UNITS.items()
        if name in fit.values
    )
    yield f"cubic well: {numbers}"
    yield f"cubic well: {fit.described}"
    well = fit.potential
    bottom, deepest = tetragonal(well), lowest(well)
    yield (
        f"cubic well: along the axis u0 = {well.amplitude:.5f} Å, {well.barrier * MEV:.2f} meV "
        f"deep, stiffness along it {well.stiffness:.4g} and across it {well.transverse:.4g} eV/Å²"
    )
    if well.transverse <= 0:
        gain = MEV * (bottom.energy - deepest.energy)
        yield str(
            Note(
                f"cubic well: P along an axis is a saddle; the {deepest.name} state, P along "
                f"{deepest.direction}, lies {gain:.3g} meV lower, "
                "and without a strain onsite.form: cubic is refused",
                loud=True,
            )
        )
    yield from map(str, fit.notes)


def region(fit):
    """The unstable modes of the crystal and the model on the mesh, in words."""
    return (
        f"{fit.unstable[0]} unstable modes of the crystal on the mesh, {fit.unstable[1]} of the "
        f"model, {fit.misplaced} unstable in one and stable in the other"
    )


def notes(data):
    """What was read and changed on the way to FirstPrinciples, as Notes."""
    for name, phase in (("cubic", data.cubic), ("tetragonal", data.tetragonal)):
        for note in phase.notes if phase else ():
            yield Note(f"{name}: {note.text}", note.loud)
    yield from data.path.notes
