"""Made-up parameters and ensembles with the contract's variables and the right symmetries."""

import json

import numpy as np
import xarray as xr

from ferronhall.analysis.balance_terms import RESIDUALS, TERMS
from ferronhall.analysis.balances import PARTS, SHIFTS
from ferronhall.model.mirrors import Mirrors

MODE_Z = {"Ba": 0.007454, "Ti": 1.0, "O1": -0.770274, "O2": -0.770274, "O3": -1.515269}
POSITIONS = [[0, 0, 0], [0.5, 0.5, 0.5], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
ALONG = {"O1": 0, "O2": 1, "O3": 2}
INTERACTIONS = {
    "lattice": {"padding_y": 2.0},
    "short_range": {"preset": "pbesol-gaussian"},
    "dipole": {"kernel": "gaussian"},
}
"""The part of a configuration that figures name below."""


def eigenvector():
    """Slater-like modes along x, y and z, shape (3, 5, 3)."""
    vectors = np.zeros((3, 5, 3))
    for axis in range(3):
        for s, label in enumerate(MODE_Z):
            chain = ALONG.get(label) == axis
            value = MODE_Z["O3"] if chain else MODE_Z["O1"] if label in ALONG else MODE_Z[label]
            vectors[axis, s, axis] = value
    return vectors


def centred(n):
    return np.arange(n) - (n - 1) / 2


def make_parameters(nx=15, ny=13, nz=3, direction=(0.0, 0.0, 1.0)):
    x, y = centred(nx), centred(ny)
    half, smooth = 0.05 * nx, 0.05 * nx
    band = 0.5 * (np.tanh((x + half) / smooth) - np.tanh((x - half) / smooth))
    layers = min(10, ny // 4)
    depth = np.clip((layers - (ny / 2 - 0.5 - np.abs(y))) / layers, 0, 1)
    flank = (np.abs(x) > 0.05 * nx) & (np.abs(x) < 0.05 * nx + max(2, 0.08 * nx))
    edge = np.abs(y) > ny / 2 - 2.1
    return xr.Dataset(
        {
            "temperature": ("x", 1e-4 + 50 * band / band.max()),
            "damping": ("y", 2.0 + 3.0 * depth),
            "eigenvector": (("component", "atom", "axis"), eigenvector()),
            "position": (("atom", "axis"), np.array(POSITIONS, float)),
            "mass": ("atom", [137.327, 47.867, 15.999, 15.999, 15.999]),
            "u0": 0.0716,
            "P0": 0.358,
            "lattice_constant": 3.985236,
            "flank": ("x", flank),
            "edge": ("y", edge),
        },
        coords={"x": x, "y": y, "atom": list(MODE_Z)},
        attrs={
            "nx": nx,
            "ny": ny,
            "nz": nz,
            "T_hot_K": 50.0,
            "T_cold_K": 1e-4,
            "hot_fraction": 0.10,
            "smoothing_fraction": 0.05,
            "omega_B_rad_per_ps": 80.0,
            "field_direction": list(direction),
            **Mirrors.of(direction).attributes,
            "preset": "pbesol-gaussian",
            "dipole_kernel": "gaussian",
            "campaign": "demo",
            "config": json.dumps(INTERACTIONS),
        },
    )


def make_ensemble(parameters, noise=0.3, seed=1, edges=True):
    """Hall-like maps of typical size with cell errors `noise` times the signal."""
    rng = np.random.default_rng(seed)
    x, y = parameters["x"].values, parameters["y"].values
    hall = (
        np.sign(x)[:, None]
        * np.exp(-(((np.abs(x) / x.size - 0.11) / 0.06) ** 2))[:, None]
        * (np.sinh(8 * y / y.size) / np.sinh(4))[None, :]
    )
    heat = (parameters["temperature"].values / 50.0)[:, None] * np.ones(y.size)
    fields = [-1, 0, 1]
    sizes = {"kinetic_energy": 6.0, "polarization": 0.36, "angular_momentum": 1e-3}
    variables = {}
    for name, size in sizes.items():
        zero = {
            "kinetic_energy": 0.5 + 6 * heat,
            "polarization": 0.36 - 0.01 * heat,
            "angular_momentum": 1e-3 * hall,
        }[name]
        error = noise * (1e-3 if name == "angular_momentum" else 1e-3 * size)
        stack = np.stack([zero + error * rng.normal(size=zero.shape) for _ in fields])
        variables[name] = (("field", "x", "y"), stack)
        variables[f"{name}_stderr"] = (("field", "x", "y"), np.full(stack.shape, error))
    even = np.exp(-((x / x.size / 0.1) ** 2))[:, None] * np.ones(y.size)
    odd = {
        "delta_kinetic_energy": (0.02, hall),
        "delta_polarization": (16.0, hall),
        "delta_angular_momentum": (2e-4, even),
    }
    for name, (size, shape) in odd.items():
        values = size * (shape + noise * rng.normal(size=shape.shape))
        variables[name] = (("x", "y"), values)
        variables[f"{name}_stderr"] = (("x", "y"), np.full(shape.shape, noise * size))
    dataset = xr.Dataset(
        variables,
        coords={"field": fields, "x": x, "y": y},
        attrs={"replicas": 8, "samples": "replicas", "symmetry": parameters.attrs["symmetry"]},
    )
    dataset = dataset.assign_coords(side=["left", "right"])
    flank = parameters["flank"].values
    for name in [*sizes, *odd]:
        for suffix in ("", "_stderr"):
            dataset[f"{name}_folded{suffix}"] = dataset[f"{name}{suffix}"]
    for name in sizes:
        for key, part in (
            (f"{name}_zero", dataset[name][1]),
            (f"delta_{name}", dataset[f"delta_{name}"]),
        ):
            add_cuts(dataset, key, part.values, flank, x, noise)
    if edges:
        for name, size in {
            "angular_momentum_zero": 1e-3,
            "delta_kinetic_energy": 0.02,
            "delta_polarization": 16.0,
        }.items():
            dataset[f"edge_{name}"] = 0.5 * size
            dataset[f"edge_{name}_stderr"] = 0.08 * size
    return dataset


def make_theory(parameters):
    """Noise-free maps with the contract's variables."""
    clean = make_ensemble(parameters, noise=0.0, edges=False)
    maps = {}
    for name in ("kinetic_energy", "polarization", "angular_momentum"):
        for key in (name, f"delta_{name}"):
            maps |= {key: clean[key], f"{key}_harmonic": 0.9 * clean[key]}
    maps["delta_polarization_local"] = 0.8 * clean["delta_polarization"]
    maps |= {f"{key}_quantum": -0.01 * values for key, values in maps.items()}
    attrs = {"closure": "Gaussian", "statistics": "classical", "symmetry": clean.attrs["symmetry"]}
    return xr.Dataset(maps, attrs=attrs)


def make_spectrum():
    """Lines that cancel in part, on a density of states that ends below the last bands."""
    rng = np.random.default_rng(4)
    low = 2.0 * np.arange(30)
    dims = ("map", "statistics", "qx", "qz", "band")
    modes = np.ones((2, 6, 3, 30))
    modes[..., 25:] = 0
    return xr.Dataset(
        {
            "response": (dims, rng.normal(size=(3, 2, 6, 3, 30))),
            "modes": (("omega_B", "qx", "qz", "band"), modes),
        },
        coords={
            "map": ["angular_momentum_zero", "delta_kinetic_energy", "delta_polarization"],
            "statistics": ["classical", "quantum"],
            "omega_B": [0.0, 80.0],
            "qx": np.arange(6) / 11,
            "qz": np.arange(3) / 5,
            "omega_low": ("band", low),
            "omega_high": ("band", np.append(low[1:], np.inf)),
        },
    )


def make_balances(parameters, seed=2):
    """Terms of pure noise with their errors, and residuals that close."""
    rng = np.random.default_rng(seed)
    coords = {"field": [-1, 0, 1], "x": parameters["x"].values, "y": parameters["y"].values}
    variables = {}
    for name, (unit, _, _) in TERMS.items():
        for key, dims in (
            (name, ("field", "x", "y")),
            (f"{name}_folded", ("field", "x", "y")),
            (f"delta_{name}", ("x", "y")),
            (f"delta_{name}_folded", ("x", "y")),
            (f"cut_{name}", ("y",)),
            (f"cut_delta_{name}", ("y",)),
        ):
            values = rng.normal(size=[len(coords[d]) for d in dims])
            variables[key] = (dims, values, {"units": unit})
            variables[f"{key}_stderr"] = (dims, np.ones(values.shape), {"units": unit})
    variables["chi_squared"] = (("residual", "part"), np.ones((len(RESIDUALS), len(PARTS))))
    variables["slope"] = (("shift",), np.ones(len(SHIFTS)))
    variables["slope_stderr"] = (("shift",), np.full(len(SHIFTS), 0.1))
    coords |= {"residual": list(RESIDUALS), "part": list(PARTS), "shift": list(SHIFTS)}
    counts = {"replicas": 8, "samples": "replicas", "sample_count": 8}
    counts["symmetry"] = parameters.attrs["symmetry"]
    return xr.Dataset(variables, coords, counts | {"expected_chi_squared": 7 / 5})


def make_bonds(parameters, charge=None, seed=3):
    """A second-order polarization even in x and odd in y, and odd and even, with errors."""
    rng = np.random.default_rng(seed)
    x, y, flank = (parameters[name].values for name in ("x", "y", "flank"))
    shape = np.exp(-((x / x.size / 0.2) ** 2))
    clean = 1e-6 * np.array(
        [np.outer(shape, y / y.size), 10 * np.outer(x * shape, np.ones(y.size))]
    )
    noisy = clean + 1e-7 * rng.normal(size=clean.shape)
    sides = np.stack([clean[:, flank & (x < 0)].mean(1), clean[:, flank & (x > 0)].mean(1)], 1)
    dims = ("part", "x", "y")
    edges, of_theory = np.array([[2e-7, 1e-9], [1e-5, 2e-9]]), ("approximation", "part")
    maps = {
        "bilinear": (dims, noisy),
        "bilinear_folded": (dims, noisy),
        "cut": (("part", "side", "y"), sides),
        "edge": (("part", "parity"), edges),
        "linear_edge": ("part", [-6.0, -500.0]),
        "amplitude": (of_theory, np.full((2, 2), 1.02)),
    }
    errors = {f"{n}_stderr": (d, np.full(np.shape(v), 1e-7)) for n, (d, v) in maps.items()}
    theory = {
        "bilinear_theory": (("approximation", *dims), np.array([clean, 0.9 * clean])),
        "edge_theory": ((*of_theory, "parity"), np.array([edges, edges])),
        "linear_edge_theory": (of_theory, [[-6.0, -500.0]] * 2),
    }
    attributes = {"replicas": 8, "samples": "replicas", "symmetry": parameters.attrs["symmetry"]}
    if charge:
        attributes |= {
            "bond_charge_e_per_A": charge,
            "bond_charge_stderr_e_per_A": 0.1,
            "bond_charge_source": "made up",
            "polarization_per_bilinear": 0.25 * charge,
        }
    coords = {
        "part": ["field_odd", "zero_field"],
        "parity": ["own", "linear"],
        "approximation": ["closure", "harmonic"],
        "side": ["left", "right"],
        "x": x,
        "y": y,
    }
    return xr.Dataset(maps | errors | theory, coords, attributes)


def make_comparison(ensemble, theory):
    """Agreement of made-up ensemble and theory."""
    keys, variables = [], {}
    for name in ("angular_momentum_zero", "delta_kinetic_energy", "delta_polarization"):
        keys.append(name)
        pick = {"field": 0} if name.endswith("_zero") else {}
        key = name.removesuffix("_zero")
        variables[f"{name}_difference"] = (ensemble[key] - theory[key]).sel(**pick, drop=True)
        variables[f"{name}_difference_stderr"] = ensemble[f"{key}_stderr"].sel(**pick, drop=True)
    numbers = {"amplitude": 1.02, "amplitude_stderr": 0.03, "chi2": 1.1, "probability": 0.4}
    for name, value in numbers.items():
        variables[name] = (("map", "approximation"), np.full((3, 2), value))
        of_raw = name.replace("amplitude", "amplitude_raw") if "amp" in name else f"{name}_raw"
        variables[of_raw] = variables[name]
    return xr.Dataset(variables, coords={"map": keys, "approximation": ["harmonic", "closure"]})


def make_scan():
    """Three slab widths and two presets, the last one without a steady state."""
    base = [False, True, False, True, False]
    edge = np.arange(1.0, 61.0).reshape(5, 3, 4) - 28
    edge[-1] = np.nan
    failure = np.full((5, 4), "", object)
    failure[-1] = "unstable"
    names = ["angular_momentum_zero", "delta_kinetic_energy", "delta_polarization"]
    dims = ("row", "map", "approximation")
    variables = {name: (dims, edge) for name in ("edge", "extreme", "extreme_x", "extreme_depth")}
    return xr.Dataset(
        {
            **variables,
            "turns": (("row", "approximation"), np.full_like(failure, "")),
            "failure": (("row", "approximation"), failure),
            "published": ("map", [1e-3, np.nan, 16.0]),
        },
        coords={
            "map": names,
            "approximation": ["harmonic", "closure", "harmonic_quantum", "closure_quantum"],
            "key": ("row", ["lattice.ny"] * 3 + ["short_range.preset"] * 2),
            "value": ("row", ["5", "7", "9", "pbesol-gaussian", "wc-residual"]),
            "number": ("row", [5.0, 7.0, 9.0, np.nan, np.nan]),
            "each_key": ("row", [""] * 5),
            "each_value": ("row", [""] * 5),
            "base": ("row", base),
        },
        attrs={
            "campaign": "scan",
            "config": json.dumps(INTERACTIONS | {"theory": {"statistics": "classical"}}),
        },
    )


def add_cuts(dataset, key, values, flank, x, noise):
    """Means over the flank columns, with an error that differs from the cells' own."""
    sides = np.stack([values[flank & (x < 0)].mean(axis=0), values[flank & (x > 0)].mean(axis=0)])
    dataset[f"cut_{key}"] = (("side", "y"), sides)
    dataset[f"cut_{key}_stderr"] = (
        ("side", "y"),
        np.full(sides.shape, noise * np.abs(sides).max()),
    )
