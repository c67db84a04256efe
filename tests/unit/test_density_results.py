"""From runs of pw.x to the figures and the table of polar densities."""

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest

from ferronhall.base import paths, units
from ferronhall.base.errors import DataFileError, SymmetryError
from ferronhall.crystals.second_order.density import from_grid
from ferronhall.crystals.second_order.density_data import main, read_parent, read_polar_parts
from ferronhall.crystals.second_order.density_dataset import density_dataset
from ferronhall.crystals.second_order.multipoles import multipole_moments
from ferronhall.crystals.second_order.polar_density import condensed, polar_part, restored
from ferronhall.crystals.second_order.space_group import space_group
from ferronhall.results import figures
from ferronhall.results.figures.solids import isosurface
from ferronhall.results.tables import result_table

from .test_density import write_chgcar, write_pw
from .test_irreps import CONVENTIONAL, FLUORITE

ROOT = Path(__file__).resolve().parents[2]
RNG = np.random.default_rng(5)
GROUP = space_group(*FLUORITE)
DESCRIPTION = """crystal: HfO2
lattice_A: [[0, 2.51, 2.51], [2.51, 0, 2.51], [2.51, 2.51, 0]]
atoms:
  - [Hf, 0, 0, 0]
  - [O, 0.25, 0.25, 0.25]
  - [O, 0.75, 0.75, 0.75]
amplitude_A: 0.0071
pairs: [X5+z-X5-zM, X5+x-X2-x]
drawn: {X5+z-X5-zM: 0.02, X5+x-X2-x: 0.01}
site: 1
site_isovalue: 0.01
source: random numbers
published_moments:
  X5+z-X5-zM: {p_z: 2.0, d_xy: -30}
"""


def conventional_density():
    """Random numbers on a grid of the cubic cell."""
    return from_grid(CONVENTIONAL @ GROUP.lattice, RNG.normal(size=(7, 7, 7)))


def test_a_polar_part_survives_its_reduction():
    part = polar_part(conventional_density(), GROUP)
    miller, amplitudes = condensed(part, GROUP)
    assert len(miller) < len(part.miller) / 8
    back = restored(miller, amplitudes, GROUP)
    points = RNG.random((10, 3)) * 5
    assert np.allclose(back.at(points), part.at(points), atol=1e-12)


def test_a_polar_part_is_even_across_and_odd_along_its_axis():
    part = polar_part(conventional_density(), GROUP)
    points = RNG.random((10, 3)) * 5
    values = part.at(points)
    assert np.abs(values).max() > 1e-3
    for signs in itertools.product((1, -1), repeat=3):
        assert np.allclose(part.at(points * signs), signs[2] * values, atol=1e-12)
    assert np.allclose(part.at(points[:, [1, 0, 2]]), values, atol=1e-12)


def test_a_density_of_another_lattice_is_refused():
    with pytest.raises(SymmetryError, match="no supercell"):
        polar_part(from_grid(5.1 * np.eye(3), RNG.random((4, 4, 4))), GROUP)


@pytest.fixture(scope="module")
def reduced(tmp_path_factory):
    """A folder with two reduced runs, and the densities they came from."""
    folder = tmp_path_factory.mktemp("density")
    (folder / "density.yaml").write_text(DESCRIPTION, encoding="utf-8")
    densities = {}
    for pair in read_parent(folder).content["pairs"]:
        densities[pair] = conventional_density()
        (folder / "runs" / pair).mkdir(parents=True)
        write_pw(folder / "runs" / pair / "charge-density.dat", densities[pair])
    assert main([str(folder), str(folder / "runs")]) == 0
    return folder, densities


def test_the_command_leaves_the_polar_parts(reduced):
    folder, densities = reduced
    for pair, part in read_polar_parts(folder).items():
        points = RNG.random((10, 3)) * 5
        expected = polar_part(densities[pair], GROUP).at(points)
        # written to seven digits
        assert np.allclose(part.at(points), expected, atol=1e-6)


def test_the_command_takes_the_densities_of_vasp(tmp_path):
    """CHGCAR where there is no charge-density.dat, to the eleven digits it is written with."""
    (tmp_path / "density.yaml").write_text(DESCRIPTION, encoding="utf-8")
    cell, grids = CONVENTIONAL @ GROUP.lattice, {}
    for pair in read_parent(tmp_path).content["pairs"]:
        grids[pair] = RNG.normal(size=(7, 7, 7))
        (tmp_path / "runs" / pair).mkdir(parents=True)
        write_chgcar(tmp_path / "runs" / pair / "CHGCAR", cell, grids[pair])
    assert main([str(tmp_path), str(tmp_path / "runs")]) == 0
    points = RNG.random((10, 3)) * 5
    for pair, part in read_polar_parts(tmp_path).items():
        expected = polar_part(from_grid(cell, grids[pair]), GROUP).at(points)
        assert np.allclose(part.at(points), expected, atol=1e-6)


