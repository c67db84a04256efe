"""Only regular files are read: a device may never end, and a pipe is empty for the next job."""

import errno
import os
import stat

_OTHERS = {
    stat.S_ISDIR: "a folder",
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


def require_regular(path):
    """OSError for a path that is missing, cannot be reached, or leads to no regular file."""
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode):
        found = next((name for matches, name in _OTHERS.items() if matches(mode)), "no file")
        raise OSError(errno.EINVAL, f"it is {found}; give a regular file", str(path))
