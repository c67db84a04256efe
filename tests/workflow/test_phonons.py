"""What depends on the material alone: made once for all campaigns, and what makes it anew."""

import shutil

import yaml

from ferronhall.base import paths, storage

MADE = {
    "phonon_data": 1,
    "shared_figS1": 1,
    "material_tables": 1,
    "phonon_tables": 1,
    "taken_material": 1,
}
FILE = "data/batio3-pbesol/switching_path.csv"


def test_other_data_touch_no_trajectory(project):
    with project.edited(FILE, "-3730.83521853", "-3730.83521953"):
        assert project.planned() == MADE


def files_of(folder):
    """Path below a folder → content of its figures, tables and datasets."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*.*")
        if path.suffix in (".csv", ".md", ".png", ".pdf", ".nc")
    }


def test_another_campaign_takes_what_there_is(project):
    (shared,) = (project.folder / "results/materials").iterdir()
    with project.configured(campaign="other", temperature={"T_hot_K": 70.0}):
        assert project.planned("phonons") == {"taken_material": 1}
        planned = project.planned()
        assert planned["taken_material"] == 1 and planned["trajectory"] == 2
        assert set(MADE) & set(planned) == {"taken_material"}
        before = files_of(shared)
        project.run("phonons")
    own = project.folder / "results/other"
    taken = files_of(own)
    assert taken == before == files_of(shared)
    wanted = {f"tables/{name}.csv" for name in (*paths.MATERIAL_TABLES, *paths.PHONON_TABLES)}
    assert wanted | {"figures/figS1.png", "phonons.nc"} < set(taken)
    # copies, so that who writes into one changes no other
    assert not any((shared / name).samefile(own / name) for name in taken)
    assert "campaign" not in storage.read(shared / "phonons.nc").attrs


def test_no_key_of_the_campaign_makes_them_anew_but_those_that_change_the_material(project):
    for other in (
        {"lattice": {"nx": 9, "padding_y": 3.0}},
        {"short_range": {"preset": "pbesol-s11"}, "dipole": {"kernel": "longitudinal"}},
        {"domains": {"walls_y": [2]}},
    ):
        with project.configured(**other):
            assert not set(MADE) & set(project.planned("phonons")), other
    with project.configured(electric_field={"x_kV_per_cm": 100.0}):
        assert project.planned("phonons") == {"material_tables": 1, "taken_material": 1}
    with project.configured(onsite={"transverse_eV_per_A2": 0.2}):
        assert project.planned("phonons") == {"material_tables": 1, "taken_material": 1}


INSIDE = """if snakemake.config["campaign"] == "first":
        import subprocess, sys
        second = [sys.executable, "-m", "snakemake", "--cores", "1", "taken_material"]
        subprocess.run([*second, "--config", "campaign=second"], check=True)
    log("""


def test_another_campaign_may_run_at_the_same_time(project, tmp_path):
    """A run has locks on what it makes to its end; here a second one starts within the first."""
    copy = project.copied(tmp_path / "copy")
    shutil.rmtree(copy.folder / "results/materials")
    with copy.edited("workflow/scripts/taken.py", "log(", INSIDE):
        copy.run("taken_material", "--config", "campaign=first")
    first, second = (files_of(copy.folder / "results" / name) for name in ("first", "second"))
    assert first == second and "figures/figS1.pdf" in first


def test_a_damaged_data_file_is_named_and_nothing_is_lost(project):
    before = project.results("tiny")
    path = project.folder / FILE
    whole = path.read_text()
    path.write_text(whole[:200])
    try:
        done = project.snakemake("--cores", "1", "phonons")
    finally:
        path.write_text(whole)
    assert done.returncode != 0
    assert "switching_path" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    after = project.results("tiny")
    assert all(after[name] == before[name] for name in before if "trajectories" in name)
    project.run("phonons")


def test_a_material_without_data_leaves_them_out_and_says_so(project):
    material = project.folder / "config" / "materials" / "plain.yaml"
    content = yaml.safe_load((project.folder / "config/materials/batio3.yaml").read_text())
    del content["first_principles"]
    material.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with project.configured(campaign="plain", material="config/materials/plain.yaml"):
        planned = project.planned()
        assert planned["material_tables"] == 1 and "shared_figS1" not in planned
        assert "phonon_data" not in planned and "phonon_tables" not in planned
        done = project.snakemake("--cores", "1", "phonons")
    assert done.returncode != 0
    assert "names no first-principles data" in done.stdout + done.stderr
