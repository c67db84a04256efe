"""The numbers that docs/model.md prints are those of the code and of physics."""

import re

import numpy as np
import pytest
from scipy import constants

from ferronhall.base import units
from ferronhall.model.field import Field
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")


def printed(row):
    """The first number of the table's row that begins so."""
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| {row} |"))
    return float(re.search(r"-?\d+\.?\d*", line.split("|")[2].replace("−", "-")).group())


def test_the_splitting_of_circular_modes_is_the_rate():
    """Eigenfrequencies of a plane oscillator in the field, by its companion matrix."""
    omega_0, field = 55.0, Field(80.0, (0.0, 0.0, 1.0))
    turn = field.generator[:2, :2]
    matrix = np.block([[np.zeros((2, 2)), np.eye(2)], [-(omega_0**2) * np.eye(2), turn]])
    values, vectors = np.linalg.eig(matrix)
    positive = values.imag > 0
    frequencies, modes = values.imag[positive], vectors[:, positive]
    assert np.ptp(frequencies) == pytest.approx(field.omega_B)
    # of Re(u e^{iωt}) at the upper frequency, L_z ∝ Im(u_x* u_y)·(−ω): positive, counterclockwise
    upper = modes[:, frequencies.argmax()]
    assert -(upper[0].conj() * upper[1]).imag > 0


def test_the_rate_in_bohr_magnetons_times_tesla():
    magneton = constants.physical_constants["Bohr magneton"][0]
    of_one = 2 * magneton / constants.hbar * constants.pico
    assert f"=  {of_one:.4f} rad/ps" in PAGE
    assert f"80 rad/ps  =  {80 / of_one:.1f} µ_B T" in PAGE
    splitting = constants.hbar * 80 / constants.pico / constants.e * units.MEV
    assert f"ħΩ_B = {splitting:.1f} meV" in PAGE


def test_the_numbers_of_the_material(batio3):
    onsite, mode = batio3.onsite, batio3.mode
    for row, value in (
        ("lattice constant a, Ω = a³", batio3.lattice_constant),
        ("M", mode.mass[0, 0]),
        ("Z", mode.charge[0, 0]),
        ("Λ", mode.angular_momentum_matrices[2, 0, 1]),
        ("ε∞", batio3.dielectric[0, 0]),
        ("u0", onsite.amplitude),
        ("ΔE", onsite.barrier * units.MEV),
        ("A2", onsite.quadratic),
        ("B4", onsite.quartic),
        ("C6", onsite.sextic),
        ("κ⊥", onsite.transverse),
        ("k∥ = V″(u0) (S49)", onsite.stiffness),
        ("a∥ = V‴(u0) (S50)", onsite.cubic_anharmonicity),
    ):
        assert printed(row) == pytest.approx(value, rel=2e-5), row
    assert f"{batio3.cell_volume:.3f} Å³" in PAGE
    assert f"1 amu = {units.AMU * 1e4:.4f} × 10⁻⁴" in PAGE
