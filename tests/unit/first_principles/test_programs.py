"""Programs and pseudopotentials, checked, and calculations that stop and go on."""

import copy
import hashlib
import stat

import pytest

from ferronhall.base.errors import ConfigError, FirstPrinciplesError
from ferronhall.crystals.first_principles import crystal
from ferronhall.crystals.first_principles.quantum_espresso import (
    plans,
    programs,
    pseudopotentials,
    settings,
)


def test_pseudopotentials_are_checked_file_by_file(section, tmp_path):
    kinds = settings.species(section)
    (tmp_path / "Ti.upf").write_text("another")
    with pytest.raises(ConfigError) as error:
        pseudopotentials.check(tmp_path, kinds)
    text = str(error.value)
    assert text.startswith("3 mistakes")
    assert text.count("PseudoDojo, PBEsol v0.4") == 2
    assert f"Ti.upf' has the SHA-256 {'ae448ac8'}" in text
    assert f"expects {kinds[1].sha256}" in text


def test_missing_programs_name_the_package():
    with pytest.raises(ConfigError) as error:
        programs.check({"pw": "env -u X nowhere/pw.x -npool 2", "ph": "none.x", "q2r": "true"})
    text = str(error.value)
    assert text.startswith("2 mistakes")
    assert "first_principles.commands.pw: 'nowhere/pw.x' is not on the PATH" in text
    assert text.count("quantum-espresso") == 2


class FakePrograms:
    """Programs that note each start, and stop early while the file `broken` exists."""

    def __init__(self, folder, section):
        self.starts = folder / "starts"
        self.broken = folder / "broken"
        self.scratch = folder / "scratch"
        self.section = section | {"pseudopotentials": str(folder), "keep_scratch": False}
        self.section["commands"] = {}
        for name in ("pw", "ph", "q2r"):
            path = folder / f"{name}.x"
            path.write_text(
                f'#!/bin/sh\necho "{name} $2 $OMP_NUM_THREADS" >> {self.starts}\n'
                f"touch bto.dyn1\n"
                f'[ {name} = ph ] && [ -e {self.broken} ] && echo "iter # 3" && exit 0\n'
                "echo JOB DONE.\n"
            )
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
            self.section["commands"][name] = str(path)
        for kind in self.section["species"]:
            content = kind["symbol"].encode()
            (folder / kind["pseudopotential"]).write_bytes(content)
            kind["sha256"] = hashlib.sha256(content).hexdigest()

    def run(self, target, cutoff=80.0):
        section = copy.deepcopy(self.section)
        section["cubic"]["cutoff_Ry"] = cutoff
        steps = plans.dynamical_matrix(section, crystal.start(section, "cubic"), 1)
        plan = programs.identity(steps, section)
        self.starts.unlink(missing_ok=True)
        programs.calculate(plan, self.scratch, [target], section, lambda line: None)

    @property
    def started(self):
        return self.starts.read_text().splitlines()


@pytest.fixture
def fake(section, tmp_path):
    return FakePrograms(tmp_path, section)


def test_a_calculation_leaves_its_files_and_no_scratch(fake, tmp_path):
    fake.run(tmp_path / "results" / "bto.dyn1")
    assert fake.started == ["pw scf.in 1", "ph q1.in 1"]
    assert (tmp_path / "results" / "bto.dyn1").exists()
    assert not fake.scratch.exists()


def test_an_unfinished_calculation_goes_on(fake, tmp_path):
    target = tmp_path / "results" / "bto.dyn1"
    fake.broken.touch()
    with pytest.raises(FirstPrinciplesError, match=r"ph\.x failed on q1\.in: it ends without"):
        fake.run(target)
    assert not target.exists()
    fake.broken.unlink()
    fake.run(target)
    # the ground state had finished
    assert fake.started == ["ph q1.in 1"]
    assert target.exists()


def test_what_belongs_to_other_inputs_is_not_taken_up(fake, tmp_path):
    target = tmp_path / "results" / "bto.dyn1"
    fake.broken.touch()
    with pytest.raises(FirstPrinciplesError):
        fake.run(target)
    fake.broken.unlink()
    fake.run(target, cutoff=90.0)
    assert fake.started == ["pw scf.in 1", "ph q1.in 1"]
