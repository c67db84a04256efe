"""A cubic well from energies along two or three directions, and paths that cannot be used."""

import csv

import numpy as np
import pytest
import yaml

from ferronhall.base.errors import ConfigError, DataFileError
from ferronhall.crystals.phonons import material_file
from ferronhall.crystals.phonons.cubic_well_fit import fit_cubic_well
from ferronhall.crystals.phonons.dataset import read_first_principles
from ferronhall.crystals.phonons.files import data_files, read_content
from ferronhall.crystals.phonons.mode_paths import read_mode_path
from ferronhall.crystals.phonons.mode_structures import write_mode_paths
from tests.unit.phonons.espresso import DATA

ATOMS = ("Ba", "Ti", "O1", "O2", "O3")
EDGES = 3 * [3.985236]
LAMBDAS = (0, 0.25, 0.5, 0.75, 1, 1.25, 1.5)

FOURTH = {"kappa": -8.0, "alpha": 700.0, "gamma": 150.0}
SIXTH = FOURTH | {"k1": 9000.0, "k2": -3000.0, "k3": 20000.0}


def energy(u, kappa, alpha, gamma, k1=0.0, k2=0.0, k3=0.0):
    """The polynomial by hand (eV), u in Å."""
    x, y, z = np.square(u)
    return (
        kappa * (x + y + z)
        + alpha * (x + y + z) ** 2
        + gamma * (x * y + y * z + z * x)
        + k1 * (x + y + z) ** 3
        + k2 * (x**2 * (y + z) + y**2 * (z + x) + z**2 * (x + y))
        + k3 * x * y * z
    )


@pytest.fixture(scope="module")
def data():
    return read_first_principles(DATA / "dataset.yaml")


def write(
    data, folder, direction, well=FOURTH, lambdas=LAMBDAS, u0=0.078, noise=None, turned=None, **more
):
    """A path's CSV, u = λ u0 along `turned` (`direction`), and its entry of the data file."""
    unit = np.array(turned or direction) / np.linalg.norm(turned or direction)
    pattern = np.einsum("a,ani->ni", u0 * unit, data.soft_mode.eigenvector)
    shift = more.pop("shift", 0.0)
    path = folder / f"mode_{'_'.join(map(str, direction))}.csv"
    name = more.pop("column", "energy_eV")
    order = more.pop("order", range(5))
    with open(path, "w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["lambda", name, *(f"d{c}_{ATOMS[n]}_A" for n in order for c in "xyz"), "remark"]
        )
        for n, x in enumerate(lambdas):
            found = -3730.5 + shift + energy(x * u0 * unit, **well)
            found += 0 if noise is None else noise[n]
            found += more.get("odd", 0.0) * x
            bent = x + more.get("bent", 0.0) * x * (1 - x)
            writer.writerow(
                [x, f"{more.get('unit', 1) * found:.10f}", *(bent * pattern).ravel(), ""]
            )
    return {
        "path": path.name,
        "direction": list(direction),
        "edges_A": list(more.get("edges", EDGES)),
    }


def fit(data, folder, entries, order="auto"):
    paths = [read_mode_path(entry, folder, data.cubic, data.soft_mode) for entry in entries]
    return fit_cubic_well(paths, order, data.soft_mode, data.cubic)


ONE, TWO, THREE = (1, 0, 0), (1, 1, 0), (1, 1, 1)


@pytest.mark.parametrize(
    ("well", "directions", "order"),
    [
        (FOURTH, (ONE, TWO), 4),
        (FOURTH, (ONE, THREE), 4),
        (FOURTH, ((0, 0, 1), (-1, 0, 1)), 4),
        (SIXTH | {"k3": 0.0}, (ONE, TWO), 6),
        (SIXTH, (ONE, TWO, THREE), 6),
        (SIXTH, ((0, -1, 0), (0, 1, 1), (1, -1, 1)), 6),
    ],
)
def test_the_polynomial_comes_back(data, tmp_path, well, directions, order):
    entries = [write(data, tmp_path, d, well) for d in directions]
    found = fit(data, tmp_path, entries)
    assert found.order == order
    for name, value in well.items():
        if order == 6 or name in FOURTH:
            assert found.values.get(name, 0.0) == pytest.approx(value, rel=1e-5)
    u = np.array([0.05, -0.03, 0.02])
    assert found.potential.energy(u[:, None]) == pytest.approx(energy(u, **well), rel=1e-5)
    assert found.residual < 1e-9 and found.curvature == pytest.approx(2 * well["kappa"], rel=1e-6)


