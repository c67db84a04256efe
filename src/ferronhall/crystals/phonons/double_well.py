"""The double well from a first-principles switching path (Eqs. S15–S18)."""

from dataclasses import dataclass

import numpy as np

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.path_rows import read_rows
from ferronhall.model.onsite_potential import OnSitePotential, well_energy

_OPTIONAL = ("polarization_C_per_m2", "polarization_quantum_C_per_m2")


@dataclass(frozen=True)
class SwitchingPath:
    """Energies from the centrosymmetric structure (λ = 0) to a polar variant (λ = 1) and on.

    progress : ndarray, shape (m,)
        λ, rising from 0.
    energy : ndarray, shape (m,), eV per formula unit
    polarization : ndarray, shape (m,), C/m²
        NaN where none was computed.
    displacement : ndarray, shape (n,), Å
        Of every atom along the polar axis at λ = 1.
    quantum : ndarray, shape (m,), C/m², or None where it was not given
        The polarization is known up to multiples of it.
    notes : tuple of lattice_dynamics.Note
    """

    progress: np.ndarray
    energy: np.ndarray
    polarization: np.ndarray
    displacement: np.ndarray
    quantum: np.ndarray | None = None
    notes: tuple = ()

    @property
    def barrier(self):
        """E(λ = 0) − E(λ = 1) (eV), Eq. S15."""
        return float(self.energy[0] - self.energy[self.end])

    @property
    def end(self):
        """Index of λ = 1."""
        return int(np.argmin(np.abs(self.progress - 1)))


@dataclass(frozen=True)
class WellFit:
    """A polynomial well and its error along the path.

    coefficients : tuple of 3 floats
        A2 (eV/Å²), B4 (eV/Å⁴), C6 (eV/Å⁶) of Eq. S17.
    error : float, eV
        Root mean square deviation from the energies of the path, λ = 0 their zero.
    """

    coefficients: tuple
    error: float

    @property
    def bounded(self):
        """Whether the energy rises without limit at large amplitude."""
        highest = next((c for c in reversed(self.coefficients) if c != 0), 0.0)
        return highest > 0


def read_switching_path(path, cell):
    """SwitchingPath from a CSV file, the polarization as it stands there.

    path : str or Path
        Columns lambda, energy_eV (per formula unit), one dz_…_A for every atom under its name, its
        displacement along the polar axis from λ = 0, and optionally polarization_C_per_m2 and its
        quantum, polarization_quantum_C_per_m2.
    cell : PhonopyAtoms
        The cubic cell, whose atoms they are.
    raises : ConfigError
    """
    # here, as it brings phonopy, which a table of the fit does without
    from ferronhall.crystals.phonons.path_columns import assign, displacement_columns

    rows = read_rows(path, "switching_path")
    columns = displacement_columns(rows[0] if rows else ())
    try:
        if len(columns) != len(cell.masses):
            raise KeyError(
                f"dz_…_A for each of the {len(cell.masses)} atoms, but {len(columns)} of them"
            )
        names = ("lambda", "energy_eV", *columns.values())
        values = {name: np.array([row[name] for row in rows], float) for name in names}
        polarization, quantum = (
            np.array([float(row.get(name) or "nan") for row in rows]) for name in _OPTIONAL
        )
    except KeyError as error:
        raise ConfigError(
            f"switching_path: '{path}' lacks the column {error.args[0]}; it needs lambda, "
            "energy_eV, and dz_…_A for every atom"
        ) from error
    except (ValueError, TypeError) as error:
        raise ConfigError(
            f"switching_path: '{path}' holds a cell that is no number ({error})"
        ) from error
    order = np.argsort(values["lambda"])
    progress = values["lambda"][order]
    if not len(rows) or progress[0] != 0 or 1.0 not in progress or len(rows) < 4:
        raise ConfigError(
            f"switching_path: '{path}' needs at least four points, lambda = 0 (the centrosymmetric "
            "structure) and lambda = 1 (the polar one) among them, and none below 0"
        )
    at_end = order[np.flatnonzero(progress == 1)[0]]
    try:
        moved = {label: values[name][at_end] for label, name in columns.items()}
        displacement, notes = assign(moved, cell)
    except ConfigError as error:
        raise ConfigError(f"switching_path: '{path}': {error}") from error
    path_ = SwitchingPath(
        progress,
        values["energy_eV"][order],
        polarization[order],
        displacement,
        quantum[order] if np.isfinite(quantum[np.isfinite(polarization)]).all() else None,
        tuple(notes),
    )
    if path_.barrier <= 0:
        raise ConfigError(
            f"switching_path: '{path}': the polar structure lies {-1e3 * path_.barrier:.3g} meV "
            "above the centrosymmetric one, so there is no double well"
        )
    return path_


def project_displacement(displacement, pattern):
    """u0 and the residual of S18: the displacement as a multiple of the soft mode's pattern.

    displacement, pattern : arrays, shape (n,)
        Along the polar axis, Å and dimensionless.
    returns : (u0 in Å, r_proj)

    A rigid translation of the crystal carries neither energy nor polarization, so both are taken
    relative to the mean over the atoms, and the result does not hang on the choice of an origin.
    """
    moved = np.asarray(displacement, float) - np.mean(displacement)
    mode = np.asarray(pattern, float) - np.mean(pattern)
    amplitude = moved @ mode / (mode @ mode)
    residual = np.linalg.norm(moved - amplitude * mode) / np.linalg.norm(moved)
    return float(amplitude), float(residual)


def matched_quartic(path, amplitude):
    """The stable quartic with the path's barrier and its minimum at u0 (Eq. S17, C6 = 0)."""
    well = OnSitePotential(amplitude, path.barrier, 0.0, 0.0)
    return _with_error(path, amplitude, (well.quadratic, well.quartic, 0.0))


def sextic_fit(path, amplitude):
    """The unconstrained least-squares fit of sixth order to the path, for comparison."""
    u = amplitude * path.progress
    powers = np.stack([u**2 / 2, u**4 / 4, u**6 / 6], axis=1)
    # columns of like size: u is some hundredths of an ångström
    scale = np.abs(powers).max(axis=0)
    found = np.linalg.lstsq(powers / scale, path.energy - path.energy[0], rcond=None)[0]
    return _with_error(path, amplitude, tuple(float(c) for c in found / scale))


def _with_error(path, amplitude, coefficients):
    u = amplitude * path.progress
    deviation = path.energy - path.energy[0] - well_energy(coefficients, u)
    error = float(np.sqrt(np.mean(deviation**2)))
    return WellFit(coefficients, error)
