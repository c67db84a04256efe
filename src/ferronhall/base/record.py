"""What a result records of its making, and how that differs from what its stage would do today.

Every dataset carries the block of its stage (see digest) and the digests of the modules that ran.
So a file is known for what it is wherever it lies, with or without Snakemake's own records.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from ferronhall.base import changes, storage
from ferronhall.base.dotted_keys import leaves
from ferronhall.base.errors import DataFileError

_MOST = 5
"""Keys or modules named in a message."""


class UnrecordedError(DataFileError):
    """A readable file that says nothing of how it was made."""


@dataclass(frozen=True)
class Difference:
    """How a recorded block differs from another one.

    keys : dict, dotted key → (recorded value, wanted value); None where there is no such key
    modules : tuple of str
        Modules and scripts whose code differs; empty where the record does not tell which.
    parts : tuple of str
        Other parts of the block that differ: "material", "data", "code"; or "record" alone, where
        the file says nothing of its making.
    """

    keys: dict = field(default_factory=dict)
    modules: tuple = ()
    parts: tuple = ()

    @property
    def code_alone(self):
        """Whether nothing but code differs."""
        return self.parts == ("code",) and not self.keys

    def __bool__(self):
        return bool(self.keys or self.parts)

    def __str__(self):
        named = [changes.in_words(key, *both) for key, both in list(self.keys.items())[:_MOST]]
        if len(self.keys) > _MOST:
            named.append(f"{len(self.keys) - _MOST} more keys")
        if self.parts == ("record",):
            return "no record of how it was made"
        named += [f"other {part}" for part in self.parts if part != "code"]
        if "code" in self.parts:
            named.append(f"code: {modules_in_words(self.modules)}")
        return ", ".join(named)


def modules_in_words(modules):
    """Names of modules, the first few, without the library's."""
    if not modules:
        return "which modules is not recorded"
    names = [name.removeprefix("ferronhall.") for name in modules[:_MOST]]
    more = [f"{len(modules) - _MOST} more"] if len(modules) > _MOST else []
    return ", ".join([*names, *more])


@dataclass(frozen=True)
class Record:
    """The block of a stage and the digests of its modules.

    block : dict, see digest.stage_block; without "code" of a result of an older version, and empty
        of a file that records nothing
    modules : dict, module or script → digest of its code
    accepted : str
        Other code that had a part in it and was accepted, in words.
    """

    block: dict
    modules: dict
    accepted: str = ""

    def attributes(self, dataset):
        """Attributes by which a dataset records it, and names its variables."""
        attributes = {
            "stage": json.dumps(self.block),
            "modules": json.dumps(self.modules, sort_keys=True),
            "recorded_variables": " ".join(map(str, dataset.data_vars)),
        }
        accepted = _joined([dataset.attrs.get("accepted_code", ""), self.accepted])
        return attributes | ({"accepted_code": accepted} if accepted else {})

    def difference(self, other):
        """How this record differs from another; a Difference, empty where it does not."""
        here, there = self.block, other.block
        if not here:
            return Difference(parts=("record",))
        recorded = [leaves(block.get("config", {})) for block in (here, there)]
        keys = {
            key: tuple(found.get(key) for found in recorded)
            for key in sorted({*recorded[0], *recorded[1]})
            if recorded[0].get(key) != recorded[1].get(key)
        }
        # a file of an older version records its configuration alone
        both = sorted({*here, *there} if "code" in here else {"code"})
        parts = tuple(p for p in both if p != "config" and here.get(p) != there.get(p))
        modules = ()
        if "code" in parts and self.modules:
            names = sorted({*self.modules, *other.modules})
            modules = tuple(n for n in names if self.modules.get(n) != other.modules.get(n))
        return Difference(keys, modules, parts)


@dataclass(frozen=True, repr=False)
class Expected:
    """What a job's datasets are to record, and what its inputs should.

    modules : dict, module or script → digest of its code
    inputs : dict, path → Record
    """

    modules: dict
    inputs: dict

    def __repr__(self):
        # reports print a job's parameters whole
        return f"digests of {len(self.modules)} modules, records of {len(self.inputs)} inputs"


def read(path):
    """The Record of a file.

    raises : DataFileError when the file cannot be read or lacks a variable that it was written
        with; UnrecordedError when it is no result of a stage
    """
    attributes, variables = storage.outline(path)
    if not {"stage", "config"} & set(attributes):
        raise UnrecordedError(
            f"{path}: it records no configuration, as every result does; another program wrote it. "
            "To have it made anew move it to another folder and run again"
        )
    missing = set(attributes.get("recorded_variables", "").split()) - set(variables)
    if missing:
        raise DataFileError(
            f"{path}: it was written with {', '.join(sorted(missing))} and holds no such variable "
            "now, so another program changed it; to have it made anew move it to another folder "
            "and run again"
        )
    if "stage" in attributes:
        made = (json.loads(attributes[name]) for name in ("stage", "modules"))
        return Record(*made, attributes.get("accepted_code", ""))
    config = json.loads(attributes["config"])
    return Record({"config": {k: v for k, v in config.items() if k != "material"}}, {})


def require(wanted, accept):
    """Compare files with what their stages would make today.

    wanted : dict, path → Record
    accept : bool
        Whether files that other code made are taken as they are.
    returns : str, what was accepted of them or in what they were made from; "" for nothing
    raises : DataFileError naming file, keys, both values and the way out
    """
    others, earlier = {}, set()
    for path, expected in wanted.items():
        found = read(path)
        difference = found.difference(expected)
        if difference and not (accept and difference.code_alone):
            raise DataFileError(f"{path}: {refusal(difference)}")
        if difference:
            others.setdefault(str(difference), []).append(Path(path))
        if found.accepted:
            earlier.add(found.accepted)
    noted = [f"{in_words(files)}: {difference}" for difference, files in others.items()]
    return _joined([*noted, *sorted(earlier)])


def _joined(notes):
    """Notes on accepted code as one, each part once: an input's own may repeat another's."""
    parts = (part for note in notes for part in note.split("; "))
    return "; ".join(dict.fromkeys(filter(None, parts)))


def refusal(difference):
    """Why a file is not what it is taken for, and the way out."""
    ways = ["have it made anew (`--forcerun` and the file's name)"]
    if difference.keys:
        ways += ["put the value back", "give this configuration a `campaign` of its own"]
    if difference.code_alone:
        ways += ["accept it as it is (`--config accept_code=true`)"]
    return (
        "it is not what this configuration and code make (recorded → wanted: "
        f"{difference}); {', or '.join(ways)}"
    )


def in_words(files):
    """A file, or the first of several and their number."""
    return str(files[0]) + (f" and {len(files) - 1} more" if len(files) > 1 else "")
