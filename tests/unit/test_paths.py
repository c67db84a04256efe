"""Paths of a campaign, and that no other module spells one."""

import re
from pathlib import Path

from ferronhall.base import paths
from ferronhall.crystals.first_principles.quantum_espresso import paths as first_principles
from ferronhall.model import members
from ferronhall.results.tables.material import TABLES

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = paths.Campaign("demo")


def test_the_contract():
    assert CAMPAIGN.parameters == "results/demo/parameters.nc"
    assert CAMPAIGN.ensemble == "results/demo/ensemble.nc"
    assert CAMPAIGN.trajectory("plus", 7) == "results/demo/trajectories/plus/0007.nc"
    assert CAMPAIGN.figure("fig3")["pdf"] == "results/demo/figures/fig3.pdf"
    assert CAMPAIGN.table("tableS2")["md"] == "results/demo/tables/tableS2.md"
    assert CAMPAIGN.checkpoint("0007") == "results/demo/checkpoints/0007.ckpt"
    assert CAMPAIGN.log("trajectories", "0007") == "results/demo/logs/trajectories/0007.log"
    assert CAMPAIGN.page == "results/demo/index.html"
    assert CAMPAIGN.scan_point("lattice.ny/21") == "results/demo/scan/lattice.ny/21.nc"
    assert CAMPAIGN.benchmark("ensemble") == "results/demo/benchmarks/ensemble.tsv"


def test_what_campaigns_share():
    folder = paths.shared(paths.MATERIALS, "BaTiO₃ (my own/α)", "0123456789abcdef")
    assert folder.phonons == "results/materials/BaTiO3_my_own-01234567/phonons.nc"
    assert paths.is_shared(folder.phonons) and paths.is_shared(f"mine/{folder.phonons}")
    name = paths.below(folder.figure("figS1")["pdf"], "demo")
    assert name == "materials/BaTiO3_my_own-01234567/figures/figS1"
    assert paths.in_its_folder(name) == "figures/figS1"
    assert paths.in_its_folder("trajectories/minus/0000") == "trajectories/minus/0000"
    assert paths.shared(paths.SECOND_ORDER, "…", "f" * 16).name == "second_order/unnamed-ffffffff"


def test_a_campaign_may_bear_the_name_of_a_shared_folder():
    for name in (paths.MATERIALS, paths.SECOND_ORDER):
        campaign = paths.Campaign(name)
        assert not paths.is_shared(campaign.figure("fig1")["png"])
        assert paths.below(campaign.trajectory("plus", 7), name) == "trajectories/plus/0007"


def test_trajectories_of_a_campaign():
    files = CAMPAIGN.trajectories(2)
    assert list(files) == ["minus", "zero", "plus"]
    assert files["zero"] == [
        "results/demo/trajectories/zero/0000.nc",
        "results/demo/trajectories/zero/0001.nc",
    ]


def test_patterns_match_what_they_name_and_nothing_else():
    pattern = CAMPAIGN.trajectory("minus")
    for name, expression in paths.WILDCARDS.items():
        pattern = pattern.replace("{" + name + "}", f"({expression})")
    assert re.fullmatch(pattern, CAMPAIGN.trajectory("minus", 9999))
    for wrong in ("results/demo/trajectories/up/0001.nc", "results/demo/trajectories/minus/1.nc"):
        assert not re.fullmatch(pattern, wrong)


def test_every_point_of_a_scan_matches_its_pattern():
    pair = "temperature.T_hot_K/25/field.omega_B_rad_per_ps/20"
    for point in ("base", "lattice.ny/21", "dipole.kernel/x-y", "material/batio3", pair):
        assert re.fullmatch(paths.WILDCARDS["point"], point)
    for wrong in ("lattice.ny", "a.b/1/c.d", "a.b/1/c.d/2/e.f/3"):
        assert not re.fullmatch(paths.WILDCARDS["point"], wrong)


def test_the_first_principles_runs():
    files = first_principles.FirstPrinciples("batio3", "bto")
    folder = "results/batio3/first_principles"
    assert files.force_constants("cubic") == f"{folder}/cubic/bto.fc"
    assert files.run("scf", "path", "0.250")[1] == f"{folder}/path/0.250/scf.out"
    assert files.dynamical_matrix("tetragonal", 12) == f"{folder}/tetragonal/bto.dyn12"
    assert files.dataset == f"{folder}/dataset.yaml"
    # the list of wave vectors is no wave vector
    assert not re.fullmatch(first_principles.WILDCARDS["q"], "0")
    assert re.fullmatch(first_principles.WILDCARDS["coordinate"], f"{1.25:.3f}")


def test_names_agree_with_the_library():
    assert set(paths.FIELDS) == set(members.FIELD_SIGNS)
    assert set(paths.MATERIAL_TABLES) == set(TABLES)
    for kind, names in (
        (
            "figures",
            paths.FIGURES
            | paths.SCAN_FIGURES
            | paths.SECOND_ORDER_FIGURES
            | paths.BOND_FIGURES
            | paths.LOCK_IN_FIGURES
            | paths.SELF_CONSISTENT_FIGURES
            | paths.DISORDER_FIGURES
            | paths.MOVING_WALL_FIGURES
            | paths.MAP_FIGURES,
        ),
        (
            "tables",
            paths.RESULT_TABLES
            | paths.TWIN_TABLES
            | paths.SCAN_TABLES
            | paths.SELF_CONSISTENT_TABLES
            | paths.DISORDER_TABLES
            | paths.MOVING_WALL_TABLES
            | paths.SECOND_ORDER_TABLES
            | paths.BOND_TABLES
            | paths.LABORATORY_TABLES,
        ),
    ):
        for name, datasets in names.items():
            assert (ROOT / "src" / "ferronhall" / "results" / kind / f"{name}.py").exists()
            assert (ROOT / "workflow" / "report" / f"{name}.rst").exists()
            assert list(CAMPAIGN.datasets(datasets)) == list(datasets)


def test_no_rule_or_script_spells_a_path_of_the_results():
    sources = [ROOT / "Snakefile", *(ROOT / "workflow").rglob("*.smk")]
    sources += [*(ROOT / "workflow").rglob("*.py"), *(ROOT / "src").rglob("*.py")]
    for source in sources:
        if source.name != "paths.py":
            code = re.sub(r'"""[\s\S]*?"""', "", source.read_text(encoding="utf-8"))
            assert not re.search(r"""["']results/""", code), source
