"""Digests change with what a stage computes from, and with nothing else."""

import ast
import textwrap
from pathlib import Path

import pytest

from ferronhall.base import digest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "workflow" / "scripts"


@pytest.fixture
def package(tmp_path):
    """A package ferronhall of three modules: a uses b, b uses the subpackage c."""
    folder = tmp_path / "ferronhall"
    (folder / "c").mkdir(parents=True)
    (folder / "__init__.py").write_text('"""Top."""\n')
    (folder / "a.py").write_text("from ferronhall import b\n\n\ndef f(x):\n    return b.g(x)\n")
    (folder / "b.py").write_text(
        textwrap.dedent('''
            """What b does."""

            from ferronhall.c.inner import h
            from ferronhall.base.errors import FerronHallError

            LIMIT = 3
            """How far."""


            def g(x):
                """Say what."""
                # say why
                return h(x) + LIMIT
        ''')
    )
    (folder / "c" / "__init__.py").write_text("")
    (folder / "c" / "inner.py").write_text("def h(x):\n    return 2 * x\n")
    (folder / "errors.py").write_text("class FerronHallError(Exception):\n    pass\n")
    (folder / "unused.py").write_text("X = 1\n")
    return folder


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("b.py", "# say why", "# say something else"),
        ("b.py", '"""Say what."""', '"""Say it better,\n    at length."""'),
        ("b.py", '"""How far."""', '"""Other words."""'),
        ("b.py", "return h(x) + LIMIT", "return (\n        h(x) + LIMIT\n    )"),
        ("b.py", '"""What b does."""', ""),
        ("unused.py", "X = 1", "X = 2"),
        ("errors.py", "pass", "x = 1"),
        ("__init__.py", '"""Top."""', '"""The top."""\n\nY = 1\n'),
    ],
)
def test_what_does_not_count(package, file, old, new):
    before = digest.code_digest("ferronhall.a", package=package)
    edit(package / file, old, new)
    assert digest.code_digest("ferronhall.a", package=package) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("a.py", "b.g(x)", "b.g(-x)"),
        ("b.py", "LIMIT = 3", "LIMIT = 4"),
        ("c/inner.py", "2 * x", "3 * x"),
        ("c/inner.py", "return 2 * x", 'return "2 * x"'),
    ],
)
def test_what_counts(package, file, old, new):
    before = digest.code_digest("ferronhall.a", package=package)
    edit(package / file, old, new)
    assert digest.code_digest("ferronhall.a", package=package) != before


