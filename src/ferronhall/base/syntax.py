"""The code in a Python file, without comments, docstrings and layout: its digest, and its imports.

Every Snakemake process asks for that of the whole library, which takes it a third of a dry run. A
digest follows from the file's content alone, by which it is remembered in the user's cache folder.
"""

import ast
import atexit
import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path

_MOST = 4000
"""Files remembered, some ten versions of the library; then those of this process begin anew."""

_WITH_DOCSTRINGS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_of(path):
    """What a file's code is, and what it imports.

    path : Path
    returns : list of the digest (16 hex digits) of its bare syntax tree, and of a list of
        [module, names] for each import, names None where a module itself is imported
    """
    content = path.read_bytes()
    key = hashlib.sha256(content).hexdigest()
    if key not in _USED:
        _USED[key] = _remembered().get(key) or _parsed(content.decode("utf-8"))
    return _USED[key]


_USED = {}
"""Digest of a file's content → what code_of answered in this process."""


def _file():
    """Where answers are remembered; by this module's own code too, which they are made by."""
    user = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    own = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    return user / "ferronhall" / "syntax" / f"{own}.json"


@cache
def _remembered():
    """What earlier processes found; this one adds to it when it ends."""
    atexit.register(_remember)
    try:
        return json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _remember():
    """Write what is new; without a folder that can be written every process parses for itself."""
    before = _remembered()
    if set(_USED) <= set(before):
        return
    both = before | _USED
    file, text = _file(), json.dumps(both if len(both) <= _MOST else _USED)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # whole or not at all: others read it now
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as temporary:
            temporary.write(text)
        os.replace(temporary.name, file)
    except OSError:
        pass


def _parsed(text):
    imports = []
    dumped = _dump(ast.parse(text), imports)
    digest = hashlib.sha256(dumped.encode()).hexdigest()[:16]
    return [digest, [one for node in imports for one in _imported(node)]]


def _imported(node):
    if isinstance(node, ast.Import):
        return [[alias.name, None] for alias in node.names]
    return [[node.module or "", [alias.name for alias in node.names]]]


def _is_bare_string(statement):
    value = getattr(statement, "value", None)
    return (
        isinstance(statement, ast.Expr)
        and isinstance(value, ast.Constant)
        and isinstance(value.value, str)
    )


def _dump(node, imports):
    """Text of a syntax tree without docstrings; its import statements are added to `imports`.

    Empty fields are left out, so that the text is the same in every Python. One pass, as a process
    without a memory takes this way through the whole library.
    """
    if isinstance(node, list):
        return f"[{','.join([_dump(n, imports) for n in node])}]"
    if not isinstance(node, ast.AST):
        return "" if node is None else repr(node)
    if isinstance(node, ast.Import | ast.ImportFrom):
        imports.append(node)
    filled = []
    for name in node._fields:
        value = getattr(node, name, None)
        if name == "body" and isinstance(node, _WITH_DOCSTRINGS):
            # attribute docstrings are bare strings too, so every bare string goes
            value = [s for s in value if not _is_bare_string(s)]
        text = _dump(value, imports)
        if text not in ("", "[]"):
            filled.append(f"{name}={text}")
    return f"{type(node).__name__}({','.join(filled)})"