def test_noise_stays_within_the_stated_errors(data, tmp_path, rng):
    """Deviations over standard errors of many fits have the spread of Student's distribution."""
    scores, n = [], 60
    for _ in range(n):
        noise = 2e-5 * rng.standard_normal((2, len(LAMBDAS)))
        entries = [
            write(data, tmp_path, d, noise=e) for d, e in zip((ONE, TWO), noise, strict=True)
        ]
        found = fit(data, tmp_path, entries, 4)
        scores.append([(found.values[k] - FOURTH[k]) / found.errors[k] for k in FOURTH])
    scores = np.array(scores)
    # 14 energies, four unknowns: ten degrees of freedom
    variance = 10 / 8
    assert np.all(np.abs(scores.mean(axis=0)) < 4 * np.sqrt(variance / n))
    # of the squares: fourth moment 3 ν²/((ν−2)(ν−4))
    spread = np.sqrt((3 * 100 / (8 * 6) - variance**2) / n)
    assert np.all(np.abs((scores**2).mean(axis=0) - variance) < 4 * spread)


def test_a_sixth_order_that_noise_alone_asks_for_is_not_taken(data, tmp_path, rng):
    noise = 2e-5 * rng.standard_normal((2, len(LAMBDAS)))
    entries = [write(data, tmp_path, d, noise=e) for d, e in zip((ONE, TWO), noise, strict=True)]
    found = fit(data, tmp_path, entries)
    assert found.order == 4 and any("the fourth will do" in n.text for n in found.notes)


