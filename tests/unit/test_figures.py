"""The figures: they draw any lattice, the right way up, and the CSV holds what is plotted."""

import copy
import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgb
from matplotlib.quiver import Quiver

from ferronhall.base.paths import BOND_FIGURES, FIGURES
from ferronhall.results import figures
from ferronhall.results.figures import cuts, maps, quantities, style
from ferronhall.results.figures.cell import Cell
from ferronhall.results.figures.standard_errors import consistent_with_zero
from tests.unit.synthetic_campaign import (
    INTERACTIONS,
    centred,
    make_balances,
    make_bonds,
    make_comparison,
    make_ensemble,
    make_parameters,
    make_scan,
    make_theory,
)

LATTICES = [(15, 13, 3), (12, 10, 4)]
SUFFIXES = (".png", ".pdf", ".csv")
MAP_FIGURES = {
    "fig3": 3,
    "figS2": 6,
    "theory_maps": 3,
    "theory_statistics": 6,
    "theory_comparison": 9,
    "balance_energy": 3,
}
MAP_FIGURES |= {"bond_maps": 6}


@pytest.fixture(scope="module", params=LATTICES, ids=["odd", "even"])
def campaign(request):
    parameters = make_parameters(*request.param)
    return parameters, make_ensemble(parameters)


@pytest.fixture(scope="module")
def drawings(campaign):
    parameters, ensemble = campaign
    theory = make_theory(parameters)
    datasets = {
        "parameters": parameters,
        "ensemble": ensemble,
        "theory": theory,
        "comparison": make_comparison(ensemble, theory),
        "balances": make_balances(parameters),
        "bond_polarization": make_bonds(parameters),
    }
    return {
        name: figures.draw(name, **{key: datasets[key] for key in needed})
        for name, needed in (FIGURES | BOND_FIGURES).items()
    }


@pytest.fixture(scope="module")
def saved(drawings, tmp_path_factory):
    """Fig. 3 on disk: stem of its three files."""
    stem = tmp_path_factory.mktemp("fig3") / "fig3"
    paths = [stem.with_suffix(suffix) for suffix in SUFFIXES]
    figures.save(drawings["fig3"], *paths)
    return stem


def meshes(drawn):
    """The map of each map panel (colour bars left out), in drawing order."""
    return [
        mesh
        for axes in drawn.figure.axes
        if any(line.get_gid() == "hot-band-centre" for line in axes.lines)
        for mesh in axes.collections
        if isinstance(mesh, QuadMesh)
    ]


