"""Files that come with the workflow, for campaigns that run in a folder without them."""

from pathlib import Path

_LIBRARY = Path(__file__).resolve().parents[1]


def root():
    """Folder of the workflow that belongs to this library, where its Snakefile is.

    It is the clone that the library stands in or, of an installed one, a folder of the library.
    """
    clone = _LIBRARY.parents[1]
    return clone if (clone / "src" / "ferronhall").exists() else _LIBRARY / "shipped"


def snakefile():
    """Path of that Snakefile, for `include:` and for the `snakefile:` of a module."""
    return str(root() / "Snakefile")


def find(path, root):
    """A path as it is, or beside the workflow where it lies there and not in the working folder.

    path : str
        Relative to the working folder, or absolute.
    root : str or Path
        Folder of the workflow, where its Snakefile is.
    returns : str; the path itself where it is in neither place, for a message to name
    """
    beside = Path(root, path)
    return str(beside) if beside.exists() and not Path(path).exists() else str(path)
