"""Where compiled kernels are kept: a folder named after their sources, which the user can write.

numba's on-disk cache notices a change of the file a function stands in, but not of the functions it
calls. Whatever the base, the folder below it therefore carries a digest of all kernels' sources.

numba also keeps apart what lies in different places; here equal sources are the same kernels, so a
library that was moved or copied together with its cache compiles nothing anew, and all clones and
environments that are told the same base share their kernels. What compiles them and what they are
compiled for are part of the digest too: numba has one index for all processors, which two of them
that compile at once overwrite, and one file for all versions of itself.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

import llvmlite
import numba
import numpy as np
from llvmlite.binding import get_host_cpu_name
from numba import config
from numba.core import caching
from numba.core.codegen import get_host_cpu_features


class BySources(caching.UserProvidedCacheLocator):
    """Where numba finds a kernel: directly in the folder of its sources' digest."""

    folders = ()
    """Folders that cache_folder has named."""

    @classmethod
    def from_function(cls, py_func, py_file):
        """The locator of a kernel; None for any other function, which numba keeps as ever."""
        return super().from_function(py_func, py_file) if config.CACHE_DIR in cls.folders else None

    @classmethod
    def get_suitable_cache_subpath(cls, py_file):
        """No subfolder for the place that the sources lie in."""
        return ""

    def get_source_stamp(self):
        """Digest of all sources, the folder's name."""
        return Path(self.get_cache_path()).name


caching.CacheImpl._locator_classes.insert(0, BySources)


def cache_folder(sources, preferred=""):
    """The first folder that can be written, or None, with which every process compiles anew.

    sources : path
        Folder whose modules are compiled.
    preferred : str
        The base numba was told (NUMBA_CACHE_DIR or its configuration file), "" for none. After it
        come the sources' own __pycache__ and the user's cache folder: a library installed for a
        group cannot be written by its members.
    """
    digest = sources_digest(sources, _compiler())
    user = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    bases = [Path(sources, "__pycache__"), user / "ferronhall"]
    if preferred:
        bases.insert(0, Path(preferred) / "ferronhall")
    found = next((str(base / digest) for base in bases if _writable(base / digest)), None)
    BySources.folders += (found,) if found else ()
    return found


def sources_digest(folder, compiler=""):
    """Digest (16 hex digits) of the names and contents of a folder's modules, and of a compiler."""
    content = hashlib.sha256(compiler.encode())
    for path in sorted(Path(folder).glob("*.py")):
        text = path.read_bytes()
        content.update(f"{path.name} {len(text)}\n".encode() + text)
    return content.hexdigest()[:16]


def _compiler():
    """What makes the machine code, and for which processor."""
    versions = (numba.__version__, llvmlite.__version__, np.__version__, sys.version)
    name = config.CPU_NAME or get_host_cpu_name()
    features = config.CPU_FEATURES
    return "\n".join((*versions, name, get_host_cpu_features() if features is None else features))


def _writable(folder):
    # a file tells what permission bits do not: read-only mounts, quotas, mapped users
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
