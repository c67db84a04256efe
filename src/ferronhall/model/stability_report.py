"""What the pre-flight found of a slab's modes, and the substeps that they and the field allow."""

from dataclasses import dataclass

from ferronhall.base.errors import UnstableKernelError

WARN_OMEGA_H = 1.0
REFUSE_OMEGA_H = 1.8

WARN_FIELD_H, REFUSE_FIELD_H = 0.5, 2.0
"""Limits of Ω_B h; see field_bias."""

FEW_CELLS_ALONG_Z = 5
"""Of so many cells or fewer the edge Δ_B P is an artefact (docs/dependence.md)."""


@dataclass(frozen=True)
class StabilityReport:
    """Extremes of the slab Hessian at u0 over every (q_x, q_z).

    smallest : float, eV/Å²
    wave_vector : tuple of two ints
        (q_x, q_z) of the smallest eigenvalue, as indices of 2π/(nx a) and 2π/(nz a); empty of
        domains that are no layers.
    omega_max : float, rad/ps
        Highest mode frequency.
    omega_h : float
        omega_max times the substep.
    field_h : float
        Ω_B times the substep.
    nz : int
        Cells along z.
    """

    smallest: float
    wave_vector: tuple
    omega_max: float
    omega_h: float
    field_h: float
    nz: int

    @property
    def warning(self):
        """What the user should know, in one line; empty where there is nothing."""
        lines = []
        if self.omega_h > WARN_OMEGA_H:
            lines.append(
                f"omega_max*h = {self.omega_h:.2f} is above {WARN_OMEGA_H}: averages carry a "
                "visible time-step error; shorten time.dt_ps or raise time.substeps"
            )
        if self.field_h > WARN_FIELD_H:
            lines.append(
                f"Omega_B*h = {self.field_h:.2f} is above {WARN_FIELD_H}: the field-odd maps carry "
                f"a time-step error of about {100 * field_bias(self.field_h):.0f} %, "
                "tables/timestep has it; shorten time.dt_ps or raise time.substeps"
            )
        if self.nz <= FEW_CELLS_ALONG_Z:
            lines.append(
                f"lattice.nz = {self.nz}: in {FEW_CELLS_ALONG_Z} cells along z or fewer the size "
                "and sign of Delta_B P at the edges are an artefact; take 9 or more"
            )
        return "; ".join(lines)


def field_bias(field_h):
    """About the part of the field-odd maps that is time-step error, at an Ω_B h.

    (Ω_B h)²/9 is Δ_B KE's, to a third, in the harmonic theory of the substep at Ω_B h from 0.5 to
    2, ω_max h below 0.4 and either dipolar kernel; Δ_B P and Δ_B L_z err by half to twice that.
    """
    return field_h**2 / 9


def require_short(report, h):
    """UnstableKernelError unless the substep h (ps) is short for the highest frequency."""
    if report.omega_h >= REFUSE_OMEGA_H:
        omega_max = report.omega_max
        raise UnstableKernelError(
            f"time.dt_ps/time.substeps = {h:g} ps is too long: omega_max = {omega_max:.1f} rad/ps "
            f"gives omega_max*h = {report.omega_h:.2f}, the limit of stability is 2 and "
            f"{REFUSE_OMEGA_H} is the most allowed; use h <= {WARN_OMEGA_H / omega_max:.4f} ps"
        )


def require_short_field(report, h, omega_B):
    """UnstableKernelError unless the substep h (ps) is short for the field."""
    if report.field_h >= REFUSE_FIELD_H:
        raise UnstableKernelError(
            f"time.dt_ps/time.substeps = {h:g} ps is too long for field.omega_B_rad_per_ps = "
            f"{omega_B:g}: at Omega_B*h = {report.field_h:.2f} about "
            f"{100 * field_bias(report.field_h):.0f} % of the field-odd maps would be time-step "
            f"error, and {REFUSE_FIELD_H:g} is the limit; use h <= {WARN_FIELD_H / omega_B:.2g} "
            "ps, or a weaker field"
        )
