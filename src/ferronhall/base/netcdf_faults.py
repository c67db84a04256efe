"""Why a NetCDF file cannot be read, in words that never tell to delete what may be good."""

import errno
import fcntl
import os

from ferronhall.base.regular_file import require_regular

_HDF5 = b"\x89HDF\r\n\x1a\n"
_CLASSIC = b"CDF"
_SHORTEST = 64
"""Bytes that no HDF5 file with a variable is as short as."""
_UNWRITTEN = "delete it and run again, it will be made anew"
_KEPT = "nothing is known to be wrong with the file itself, so keep it"


def fault(path, error):
    """What is wrong with a file that the NetCDF library refused, and the way out.

    The library answers a lock, a damaged file and much else with the same words, so the file is
    looked at here.

    error : the library's exception
    """
    try:
        require_regular(path)
        with open(path, "rb") as stream:
            head = stream.read(_SHORTEST)
            size = len(head)
            while part := stream.read(1 << 20):
                size += len(part)
            locked = _locked(stream)
    except PermissionError as refusal:
        return (
            f"this user may not read it ({refusal.strerror}); have its owner allow it "
            f"(chmod, for the folders above too) and run again; {_KEPT}"
        )
    except OSError as refusal:
        if refusal.errno == errno.EINVAL:
            return f"cannot be read ({refusal.strerror}), or move it away and run again"
        return (
            f"the file system does not hand it over ({refusal.strerror or refusal}); run again "
            f"when it does; {_KEPT}"
        )
    if _HDF5.startswith(head[:8]) and size < _SHORTEST:
        return f"not a readable NetCDF file (truncated after {size} bytes); {_UNWRITTEN}"
    if not head.startswith((_HDF5, _CLASSIC)):
        return f"not a readable NetCDF file (it begins with {head[:8]!r}); {_UNWRITTEN}"
    whole = _hdf5_size(head)
    if whole is not None and size < whole:
        return f"not a readable NetCDF file (truncated, {size} of {whole} bytes); {_UNWRITTEN}"
    if locked:
        return (
            f"{locked} ({error}); close the program that has it open, or set "
            f"HDF5_USE_FILE_LOCKING=FALSE, and run again; {_KEPT}"
        )
    return (
        f"it has its full length, but the NetCDF library cannot read it ({error}): damaged inside, "
        "or of a format that this library does not know. Try `ncdump -h` on it; to have it made "
        "anew move it to another folder and run again"
    )


def _locked(stream):
    """Why the lock that the HDF5 library takes for reading is refused; None when it is not."""
    if os.environ.get("HDF5_USE_FILE_LOCKING", "").upper() == "FALSE":
        return None
    try:
        fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return "another program holds a lock on it"
    except OSError as error:
        return f"its file system has no locks ({error.strerror})"
    fcntl.flock(stream, fcntl.LOCK_UN)
    return None


def _hdf5_size(head):
    """Bytes of a whole file by its superblock (versions 0 to 3); None where it does not say."""
    if not head.startswith(_HDF5) or len(head) < _SHORTEST:
        return None
    version = head[8]
    # where the width of addresses stands, and the first address: base, another one, end of file
    place, addresses = {0: (13, 24), 1: (13, 28), 2: (9, 12), 3: (9, 12)}.get(version, (0, 0))
    if not place or head[place] != 8:
        return None
    end = addresses + 2 * 8
    return int.from_bytes(head[end : end + 8], "little")
