"""Second-order runs: refused with one message, and end to end where Quantum ESPRESSO is."""

import csv
import hashlib
import os
import shutil
from pathlib import Path

import pytest
import yaml

from tests.workflow.conftest import ROOT, Project, refused

FOLDER = os.environ.get("FERRONHALL_PSEUDOPOTENTIALS")


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A copy of the project with nothing run."""
    return Project(tmp_path_factory.mktemp("second-order-runs"))


def toy(project, folder, **changes):
    """SrTiO3 with settings that run in seconds and are far from converged."""
    path = ROOT / "config" / "first_principles" / "second_order.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["campaign"] = "toy"
    section = content["first_principles"]
    section["pseudopotentials"] = str(folder)
    group = section["crystals"]["SrTiO3"]
    pair = {"modes": group["pairs"][0]["modes"], "amplitudes_A": [[0.05, 0.05], [0.1, 0.1]]}
    section["crystals"] = {
        "SrTiO3": group
        | {
            "cutoff_Ry": 22.0,
            "threshold_Ry": 1e-8,
            "k_mesh": [2, 2, 1],
            "strings": [2, 2],
            "string_points": 5,
            "pairs": [pair],
            "variations": [],
        }
    }
    section["species"] = [s for s in section["species"] if s["symbol"] in group["species"]]
    for kind in section["species"]:
        file = Path(folder) / kind["pseudopotential"]
        if file.is_file():
            kind["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    target = project.folder / "config" / "toy.yaml"
    target.write_text(yaml.safe_dump(content | {"first_principles": section | changes}))
    return str(target)


def test_such_runs_are_never_started_by_default(bare):
    path = "config/first_principles/second_order.yaml"
    refused(
        bare.snakemake("--cores", "1", "--configfile", path),
        "snakemake second_order_runs --cores all",
    )


def test_missing_programs_and_potentials_are_named(bare):
    config = toy(bare, bare.folder, commands={"pw": "no-such-pw.x"})
    done = bare.snakemake("second_order_runs", "--cores", "1", "--configfile", config)
    refused(done, "pseudopotential of Sr")


def test_a_forbidden_pair_is_refused_before_anything_runs(bare):
    config = toy(bare, bare.folder)
    content = yaml.safe_load(Path(config).read_text())
    content["first_principles"]["crystals"]["SrTiO3"]["pairs"][0]["modes"][1] = "X1+,z:O_normal"
    Path(config).write_text(yaml.safe_dump(content))
    refused(
        bare.snakemake("second_order_runs", "--cores", "1", "--configfile", config),
        "first_principles.crystals.SrTiO3.pairs.0.modes",
        "carry no second-order dipole along z, by symmetry",
    )


@pytest.mark.skipif(shutil.which("pw.x") is None, reason="Quantum ESPRESSO's pw.x is not installed")
@pytest.mark.skipif(
    not FOLDER, reason="FERRONHALL_PSEUDOPOTENTIALS names no folder of pseudopotentials"
)
def test_from_the_configuration_to_a_charge(bare):
    config = toy(bare, FOLDER)
    bare.run("second_order_runs", "--configfile", config)
    folder = bare.folder / "results" / "toy" / "second_order_runs"
    rows = list(csv.DictReader(open(folder / "polarizations.csv")))
    assert [row["first_A"] for row in rows] == ["0.050", "0.100"]
    assert not (folder / "scratch").exists() or not any((folder / "scratch").rglob("*.in"))
    campaign = yaml.safe_load((bare.folder / "config" / "config.yaml").read_text())
    campaign |= {"campaign": "toy", "second_order": {"data": str(folder)}}
    path = bare.folder / "config" / "toy_campaign.yaml"
    path.write_text(yaml.safe_dump(campaign))
    bare.run("second_order_charges_table", "--configfile", str(path))
    table = bare.folder / "results" / "toy" / "tables" / "second_order_charges.csv"
    charge = float(next(csv.DictReader(open(table)))["charge (e/Å)"])
    # far from converged, but the largest charge of this kind and of its sign
    assert 2.0 < charge < 10.0
    again = bare.run("second_order_runs", "--configfile", config)
    assert "Nothing to be done" in again.stdout + again.stderr
