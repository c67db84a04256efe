"""ferronhall-material keeps a file that holds something else, and says what it would lose."""

import pytest
import yaml

from ferronhall.base import yaml_files
from ferronhall.crystals.phonons import material_file
from tests.unit.phonons.espresso import DATA


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What the command writes of the data."""
    path = tmp_path_factory.mktemp("made") / "batio3.yaml"
    assert material_file.main([str(DATA / "dataset.yaml"), str(path)]) == 0
    return path.read_text(encoding="utf-8")


@pytest.fixture
def output(tmp_path, made):
    path = tmp_path / "mine.yaml"
    path.write_text(made, encoding="utf-8")
    return path


def make(capsys, output, *options):
    status = material_file.main([str(DATA / "dataset.yaml"), str(output), *options])
    return status, capsys.readouterr()


def edited(output, **changes):
    """The file with other values in keys or groups; its text."""
    content = yaml.safe_load(output.read_text(encoding="utf-8"))
    for key, value in changes.items():
        content[key] = content[key] | value if isinstance(content.get(key), dict) else value
    yaml_files.write(content, output)
    return output.read_text(encoding="utf-8")


def test_keys_added_by_hand_are_named_and_kept(output, capsys):
    text = edited(
        output,
        bond_charge={"dipole_e_per_A": [1.0, 1.0, 1.0]},
        short_range={"mine": {"dipole_kernel": "s11"}},
        onsite={"barrier_meV": 20.0},
    )
    status, said = make(capsys, output)
    assert status == 1
    assert said.out == ""
    for words in (
        "No material file was made.",
        f"'{output}' exists",
        "lose ",
        "bond_charge",
        "short_range.mine",
        "change onsite.barrier_meV;",
        "--replace",
    ):
        assert words in said.err
    assert output.read_text(encoding="utf-8") == text


def test_other_names_of_presets_lose_the_first_ones(output, capsys):
    status, said = make(capsys, output, "--prefix", "mine")
    assert status == 1
    assert "lose short_range.dft-gaussian, short_range.dft-s11" in said.err


def test_with_consent_it_is_written(output, made, capsys):
    edited(output, mine=1)
    status, _ = make(capsys, output, "--replace")
    assert status == 0
    assert output.read_text(encoding="utf-8") == made


def test_the_same_content_with_remarks_stays_as_it_is(output, made, capsys):
    remarked = f"# a remark\n{made}"
    output.write_text(remarked, encoding="utf-8")
    status, said = make(capsys, output)
    assert status == 0
    assert "holds the same already" in said.out
    assert output.read_text(encoding="utf-8") == remarked


@pytest.mark.parametrize("text", ["- 1\n", "a: [\n", ""])
def test_a_file_of_another_kind_stays_as_it_is(output, capsys, text):
    output.write_text(text, encoding="utf-8")
    status, said = make(capsys, output)
    assert status == 1
    assert str(output) in said.err
    assert "--replace" in said.err
    assert output.read_text(encoding="utf-8") == text


def test_a_folder_that_is_not_there_is_named_and_not_made(tmp_path, capsys):
    status, said = make(capsys, tmp_path / "typo" / "mine.yaml")
    assert status == 1
    assert f"'{tmp_path / 'typo'}': no such folder" in said.err
    assert list(tmp_path.iterdir()) == []
