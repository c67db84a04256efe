"""Devices, pipes and sockets in the place of a file: one message at once, and no job that waits."""

import os
import socket

import pytest

from ferronhall.base import storage, yaml_files
from ferronhall.base.errors import ConfigError, DataFileError
from ferronhall.crystals.phonons import files
from ferronhall.crystals.second_order import polarizations
from ferronhall.engine import checkpoint
from ferronhall.model.material import read_material


def _pipe(path):
    os.mkfifo(path)


def _device(path):
    path.symlink_to("/dev/zero")


def _folder(path):
    path.mkdir()


def _socket(path):
    # the name of a socket is short, the temporary folder's is not
    with socket.socket(socket.AF_UNIX) as bound:
        before = os.getcwd()
        os.chdir(path.parent)
        try:
            bound.bind(path.name)
        finally:
            os.chdir(before)


KINDS = {"a pipe": _pipe, "a device": _device, "a folder": _folder, "a socket": _socket}

READERS = {
    "material": (read_material, ConfigError),
    "configuration": (yaml_files.read, ConfigError),
    "results": (storage.read, DataFileError),
    "polarizations": (polarizations.read, DataFileError),
    "checkpoint": (lambda path: checkpoint.read(path, {}), DataFileError),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", READERS)
def test_it_is_named_instead_of_read(tmp_path, kind, reader):
    path = tmp_path / "file"
    KINDS[kind](path)
    read, error = READERS[reader]
    with pytest.raises(error) as refused:
        read(path)
    assert str(path) in str(refused.value)
    assert f"it is {kind}; give a regular file" in str(refused.value)


def test_a_pipe_among_first_principles_data(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "forces")
    monkeypatch.setattr(files, "data_files", lambda path: [path, str(tmp_path / "forces")])
    (tmp_path / "dataset.yaml").write_text("")
    with pytest.raises(ConfigError, match=r"forces', which cannot be read \(it is a pipe"):
        files.data_digest(str(tmp_path / "dataset.yaml"))


def test_a_link_to_a_file_is_read(tmp_path):
    (tmp_path / "file").write_text("a: 1")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert yaml_files.read(tmp_path / "link") == {"a": 1}