def test_the_command_says_what_is_missing(tmp_path, capsys):
    (tmp_path / "density.yaml").write_text(DESCRIPTION, encoding="utf-8")
    assert main([str(tmp_path), str(tmp_path)]) == 1
    assert "charge-density.dat: cannot be read" in capsys.readouterr().err
    with pytest.raises(DataFileError, match=r"nowhere/density\.yaml' cannot be read"):
        read_parent(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("amplitude_A: 0.0071", "", "amplitude_A: missing"),
        ("site_isovalue: 0.01", "", "site_isovalue: missing beside site"),
        ("drawn: {X5+z-X5-zM: 0.02, X5+x-X2-x: 0.01}", "", "drawn: missing"),
        ("X5+x-X2-x: 0.01}", "X5+x-X2-y: 0.01}", "drawn: 'X5+x-X2-y' is not among the pairs"),
        ("site: 1", "site: 3", "site: 3 is not among the atoms 0 to 2"),
        ("[O, 0.25, 0.25, 0.25]", "[O, 0.25, 0.25]", "atoms.1"),
    ],
)
def test_mistakes_of_a_description_are_named(tmp_path, capsys, old, new, words):
    assert old in DESCRIPTION
    path = tmp_path / "density.yaml"
    path.write_text(DESCRIPTION.replace(old, new), encoding="utf-8")
    assert main([str(tmp_path), str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert "density.yaml" in message and words in message


@pytest.fixture(scope="module", autouse=True)
def coarse_grids():
    """Grids of a third of the points, which no number but those of the surfaces depends on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ferronhall.crystals.second_order.density_dataset.SPACING_ANGSTROM", 0.2)
        yield


@pytest.fixture(scope="module")
def dataset(reduced):
    return density_dataset(reduced[0])


def test_the_dataset_holds_the_density_of_the_cubic_cell(reduced, dataset):
    part = polar_part(reduced[1]["X5+x-X2-x"], GROUP)
    grid = dataset["density"].sel(pair="X5+x-X2-x")
    for i, j, k in ((0, 3, 5), (10, 20, 25), (25, 0, 1)):
        point = [grid[axis].values[n] for axis, n in zip("xyz", (i, j, k), strict=True)]
        assert float(grid[i, j, k]) == pytest.approx(part.at([point])[0], abs=1e-5)


def test_moments_and_dipoles_belong_together(reduced, dataset):
    assert dataset["component"].values.tolist() == [
        "p_z",
        "d_xy",
        "f_z3",
        "g_xyz2",
        "h_z5",
        "h_z(x4-6x2y2+y4)",
    ]
    moments = multipole_moments(polar_part(reduced[1]["X5+x-X2-x"], GROUP), [1.255] * 3)
    chosen = dataset.sel(pair="X5+x-X2-x")
    for degree, order, value in zip(
        dataset["degree"].values, dataset["order"].values, chosen["moment"].values, strict=True
    ):
        assert value == pytest.approx(moments[degree, order], abs=1e-5)
    assert chosen["atom_dipole"].values[1:] == pytest.approx([moments[1, 0]] * 2, abs=1e-5)


def test_the_odd_part_is_odd_and_ends_at_the_sphere(dataset):
    odd = dataset["odd_density"].values[0]
    assert np.allclose(odd, -odd[::-1, ::-1, ::-1], atol=1e-5, equal_nan=True)
    assert np.isnan(odd[0, 0, 0]) and np.isfinite(odd[len(odd) // 2, 0, len(odd) // 2])


def test_a_column_takes_the_sign_of_its_largest_published_moment(dataset):
    table = result_table("multipoles", fluorite_density=dataset)
    rows = [row for row in table.rows if row[0] == "X5+z-X5-zM"]
    signs = {name: np.sign(value) for _, name, _, value, *_ in rows}
    assert signs["d_xy"] == -1
    computed = 1e6 * dataset.sel(pair="X5+z-X5-zM")["moment"].values
    assert np.allclose([row[3] for row in rows], signs["d_xy"] * np.sign(computed[1]) * computed)
    assert [row[5] for row in rows if row[4] is None] == [None] * 4
    assert ("X5+z-X5-zM" in table.notes[1]) == (computed[1] > 0)


def test_the_figures_draw_and_their_csv_counts_the_electrons(dataset, tmp_path):
    drawn = figures.draw("density_fluorite", fluorite_density=dataset)
    assert drawn.figure.get_size_inches()[0] <= 7.0
    panels = dict(drawn.data)
    columns = panels["b: X5+z-X5-zM"]
    values = dataset["density"].values[0][:-1, :-1, :-1]
    voxel = dataset.attrs["edge_A"] ** 3 / values.size
    expected = values[values > 0.02].sum() * voxel
    assert columns["electrons inside"] == pytest.approx([expected, -expected], rel=1e-4)
    single = dataset.drop_vars(["moment", "odd_density"]).assign_attrs(
        modes='{"X5+z-X5-zM": [[[0.5, 0.5, 0.5, 1, 0, 0]], []]}', drawn_cells=[1, 1, 2]
    )
    other = figures.draw("density_perovskite", perovskite_density=single)
    assert dict(other.data)["a: X5+z-X5-zM"]["electrons inside"] == pytest.approx(
        columns["electrons inside"]
    )


def test_an_isosurface_is_closed_and_encloses_a_ball():
    axis = np.linspace(-1, 1, 41)
    x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
    radius = 0.7
    triangles, normals = isosurface(-(radius - np.sqrt(x**2 + y**2 + z**2)) * 5, -1.0, [axis] * 3)
    # divergence theorem: volume from the corners of outward triangles, inside the ball r = 0.5
    volume = abs(np.linalg.det(triangles).sum()) / 6
    assert volume == pytest.approx(4 / 3 * np.pi * 0.5**3, rel=0.01)
    assert normals.shape == (len(triangles), 3)
    assert not len(isosurface(x, 2.0, [axis] * 3)[0])


def polar_orbits(crystal, cutoff):
    """Waves with |G| below a cutoff (1/Å) that may carry a density polar along z, by orbit."""
    reciprocal = 2 * np.pi * np.linalg.inv(crystal.lattice).T
    reach = np.ceil(cutoff * np.linalg.norm(crystal.lattice, axis=1) / (2 * np.pi))
    miller = np.array(list(itertools.product(*(np.arange(-n, n + 1) for n in reach))))
    waves = miller @ reciprocal
    waves = waves[np.linalg.norm(waves, axis=1) < cutoff]
    kept = [r for r in crystal.group.cartesian_rotations if abs(r[2, 2]) > 0.5]
    images = np.array([waves @ r.T for r in kept])
    turned = np.array([r[2, 2] < 0 for r in kept])
    # a wave that an operation leaves where it is, with the axis turned round, is zero
    same = np.abs(images - waves).max(axis=2) < 1e-6
    images = images[:, ~np.any(same[turned], axis=0)]
    images = np.rint(images @ crystal.lattice.T / (2 * np.pi)).astype(int)
    return {frozenset(map(tuple, orbit.tolist())) for orbit in images.swapaxes(0, 1)}


@pytest.mark.parametrize(("parent", "vanishing"), [("fluorite", 1), ("perovskite", 0)])
def test_the_committed_densities_are_whole(parent, vanishing):
    """One wave of each orbit within the cutoff of pw.x, four times the 66 Ry of the wave functions.

    vanishing : number of orbits on which every pair has less than the smallest amplitude kept
    """
    folder = ROOT / paths.density_data(parent)
    described = read_parent(folder)
    assert list(read_polar_parts(folder)) == described.content["pairs"]
    assert "66 Ry" in described.content["source"]
    with open(folder / "polar.csv", encoding="utf-8") as stream:
        found = [tuple(map(int, row[:3])) for row in list(csv.reader(stream))[1:]]
    orbits = polar_orbits(described, np.sqrt(4 * 66) / units.BOHR)
    assert set(found) <= set().union(*orbits)
    assert [len(orbit & set(found)) for orbit in orbits].count(1) == len(found)
    assert len(found) == len(orbits) - vanishing


def test_the_moments_of_hfo2_are_the_published_ones():
    dataset = density_dataset(ROOT / paths.density_data("fluorite"))
    computed, published = dataset["moment"].values, dataset["published_moment"].values
    # another code, other potentials and k points, and the steps of a grid in the published ones
    assert np.all(np.abs(computed - published) < 0.06 * np.abs(published) + 0.15e-6)
