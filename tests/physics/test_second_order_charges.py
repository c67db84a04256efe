"""Second-order charges: a known bilinear polarization comes back through the whole chain."""

import csv
from itertools import product

import numpy as np
import pytest
import yaml
from phonopy.interface.vasp import read_vasp

from ferronhall.base.errors import ConfigError, DataFileError, FirstPrinciplesError
from ferronhall.crystals.second_order import charges, polarizations, runs, tensor_symmetry
from ferronhall.crystals.second_order.collection import second_order_dataset
from ferronhall.crystals.second_order.finite_differences import cross_term, fit_charge
from ferronhall.crystals.second_order.local_mode_chain import bond_charge
from ferronhall.crystals.second_order.parents import supercell
from ferronhall.crystals.second_order.selection_rule import sign_images
from ferronhall.crystals.second_order.structures import main as write_structures
from ferronhall.crystals.second_order.symmetry_action import parent_group, symmetry_action
from tests.conftest import ROOT

FLUORITE = {"family": "fluorite", "species": ["Hf", "O"], "lattice_constant_A": 5.02}
PEROVSKITE = {
    "family": "perovskite",
    "species": ["Sr", "Ti", "O"],
    "lattice_constant_A": 3.86,
    "supercell": [1, 1, 2],
}
PAIRS = {
    "HfO2": [
        ("X5+,y:O", "X3-,y:Hf"),
        ("X5+,x:O", "X2-,x:O"),
        ("X5+,z:O", "X5-,z:Hf"),
        ("X5+,z:O", "X5-,z:O"),
    ],
    "SrTiO3": [("X1+,z:Ti", "X3-,z:O_bond"), ("X5+,z:O_normal", "X5-,z:O_normal")],
}
AMPLITUDES = (0.02, 0.05, 0.1)


def known_tensor(cell, rng, size=3.0):
    """A random second-order dynamical charge that obeys all rules (e/Å)."""
    action = symmetry_action(cell, parent_group(cell))
    n = len(cell.symbols)
    tensor = rng.normal(size=(3, n, 3, n, 3)) * size
    return tensor_symmetry.imposed(tensor, action.rotations, action.permutations), action


def group_of(entry):
    return {"supercell": [1, 1, 1], "local_mode": [], "nominal_charges": []} | entry


@pytest.fixture(scope="module")
def cell():
    return supercell("fluorite", ("Hf", "O"), 5.02)


@pytest.fixture(scope="module")
def fluorite(cell):
    return known_tensor(cell, np.random.default_rng(5))


def test_the_rules_can_be_imposed_in_any_order(fluorite):
    tensor, action = fluorite
    symmetry = (action.rotations, action.permutations)
    assert max(tensor_symmetry.violations(tensor, *symmetry).values()) < 1e-12
    tensor_symmetry.require(tensor, *symmetry, 1e-9)
    disturbed = tensor.copy()
    disturbed[0, 1, 1, 2, 2] += 0.1
    with pytest.raises(FirstPrinciplesError, match=r"exchange of the displacements by 0\.05 e/Å"):
        tensor_symmetry.require(disturbed, *symmetry, 1e-3)
    once = tensor_symmetry.imposed(disturbed, *symmetry)
    again = tensor_symmetry.imposed(once, *symmetry)
    assert again == pytest.approx(once, abs=1e-12)


def test_mode_charges_and_dipoles_agree(fluorite, cell, rng):
    tensor, _ = fluorite
    first, second = rng.normal(size=(2, len(cell.symbols), 3))
    q1, q2 = 0.04, -0.07
    moved = (
        charges.displacement(first, q1, cell.cells),
        charges.displacement(second, q2, cell.cells),
    )
    assert [charges.order_parameter(u, cell.cells) for u in moved] == pytest.approx([q1, -q2])
    # the part bilinear in both, Eq. 9 without its squares
    both = charges.dipole(tensor, moved[0] + moved[1])
    alone = charges.dipole(tensor, moved[0]) + charges.dipole(tensor, moved[1])
    pair = charges.pair_dipole(charges.mode_charge(tensor, first, second), q1, q2, cell.cells)
    assert both - alone == pytest.approx(pair, abs=1e-12)