def read_panels(path):
    """CSV → dict panel → dict header → list of non-empty cells."""
    panels = {}
    with open(path, newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            columns = panels.setdefault(row.pop("panel"), {})
            for header, cell in row.items():
                if cell:
                    columns.setdefault(header, []).append(cell)
    return panels


@pytest.mark.parametrize("name", [*FIGURES, *BOND_FIGURES])
def test_every_figure_draws(name, drawings):
    drawn = drawings[name]
    assert drawn.figure.get_size_inches()[0] <= 7.0
    for _, columns in drawn.data:
        assert len({np.size(values) for values in columns.values()}) == 1


@pytest.mark.parametrize("name", MAP_FIGURES)
def test_maps_are_centred_on_zero_and_marked_at_the_hot_band(name, drawings):
    drawn = drawings[name]
    assert len(meshes(drawn)) == MAP_FIGURES[name]
    for mesh in meshes(drawn):
        if mesh.get_array().min() < 0:
            assert mesh.norm.vmin == -mesh.norm.vmax
        (line,) = [a for a in mesh.axes.lines if a.get_gid() == "hot-band-centre"]
        np.testing.assert_array_equal(line.get_xdata(), 0.0)


def test_the_plus_y_face_is_on_top_and_plus_x_at_the_right(campaign):
    parameters, ensemble = campaign
    lopsided = ensemble.copy(deep=True)
    lopsided["delta_polarization"][:] = -1.0
    lopsided["delta_polarization"][-1, -2] = 7.0
    theory = make_theory(parameters)
    mesh = meshes(figures.draw("fig3", parameters=parameters, theory=theory, ensemble=lopsided))[2]
    values = mesh.get_array()
    row, column = np.unravel_index(np.argmax(values), values.shape)
    corners = mesh.get_coordinates()[row : row + 2, column : column + 2]
    nx, ny = parameters.sizes["x"], parameters.sizes["y"]
    np.testing.assert_allclose(
        corners.mean(axis=(0, 1)), [centred(nx)[-1], centred(ny)[-2]], atol=1e-12
    )
    right, up = mesh.axes.transAxes.inverted().transform(
        mesh.axes.transData.transform(corners.mean(axis=(0, 1)))
    )
    assert right > 0.9 and 0.75 < up < 1.0


def test_the_csv_holds_the_plotted_numbers(campaign, drawings, saved):
    parameters, ensemble = campaign
    drawn = drawings["fig3"]
    panels = read_panels(saved.with_suffix(".csv"))

    angular = panels["a: map"]
    (header,) = [h for h in angular if h.startswith("L_z (")]
    plotted = np.array(angular[header], float)
    unit = float(header.removeprefix("L_z (").removesuffix(" hbar)"))
    at_zero = ensemble["angular_momentum"].sel(field=0).values
    np.testing.assert_allclose(plotted * unit, at_zero.ravel(), rtol=1e-12)
    np.testing.assert_array_equal(np.array(angular["y (cells)"], float)[: ensemble.sizes["y"]],
                                  ensemble["y"].values)  # fmt: skip
    np.testing.assert_array_equal(plotted.reshape(at_zero.shape).T, meshes(drawn)[0].get_array())

    polar = panels["c: map"]
    np.testing.assert_allclose(
        np.array(polar["Delta_B P (uC/m2)"], float),
        ensemble["delta_polarization"].values.ravel(),
        rtol=1e-12,
    )
    energy = panels["b: cut"]
    right = parameters["flank"].values & (parameters["x"].values > 0)
    expected = 1e3 * ensemble["delta_kinetic_energy"].values[right].mean(axis=0)
    shown = [
        float(v)
        for v, side in zip(energy["Delta_B KE (ueV)"], energy["flank"], strict=True)
        if side == "right"
    ]
    np.testing.assert_allclose(shown, expected, rtol=1e-12)


def test_fig3_shows_the_theorys_cuts_beside_the_simulations(campaign, drawings):
    parameters, _ = campaign
    cut = dict(drawings["fig3"].data)["c: cut"]
    theory = make_theory(parameters)["delta_polarization"].values
    flank, x = parameters["flank"].values, parameters["x"].values
    for side, sign in (("left", -1), ("right", 1)):
        expected = theory[flank & (sign * x > 0)].mean(axis=0)
        shown = cut["theory Delta_B P (uC/m2)"][cut["flank"] == side]
        np.testing.assert_allclose(shown, expected, rtol=1e-12)
        assert any(
            line.get_linewidth() == 0.6 and np.allclose(line.get_ydata(), expected)
            for axes in drawings["fig3"].figure.axes
            for line in axes.lines
        )


def test_scatter_is_pale_and_what_is_seen_is_not():
    """Cells of noise, a weak pattern of many cells, one certain cell, and no error at all."""
    parameters = make_parameters(61, 41, 3)
    ensemble = make_ensemble(parameters, noise=0.0)
    rng = np.random.default_rng(5)
    values = rng.normal(size=(61, 41))
    values[5:15, 5:15] += 3.0
    values[40, 30] = 12.0
    values[50:, :] = 0.5
    error = np.ones(values.shape)
    error[50:] = 0.0
    ensemble["delta_polarization"].values[:] = values
    ensemble["delta_polarization_stderr"].values[:] = error
    found = maps.strength(quantities.field_odd(ensemble, "polarization"))
    assert np.mean(found[16:38]) < 0.2
    assert np.mean(found[6:14, 6:14] == 1.0) > 0.8
    assert found[40, 30] == 1.0
    assert np.all((0 <= found) & (found <= 1))
    heat = quantities.zero_field(ensemble, "kinetic_energy")
    assert maps.strength(heat) is None


def test_fig1_shows_the_profiles_of_the_campaign(campaign, drawings):
    parameters, _ = campaign
    data = dict(drawings["fig1"].data)
    np.testing.assert_array_equal(data["b: temperature"]["T (K)"], parameters["temperature"])
    np.testing.assert_array_equal(data["c: damping"]["gamma (1/ps)"], parameters["damping"])


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
        "comparison": comparison,
        "balances": balances,
        "bond_polarization": bonds,
    }


