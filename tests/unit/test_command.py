"""The command ferronhall: its subcommands, and one message for what cannot be done."""

import os
import subprocess
import sys

import pytest
import yaml

from ferronhall.base import paths, shipped, storage
from ferronhall.campaign.config import validate
from ferronhall.engine.gpu import device
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.public.command import main
from ferronhall.theory.domain_walls import domain_walls_dataset
from tests.conftest import ROOT
from tests.workflow.conftest import TINY


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A working folder of a user's own, away from the clone."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys, *arguments):
    """(exit status, what was printed) of a command."""
    status = main(list(map(str, arguments)))
    return status, capsys.readouterr()


def refused(capsys, *arguments, words):
    """Assert a status that is not zero and one message on stderr alone that holds the words."""
    status, printed = said(capsys, *arguments)
    assert status != 0
    assert printed.out == ""
    for word in words:
        assert word in printed.err
    return printed.err


def written(home, name="mine.yaml", **changes):
    path = home / name
    path.write_text(yaml.safe_dump(TINY | changes), encoding="utf-8")
    return path


def test_a_word_that_is_no_command_is_refused_with_those_there_are(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["simulate"])
    assert stopped.value.code == 2
    message = capsys.readouterr().err
    for name in ("new", "check", "open", "material", "structures", "density"):
        assert f"'{name}'" in message


@pytest.mark.parametrize("name", ["new", "check", "open", "material", "structures", "density"])
def test_every_command_tells_its_usage_by_its_own_name(capsys, name):
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: ferronhall {name} ")


def test_a_new_campaign_has_its_folders_name_and_the_demos_questions(capsys, home):
    status, printed = said(capsys, "new", "mine")
    assert status == 0
    assert [line.split()[0] for line in printed.out.splitlines()[1:]] == ["cd", *["snakemake"] * 2]
    text = (home / "mine" / "config" / "config.yaml").read_text(encoding="utf-8")
    demo = yaml.safe_load((ROOT / "config" / "config.yaml").read_text(encoding="utf-8"))
    assert yaml.safe_load(text) == demo | {"campaign": "mine"}
    schema = text.partition("$schema=")[2].partition("\n")[0]
    assert schema == str(ROOT / "src/ferronhall/base/schemas/config.schema.yaml")
    for profile in ("profiles/default", "workflow/profiles/slurm", "workflow/profiles/generic"):
        copy, source = (r / profile / "config.yaml" for r in (home / "mine", ROOT))
        assert copy.read_bytes() == source.read_bytes()


def test_a_campaign_like_another(capsys, home):
    assert said(capsys, "new", "2026", "--like", "pbtio3")[0] == 0
    content = yaml.safe_load((home / "2026/config/config.yaml").read_text(encoding="utf-8"))
    other = yaml.safe_load((ROOT / "config/pbtio3.yaml").read_text(encoding="utf-8"))
    assert content == other | {"campaign": "2026"}


@pytest.mark.parametrize("path", sorted((ROOT / "config").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_configuration_can_be_begun_with(capsys, home, path):
    assert said(capsys, "new", "mine", "--like", path.stem)[0] == 0
    content = yaml.safe_load((home / "mine/config/config.yaml").read_text(encoding="utf-8"))
    assert content["campaign"] == "mine"


@pytest.mark.parametrize("name", ["my slab", "_slab", "größe", "-", "x" * 201])
def test_a_name_that_cannot_be_a_campaigns_leaves_nothing(capsys, home, name):
    message = refused(capsys, "new", f"./{name}", words=["campaign: ", "letters, digits"])
    assert message.startswith("No campaign was begun.\n")
    assert list(home.iterdir()) == []


def test_a_folder_that_is_taken_stays_as_it_is(capsys, home):
    (home / "mine").mkdir()
    assert said(capsys, "new", "mine")[0] == 0, "an empty folder is free"
    file = home / "mine" / "config" / "config.yaml"
    file.write_text("mine", encoding="utf-8")
    refused(capsys, "new", "mine", words=["'mine' exists", "free name"])
    assert file.read_text(encoding="utf-8") == "mine"
    refused(capsys, "new", "mine/Snakefile", words=["'mine/Snakefile' exists"])
    refused(capsys, "new", "mine/Snakefile/sub", words=["'mine/Snakefile/sub'"])


def test_a_configuration_is_checked_with_its_material_and_model(capsys, home):
    path = written(home)
    status, printed = said(capsys, "check", path)
    assert status == 0
    assert "campaign 'tiny': 7 x 5 x 1 cells of BaTiO3, 2 replicas" in printed.out
    # the pre-flight of the library itself
    expected = parameters_dataset(validate(TINY, ROOT))
    assert f"{float(expected.hessian_smallest):.4g} eV/Å²" in printed.out
    assert "Warning: lattice.nz = 1" in printed.out
    assert "sample_every_steps" not in printed.out
    assert sorted(p.name for p in home.iterdir()) == ["mine.yaml"], "nothing ran"


def test_what_a_run_would_warn_of_is_said(capsys, home):
    slow = TINY["time"] | {"sample_every_steps": 10, "samples_per_block": 10}
    status, printed = said(capsys, "check", written(home, time=slow))
    assert status == 0
    assert "Warning: time.sample_every_steps: 10" in printed.out


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"latice": {"nx": 3}}, "latice: unknown key (did you mean lattice?)"),
        ({"material": "gone.yaml"}, "'gone.yaml' cannot be read"),
        ({"time": TINY["time"] | {"dt_ps": 0.2}}, "dt_ps"),
        ({"scan": [{"key": "field.gone", "values": [1]}]}, "field.gone"),
        ({"first_principles": 3}, "first_principles"),
        ({"first_principles": {"code": "vasp", "crystals": {}}}, "crystals"),
    ],
)
def test_what_cannot_be_used_is_said_as_a_run_would(capsys, home, changes, word):
    message = refused(capsys, "check", written(home, **changes), words=[word])
    assert message.startswith("The configuration cannot be used.\n")