def test_every_component_comes_back_from_wrapped_polarizations(fluorite, cell, rng):
    tensor, action = fluorite
    n, quantum = len(cell.symbols), 5.02
    found = np.zeros_like(tensor)
    size = 0.03
    for k, m in product(range(3 * n), repeat=2):
        if m < k:
            continue
        first, second = np.eye(3 * n)[[k, m]].reshape(2, n, 3)
        dipoles = {}
        for signs in product((1, -1), repeat=2):
            u = size * (signs[0] * first + signs[1] * second)
            folded = quantum * (0.5 + rng.integers(-3, 4))
            dipoles[signs] = charges.dipole(tensor, u)[2] + folded
        value, period = cross_term(dipoles, (), quantum)
        value -= period * np.rint(value / period)
        found.reshape(3, 3 * n, 3 * n)[2, [k, m], [m, k]] = value / size**2 / (2 if k == m else 1)
    # the two displacements of one coordinate add up to twice, or cancel
    diagonal = np.einsum("akbkb->akb", tensor)[2]
    assert np.abs(np.einsum("akbkb->akb", found)[2] - diagonal).max() < 1e-9
    assert np.abs(found[2] - tensor[2]).max() < 1e-9
    # one axis of the polarization tells all three
    whole = 3 * tensor_symmetry.symmetrised(found, action.rotations, action.permutations)
    assert np.abs(whole - tensor).max() < 1e-9


