"""What a change reruns: no more than depends on it, and no less."""

import json
import os
import re

import pytest

from ferronhall.base import storage
from tests.workflow.test_phonons import MADE

MATERIAL = "config/materials/batio3.yaml"
COMPARED = {
    "comparison": 1,
    "theory_comparison": 1,
    "comparison_table": 1,
    "projection_table": 1,
    "twin_table": 1,
}
BONDS = {"bond_polarization_maps": 1, "bond_maps": 1, "bond_polarization_table": 1}
BALANCES = {"balance_maps": 1, "balance_energy": 1, "balance_torque": 1, "balance_anharmonic": 1}
REDUCTIONS = {
    "ensemble": 1,
    "summary_table": 1,
    "fig1": 1,
    "fig2": 1,
    "fig3": 1,
    "figS2": 1,
    "efficiency": 1,
    "efficiency_table": 1,
    **COMPARED,
    **BALANCES,
    **BONDS,
}
WITHOUT_ENSEMBLE = {"balance_maps", "balance_torque", "balance_anharmonic"}
THEORY = {
    "steady_state": 1,
    "timestep": 1,
    "theory_maps": 1,
    "theory_statistics": 1,
    "timestep_table": 1,
}
SPECTRUM = {"theory_spectrum": 1, "spectrum": 1}
"""Of the harmonic theory, whatever the closure."""
LABORATORY = {"weak_gradient": 1, "laboratory_table": 1, "experiment_table": 1}
EVERYTHING = {
    "preflight": 1,
    "parameters": 1,
    "compile": 1,
    "trajectory": 2,
    **THEORY,
    **SPECTRUM,
    **LABORATORY,
    "twin": 1,
    **REDUCTIONS,
}
"""All that a change of the model reaches."""


def test_a_finished_campaign_reruns_nothing(project):
    assert project.planned() == {}


def test_new_modification_times_rerun_nothing(project):
    for folder in ("workflow", "config", "data", "envs", "profiles", "src"):
        for path in (project.folder / folder).rglob("*"):
            if path.is_file():
                os.utime(path)
    os.utime(project.folder / "Snakefile")
    assert project.planned() == {}


@pytest.mark.parametrize(
    "file",
    [
        "src/ferronhall/engine/trajectory.py",
        "src/ferronhall/engine/kernels/integrator.py",
        "src/ferronhall/results/figures/fig3.py",
        "workflow/scripts/trajectory.py",
        "workflow/rules/trajectories.smk",
    ],
)
def test_a_comment_reruns_nothing(project, file):
    first = (project.folder / file).read_text(encoding="utf-8").splitlines()[0]
    with project.edited(file, first, f"{first}\n# a remark"):
        assert project.planned() == {}


def remakes_the_page(project):
    """Whether a dry run would make the page."""
    return "page" in project.jobs()


def test_the_page_follows_what_it_shows_and_nothing_else(project):
    change = ("\ndef ", "\n_CHANGED = 1\n\n\ndef ")
    for module in ("results/figures/figS2", "results/tables/summary", "results/page/document"):
        with project.edited(f"src/ferronhall/{module}.py", *change):
            assert remakes_the_page(project), module
    with project.configured(checkpoint={"every_minutes": 7.0}):
        assert not remakes_the_page(project)
    assert not remakes_the_page(project)


def test_the_pages_code_remakes_the_page_alone(project):
    with project.edited(
        "src/ferronhall/results/page/explorer.py", "\ndef ", "\n_CHANGED = 1\n\n\ndef "
    ):
        assert project.planned() == {}


def test_a_docstring_reruns_nothing(project):
    with project.edited("src/ferronhall/engine/forces.py", '"""', '"""In other words: '):
        assert project.planned() == {}


def test_a_figures_code_remakes_that_figure_alone(project):
    with project.edited(
        "src/ferronhall/results/figures/fig3.py", "\ndef ", "\n_CHANGED = 1\n\n\ndef "
    ):
        assert project.planned() == {"fig3": 1}


def test_the_summarys_code_remakes_the_summary_alone(project):
    with project.edited(
        "src/ferronhall/results/tables/summary.py", "\ndef ", "\n_CHANGED = 1\n\n\ndef "
    ):
        assert project.planned() == {"summary_table": 1}


def test_the_averages_code_remakes_averages_and_what_reads_them(project):
    with project.edited(
        "src/ferronhall/analysis/ensemble.py", "\ndef ", "\n_CHANGED = 1\n\n\ndef "
    ):
        # one figure of the balances lies over the ensemble's kinetic energy
        unchanged = {*WITHOUT_ENSEMBLE, "comparison", "efficiency", "efficiency_table"}
        unchanged |= {"bond_polarization_maps", "bond_polarization_table"}
        assert project.planned() == {k: n for k, n in REDUCTIONS.items() if k not in unchanged}


def test_the_balances_code_remakes_them_and_what_reads_the_same_moments(project):
    with project.edited(
        "src/ferronhall/analysis/balance_terms.py", "\ndef ", "\n_CHANGED = 1\n\n\ndef "
    ):
        assert project.planned() == {**BALANCES, **BONDS}


def test_switching_the_balances_off_reruns_the_trajectories_without_them(project):
    with project.configured(balances={"enabled": False}):
        rest = {k: n for k, n in REDUCTIONS.items() if k not in {**BALANCES, **BONDS}}
        assert project.planned() == {"compile": 1, "trajectory": 2, **rest}
        refused = project.snakemake("--dry-run", "balances")
        assert refused.returncode != 0
        assert "balances.enabled: false" in refused.stdout + refused.stderr


