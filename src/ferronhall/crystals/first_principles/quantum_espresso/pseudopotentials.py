"""The pseudopotential files: that they are there, and that they are the ones meant."""

import hashlib
from pathlib import Path

from ferronhall.base import schema

SOURCE = "PseudoDojo, PBEsol v0.4, standard accuracy, UPF (www.pseudo-dojo.org)"


def check(folder, species):
    """ConfigError that lists every file missing or with another checksum, one message a file.

    folder : path
    species : sequence of settings.Species
    """
    schema.report([message for s in species for message in _messages(Path(folder), s)])


def _messages(folder, kind):
    key = "first_principles.species"
    path = folder / kind.pseudopotential
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        yield (
            f"{key}: the pseudopotential of {kind.symbol}, '{path}', cannot be read "
            f"({error.strerror}); put it there, or its folder into first_principles."
            f"pseudopotentials. The sets here are those of {SOURCE}"
        )
        return
    if found != kind.sha256.lower():
        yield (
            f"{key}: '{path}' has the SHA-256 {found}, the configuration expects {kind.sha256}; "
            f"take the file that was meant, or write its checksum there if it is this one"
        )
