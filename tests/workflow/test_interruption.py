"""Replicas stopped in mid-run, and made longer, through the workflow."""

from ferronhall.base import storage

FIELDS = ("minus", "zero", "plus")


def _trajectories(project, campaign):
    folder = project.folder / "results" / campaign / "trajectories"
    return [storage.read(folder / f / f"{r:04d}.nc") for f in FIELDS for r in range(2)]


def _log(project, campaign):
    folder = project.folder / "results" / campaign / "logs" / "trajectories"
    return "".join((folder / f"{r:04d}.log").read_text(encoding="utf-8") for r in range(2))


def test_settings_of_checkpoints_rerun_nothing(project):
    changed = {"every_minutes": 3.0, "wall_limit_minutes": 600.0, "keep_final": False}
    with project.configured(checkpoint=changed):
        assert project.planned() == {}


def test_a_campaign_stopped_by_its_wall_limit_resumes(project):
    arguments = ("--cores", "2", "--keep-going", "trajectories")
    with project.configured(campaign="stopped", checkpoint={"wall_limit_minutes": 1.0e-9}):
        stopped = project.snakemake(*arguments)
    assert stopped.returncode != 0
    assert stopped.stderr.count("was stopped by checkpoint.wall_limit_minutes") >= 2
    assert "Traceback" not in _log(project, "stopped")
    with project.configured(campaign="stopped"):
        project.run("trajectories")
    assert _log(project, "stopped").count("goes on from") == 2
    whole, resumed = (_trajectories(project, c) for c in ("tiny", "stopped"))
    for one, other in zip(whole, resumed, strict=True):
        assert one.equals(other)


def test_a_longer_campaign_goes_on_from_the_shorter_one(project):
    longer = {"time": {"t_max_ps": 3.0}}
    with project.configured(campaign="anew", **longer):
        project.run("trajectories")
    with project.configured(campaign="stopped"):
        project.run("trajectories")
    with project.configured(campaign="stopped", **longer):
        project.run("trajectories")
    assert _log(project, "stopped").count("goes on from") == 2
    whole, extended = (_trajectories(project, c) for c in ("anew", "stopped"))
    for one, other in zip(whole, extended, strict=True):
        assert one.sizes["block"] == 4 and one.equals(other)
