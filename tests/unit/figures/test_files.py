"""The files of a figure: the same from run to run, vectors, the plotted numbers."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ferronhall.results import figures
from tests.unit.synthetic_campaign import make_ensemble, make_parameters, make_theory

from .drawn_artists import meshes

SUFFIXES = (".png", ".pdf", ".csv")


@pytest.fixture(scope="module")
def saved(drawings, tmp_path_factory):
    """Fig. 3 on disk: stem of its three files."""
    stem = tmp_path_factory.mktemp("fig3") / "fig3"
    paths = [stem.with_suffix(suffix) for suffix in SUFFIXES]
    figures.save(drawings["fig3"], *paths)
    return stem


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
        [sys.executable, "-c", program, str(Path(__file__).parents[1]), *map(str, there)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        timeout=300,
    )
    parameters = make_parameters(9, 8, 3)
    data = {"theory": make_theory(parameters), "ensemble": make_ensemble(parameters)}
    figures.save(figures.draw("fig3", parameters=parameters, **data), *here)
    for one, other in zip(here, there, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_pictures_say_what_other_code_was_accepted(drawings, tmp_path):
    paths = [tmp_path / f"fig2{suffix}" for suffix in SUFFIXES]
    figures.save(drawings["fig2"], *paths, "a.nc: code: engine.run")
    for path in paths[:2]:
        assert b"accepted as it is: a.nc: code: engine.run" in path.read_bytes()


def test_pdf_embeds_its_fonts_and_keeps_maps_as_vectors(saved):
    content = saved.with_suffix(".pdf").read_bytes()
    assert b"/FontFile2" in content
    assert b"/Subtype /Image" not in content