def synthetic_data(folder, rng, noise=0.0, next_order=0.0, drop=()):
    """A data set whose polarizations follow from known tensors; returns the expected charges."""
    rows, expected = [], {}
    for name, entry in (("HfO2", FLUORITE), ("SrTiO3", PEROVSKITE)):
        group = group_of(entry)
        cell = runs.parent(group)
        tensor, _ = known_tensor(cell, rng)
        for labels in PAIRS[name]:
            pair, _ = runs.patterns(group, labels)
            expected[(name, *labels)] = charges.mode_charge(tensor, *pair)[2]
            for amplitude in AMPLITUDES:
                if (name, labels[0], amplitude) in drop:
                    continue
                u = sum(charges.displacement(p, amplitude, cell.cells) for p in pair)
                dipole = charges.dipole(tensor, u)[2] * (1 + next_order * amplitude**2)
                dipole += noise * rng.normal()
                folded = cell.edges[2] * (0.5 + rng.integers(-2, 3))
                rows.append(row(name, labels, (amplitude, amplitude), dipole + folded))
    polarizations.write(rows, folder / "polarizations.csv")
    content = {
        "source": "made up",
        "code": "none",
        "functional": "none",
        "pseudopotentials": "none",
        "crystals": {"HfO2": FLUORITE, "SrTiO3": PEROVSKITE},
    }
    (folder / "dataset.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    return expected


def row(name, labels, amplitudes, polarization, variation="base"):
    return {
        "crystal": name,
        "first": labels[0],
        "second": labels[1],
        "variation": variation,
        "first_A": amplitudes[0],
        "second_A": amplitudes[1],
        "polarization_eA": f"{polarization:.10f}",
        "energy_eV": -1.0,
        "cutoff_Ry": 66,
        "threshold_Ry": 1e-10,
        "k_mesh": "4 4 4",
        "strings": "4 4, 6 points",
        "inputs": "0",
    }


def configuration(folder):
    return {"campaign": "t", "second_order": {"data": str(folder)}}


def test_the_whole_chain_gives_back_known_charges(tmp_path, rng):
    expected = synthetic_data(tmp_path, rng)
    found = second_order_dataset(configuration(tmp_path))
    for n, charge in enumerate(found["charge"].values):
        key = tuple(str(found[f"pair_{k}"].values[n]) for k in ("crystal", "first", "second"))
        assert charge == pytest.approx(expected[key], abs=1e-6)
    assert found.sizes["pair"] == len(expected) == 6


def test_the_next_order_is_told_from_the_second(tmp_path, rng):
    expected = synthetic_data(tmp_path, rng, next_order=-8.0)
    found = second_order_dataset(configuration(tmp_path))
    for n in range(found.sizes["pair"]):
        at = found.isel(pair=n)
        key = tuple(str(at[f"pair_{k}"].values) for k in ("crystal", "first", "second"))
        assert float(at["charge"]) == pytest.approx(expected[key], abs=1e-6)
        assert float(at["next_order"]) == pytest.approx(-8.0 * expected[key], abs=1e-3)


def test_the_standard_error_covers_the_truth():
    rng = np.random.default_rng(11)
    q = np.linspace(0.02, 0.1, 8)
    pulls = []
    for _ in range(400):
        dipoles = 4 * (2.7 * q**2 - 3.0 * q**4) + 1e-4 * rng.normal(size=len(q))
        fit = fit_charge(q, q, dipoles, 4)
        pulls.append((fit.charge - 2.7) / fit.stderr)
    # Student's t with 6 degrees of freedom: variance 3/2, kurtosis 6; within four standard errors
    assert np.var(pulls) == pytest.approx(1.5, abs=4 * 1.5 * np.sqrt((6 - 1) / 400))
    assert abs(np.mean(pulls)) < 4 * np.sqrt(1.5 / 400)


def test_runs_of_other_signs_stand_in_for_symmetry(cell):
    group = group_of(FLUORITE)
    pair, images = runs.patterns(group, PAIRS["HfO2"][1])
    assert images == sign_images(cell, pair, 2)
    half = 5.02 / 2
    one = cross_term({(1, 1): half + 0.2}, images, 5.02)
    four = {(1, 1): half + 0.2, (1, -1): half - 0.2, (-1, 1): half - 0.2, (-1, -1): half + 0.2}
    assert one[1] == half and cross_term(four, (), 5.02)[0] == pytest.approx(0.2)
    assert one[0] % half == pytest.approx(0.2)
    with pytest.raises(FirstPrinciplesError, match=r"no run at the signs \(1, -1\)"):
        cross_term({(1, 1): 0.1}, (), 5.02)


def test_a_chain_of_local_modes_tells_the_charge_of_its_bonds(rng):
    zeta, q = 1.7, (0.03, 0.05)
    for n in (3, 4, 5):
        group = group_of(PEROVSKITE) | {
            "supercell": [n, 1, 1],
            "local_mode": [0.01, 1.0, -1.5, -0.8],
        }
        cell = runs.parent(group)
        patterns, _ = runs.patterns(group, ("local:z,cos", "local:x,sin"))
        u = np.zeros((n, 3))
        for pattern, amplitude, axis in zip(patterns, q, (2, 0), strict=True):
            moved = charges.displacement(pattern, amplitude, cell.cells)
            u[:, axis] = moved[[role == "B" for role in cell.roles], axis]
        dipole = sum(zeta * (u[x] * u[(x + 1) % n, 0] - u[(x + 1) % n] * u[x, 0]) for x in range(n))
        assert dipole[[0, 1]] == pytest.approx([0, 0], abs=1e-12)
        assert bond_charge(dipole[2], patterns, q, cell) == pytest.approx(zeta)
    for labels in (("local:z,sin", "local:x,cos"), ("local:x,sin", "local:z,cos")):
        with pytest.raises(ConfigError, match=r"local:z,cos and local:x,sin carry the dipole"):
            runs.patterns(group, labels)


def test_amplitudes_that_are_too_few_or_too_far_apart_are_named(tmp_path, rng):
    with pytest.raises(FirstPrinciplesError, match=r"two or more different ones.*0\.05 Å alone"):
        fit_charge([0.05, 0.05], [0.05, 0.05], [0.1, 0.1], 4)
    synthetic_data(tmp_path, rng)
    rows = list(csv.DictReader(open(tmp_path / "polarizations.csv")))
    rows[1]["polarization_eA"] = float(rows[1]["polarization_eA"]) + 1.0
    polarizations.write(rows, tmp_path / "polarizations.csv")
    with pytest.raises(FirstPrinciplesError, match=r"branch is in doubt; compute HfO2 X5\+,y:O"):
        second_order_dataset(configuration(tmp_path))


def test_amplitudes_may_have_runs_of_different_signs(tmp_path, rng):
    """Four signs leave a quarter of the quantum open, one run with images half of it."""
    expected = synthetic_data(tmp_path, rng)
    rows = list(csv.DictReader(open(tmp_path / "polarizations.csv")))
    for smallest in [r for r in rows if float(r["first_A"]) == min(AMPLITUDES)]:
        for first, second in ((1, -1), (-1, 1), (-1, -1)):
            dipole = first * second * float(smallest["polarization_eA"])
            edge = 5.02 if smallest["crystal"] == "HfO2" else 2 * 3.86
            changed = {
                "first_A": first * float(smallest["first_A"]),
                "second_A": second * float(smallest["second_A"]),
                "polarization_eA": dipole + edge * rng.integers(-2, 3),
            }
            rows.append(smallest | changed)
    polarizations.write(rows, tmp_path / "polarizations.csv")
    found = second_order_dataset(configuration(tmp_path))
    keys = zip(*(found[f"pair_{k}"].values for k in ("crystal", "first", "second")), strict=True)
    assert found["charge"].values == pytest.approx([expected[key] for key in keys], abs=1e-6)


def test_a_published_pair_without_runs_says_so(tmp_path, rng):
    drop = {("HfO2", "X5+,x:O", amplitude) for amplitude in AMPLITUDES}
    synthetic_data(tmp_path, rng, drop=drop)
    content = yaml.safe_load((tmp_path / "dataset.yaml").read_text())
    entry = {"modes": list(PAIRS["HfO2"][1]), "charge_e_per_A": 2.72}
    content["crystals"]["HfO2"] |= {"published": [entry]}
    (tmp_path / "dataset.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    found = second_order_dataset(configuration(tmp_path))
    missing = found.isel(pair=np.flatnonzero(np.isnan(found["charge"].values)))
    assert missing["pair_first"].values.tolist() == ["X5+,x:O"]
    assert float(missing["published"].values[0]) == 2.72


def test_damaged_data_are_refused(tmp_path, rng):
    with pytest.raises(ConfigError, match=r"second_order\.data: .*dataset\.yaml' cannot be read"):
        second_order_dataset(configuration(tmp_path))
    synthetic_data(tmp_path, rng)
    table = tmp_path / "polarizations.csv"
    whole = table.read_text()
    table.write_text(whole[: len(whole) // 2 - 7])
    with pytest.raises(DataFileError, match="a line is cut or holds no number"):
        second_order_dataset(configuration(tmp_path))
    table.write_text(whole.replace("HfO2", "HfO"))
    with pytest.raises(DataFileError, match=r"crystal 'HfO' is not among .* \(HfO2, SrTiO3\)"):
        second_order_dataset(configuration(tmp_path))
    table.write_text("a,b\n1,2\n")
    with pytest.raises(DataFileError, match="no table of polarizations, it lacks"):
        second_order_dataset(configuration(tmp_path))


@pytest.mark.parametrize("name", ["HfO2", "SrTiO3"])
def test_another_code_can_fill_in_the_table(tmp_path, name, rng, capsys):
    """Structures go out as POSCAR, whose atoms may stand in any order; polarizations come back."""
    content = yaml.safe_load((ROOT / "config/first_principles/second_order.yaml").read_text())
    crystals = content["first_principles"]["crystals"]
    labels = PAIRS[name][1]
    pair = {"modes": list(labels), "amplitudes_A": [[a, a] for a in (*AMPLITUDES, 0.2)]}
    chosen = crystals[name] | {"pairs": [pair], "variations": []}
    content["first_principles"]["crystals"] = {name: chosen}
    path, folder = tmp_path / "mine.yaml", tmp_path / "mine"
    path.write_text(yaml.safe_dump(content))
    assert write_structures([str(path), str(folder)]) == 0
    rows = list(csv.DictReader(open(folder / "polarizations.csv")))
    cell = runs.parent(group_of(chosen))
    tensor, _ = known_tensor(cell, rng)
    structures = sorted(folder.glob("**/POSCAR"))
    for filled, structure in zip(rows[:-1], structures[:-1], strict=True):
        atoms = read_vasp(structure)
        offset = (atoms.scaled_positions[None] - cell.positions[:, None] + 0.5) % 1 - 0.5
        nearest = np.linalg.norm(offset, axis=2).argmin(axis=1)
        u = offset[np.arange(len(nearest)), nearest] @ atoms.cell
        folded = cell.edges[2] * rng.integers(-2, 3)
        filled["polarization_eA"] = charges.dipole(tensor, u)[2] + folded
    polarizations.write(rows, folder / "polarizations.csv")
    found = second_order_dataset(configuration(folder))
    modes, _ = runs.patterns(group_of(chosen), labels)
    expected = charges.mode_charge(tensor, *modes)[2]
    assert found["charge"].values == pytest.approx([expected], abs=1e-6)
    assert found["points"].values.tolist() == [len(AMPLITUDES)]

    assert write_structures([str(path), str(folder)]) == 1
    assert "may hold polarizations; move it away" in capsys.readouterr().err
    assert write_structures([str(tmp_path / "none.yaml"), str(tmp_path / "other")]) == 1
    assert "none.yaml' cannot be read" in capsys.readouterr().err
