"""First-principles data in the workflow: what a change of them reruns, and what it does not."""

import yaml

MADE = {"phonon_data": 1, "figS1": 1, "table": 9}
FILE = "data/batio3-pbesol/switching_path.csv"


def test_other_data_touch_no_trajectory(project):
    with project.edited(FILE, "-3730.83521853", "-3730.83521953"):
        assert project.planned() == MADE


def test_the_target_makes_the_figure_and_the_tables_alone(project):
    with project.configured(campaign="other"):
        assert project.planned("phonons") == {**MADE, "preflight": 1, "parameters": 1}


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
        assert planned["table"] == 5 and "figS1" not in planned and "phonon_data" not in planned
        done = project.snakemake("--cores", "1", "phonons")
    assert done.returncode != 0
    assert "names no first-principles data" in done.stdout + done.stderr