def texts_of(drawn):
    figure = drawn.figure
    inside = [t.get_text() for a in figure.axes for t in (*a.texts, a.title)]
    return [t.get_text() for t in figure.texts] + inside


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


def labels(drawn):
    """Text → places (inches) and colour of the words drawn in a figure's axes."""
    found = {}
    for axes in drawn.figure.axes:
        for text in axes.texts:
            place = text.get_transform().transform(text.get_position()) / drawn.figure.dpi
            found.setdefault(text.get_text(), []).append((place, text.get_color()))
    return found


@pytest.mark.parametrize("direction", [(0, 0, -1), (1, 0, 0), (0.6, 0, 0.8)])
def test_fig1_takes_any_field_direction(direction):
    parameters = make_parameters(direction=direction)
    drawn = figures.draw("fig1", parameters=parameters, ensemble=make_ensemble(parameters))
    assert any("delta P" in text for text in labels(drawn)) == (direction[2] != 0)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_geometry_takes_the_polarizations_sign_from_the_campaign(sign):
    """The label farthest up and to the right is that of the corner x > 0, y > 0."""
    parameters = make_parameters()
    signed = make_ensemble(parameters)
    signed["edge_delta_polarization"] *= sign
    drawn = labels(figures.draw("fig1", parameters=parameters, ensemble=signed))
    shifts = [(*place, text) for text in drawn if "delta P$" in text for place, _ in drawn[text]]
    corners = [text for *place, text in shifts if len(text) < 12]
    assert sorted(corners) == [r"$+\delta P$"] * 2 + [r"$-\delta P$"] * 2
    farthest = max((s for s in shifts if len(s[2]) < 12), key=lambda s: s[0] + s[1])
    assert farthest[2] == rf"${'+' if sign > 0 else '-'}\delta P$"
    assert any("as simulated" in text and f"{8 * sign}" in text.replace("−", "-") for text in drawn)


@pytest.mark.parametrize("signs", [(1, -1, -1), (-1, 1, 1)])
def test_the_schematic_takes_every_sign_from_the_campaign(signs):
    """Each response is labelled twice: at y > 0 with its own sign, at y < 0 with the opposite."""
    parameters = make_parameters()
    signed = make_ensemble(parameters)
    keys = ("angular_momentum_zero", "delta_kinetic_energy", "delta_polarization")
    for key, sign in zip(keys, signs, strict=True):
        signed[f"edge_{key}"] *= sign
    drawn = labels(figures.draw("fig2", parameters=parameters, ensemble=signed))
    words = (("$+L_z$", "$-L_z$"), ("hotter", "colder"), (r"$+\delta P$", r"$-\delta P$"))
    for (raised, lowered), sign in zip(words, signs, strict=True):
        (above, _), (below, _) = drawn[raised][0], drawn[lowered][0]
        assert np.sign(above[1] - below[1]) == sign
    # the current bends towards the hotter face
    middle = np.mean([drawn[w][0][0][1] for w in ("hotter", "colder")])
    assert np.sign(drawn["$J_Q$"][0][0][1] - middle) == signs[1]


