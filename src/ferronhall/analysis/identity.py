"""Whether trajectories are what their places say: field, replica, seed, and one configuration.

A file moved, exchanged or copied by hand keeps what it records of itself. Averaged where it lies it
would turn the sign of a field-odd part around, or count one noise twice.
"""

import json
from pathlib import Path

from ferronhall.base.dotted_keys import leaves
from ferronhall.base.errors import DataFileError

_WAY_OUT = (
    "; move the file to where it belongs, or out of results/, and run `snakemake trajectories` "
    "with the same configuration: the replicas that then miss a file are made anew, no others"
)
_MOST_KEYS = 5
"""Of a configuration, named in a message."""


class Identities:
    """Compares each replica's files with their places and with the files before them.

    root_seed : int, optional
        The campaign's; without it that of the first file.
    """

    def __init__(self, root_seed=None):
        self.root_seed = None if root_seed is None else str(root_seed)
        self.first = None
        self.noises = {}

    def check(self, fields, datasets, paths):
        """Take the next replica's files.

        fields : sequence of str
            "minus", "zero" or "plus": the places of the files.
        raises : DataFileError naming file, attribute, both values and the way out
        """
        for field, dataset, path in zip(fields, datasets, paths, strict=True):
            self._check_place(field, dataset, path)
            self._check_configuration(dataset, path)
        found = [_recorded(d, "replica", p) for d, p in zip(datasets, paths, strict=True)]
        for number, path in zip(found, paths, strict=True):
            if number != found[0]:
                raise DataFileError(
                    f"{path}: its replica is {number}, that of {paths[0]} is {found[0]}; the three "
                    f"fields need the same replicas in the same order{_WAY_OUT}"
                )
        noise = _recorded(datasets[0], "root_seed", paths[0]), found[0]
        if noise in self.noises:
            raise DataFileError(
                f"{paths[0]}: its root_seed is {noise[0]} and its replica {noise[1]}, and so are "
                f"those of {self.noises[noise]}: one noise, which counts once{_WAY_OUT}"
            )
        self.noises[noise] = paths[0]

    def _check_place(self, field, dataset, path):
        place = {"field": field}
        if Path(path).stem.isdecimal():
            place["replica"] = str(int(Path(path).stem))
        if self.root_seed is not None:
            place["root_seed"] = self.root_seed
        for name, expected in place.items():
            found = _recorded(dataset, name, path)
            if found != expected:
                raise DataFileError(
                    f"{path}: its {name} is {found}, where that of this place is {expected}; it is "
                    f"another trajectory that was moved or copied here{_WAY_OUT}"
                )
        self.root_seed = _recorded(dataset, "root_seed", path)

    def _check_configuration(self, dataset, path):
        if self.first is None:
            self.first = dataset, path
        first, first_path = self.first
        digests = [_recorded(d, "config_digest", p) for d, p in ((dataset, path), self.first)]
        if digests[0] != digests[1]:
            raise DataFileError(
                f"{path}: its config_digest is {digests[0]}, that of {first_path} is {digests[1]}; "
                f"they come from different configurations ({_difference(dataset, first)})"
                f"{_WAY_OUT}"
            )


def _recorded(dataset, name, path):
    """What a file records of itself, as text."""
    if name not in dataset.attrs:
        raise DataFileError(
            f"{path}: it records no {name}, as every trajectory does; it is another kind of file"
            f"{_WAY_OUT}"
        )
    return str(dataset.attrs[name])


def _difference(dataset, first):
    """The keys in which two recorded configurations differ, in words."""
    here, there = (leaves(json.loads(d.attrs.get("config", "{}"))) for d in (dataset, first))
    keys = [key for key in sorted({*here, *there}) if here.get(key) != there.get(key)]
    named = [f"{k}: {here.get(k)} here, {there.get(k)} there" for k in keys[:_MOST_KEYS]]
    if len(keys) > _MOST_KEYS:
        named.append(f"and {len(keys) - _MOST_KEYS} more")
    return ", ".join(named) or "no key differs, so the material does"
