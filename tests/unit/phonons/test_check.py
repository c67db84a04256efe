"""ferronhall-material --check: one page on what is read, kept and refused, and a picture."""

import shutil

import pytest

from ferronhall.crystals.phonons import material_file
from tests.unit.phonons.espresso import DATA


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def check(capsys, *arguments):
    status = material_file.main(["--check", *map(str, arguments)])
    return status, capsys.readouterr()


def test_the_page_says_what_was_read_and_kept(folder, capsys, tmp_path):
    status, said = check(capsys, folder / "dataset.yaml", "--picture", tmp_path / "branches.png")
    assert status == 0
    page = said.out
    for words in (
        "cubic/bto333.fc",
        "Ry and bohr",
        "α = 1 (2π/alat)²",
        "acoustic sum rule",
        "from -6.398 to -6.252 THz",
        "soft mode -6.252 THz",
        "19.334",
        "softest branch, crystal → model",
        "polarization of the path at λ = 1: 0.3501 C/m²",
        "nothing is refused",
    ):
        assert words in page
    assert page.index("bto333.fc") < page.index("bto222.fc") < page.index("switching_path.csv")
    assert (tmp_path / "branches.png").read_bytes().startswith(b"\x89PNG")


def test_everything_that_would_be_refused_is_listed(folder, capsys):
    text = (folder / "dataset.yaml").read_text()
    (folder / "dataset.yaml").write_text(text.replace("b_site: Ti", "b_site: Zr"))
    text = (folder / "switching_path.csv").read_text()
    (folder / "switching_path.csv").write_text(text.replace("dz_Ba_A", "dz_Sr_A"))
    (folder / "tetragonal" / "bto222.fc").write_text("nothing\n")
    status, said = check(capsys, folder / "dataset.yaml")
    assert status == 1
    refused = said.out.split("refused:")[1]
    for words in ("b_site: 'Zr'", "dz_Ba_A and so on", "bto222.fc"):
        assert words in refused
    assert "-6.252" in said.out and "Traceback" not in said.out + said.err


def test_a_data_file_that_cannot_be_used_is_one_message(folder, capsys):
    (folder / "dataset.yaml").write_text("name: [\n")
    status, said = check(capsys, folder / "dataset.yaml")
    assert status == 1 and "cannot be checked" in said.err and not said.out


@pytest.mark.parametrize(
    "arguments",
    [["data.yaml"], ["--check", "data.yaml", "out.yaml"], ["data.yaml", "--picture", "p"]],
)
def test_a_file_to_write_or_the_page_but_not_both(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        material_file.main(arguments)
    assert stopped.value.code == 2 and "--check" in capsys.readouterr().err


def test_a_picture_of_an_unknown_kind_is_refused(folder, capsys):
    status, said = check(capsys, folder / "dataset.yaml", "--picture", "branches.jpeg2000")
    assert status == 1 and ".png" in said.err
