"""The pinned environments agree with each other, with the package and with the rules."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
CONDA_ALONE = {"qe"}
"""What no Python package brings: exact versions, but none in constraints.txt."""


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def constraints():
    lines = (ROOT / "envs" / "constraints.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def pins():
    return {canonical(n): v for n, v in (line.split("==") for line in constraints())}


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_constraints_are_exact_and_name_no_index():
    for line in constraints():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line), line


def test_every_dependency_is_pinned():
    extras = project()["optional-dependencies"].values()
    wanted = [*project()["dependencies"], *(entry for extra in extras for entry in extra)]
    names = {canonical(re.match(r"[A-Za-z0-9._-]+", entry).group()) for entry in wanted}
    assert names <= set(pins())


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_conda_environments_repeat_the_constraints(path):
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    dependencies = dict(entry.split("=") for entry in content["dependencies"])
    assert dependencies.pop("python") == "3.11"
    assert dependencies
    for name in CONDA_ALONE & set(dependencies):
        assert re.fullmatch(r"[0-9.]+", dependencies.pop(name)), name
    for name, version in dependencies.items():
        assert pins()[canonical(name)] == version, name
    entries = [*project()["dependencies"], *project()["optional-dependencies"]["vasp"]]
    needed = {canonical(re.match(r"[A-Za-z0-9._-]+", entry).group()) for entry in entries}
    assert set(dependencies) <= needed


def test_every_environment_is_used_by_a_rule_and_exists():
    rules = "".join(p.read_text() for p in (ROOT / "workflow" / "rules").glob("*.smk"))
    used = set(re.findall(r"\.\./\.\./envs/(\w+\.yaml)", rules))
    assert used == {path.name for path in ENVIRONMENTS}


def test_every_profile_sets_the_rerun_triggers():
    profiles = [*ROOT.glob("profiles/*/config.yaml"), *ROOT.glob("workflow/profiles/*/config.yaml")]
    assert profiles
    for path in profiles:
        triggers = yaml.safe_load(path.read_text(encoding="utf-8"))["rerun-triggers"]
        assert "code" not in triggers, path
        assert "params" in triggers, path


def test_cluster_profiles_name_rules_that_exist_and_do_not_ration_arrays():
    slurm, generic = (
        yaml.safe_load((ROOT / "workflow" / "profiles" / name / "config.yaml").read_text())
        for name in ("slurm", "generic")
    )
    rules = (ROOT / "workflow" / "rules" / "trajectories.smk").read_text(encoding="utf-8")
    for rule in slurm["slurm-array-jobs"].split(","):
        assert f"rule {rule.strip()}:" in rules
    # with fewer, the executor would leave jobs of an array without submitting them
    assert slurm["jobs"] == "unlimited"
    schema = yaml.safe_load(
        (ROOT / "src" / "ferronhall" / "base" / "schemas" / "config.schema.yaml").read_text()
    )
    replicas = schema["properties"]["ensemble"]["properties"]["replicas"]["maximum"]
    assert int(slurm["max-jobs-per-timespan"].split("/")[0]) >= 3 * replicas
    for profile in (slurm, generic):
        assert not {"groups", "group-components"} & set(profile)
    # Snakemake takes a file beside the profile for a relative name in it
    status = ROOT / "workflow" / "profiles" / "generic" / generic["cluster-generic-status-cmd"]
    assert status.stat().st_mode & 0o111


def test_scripts_are_short():
    for path in (ROOT / "workflow" / "scripts").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 40, path


def test_every_rule_has_a_docstring():
    for path in [ROOT / "Snakefile", *(ROOT / "workflow" / "rules").glob("*.smk")]:
        for match in re.finditer(r"^ *rule.*:\n(.*)\n", path.read_text(), re.MULTILINE):
            assert match.group(1).lstrip().startswith('"""'), (path, match.group())
