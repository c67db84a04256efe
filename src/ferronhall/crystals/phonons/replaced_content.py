"""What writing a material file would lose of one that is there, such as keys added by hand."""

from pathlib import Path

from ferronhall.base import yaml_files
from ferronhall.base.errors import ConfigError, DataFileError

_WAY_OUT = "name another file, or add --replace to write over this one"


def compared(path, content):
    """Whether a file is there and holds what is to be written, though its remarks may differ.

    path : str or Path
    content : dict, what would be written
    raises : DataFileError where the file would lose or change a key, or is none of the kind
    """
    if not Path(path).exists():
        return False
    try:
        there = yaml_files.read(path)
    except ConfigError as error:
        raise DataFileError(f"{error}; it stays as it is, {_WAY_OUT}") from error
    if not isinstance(there, dict):
        raise DataFileError(f"'{path}' exists and is no material file; {_WAY_OUT}")
    gone, changed = losses(there, content)
    said = [f"lose {', '.join(gone)}"] if gone else []
    said += [f"change {', '.join(changed)}"] if changed else []
    if said:
        raise DataFileError(f"'{path}' exists; writing it would {' and '.join(said)}; {_WAY_OUT}")
    return there == content


def losses(there, content):
    """Dotted keys of `there` that `content` lacks, and those that it has with another value.

    returns : (gone, changed), lists of str; a group that is gone stands for all its keys
    """
    gone, changed = [], []
    for key, value in there.items():
        if key not in content:
            gone.append(str(key))
        elif isinstance(value, dict) and isinstance(content[key], dict):
            inner = losses(value, content[key])
            for kept, found in zip((gone, changed), inner, strict=True):
                kept += [f"{key}.{name}" for name in found]
        elif value != content[key]:
            changed.append(str(key))
    return gone, changed