def test_a_sign_that_is_not_established_is_pale_and_said_to_be():
    parameters = make_parameters()
    ensemble = make_ensemble(parameters)
    unsure = ensemble.copy(deep=True)
    unsure["edge_delta_polarization_stderr"][()] = abs(unsure["edge_delta_polarization"])
    for name in ("fig1", "fig2"):
        seen = figures.draw(name, parameters=parameters, ensemble=ensemble)
        drawn = figures.draw(name, parameters=parameters, ensemble=unsure)
        word = r"$+\delta P$"
        strong, pale = (np.mean(to_rgb(labels(d)[word][0][1])) for d in (seen, drawn))
        assert pale > strong + 0.2
        texts = [*labels(drawn), *(t.get_text() for t in drawn.figure.texts)]
        assert any("consistent with 0" in text for text in texts)


def test_files_are_the_same_from_run_to_run(tmp_path):
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from synthetic_campaign import make_ensemble, make_parameters, make_theory\n"
        "from ferronhall.results import figures\n"
        "p = make_parameters(9, 8, 3)\n"
        "data = {'theory': make_theory(p), 'ensemble': make_ensemble(p)}\n"
        "drawn = figures.draw('fig3', parameters=p, **data)\n"
        "figures.save(drawn, *sys.argv[2:])\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert 'ferronhall.results.figures.fig1' not in sys.modules\n"
    )
    here, there = ([tmp_path / f"{run}{s}" for s in SUFFIXES] for run in ("here", "there"))
    subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent), *map(str, there)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        timeout=300,
    )
    parameters = make_parameters(9, 8, 3)
    data = {"theory": make_theory(parameters), "ensemble": make_ensemble(parameters)}
    figures.save(figures.draw("fig3", parameters=parameters, **data), *here)
    for one, other in zip(here, there, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_pdf_embeds_its_fonts_and_keeps_maps_as_vectors(saved):
    content = saved.with_suffix(".pdf").read_bytes()
    assert b"/FontFile2" in content
    assert b"/Subtype /Image" not in content


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


def test_cuts_and_their_errors_are_those_of_the_ensemble(campaign):
    parameters, ensemble = campaign
    field = quantities.field_odd(ensemble, "polarization")
    cut = cuts.flank_cut(field, ensemble)
    right = parameters["flank"].values & (field.x > 0)
    np.testing.assert_allclose(cut.mean["right"], field.values[right].mean(axis=0))
    error = ensemble["cut_delta_polarization_stderr"].sel(side="right").values
    np.testing.assert_array_equal(cut.stderr["right"] * field.unit.size, error)


@pytest.mark.parametrize(
    ("value", "stderr", "text"),
    [(4.2, 0.8, "4.2 ± 0.8"), (10.03, 1.62, "10.0 ± 1.6"), (-120.0, 34.0, "−120 ± 34")],
)
def test_accumulations_are_printed_with_the_digits_they_have(value, stderr, text, campaign):
    field = quantities.field_odd(campaign[1], "polarization")
    shown = cuts.edge_text(field, cuts.EdgeAccumulation(value, stderr))
    assert text in shown and f"{abs(value) / stderr:.1f}σ" in shown


def test_an_accumulation_within_two_errors_is_said_to_be_consistent_with_zero(campaign):
    field = quantities.field_odd(campaign[1], "polarization")
    shown = cuts.edge_text(field, cuts.EdgeAccumulation(-1.5, 0.8))
    assert "−1.5 ± 0.8" in shown and "consistent with 0" in shown


def test_units_follow_the_size_of_the_data(campaign):
    _, ensemble = campaign
    small = ensemble * 1e-3
    assert quantities.field_odd(small, "polarization").unit.label == "nC/m²"
    assert quantities.zero_field(ensemble, "polarization").unit.label == "C/m²"
    assert quantities.zero_field(ensemble, "kinetic_energy").unit.label == "meV"
    flat = quantities.field_odd(ensemble * 0.0, "angular_momentum")
    assert flat.unit.label == r"$\hbar$"


def test_the_cell_is_a_full_octahedron_moving_as_the_mode_does():
    cell = Cell.from_parameters(make_parameters())
    assert sorted(cell.elements) == ["Ba"] * 8 + ["O"] * 6 + ["Ti"]
    corners, faces = cell.octahedron()
    assert len(corners) == 6 and len(faces) == 8
    moved = cell.displacements((1.0, 0.0, 0.0))
    assert np.all(moved[:, 1:] == 0.0)
    assert moved[cell.elements.index("Ti"), 0] == 1.0
    on_chain = [i for i in corners if abs(cell.positions[i, 0]) > 0.4]
    np.testing.assert_allclose(moved[on_chain, 0], -1.515269)


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


def test_the_currents_arrows_point_where_the_energy_goes(campaign):
    parameters, ensemble = campaign
    found = make_balances(parameters)
    found["energy_current_x_folded"][:] = 0.0
    found["energy_current_y_folded"][:] = 2.0
    drawn = figures.draw("balance_energy", parameters=parameters, ensemble=ensemble, balances=found)
    arrows = next(c for a in drawn.figure.axes for c in a.collections if isinstance(c, Quiver))
    np.testing.assert_array_equal(arrows.U, 0.0)
    np.testing.assert_allclose(arrows.V, 2.0)


@pytest.mark.parametrize("nx", [15, 31, 32, 45])
def test_arrows_of_a_symmetric_current_are_symmetric_and_keep_its_mean(nx):
    """J_x odd and J_y even in x give arrows so to rounding, at places that mirror each other."""
    parameters = make_parameters(nx, 21, 3)
    x, y = parameters["x"].values, parameters["y"].values
    found = make_balances(parameters)
    along = np.outer(np.sign(x) * np.exp(-np.abs(x) / 3), np.cos(y / 9))
    found["energy_current_x_folded"][:] = along
    found["energy_current_y_folded"][:] = np.abs(along) * np.arange(21)
    ensemble = make_ensemble(parameters)
    drawn = figures.draw("balance_energy", parameters=parameters, ensemble=ensemble, balances=found)
    arrows = next(c for a in drawn.figure.axes for c in a.collections if isinstance(c, Quiver))
    shape = (min(16, nx), 16)
    u, v, places = (np.reshape(a, shape) for a in (arrows.U, arrows.V, arrows.X))
    np.testing.assert_allclose(u, -u[::-1], atol=1e-12)
    np.testing.assert_allclose(v, v[::-1], atol=1e-12)
    np.testing.assert_allclose(places, -places[::-1], atol=1e-9)
    steps = np.diff(places[:, 0])
    np.testing.assert_allclose(steps, steps[0])
    assert np.mean(v) == pytest.approx(float(found["energy_current_y_folded"].sel(field=0).mean()))


@pytest.mark.parametrize("charge", [None, 3.0, -3.0])
def test_a_bond_charge_turns_bilinears_into_polarizations(campaign, charge):
    """In Å² without one; with one in C/m², its sign turns the map and not the errors."""
    bonds = make_bonds(campaign[0], charge)
    found = quantities.second_order(bonds, "zero_field", "bilinear_folded")
    assert found.unit.ascii == ("uC/m2" if charge else "1e-5 angstrom2")
    size = 1e6 * 0.25 * charge if charge else 1e5
    expected = bonds["bilinear_folded"].sel(part="zero_field")
    np.testing.assert_allclose(found.values, size * expected, rtol=1e-12)
    np.testing.assert_allclose(found.stderr, abs(size) * 1e-7, rtol=1e-12)


@pytest.mark.parametrize("name", ["fig3", "figS2", "theory_maps", "balance_torque", "bond_maps"])
def test_the_footer_names_couplings_and_box(name, drawings):
    (foot,) = (t.get_text() for t in drawings[name].figure.texts if "preset" in t.get_text())
    assert "preset pbesol-gaussian" in foot and "gaussian dipoles" in foot and "2\\,n_y" in foot


def test_an_isolated_slab_has_no_images():
    config = copy.deepcopy(INTERACTIONS)
    config["lattice"]["padding_y"] = "isolated"
    assert "no images along $y$" in style.interactions(config)


def boxes(figure, artists):
    """Extents of artists, in pixels; the figure is drawn first, so that ticks have their places."""
    figure.canvas.draw()
    return [artist.get_window_extent() for artist in artists]


def test_no_line_runs_through_the_legend_of_the_theory(campaign, drawings):
    figure = drawings["theory_maps"].figure
    (legend,) = figure.legends
    assert len(legend.get_texts()) == 3
    (place,) = boxes(figure, [legend])
    for axes in figure.axes:
        assert not place.overlaps(axes.get_tightbbox())


def test_every_tick_of_a_scan_is_on_the_page():
    scan = make_scan()
    scan = scan.assign_coords(number=("row", [0.0, 5000.0, 10000.0, np.nan, np.nan]))
    for name in ("edge", "extreme"):
        scan[name] = scan[name] * 1e-3
    figure = figures.draw("scan", scan=scan).figure
    figure.canvas.draw()
    labels = [
        label
        for axes in figure.axes
        for label, place in zip(axes.get_xticklabels(), axes.get_xticks(), strict=True)
        if axes.get_xlim()[0] <= place <= axes.get_xlim()[1]
    ]
    assert any("10000" in label.get_text() for label in labels)
    for box in boxes(figure, labels):
        assert 0 <= box.x0 and box.x1 <= figure.bbox.x1


def test_torques_that_are_noise_say_so_in_both_panels(campaign):
    """Noise of unit error in all terms but one, whose size is ten errors."""
    parameters, _ = campaign
    found = make_balances(parameters)
    found["cut_delta_torque_dipolar"][:] = 10.0
    drawn = figures.draw("balance_torque", parameters=parameters, balances=found)
    for axes, strong in zip(drawn.figure.axes, ((), ("dipoles",)), strict=True):
        texts = [t.get_text() for t in axes.get_legend().get_texts()]
        assert len(texts) == 6
        assert {t for t in texts if "≈ 0" not in t} == set(strong)


@pytest.mark.parametrize("samples", [3, 6, 40])
def test_what_counts_as_consistent_with_zero(samples, rng):
    """Of means of Gaussian samples over their own errors one in twenty does not, by definition."""
    data = rng.normal(size=(1500, samples, 8))
    means = data.mean(axis=1)
    errors = data.std(axis=1, ddof=1) / np.sqrt(samples)
    judged = [consistent_with_zero(m, e, samples) for m, e in zip(means, errors, strict=True)]
    assert np.mean(judged) == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 1500))
    assert not consistent_with_zero(means[0] + 30 * errors[0], errors[0], samples)
    assert consistent_with_zero(np.zeros(4), np.zeros(4), samples)
    assert not consistent_with_zero(np.ones(4), np.zeros(4), samples)


