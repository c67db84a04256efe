"""Campaigns on a real Slurm, through the profile."""

import re

import pytest
import xarray as xr

pytestmark = pytest.mark.cluster


def trajectories(cluster, campaign):
    """Path inside the campaign → content of each trajectory."""
    folder = cluster.folder / "results" / campaign
    files = sorted(folder.glob("trajectories/*/*.nc"))
    return {str(file.relative_to(folder)): xr.load_dataset(file) for file in files}


def test_a_campaign_reaches_its_figures(cluster, calm):
    folder = cluster.folder / "results" / "calm"
    for file in ("figures/fig3.png", "tables/summary.md", "ensemble.nc"):
        assert (folder / file).stat().st_size > 0, file
    assert len(trajectories(cluster, "calm")) == 6


def test_replicas_are_one_array_and_the_rest_is_local(calm):
    (array,) = re.findall(r"Submitted array job with Snakemake IDs (\S+)", calm)
    assert len(array.split(",")) == 2
    # compiled on the nodes it is made for; the theory, because at scale it takes cores and memory
    alone = re.findall(r"has been submitted with SLURM jobid.*/rule_(\w+)/", calm)
    assert sorted(alone) == ["compile", "steady_state", "timestep", "twin"]


def test_a_cancelled_replica_is_run_again(cluster, calm):
    logs = cluster.folder / "results" / "cancelled" / "logs" / "trajectories"
    cancelled = []

    def cancel():
        under_way = any(" cells" in log.read_text() for log in logs.glob("*.log"))
        if under_way and not cancelled:
            cancelled.extend(cluster.machine.running_tasks()[:1])
            cluster.machine.ask("scancel", *cancelled)

    printed = cluster.campaign("cancelled", replicas=2, meanwhile=cancel)
    assert cancelled, "no replica was seen under way"
    assert f"SLURM-job '{cancelled[0]}' failed, SLURM status is: 'CANCELLED'" in printed
    assert "Trying to restart job" in printed
    assert (cluster.folder / "results" / "cancelled" / "figures" / "fig3.png").exists()
    undisturbed = trajectories(cluster, "calm")
    disturbed = trajectories(cluster, "cancelled")
    assert len(disturbed) == 6
    for name, content in disturbed.items():
        # equals, not identical: the attributes name the campaign and the time
        assert content.equals(undisturbed[name]), name
