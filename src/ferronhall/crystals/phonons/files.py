"""The YAML file that names a material's first-principles data, and every file that is read for it.

The files named count, and those beside them under phonopy's names; the folder in which a command is
typed plays no part. Whoever reads or digests data takes them from here.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ferronhall.base import digest, schema, yaml_files
from ferronhall.base.errors import ConfigError
from ferronhall.base.regular_file import require_regular
from ferronhall.crystals.phonons.recognition import PHONOPY, recognise

FORCES = ("FORCE_CONSTANTS", "force_constants.hdf5", "FORCE_SETS")
"""Names under which force constants or forces are looked for beside phonopy's file, in order."""

BORN = "BORN"
"""Name under which Born charges are looked for beside a file of force constants."""


@dataclass(frozen=True)
class PhaseFiles:
    """The files of one phase.

    constants : Path
        The one that the key `force_constants` names.
    kind : str
        As recognition.recognise gives it.
    forces : tuple of Path
        Files of force constants or forces beside it, or what the key `forces` names: one such file,
        or the outputs of a program, one for each displacement and in their order.
    charges : Path or None
        BORN beside it, or the file that the key `born` names.
    forces_named, charges_named : bool
        Whether those keys name them, and they count alone.
    """

    constants: Path
    kind: str
    forces: tuple
    charges: Path | None
    forces_named: bool
    charges_named: bool

    @property
    def read(self):
        """Every file, in the order in which they count."""
        others = (*self.forces, *([self.charges] if self.charges else []))
        return (self.constants, *(file for file in others if file != self.constants))


def phase_files(constants, forces=None, born=None):
    """PhaseFiles of a file of force constants.

    constants, born : str or Path, as the keys of the data file name them
    forces : str, Path or sequence of them, as that key does
    """
    constants = Path(constants)
    named = [forces] if isinstance(forces, str | Path) else forces or ()
    kind = recognise(constants) if constants.is_file() else ""
    beside = [constants.parent / name for name in FORCES if kind == PHONOPY]
    charges = Path(born) if born else constants.parent / BORN
    return PhaseFiles(
        constants,
        kind,
        tuple(map(Path, named)) if named else tuple(file for file in beside if file.is_file()),
        charges if born or charges.is_file() else None,
        bool(named),
        bool(born),
    )


def read_content(path):
    """The checked YAML file alone, defaults filled in; ConfigError when it cannot be used."""
    content = yaml_files.read_checked(path, "phonons", "first_principles")
    groups = ("cubic", "tetragonal", "mode_paths")
    given = {name for name in groups if name in content}
    filled = schema.fill(content, "phonons")
    # an optional group that is absent stays absent
    return {k: v for k, v in filled.items() if k not in groups or k in given}


def named_files(path, content):
    """PhaseFiles of each phase, by name, and the Path of the switching path.

    path : of the YAML file; content : as read_content gives it
    """
    folder = Path(path).parent
    phases = {
        name: _phase_files(folder, content[name])
        for name in ("cubic", "tetragonal")
        if name in content
    }
    return phases, folder / content["switching_path"]


def mode_path_entries(content):
    """What the checked file says of the paths of the cubic well, a dict each; none without them."""
    return content.get("mode_paths", {}).get("paths", [])


def _phase_files(folder, keys):
    forces = keys.get("forces", ())
    return phase_files(
        folder / keys["force_constants"],
        [folder / file for file in ([forces] if isinstance(forces, str) else forces)],
        folder / keys["born"] if "born" in keys else None,
    )


def data_files(path):
    """Every file that is read for the data set, itself first."""
    content = read_content(path)
    phases, switching_path = named_files(path, content)
    read = [file for phase in phases.values() for file in phase.read]
    modes = [Path(path).parent / entry["path"] for entry in mode_path_entries(content)]
    return [str(path), *map(str, read), str(switching_path), *map(str, modes)]


def data_digest(path):
    """Digest of names and contents of all data files; ConfigError for one that cannot be read."""
    contents = []
    for name in data_files(path):
        try:
            require_regular(name)
            contents.append((Path(name).name, hashlib.sha256(Path(name).read_bytes()).hexdigest()))
        except OSError as error:
            raise ConfigError(
                f"first_principles: '{path}' names '{name}', which cannot be read "
                f"({error.strerror})"
            ) from error
    return digest.fingerprint(contents)