def test_the_lock_in_figure_holds_amplitudes_and_lags():
    frequency = np.array([0.0, 1.0, 100.0, 1000.0])
    dims, variables = ("statistics", "frequency"), {}
    for n, name in enumerate(
        ("angular_momentum_zero", "delta_kinetic_energy", "delta_polarization")
    ):
        edge = np.array([[-4.0, -3.9, -3.0, -1.0], [2.0, 2.0, 1.9, 1.8]]) * (n + 1)
        variables |= {
            f"edge_{name}": (dims, edge),
            f"phase_{name}": (dims, np.tile([0.0, 1.0, 40.0, 90.0], (2, 1))),
            f"half_{name}": ("statistics", [550.0, np.nan]),
        }
    coords = {"statistics": ["classical", "quantum"], "frequency": frequency}
    drawn = figures.draw("lock_in", lock_in=xr.Dataset(variables, coords, {"campaign": "made up"}))
    upper, lower = drawn.figure.axes[:2]
    curves = [line.get_ydata() for line in upper.lines if len(line.get_ydata()) == 3]
    np.testing.assert_allclose(curves[0], [0.975, 0.75, 0.25])
    np.testing.assert_allclose(lower.lines[1].get_ydata(), [1.0, 40.0, 90.0])
    letter, columns = drawn.data[2]
    assert letter == "c"
    edge = columns["edge delta_polarization (uC/m^2), quantum"]
    np.testing.assert_allclose(edge, [6.0, 6.0, 5.7, 5.4])