def test_imports_inside_functions_and_blocks_are_followed(package, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("with open('x') as f:\n    from ferronhall.c.inner import h\n    h(1)\n")
    before = digest.code_digest(script, package=package)
    edit(package / "c" / "inner.py", "2 * x", "3 * x")
    assert digest.code_digest(script, package=package) != before


def test_the_place_of_a_script_does_not_count(package, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    for folder in (tmp_path, tmp_path / "elsewhere"):
        (folder / "script.py").write_text("import ferronhall.a\n")
    here, there = tmp_path / "script.py", tmp_path / "elsewhere" / "script.py"
    assert digest.code_digest(here, package=package) == digest.code_digest(there, package=package)


def test_the_library_uses_absolute_imports_alone():
    for path in digest.PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        relative = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]
        assert not relative, f"{path}: the digest follows absolute imports"


def followed(script, monkeypatch):
    """Names of the modules whose code enters a script's digest."""
    seen = {}
    monkeypatch.setattr(digest, "fingerprint", lambda named: seen.update(named) or "")
    digest.code_digest(SCRIPTS / script)
    return set(seen)


def test_a_trajectory_depends_on_the_kernels(monkeypatch):
    modules = followed("trajectory.py", monkeypatch)
    assert {
        "trajectory.py",
        "ferronhall.engine.forces",
        "ferronhall.engine.kernels.noise",
    } <= modules
    assert not any(m.startswith("ferronhall.results") for m in modules)


def test_how_results_are_kept_counts_for_no_stage():
    """Constants of nature are all that base has for numbers."""
    for script in SCRIPTS.glob("*.py"):
        modules = set(digest.code_modules(script))
        base = {m for m in modules if m.startswith("ferronhall.base")}
        assert base <= {"ferronhall.base.units"}
        kept = "checkpoint", "keeper", "kernel_cache", "replica_lock"
        assert not modules & {f"ferronhall.engine.{name}" for name in kept}


def test_a_trajectory_depends_on_engine_and_model_alone():
    modules = set(digest.code_modules(SCRIPTS / "trajectory.py"))
    rooms = {m.split(".")[1] for m in modules - {"trajectory.py", "ferronhall.base.units"}}
    assert rooms == {"engine", "model"}


@pytest.mark.parametrize(
    "script",
    ["preflight.py", "theory.py", "timestep.py", "twin.py", "scan_point.py", "laboratory.py"],
)
def test_nothing_of_the_theory_depends_on_the_engine(script, monkeypatch):
    modules = followed(script, monkeypatch)
    assert "ferronhall.model.model" in modules
    assert not any(m.startswith("ferronhall.engine") for m in modules)


def test_no_figure_depends_on_another(monkeypatch):
    modules = followed("figure.py", monkeypatch)
    assert not any(m.startswith("ferronhall.results.figures.fig") for m in modules)


def test_the_order_of_keys_does_not_count():
    assert digest.fingerprint({"a": 1, "b": {"c": 2, "d": 3}}) == digest.fingerprint(
        {"b": {"d": 3, "c": 2}, "a": 1}
    )


def test_the_part_of_the_config(config):
    keys = ("lattice", "time.dt_ps")
    assert digest.select(config, keys) == {
        "lattice": config["lattice"],
        "time": {"dt_ps": config["time"]["dt_ps"]},
    }
    before = digest.config_digest(config, keys)
    config["time"]["t_max_ps"] = 99.0
    assert digest.config_digest(config, keys) == before
    config["time"]["dt_ps"] = 0.001
    assert digest.config_digest(config, keys) != before


def test_replicas_are_no_part_of_a_trajectory(config):
    keys = digest.STAGE_KEYS["trajectories"]
    before = digest.config_digest(config, keys)
    config["ensemble"]["replicas"] += 1
    assert digest.config_digest(config, keys) == before
    config["ensemble"]["root_seed"] += 1
    assert digest.config_digest(config, keys) != before


def test_the_material_counts_by_content(config):
    script = SCRIPTS / "trajectory.py"
    blocks = [
        digest.stage_block("trajectories", config, script, material={"name": name})
        for name in ("a", "a", "b")
    ]
    assert blocks[0] == blocks[1] != blocks[2]


@pytest.mark.parametrize("stage", digest.STAGE_KEYS)
def test_paths_are_no_part_of_any_stage(config, stage):
    moved = config | {"material": "/elsewhere/batio3.yaml", "second_order": {"data": "/elsewhere"}}
    blocks = [digest.stage_block(stage, c, SCRIPTS / "figure.py") for c in (config, moved)]
    assert blocks[0] == blocks[1]


def test_a_checkpoint_outlives_a_longer_t_max_and_nothing_else(config):
    def found():
        script = SCRIPTS / "trajectory.py"
        return digest.continuation_digest(digest.stage_block("trajectories", config, script))

    first = found()
    config["time"]["t_max_ps"] += 1.0
    config["ensemble"]["replicas"] += 1
    config["checkpoint"]["every_minutes"] = 1.0
    assert found() == first
    config["time"]["t_equil_ps"] += 0.5
    assert found() != first


def test_code_is_told_from_the_configuration(config):
    block = digest.stage_block("trajectories", config, SCRIPTS / "trajectory.py")
    other = block | {"code": "other"}
    assert digest.configuration_digest(other) == digest.configuration_digest(block)
    assert digest.continuation_digest(other) == digest.continuation_digest(block)
    changed = digest.stage_block("parameters", config, SCRIPTS / "trajectory.py")
    assert digest.configuration_digest(changed) != digest.configuration_digest(block)