def test_the_theorys_code_remakes_it_and_what_compares_with_it(project):
    file = "src/ferronhall/theory/covariance.py"
    with project.edited(file, "\ndef ", "\n_CHANGED = 1\n\n\ndef "):
        # through the control variate it reaches the ensemble's averages
        reached = {k: n for k, n in REDUCTIONS.items() if k not in WITHOUT_ENSEMBLE}
        assert project.planned() == {**THEORY, **SPECTRUM, **LABORATORY, "twin": 1, **reached}


def test_another_closure_remakes_the_theory_and_what_compares_with_it(project):
    with project.configured(theory={"closure": "averaged"}):
        # the bias of the substep, which is read beside the theory, stands in one more table, and
        # the theory's cuts in one more figure
        more = {"efficiency_table": 1, "fig3": 1, "experiment_table": 1}
        assert project.planned() == {**THEORY, **COMPARED, **BONDS, **more}


def test_another_experiment_remakes_its_tables_alone(project):
    with project.configured(laboratory={"field_T": 5.0}):
        assert project.planned() == LABORATORY


def test_without_temperatures_the_laboratory_is_made_by_name_alone(project):
    with project.configured(laboratory={"temperatures_K": []}):
        assert project.planned() == {}
        assert project.planned("laboratory") == LABORATORY


@pytest.mark.parametrize("module", ["trajectory", "constants", "kernels/noise", "kernels/tile"])
def test_the_engines_code_reruns_trajectories_and_nothing_of_the_theory(project, module):
    file = f"src/ferronhall/engine/{module}.py"
    with project.edited(file, "\n\n\n", "\n\n_CHANGED = 1\n\n\n"):
        assert project.planned() == {"compile": 1, "trajectory": 2, **REDUCTIONS}


def test_a_hot_temperature_reruns_trajectories_and_what_follows(project):
    with project.configured(temperature={"T_hot_K": 60.0}):
        assert project.planned() == EVERYTHING


def test_the_length_of_a_trajectory_does_not_touch_the_parameters(project):
    with project.configured(time={"t_max_ps": 3.0}):
        assert project.planned() == {"compile": 1, "trajectory": 2, **REDUCTIONS}


def test_the_materials_content_counts_not_its_time(project):
    with project.edited(MATERIAL, "transverse_eV_per_A2: 0.1", "transverse_eV_per_A2: 0.2"):
        assert project.planned() == {**EVERYTHING, **MADE}
    with project.edited(MATERIAL, "name:", "# a remark\nname:"):
        assert project.planned() == {}


def test_the_same_material_and_data_by_other_paths_rerun_nothing(project):
    absolute = str(project.folder / MATERIAL)
    with project.configured(material=absolute):
        assert project.planned() == {}
        command = ["--force", "results/tiny/trajectories/zero/0000.nc"]
        project.run(*command)
        recorded = json.loads(
            storage.read(project.folder / "results/tiny/trajectories/zero/0000.nc").attrs["config"]
        )
        assert recorded["material"] == absolute
    data = "data/batio3-pbesol/dataset.yaml"
    with project.edited(MATERIAL, f"first_principles: {data}", f"first_principles: ./{data}"):
        assert project.planned("trajectories", "figS1") == {}
    # its old content brings back the campaign as it was
    project.run(*command)
    assert project.planned() == {}


def test_another_bond_charge_remakes_what_uses_it_and_nothing_else(project):
    with project.edited(MATERIAL, "value_e_per_A: -", "value_e_per_A: -1"):
        assert project.planned() == BONDS


def test_without_a_bond_charge_the_bonds_are_made_by_name_alone(project):
    text = (project.folder / MATERIAL).read_text(encoding="utf-8")
    entry = re.search(r"bond_charge:\n(  .*\n)+", text).group()
    with project.edited(MATERIAL, entry, ""):
        assert project.planned() == {}
        assert project.planned("bond_polarization") == BONDS


def test_the_same_campaign_from_another_file_reruns_nothing(project):
    config = project.folder / "config" / "config.yaml"
    other = project.folder / "other.yaml"
    other.write_text(config.read_text().replace("nz: 1", "nz: 1.0") + "# the same\n")
    assert project.planned("--configfile", "other.yaml") == {}


def test_one_more_replica_runs_alone(project, tmp_path):
    copy = project.copied(tmp_path / "copy")
    before = copy.results()
    with copy.configured(ensemble={"replicas": 3}):
        assert copy.planned() == {"trajectory": 1, **REDUCTIONS}
        copy.run("ensemble")
    after = copy.results()
    old = [f for f in before if f.startswith("trajectories/") or f == "parameters.nc"]
    assert len(old) == 7
    assert all(after[f] == before[f] for f in old)
    assert {f for f in after if f.endswith("/0002.nc")} == {
        f"trajectories/{field}/0002.nc" for field in ("minus", "zero", "plus")
    }


def test_a_lost_trajectory_brings_its_replica_back_with_the_same_content(project):
    folder = project.folder / "results/tiny/trajectories"
    paths = [folder / field / "0001.nc" for field in ("minus", "zero", "plus")]
    before = [storage.read(path) for path in paths]
    paths[-1].unlink()
    # what was made from it is still there, so only asking for trajectories brings it back
    assert project.planned() == {}
    assert project.planned("trajectories") == {"trajectory": 1}
    project.run("trajectories")
    for path, content in zip(paths, before, strict=True):
        assert storage.read(path).equals(content)
    project.run()
