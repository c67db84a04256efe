"""Densities: files, grids, and projections on irreps against what group theory demands."""

import struct

import numpy as np
import pytest

from ferronhall.base.errors import DataFileError, SymmetryError
from ferronhall.base.units import BOHR
from ferronhall.crystals.second_order.density import Density, from_grid
from ferronhall.crystals.second_order.density_files import read_density
from ferronhall.crystals.second_order.density_projection import (
    irrep_weights,
    polar_row_weights,
    project,
)
from ferronhall.crystals.second_order.irreps import find_irrep, irreps
from ferronhall.crystals.second_order.space_group import space_group

from .test_irreps import FLUORITE, GROUPS, PEROVSKITE

RNG = np.random.default_rng(7)


def random_density(group, shape):
    """Random values on a grid of the group's supercell; no symmetry at all."""
    return from_grid(group.supercell @ group.lattice, RNG.random(shape))


def values(density):
    """Coefficients in one order, for densities on the same waves."""
    return density.coefficients[np.lexsort(density.miller.T)]


def test_a_grid_gives_its_own_values_back_and_any_other_grid_those_of_the_series():
    cell = np.array([[3.0, 0.2, 0], [0, 2.5, 0.4], [0.1, 0, 4.0]])
    grid = RNG.random((4, 5, 6))
    density = from_grid(cell, grid)
    assert np.allclose(density.on_grid((4, 5, 6)), grid, atol=1e-14)
    for shape in ((3, 4, 7), (9, 8, 8)):
        points = np.stack(np.meshgrid(*(np.arange(n) / n for n in shape), indexing="ij"), -1)
        direct = density.at(points.reshape(-1, 3) @ cell).reshape(shape)
        assert np.allclose(density.on_grid(shape), direct, atol=1e-12)


def test_folding_averages_over_translations_and_repeating_changes_nothing():
    group = GROUPS["fluorite"]
    density = random_density(group, (5, 5, 5))
    points = RNG.random((6, 3)) * 9
    shifted = [density.at(points - t @ group.lattice) for t in group.lattice_points]
    folded = density.folded(group.supercell)
    assert np.allclose(folded.cell, group.lattice)
    assert np.allclose(folded.at(points), np.mean(shifted, axis=0), atol=1e-12)
    repeated = density.repeated(np.diag([1, 2, 3]))
    assert np.allclose(repeated.at(points), density.at(points), atol=1e-12)


@pytest.mark.parametrize(("parent", "shape"), [("fluorite", (6, 6, 6)), ("perovskite", (4, 4, 4))])
def test_projections_add_up_and_are_idempotent_and_orthogonal(parent, shape):
    group = GROUPS[parent]
    density = random_density(group, shape)
    found = irreps(group)
    parts = [project(density, group, irrep_weights(group, irrep)) for irrep in found]
    total = sum(values(part) for part in parts)
    assert np.allclose(total, values(density), atol=1e-14)
    norms = np.array([[np.vdot(values(a), values(b)) for a in parts] for b in parts])
    assert np.abs(norms - np.diag(np.diag(norms))).max() < 1e-14
    for irrep, part in list(zip(found, parts, strict=True))[::4]:
        again = project(part, group, irrep_weights(group, irrep))
        assert np.allclose(values(again), values(part), atol=1e-14)


def test_projection_in_a_primitive_cell_whose_box_of_waves_no_rotation_keeps():
    group = space_group(*FLUORITE)
    density = random_density(group, (5, 5, 5))
    parts = [project(density, group, irrep_weights(group, irrep)) for irrep in irreps(group)]
    points = RNG.random((5, 3)) * 5
    assert np.allclose(sum(part.at(points) for part in parts), density.at(points), atol=1e-12)


def test_polar_partners_add_up_to_the_polar_irrep():
    group = GROUPS["fluorite"]
    density = random_density(group, (4, 4, 4))
    rows = [project(density, group, polar_row_weights(group, axis)) for axis in range(3)]
    irrep = project(density, group, irrep_weights(group, find_irrep(group, "Γ4-")))
    assert np.allclose(sum(values(row) for row in rows), values(irrep), atol=1e-14)


def test_folding_first_is_the_same_for_an_irrep_at_gamma():
    large, small = GROUPS["fluorite"], space_group(*FLUORITE)
    density = random_density(large, (6, 6, 6))
    before = project(density, large, polar_row_weights(large, 2)).folded(large.supercell)
    after = project(density.folded(large.supercell), small, polar_row_weights(small, 2))
    points = RNG.random((5, 3)) * 5
    assert np.allclose(before.at(points), after.at(points), atol=1e-12)


