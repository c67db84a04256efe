"""Domains that the theory does not know: what is made by default, and what says why it is not."""

from tests.workflow.conftest import refused

OF_THEORY = {"steady_state", "timestep", "twin", "comparison", "theory_spectrum", "efficiency"}
WITHOUT = {"ensemble": {"harmonic_twin": False}, "balances": {"enabled": False}}
STRIPES = {"map": {"stripes": {"axis": "z", "width_cells": 2}}}


def test_stripes_make_what_owes_the_theory_nothing(project):
    lattice = {"lattice": {"nz": 4}}
    with project.configured(campaign="striped", domains=STRIPES, **lattice, **WITHOUT):
        planned = set(project.jobs())
        assert {"trajectory", "ensemble", "summary_table", "fig1", "fig3", "page"} <= planned
        assert {"wall_velocities", "wall_velocity", "wall_velocity_table", "domain_map"} <= planned
        assert not planned & OF_THEORY
        done = project.snakemake("--cores", "2", "theory_maps")
    refused(done, "domains.map: stripes of 2 cells along z", "theory does not apply")


def test_walls_that_are_torn_off_make_their_motion(project):
    domains = {"walls_y": [2], "relaxed": "without_field"}
    with project.configured(campaign="torn", domains=domains, **WITHOUT):
        planned = set(project.jobs())
    assert {"trajectory", "wall_velocity", "wall_velocity_table", "taken_material"} <= planned
    assert not planned & (OF_THEORY | {"ensemble", "page", "domain_walls_at_rest"})


def test_resting_walls_keep_their_theory(project):
    with project.configured(campaign="walled", domains={"walls_y": [2]}):
        planned = set(project.jobs())
    assert {"steady_state", "domain_walls_at_rest", "wall_velocity_table", "page"} <= planned