@pytest.mark.parametrize("text", ["", "- 1\n", "campaign: [\n"])
def test_a_file_without_keys_is_no_configuration(capsys, home, text):
    (home / "odd.yaml").write_text(text, encoding="utf-8")
    refused(capsys, "check", "odd.yaml", words=["The configuration cannot be used."])


def test_a_configuration_that_is_not_there(capsys):
    refused(capsys, "check", "gone.yaml", words=["'gone.yaml' cannot be read (No such file"])


@pytest.mark.parametrize("missing", ["extra", "device", ""])
def test_what_the_gpu_engine_lacks_here_is_told(capsys, home, monkeypatch, missing):
    lacks = {"extra": "needs the extra of that name", "device": "no CUDA device answers here"}
    monkeypatch.setattr(device, "EMULATED", not missing)
    found = None if missing == "extra" else True
    monkeypatch.setattr(device.importlib.util, "find_spec", lambda name: found)
    monkeypatch.setattr(device.cuda, "is_available", lambda: False)
    status, printed = said(capsys, "check", written(home, engine="gpu"))
    told = [line for line in printed.out.splitlines() if "engine: gpu" in line]
    assert status == 0
    if missing:
        assert lacks[missing] in told[0] and told[0].startswith("Warning: on this machine")
    else:
        assert not told


@pytest.mark.parametrize(
    "path", sorted((ROOT / "config/first_principles").glob("*.yaml")), ids=lambda p: p.stem
)
def test_first_principles_runs_are_checked_too(capsys, path):
    status, printed = said(capsys, "check", path)
    assert status == 0
    assert ("VASP" if "vasp" in path.stem else "Quantum ESPRESSO") in printed.out
    assert ("second_order_runs" in printed.out) == ("second_order" in path.stem)


def test_a_campaign_without_results_is_not_opened(capsys, home):
    refused(capsys, "open", "results/gone", words=["results/gone: no such folder"])
    refused(capsys, "open", home, words=["none of a campaign's files", "snakemake"])


def test_a_damaged_file_is_an_error_and_no_summary(capsys, home):
    folder = home / "results" / "tiny"
    folder.mkdir(parents=True)
    storage.write(
        parameters_dataset(validate(TINY, ROOT)), home / paths.Campaign("tiny").parameters
    )
    status, printed = said(capsys, "open", "results/tiny")
    assert status == 0
    assert printed.out.startswith("Campaign tiny: 7 × 5 × 1 cells of BaTiO3")
    (folder / "theory.nc").write_bytes(b"CDF")
    refused(capsys, "open", "results/tiny", words=["The campaign cannot be opened.", "theory.nc"])


@pytest.mark.parametrize(("walls", "told"), [([2], "2"), ([2, 3], "2, 3")])
def test_domain_walls_are_told_of(capsys, home, walls, told):
    """Of walls in the middle the edge accumulations alone say nothing of the polarization."""
    config = validate(TINY | {"domains": {"walls_y": walls}}, ROOT)
    campaign = paths.Campaign("tiny")
    (home / "results" / "tiny").mkdir(parents=True)
    storage.write(parameters_dataset(config), home / campaign.parameters)
    found = domain_walls_dataset(Model.from_config(config), config, lambda line: None)
    storage.write(found, home / campaign.domain_walls)
    _, printed = said(capsys, "open", "results/tiny")
    assert printed.out.splitlines()[0].endswith(f"rad/ps; domain walls at {told}")
    rows = [line for line in printed.out.splitlines() if line.startswith(("| 2 |", "| 3 |"))]
    assert "# Domain walls of campaign tiny" in printed.out and len(rows) == len(walls)


def test_a_reader_that_has_enough_is_no_error(home):
    """As `ferronhall open results/mine | head -1`, whose pipe is closed before all is written."""
    path = written(home)
    ours, theirs = os.pipe()
    os.close(ours)
    run = "import sys; from ferronhall.public.command import main; sys.exit(main())"
    command = [sys.executable, "-c", run, "check", path]
    ended = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(theirs)
    assert (ended.returncode, ended.stderr) == (1, "")


def test_in_a_clone_the_workflow_is_the_clones():
    assert shipped.root() == ROOT
    assert shipped.snakefile() == str(ROOT / "Snakefile")