def test_a_cell_with_one_arm_is_repeated_to_one_with_all():
    large, small = GROUPS["perovskite"], space_group(*PEROVSKITE)
    column = np.diag([1, 1, 2])
    density = from_grid(column @ small.lattice, RNG.random((3, 3, 6)))
    with pytest.raises(SymmetryError, match="repeat or fold"):
        project(density, large, polar_row_weights(large, 2))
    repeated = density.repeated(np.diag([2, 2, 1]))
    polar = project(repeated, large, irrep_weights(large, find_irrep(large, "Γ4-")))
    folded = project(density.folded(column), small, irrep_weights(small, find_irrep(small, "Γ4-")))
    points = RNG.random((5, 3)) * 8
    assert np.allclose(polar.at(points), folded.at(points), atol=1e-12)
    parts = [
        project(repeated, large, irrep_weights(large, irrep)).at(points)
        for irrep in irreps(large)
        if irrep.label[0] in "ΓX"
    ]
    # the other stars need other wave vectors than those of the column
    assert np.allclose(sum(parts), density.at(points), atol=1e-12)


SYNTHETIC = [
    ("Γ1+", lambda x, y, z: np.cos(2 * x) * np.cos(2 * y) * np.cos(2 * z)),
    ("Γ4-", lambda x, y, z: np.sin(2 * z)),
    ("Γ5+", lambda x, y, z: np.sin(2 * x) * np.sin(2 * y)),
    ("Γ2-", lambda x, y, z: np.sin(2 * x) * np.sin(2 * y) * np.sin(2 * z)),
    ("X1+", lambda x, y, z: np.cos(z)),
    ("X3-", lambda x, y, z: np.sin(z)),
    ("X5-", lambda x, y, z: np.cos(z) * np.sin(2 * x)),
    ("X5+", lambda x, y, z: np.sin(z) * np.sin(2 * x)),
    ("X2+", lambda x, y, z: np.cos(z) * (np.cos(2 * x) - np.cos(2 * y))),
    ("M1+", lambda x, y, z: np.cos(x) * np.cos(y)),
    ("M4+", lambda x, y, z: np.sin(x) * np.sin(y)),
    ("R1+", lambda x, y, z: np.cos(x) * np.cos(y) * np.cos(z)),
    ("R2-", lambda x, y, z: np.sin(x) * np.sin(y) * np.sin(z)),
]
"""Irrep -> a density of it in Pm-3m, by the behaviour of x, y, z; x, y, z in units of edge/π."""


@pytest.mark.parametrize(("label", "wave"), SYNTHETIC, ids=[label for label, _ in SYNTHETIC])
def test_densities_of_one_irrep_are_their_own_projection_and_vanish_in_others(label, wave):
    group = GROUPS["perovskite"]
    angles = 2 * np.pi * np.arange(8) / 8
    grid = wave(*np.meshgrid(angles, angles, angles, indexing="ij"))
    density = from_grid(group.supercell @ group.lattice, grid)
    for irrep in irreps(group):
        part = project(density, group, irrep_weights(group, irrep)).on_grid((8, 8, 8))
        assert np.allclose(part, grid if irrep.label == label else 0, atol=1e-12)


def test_a_translation_off_the_grid_is_exact():
    # origin at an anion: the mirror planes of the cations lie a quarter edge off it, and five
    # points to an edge have none there
    shifted = (np.asarray(FLUORITE[1]) - 0.25) % 1
    group = space_group(FLUORITE[0], shifted, FLUORITE[2])
    assert group.translations.max() > 0.4
    reference = space_group(*FLUORITE)
    density = random_density(reference, (5, 5, 5))
    here = project(density, reference, polar_row_weights(reference, 2))
    offset = np.array([0.25, 0.25, 0.25])
    phases = np.exp(2j * np.pi * density.miller @ offset)
    moved = Density(density.cell, density.miller, density.coefficients * phases)
    there = project(moved, group, polar_row_weights(group, 2))
    points = RNG.random((5, 3)) * 5
    assert np.allclose(there.at(points), here.at(points + offset @ reference.lattice), atol=1e-12)


def test_a_density_of_another_cell_is_refused():
    group = space_group(*PEROVSKITE)
    with pytest.raises(SymmetryError, match="repeat or fold"):
        project(random_density(GROUPS["perovskite"], (4, 4, 4)), group, np.ones((48, 1)))


CELL = np.array([[3.0, 0.0, 0.0], [0.5, 2.5, 0.0], [0.0, 0.25, 4.0]])
GRID = np.random.default_rng(3).random((3, 4, 5))


