"""The fields at which a domain along +x ends, and by which mode."""

from ferronhall.results.tables.table import Table

COLUMNS = ["what ends the domain along +x", "field (kV/cm)", "past the well's spinodal (kV/cm)"]


def table(hysteresis):
    """One row a field; the first unstable mode and the loops' step in the notes."""
    found = hysteresis
    spinodal = float(found["spinodal_cell"])
    fields = {
        "spinodal of the double well, exact": spinodal,
        "jump of a cell alone, field stepped down": float(found["coercive_cell"][0]),
        "end of the slab's branch, uniform along x and z": float(found["spinodal_slab"]),
        "jump of the slab, field stepped down": float(found["coercive_slab"][0]),
        "first unstable mode of the slab": float(found["first_instability"]),
    }
    rows = [[name, value, spinodal - value] for name, value in fields.items()]
    step = float(found["field"][1] - found["field"][0])
    waves = ", ".join(
        f"q_{a} = {float(found['unstable_wave_vector'].sel(axis=a)):.3g}" for a in "xz"
    )
    parts = ", ".join(f"{float(found['unstable_weight'].sel(component=c)):.2f}" for c in "xyz")
    notes = [
        "At zero temperature, every state uniform along x and z. A jump lies half-way between "
        f"two of the loop's fields, which are {step:.3g} kV/cm apart; fields stepped up turn the "
        "domain along −x round at the opposite ones.",
        f"The first unstable mode has {waves} (2π/a), the parts {parts} along x, y, z, and "
        f"{float(found['unstable_at_faces']):.2f} of itself in the edge layers of the faces.",
    ]
    return Table(f"Hysteresis of campaign {found.attrs['campaign']}", COLUMNS, rows, notes)