REFUSED = {
    "no direction": ([(ONE, {}), (TWO, {"entry": {"direction": [0, 0, 0]}})], "is none"),
    "wrong direction": (
        [(ONE, {}), (TWO, {"entry": {"direction": [1, 1, 1]}})],
        "are those of u = \\(0.05515, 0.05515, 0\\) Å, in another direction",
    ),
    "two axes": ([(ONE, {}), ((0, 1, 0), {})], "one along \\[1, 1, 0\\] or \\[1, 1, 1\\]"),
    "no axis": ([(TWO, {}), (THREE, {})], "γ takes one along an axis"),
    "no cubic crystal": ([(ONE, {}), (TWO, {"lambdas": LAMBDAS[1:]})], "no line with lambda = 0"),
    "no end": ([(ONE, {"lambdas": (0, 0.5, 0.9, 1.2)}), (TWO, {})], "no line with lambda = 1"),
    "twice": ([(ONE, {"lambdas": (0, 0.5, 0.5, 1)}), (TWO, {})], "one lambda"),
    "uneven": (
        [(ONE, {"lambdas": (-1, -0.5, 0, 0.5, 1), "odd": 2e-4}), (TWO, {})],
        "differ by 0.4 meV, and the energy of a cubic crystal is even",
    ),
    "bent": ([(ONE, {"bent": 0.3}), (TWO, {})], "the path is not straight"),
    "another cell": (
        [(ONE, {}), (TWO, {"edges": (3.969504, 3.969504, 4.066228)})],
        "3.9695 x 3.9695 x 4.06623 Å, the cubic cell of the force constants 3.98524 Å",
    ),
    "apart at 0": ([(ONE, {}), (TWO, {"shift": 0.02})], "meV off that of .* one cell"),
    "a column in Ry": ([(ONE, {"column": "energy_Ry"}), (TWO, {})], "it has energy_Ry"),
    "in Ry": ([(ONE, {"unit": 1 / 13.6}), (TWO, {"unit": 1 / 13.6})], "energies in Ry"),
    "in meV": ([(ONE, {"unit": 1e3}), (TWO, {"unit": 1e3})], "more than a double well has"),
    "oxygens exchanged": ([(ONE, {"swapped": True}), (TWO, {})], "against the symmetry"),
    "no double well": (
        [(ONE, {"well": FOURTH | {"kappa": 8.0}}), (TWO, {"well": FOURTH | {"kappa": 8.0}})],
        "no double well",
    ),
    "unbounded": (
        [(d, {"well": FOURTH | {"gamma": -3500.0}, "lambdas": LAMBDAS[:5]}) for d in (ONE, TWO)],
        "falls without limit at large u along \\[",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_paths_that_cannot_be_used_are_one_message(data, tmp_path, case):
    given, words = REFUSED[case]
    entries = []
    for direction, how in given:
        how = dict(how)
        changed, swapped = how.pop("entry", {}), how.pop("swapped", False)
        entries.append(write(data, tmp_path, direction, **how) | changed)
        if swapped:
            path = tmp_path / entries[-1]["path"]
            text = path.read_text().replace("_O1_", "_O9_").replace("_O2_", "_O1_")
            path.write_text(text.replace("_O9_", "_O2_"))
    with pytest.raises(ConfigError, match=words) as caught:
        fit(data, tmp_path, entries)
    assert str(caught.value).startswith("mode_paths: ") and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("order", "lambdas", "directions", "words"),
    [
        (4, (0, 1), (ONE, TWO), "has 1 amplitudes beside 0, where 2 or more"),
        (4, (0, -1, 1), (ONE, TWO), "has 1 amplitudes beside 0"),
        (6, (0, 0.5, 1), (ONE, TWO), "has 2 amplitudes beside 0, where 3 or more"),
        (6, LAMBDAS, (ONE, THREE), "without a path along \\[1, 1, 0\\]"),
    ],
)
def test_an_order_needs_its_points(data, tmp_path, order, lambdas, directions, words):
    entries = [write(data, tmp_path, d, lambdas=lambdas) for d in directions]
    with pytest.raises(ConfigError, match=f"order: {order}, and .*{words}"):
        fit(data, tmp_path, entries, order)


def test_energies_that_are_not_there_are_refused(data, tmp_path):
    entry = write(data, tmp_path, ONE)
    path = tmp_path / entry["path"]
    path.write_text(path.read_text().replace("-3730.5000000000", ""))
    with pytest.raises(ConfigError, match="every line needs its energy"):
        fit(data, tmp_path, [entry, write(data, tmp_path, TWO)])


def data_set(folder, entries, **keys):
    """A data file with the shipped force constants and the paths."""
    content = yaml.safe_load((DATA / "dataset.yaml").read_text())
    content["cubic"] = {"force_constants": str(DATA / "cubic" / "bto333.fc")}
    content["switching_path"] = str(DATA / "switching_path.csv")
    del content["tetragonal"]
    path = folder / "dataset.yaml"
    path.write_text(yaml.safe_dump(content | {"mode_paths": {"paths": entries} | keys}))
    return path


def test_the_command_writes_the_well_and_says_how_good_it_is(data, tmp_path, capsys):
    entries = [write(data, tmp_path, d) for d in (ONE, TWO)]
    path = data_set(tmp_path, entries)
    assert [str(tmp_path / entry["path"]) for entry in entries] == data_files(path)[-2:]
    assert material_file.main([str(path), str(tmp_path / "mine.yaml")]) == 0
    said = capsys.readouterr().out
    for words in (
        "cubic well: kappa = -8 ±",
        "fit of order 4 to 14 energies of the cubic cell along [1 0 0], [1 1 0]: residual",
        "22.86 meV deep, stiffness along it 32 and across it 1.714 eV/Å²",
        "the paths have the curvature -16 eV/Å², the force constants on the mode -16.98",
    ):
        assert words in said
    well = yaml.safe_load((tmp_path / "mine.yaml").read_text())["cubic_well"]
    assert well["gamma_eV_per_A4"] == pytest.approx(150, rel=1e-5)
    assert "residual" in well["origin"]
    assert material_file.main(["--check", str(path)]) == 0
    assert "cubic well: kappa" in capsys.readouterr().out
    data_set(tmp_path, [entries[0] | {"edges_A": [3.97, 3.97, 4.07]}, entries[1]])
    assert material_file.main(["--check", str(path)]) == 1
    assert "cubic well: mode_paths: " in capsys.readouterr().out.split("refused:")[1]


def test_a_direction_that_is_missing_is_named(tmp_path):
    entry = {"path": "a.csv", "edges_A": EDGES}
    with pytest.raises(ConfigError, match=r"mode_paths\.paths\.0.*direction"):
        read_content(data_set(tmp_path, [entry, entry]))


def test_structures_that_are_written_are_read_back(data, tmp_path):
    """With energies filled in, the tables and the section give the well that made the energies."""
    section = yaml.safe_load(write_mode_paths(data, tmp_path))["mode_paths"]["paths"]
    with pytest.raises(ConfigError, match="every line needs its energy"):
        fit(data, tmp_path, section)
    for entry in section:
        path = tmp_path / entry["path"]
        with open(path, newline="") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            # of B, which u is counted by
            u = [float(row.get(f"d{c}_Ti_A") or 0) for c in "xyz"]
            row["energy_eV"] = energy(np.array(u), **SIXTH)
            poscar = tmp_path / path.stem / f"{float(row['lambda']):.2f}" / "POSCAR"
            lines = poscar.read_text().splitlines()
            titanium = np.array(lines[9].split()[:3], float)
            np.testing.assert_allclose((titanium - 0.5) * 3.985236, u, atol=1e-7)
        with open(path, "w", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    found = fit(data, tmp_path, section)
    assert found.order == 6
    for name, value in SIXTH.items():
        assert found.values[name] == pytest.approx(value, rel=1e-4)
    with pytest.raises(DataFileError, match="may hold energies"):
        write_mode_paths(data, tmp_path)
