"""What the workflow offers: targets, logs, the cost on a dry run, lint and report."""

import pytest

from ferronhall.base import paths, storage
from tests.workflow.conftest import refused

ROWS = {
    "parameters": {"preflight": 1, "parameters": 1},
    "trajectories": {"preflight": 1, "parameters": 1, "compile": 1, "trajectory": 2},
    "balances": {
        "preflight": 1,
        "parameters": 1,
        "compile": 1,
        "trajectory": 2,
        "twin": 1,
        "ensemble": 1,
        "balance_maps": 1,
        "balance_energy": 1,
        "balance_torque": 1,
        "balance_anharmonic": 1,
    },
    "bond_polarization": {
        "preflight": 1,
        "parameters": 1,
        "compile": 1,
        "trajectory": 2,
        "steady_state": 1,
        "twin": 1,
        "ensemble": 1,
        "bond_polarization_maps": 1,
        "bond_maps": 1,
        "bond_polarization_table": 1,
    },
    "fig3": {
        "preflight": 1,
        "parameters": 1,
        "compile": 1,
        "trajectory": 2,
        "steady_state": 1,
        "twin": 1,
        "ensemble": 1,
        "fig3": 1,
    },
    "second_order": {
        "fluorite_density_data": 1,
        "perovskite_density_data": 1,
        "shared_density_fluorite": 1,
        "shared_density_perovskite": 1,
        "shared_multipoles_table": 1,
        "taken_fluorite_density": 1,
        "taken_perovskite_density": 1,
        "second_order_charges": 1,
        "shared_second_order_polarization": 1,
        "shared_second_order_charges_table": 1,
        "shared_second_order_convergence_table": 1,
        "taken_second_order": 1,
    },
}


@pytest.mark.parametrize("target", ROWS)
def test_stage_targets(project, target):
    with project.configured(campaign="untouched"):
        assert project.planned(target) == ROWS[target]


def test_every_promised_file_is_there(project):
    stages = ("parameters", "ensemble", "theory", "timestep", "twin", "comparison", "efficiency")
    others = {"laboratory.nc", "compiled.txt", "balances.nc", "phonons.nc", "bond_polarization.nc"}
    others |= {"theory_spectrum.nc", "index.html"}
    expected = others | {f"{stage}.nc" for stage in stages}
    expected |= {
        file
        for f in ("minus", "zero", "plus")
        for r in ("0000", "0001")
        for file in (f"trajectories/{f}/{r}.nc", f"checkpoints/{r}.final.ckpt")
    }
    tables = (
        *paths.MATERIAL_TABLES,
        *paths.PHONON_TABLES,
        *paths.RESULT_TABLES,
        *paths.TWIN_TABLES,
        *paths.BOND_TABLES,
        *paths.LABORATORY_TABLES,
    )
    figures = (*paths.FIGURES, *paths.PHONON_FIGURES, *paths.BOND_FIGURES)
    expected |= {f"figures/{n}.{ext}" for n in figures for ext in ("png", "pdf", "csv")}
    expected |= {f"tables/{n}.{ext}" for n in tables for ext in ("csv", "md")}
    assert {f for f in project.results() if "/0002." not in f} == expected


def test_the_log_prints_the_command_that_reruns_a_replica(project):
    log = project.folder / "results/tiny/logs/trajectories/0000.log"
    command = next(s for s in log.read_text().splitlines() if s.startswith("snakemake "))
    arguments = command.split()[1:]
    assert project.planned(*arguments).get("trajectory") == 1
    assert arguments[-1] == "results/tiny/trajectories/minus/0000.nc"


def test_an_interval_that_aliases_is_warned_about_on_the_terminal(project):
    """Once, by the process a user started: in a dry run and where trajectories run."""
    hand = {"sample_every_steps": 10, "samples_per_block": 10}
    with project.configured(campaign="aliased", time=hand):
        file = "results/aliased/trajectories/zero/0000.nc"
        runs = [project.snakemake("--dry-run"), project.run(file)]
        for text in (done.stdout + done.stderr for done in runs):
            assert text.count("Warning: time.sample_every_steps: 10 (every 0.05 ps)") == 1
            assert "times the variance" in text
    assert storage.read(project.folder / file).sizes["block"] == 2


def test_auto_samples_as_the_models_frequency_allows(project):
    with project.configured(campaign="auto", time={"sample_every_steps": "auto"}):
        done = project.run("results/auto/trajectories/zero/0000.nc")
    assert "Warning" not in done.stdout + done.stderr
    log = (project.folder / "results/auto/logs/trajectories/0000.log").read_text()
    assert "samples every 0.02 ps, blocks: 1 of 1 ps; of the balances every 0.02 ps" in log


def test_blocks_that_auto_makes_too_long_stop_before_the_trajectories(project):
    """200 samples fit into the 200 steps of sampling, but not every fourth step."""
    late = {"sample_every_steps": "auto", "samples_per_block": 200}
    with project.configured(campaign="late", time=late):
        refused(
            project.snakemake("--cores", "2", "trajectories"),
            "time.samples_per_block: 200 samples every 4 steps (auto) take 4 ps",
            "lower it to 50 or less",
        )
    assert not (project.folder / "results/late/trajectories").exists()


def test_a_single_replica_is_enough(project):
    with project.configured(campaign="single", ensemble={"replicas": 1}):
        project.run("ensemble")
    ensemble = storage.read(project.folder / "results/single/ensemble.nc")
    assert ensemble.attrs["replicas"] == 1
    assert ensemble.attrs["samples"] == "blocks"


def test_the_papers_campaign_lists_its_replicas(project):
    # nothing but the planning: cost and warnings on the paper's lattice take too long for a test
    with project.edited("workflow/rules/common.smk", "if workflow.is_main_process:", "if False:"):
        assert project.planned("--configfile", "config/paper.yaml")["trajectory"] == 200


def test_lint_is_clean(project):
    done = project.snakemake("--lint")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "good condition" in done.stdout + done.stderr


def test_the_report_builds(project):
    done = project.snakemake("--report", "report.html")
    assert done.returncode == 0, done.stdout + done.stderr
    page = (project.folder / "report.html").read_text(encoding="utf-8")
    assert "results/tiny/figures/fig3.png" in page
    for part in ("temperature.T_hot_K", "beside their published", "Tables"):
        assert part in page
