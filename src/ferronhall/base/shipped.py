"""Files that come with the workflow, for campaigns that run in a folder without them."""

from pathlib import Path


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
