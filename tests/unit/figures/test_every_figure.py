"""Every figure draws any lattice, field direction and campaign without errors."""

import numpy as np
import pytest

from ferronhall.base.paths import BOND_FIGURES, FIGURES
from ferronhall.results import figures
from tests.unit.synthetic_campaign import (
    make_balances,
    make_bonds,
    make_comparison,
    make_ensemble,
    make_parameters,
    make_spectrum,
    make_theory,
)

from .drawn_artists import meshes, texts_of


@pytest.mark.parametrize("name", [*FIGURES, *BOND_FIGURES])
def test_every_figure_draws(name, drawings):
    drawn = drawings[name]
    assert drawn.figure.get_size_inches()[0] <= 7.0
    for _, columns in drawn.data:
        assert len({np.size(values) for values in columns.values()}) == 1


def in_direction(direction):
    """Every dataset, as a field along `direction` makes it: its field-odd maps are of no parity."""
    parameters = make_parameters(direction=direction)
    ensemble, bonds = make_ensemble(parameters), make_bonds(parameters)
    theory, balances = make_theory(parameters), make_balances(parameters)
    for suffix in ("", "_stderr"):
        ensemble[f"edge_delta_angular_momentum{suffix}"] = 1e-5
    if direction[2] == 0:
        for name in [n for n in theory if n.startswith("delta_")]:
            theory[name] = 0.0 * theory[name]
        for found in (ensemble, balances):
            for name in [n for n in found if n.startswith("delta_") and "_folded" in n]:
                found[name] = 0.0 * found[name]
            for name in [n for n in balances if n.startswith("cut_delta_")]:
                balances[name] = 0.0 * balances[name]
        balances["slope"] = np.nan * balances["slope"]
        for name in ("bilinear_folded", "bilinear_theory", "cut"):
            bonds[name] = bonds[name].where(bonds["part"] != "field_odd", 0.0)
    comparison = make_comparison(ensemble, theory)
    if direction[2] == 0:
        for name in ("amplitude", "amplitude_raw"):
            comparison[name][1:] = np.nan
    return {
        "parameters": parameters,
        "ensemble": ensemble,
        "theory": theory,
        "theory_spectrum": make_spectrum(),
        "comparison": comparison,
        "balances": balances,
        "bond_polarization": bonds,
    }


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("direction", [(1, 1, 1), (1, 0, 0), (1, 1, 0)])
def test_figures_do_not_draw_a_parity_that_is_not_there(direction):
    datasets = in_direction(direction)
    needs = FIGURES | BOND_FIGURES
    drawn = {n: figures.draw(n, **{key: datasets[key] for key in needs[n]}) for n in needs}
    assert not any("delta P" in text for text in texts_of(drawn["fig1"]))
    for name, count in (("fig2", 2), ("fig3", 4)):
        texts = texts_of(drawn[name])
        motifs = [t for t in texts if t.startswith(("$+", "$-"))]
        assert {m[2:] for m in motifs} == {"L_z$"} and len(motifs) == count
        assert not {"hotter", "colder"}.intersection(texts)
        said = sum("zero by symmetry" in text for text in texts)
        assert said == (2 if direction[2] == 0 else 0)
    parameters = datasets["parameters"]
    x, y = parameters["x"].values, parameters["y"].values
    shown = dict(drawn["balance_anharmonic"].data)["a: cells"]["Delta_B P (uC/m2)"].size
    quarter = np.count_nonzero(x > 0) * np.count_nonzero(y > 0)
    half = (x.size * y.size - 1) // 2
    assert shown == (quarter if direction == (1, 0, 0) else half)
    assert any("zero" in t for t in texts_of(drawn["balance_anharmonic"])) == (direction[2] == 0)


def test_a_single_sample_without_errors_still_draws(campaign):
    parameters, ensemble = campaign
    bare = ensemble.copy(deep=True)
    for name in bare.data_vars:
        if name.endswith("_stderr"):
            bare[name] = bare[name] * np.nan
    datasets = {"parameters": parameters, "theory": make_theory(parameters), "ensemble": bare}
    for name, needed in FIGURES.items():
        if set(needed) <= set(datasets):
            drawn = figures.draw(name, **{key: datasets[key] for key in needed})
            assert not any("nan" in text.get_text() for text in drawn.figure.texts)
            assert all(mesh.get_alpha() is None for mesh in meshes(drawn))


def test_balances_of_few_samples_draw_without_errors(campaign):
    parameters, ensemble = campaign
    bare = make_balances(parameters)
    for name in bare.data_vars:
        if name.endswith("_stderr"):
            bare[name] = bare[name] * np.nan
    bare["slope"] = bare["slope"] * np.nan
    bare.attrs["sample_count"] = 1
    for name, needed in FIGURES.items():
        if "balances" in needed:
            datasets = {"parameters": parameters, "ensemble": ensemble, "balances": bare}
            drawn = figures.draw(name, **{key: datasets[key] for key in needed})
            assert not any("nan" in t.get_text() for a in drawn.figure.axes for t in a.texts)
