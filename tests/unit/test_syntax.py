"""What code a file holds is remembered by the file's content, and by nothing else."""

import json
import os
import subprocess
import sys

import pytest

from ferronhall.base import syntax

SOURCE = "import ferronhall.a\nfrom ferronhall.b import c, d\n\n\ndef f(x):\n    return 2 * x\n"
ASK = (
    "import sys; from pathlib import Path; from ferronhall.base import syntax;"
    "parse = syntax._parsed;"
    "syntax._parsed = lambda text: print('parsed') or parse(text);"
    "print(syntax.code_of(Path(sys.argv[1])))"
)


@pytest.fixture
def ask(tmp_path):
    """Ask a new process for a file's code: its answer, and whether it parsed the file for it."""

    def answer(text, home=tmp_path / "home"):
        (tmp_path / "file.py").write_text(text, encoding="utf-8")
        variables = os.environ | {"XDG_CACHE_HOME": str(home)}
        command = [sys.executable, "-c", ASK, str(tmp_path / "file.py")]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
        *parsed, found = done.stdout.splitlines()
        return found, bool(parsed)

    return answer


def memory(tmp_path):
    return next((tmp_path / "home").rglob("*.json"))


def test_the_second_process_parses_nothing_and_answers_the_same(ask):
    found, parsed = ask(SOURCE)
    assert parsed and "['ferronhall.b', ['c', 'd']]" in found and "['ferronhall.a', None]" in found
    assert ask(SOURCE) == (found, False)


def test_other_content_is_another_file(ask):
    before, _ = ask(SOURCE)
    after, parsed = ask(SOURCE.replace("2 * x", "3 * x"))
    assert parsed and after != before
    assert ask(SOURCE)[1] is False


@pytest.mark.parametrize("damage", ["", "{", '{"half": '])
def test_a_damaged_memory_is_none(ask, tmp_path, damage):
    ask(SOURCE)
    memory(tmp_path).write_text(damage)
    assert ask(SOURCE)[1] is True
    # and is whole again
    assert len(json.loads(memory(tmp_path).read_text())) == 1


def test_without_a_folder_to_write_into_every_process_parses(ask, tmp_path):
    (tmp_path / "file").write_text("")
    answers = [ask(SOURCE, home=tmp_path / "file") for _ in range(2)]
    assert answers[0] == answers[1] and answers[0][1] is True


def test_the_memory_is_bounded(ask, tmp_path):
    ask(SOURCE)
    full = {str(n): ["0", []] for n in range(syntax._MOST)}
    memory(tmp_path).write_text(json.dumps(full))
    ask(SOURCE)
    assert len(json.loads(memory(tmp_path).read_text())) == 1