def write_chgcar(path, cell=CELL, grid=GRID):
    """A CHGCAR as VASP 5 writes it, with the line of symbols and augmentation after the grid."""
    volume = abs(np.linalg.det(cell))
    lines = ["density", "1.0", *(" ".join(f"{c:.12f}" for c in row) for row in cell)]
    lines += ["O Hf", "1 1", "Direct", "0 0 0", ".5 .5 .5", "", " ".join(map(str, grid.shape))]
    numbers = [f"{v:.11E}" for v in (grid * volume).ravel(order="F")]
    lines += [" ".join(numbers[i : i + 5]) for i in range(0, len(numbers), 5)]
    path.write_text("\n".join([*lines, "augmentation occupancies 1 33", "0.1 0.2"]) + "\n")


def write_cube(path, origin=(0, 0, 0)):
    """A cube as pp.x writes it."""
    steps = CELL / np.array(GRID.shape)[:, None] / BOHR
    head = ["Cubfile", "density", "1 " + " ".join(f"{o / BOHR:.9f}" for o in origin)]
    rows = zip(GRID.shape, steps, strict=True)
    head += [f"{n} " + " ".join(f"{s:.12f}" for s in step) for n, step in rows]
    numbers = [f"{v:.11E}" for v in (GRID * BOHR**3).ravel()]
    path.write_text("\n".join([*head, "8 8.0 0 0 0", *numbers]) + "\n")


def write_pw(path, density, gamma_only=False):
    """charge-density.dat as pw.x 6.7 writes it."""
    kept = np.ones(len(density.miller), bool)
    if gamma_only:
        kept = np.array([tuple(m) >= (0, 0, 0) for m in density.miller])
    records = [
        struct.pack("<3i", gamma_only, kept.sum(), 1),
        (2 * np.pi * np.linalg.inv(density.cell).T * BOHR).astype("<f8").tobytes(),
        density.miller[kept].astype("<i4").tobytes(),
        (density.coefficients[kept] * BOHR**3).astype("<c16").tobytes(),
    ]
    marked = (struct.pack("<i", len(r)) + r + struct.pack("<i", len(r)) for r in records)
    path.write_bytes(b"".join(marked))


def test_a_chgcar_is_read_back(tmp_path):
    write_chgcar(tmp_path / "CHGCAR")
    density = read_density(tmp_path / "CHGCAR")
    assert np.allclose(density.cell, CELL)
    assert np.allclose(density.on_grid(GRID.shape), GRID, rtol=1e-9)


def test_a_cube_is_read_back_with_its_origin(tmp_path):
    origin = np.array([0.2, -0.3, 0.1])
    write_cube(tmp_path / "n.cube", origin)
    density = read_density(tmp_path / "n.cube")
    assert np.allclose(density.cell, CELL)
    points = np.stack(np.meshgrid(*(np.arange(n) / n for n in GRID.shape), indexing="ij"), -1)
    at_points = density.at(points.reshape(-1, 3) @ CELL + origin)
    assert np.allclose(at_points, GRID.ravel(), rtol=1e-6)


@pytest.mark.parametrize("gamma_only", [False, True])
def test_fourier_components_of_pw_are_read_back_exactly(tmp_path, gamma_only):
    density = from_grid(CELL, RNG.random((3, 5, 5)))
    write_pw(tmp_path / "charge-density.dat", density, gamma_only)
    found = read_density(tmp_path / "charge-density.dat")
    assert np.allclose(found.cell, CELL, atol=1e-12)
    assert np.allclose(values(found), values(density), atol=1e-15)


@pytest.mark.parametrize("name", ["CHGCAR", "n.cube", "charge-density.dat"])
def test_a_truncated_file_is_refused_with_its_name(tmp_path, name):
    path = tmp_path / name
    if name == "CHGCAR":
        write_chgcar(path)
        path.write_text(path.read_text()[:600])
    elif name == "n.cube":
        write_cube(path)
        path.write_text(path.read_text()[:600])
    else:
        write_pw(path, from_grid(CELL, GRID))
        path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataFileError, match=f"{name}: is truncated"):
        read_density(path)


def test_bad_files_are_refused(tmp_path):
    other = tmp_path / "density.xsf"
    other.write_text("PRIMVEC")
    with pytest.raises(DataFileError, match="no format"):
        read_density(other)
    with pytest.raises(DataFileError, match="cannot be read"):
        read_density(tmp_path / "missing.cube")
    write_chgcar(tmp_path / "CHGCAR_nan", grid=GRID * np.nan)
    with pytest.raises(DataFileError, match="not numbers"):
        read_density(tmp_path / "CHGCAR_nan")
    orbital = tmp_path / "orbital.cube"
    write_cube(orbital)
    orbital.write_text(orbital.read_text().replace("\n1 ", "\n-1 ", 1))
    with pytest.raises(DataFileError, match="orbitals"):
        read_density(orbital)
