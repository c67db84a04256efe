"""Compiled inner loops: everything numba compiles stands in this folder.

numba's on-disk cache notices a change of the file a function stands in, but not of the functions it
calls. The cache folder therefore carries a digest of the whole folder's sources.
"""

import hashlib
from pathlib import Path

import numba

_FOLDER = Path(__file__).parent
_DIGEST = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(_FOLDER.glob("*.py")))).hexdigest()

if not numba.config.CACHE_DIR:
    numba.config.CACHE_DIR = str(_FOLDER / "__pycache__" / _DIGEST[:16])

# "contract" lets the compiler fuse a multiply and an add. The other fast-math flags stay off: they
# would make the guards against NaN meaningless.
kernel = numba.njit(cache=True, error_model="numpy", fastmath={"contract"}, nogil=True)
formula = numba.njit(inline="always", error_model="numpy", fastmath={"contract"})
