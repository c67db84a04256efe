"""What a stage's results depend on, as one canonical block: code, its part of the config, material.

Snakemake compares this block with the one it recorded, and reruns a job when they differ. Code
enters as the syntax trees of the job's script and of every ferronhall module it imports, without
docstrings; comments and layout are not part of a syntax tree. No list of modules is kept by hand:
the imports are followed in the sources. What files are called, how they are written and what they
record of their making is no part of it, by the room in which that code lives.
"""

import ast
import hashlib
import json
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]

MODEL = (
    "campaign",
    "lattice",
    "short_range",
    "onsite",
    "electric_field",
    "domains",
    "disorder",
    "dipole",
    "temperature",
    "damping",
    "field",
)
STAGE_KEYS = {
    "parameters": (*MODEL, "time.dt_ps", "time.substeps"),
    "trajectories": (
        *MODEL,
        "time",
        "ensemble.root_seed",
        "ensemble.precision",
        "ensemble.harmonic_twin",
        "balances",
    ),
    "theory": (*MODEL, "theory.closure", "theory.statistics"),
    "spectrum": MODEL,
    "lock_in": (*MODEL, "theory.modulation_GHz"),
    "laboratory": (*MODEL, "laboratory"),
    "self_consistent": MODEL,
    "domain_walls": MODEL,
    "disorder": (*MODEL, "ensemble.replicas"),
    "phonons": ("campaign",),
    "scan": (*MODEL, "scan", "theory.statistics"),
    "density": (),
    "second_order": ("campaign",),
    "timestep": (*MODEL, "time.dt_ps", "time.substeps"),
    "twin": (*MODEL, "time.dt_ps", "time.substeps"),
    "ensemble": (*MODEL, "time", "ensemble"),
    "comparison": (*MODEL, "time", "ensemble"),
    "balances": (*MODEL, "time", "ensemble", "balances"),
    "bond_polarization": (*MODEL, "time", "ensemble", "balances"),
    "efficiency": (*MODEL, "time", "ensemble"),
    "page": (*MODEL, "time", "ensemble", "balances", "theory", "laboratory", "scan"),
    "figures": (),
    "tables": (),
}
"""The part of the config each stage may see. Densities, figures and tables read files alone;
the page shows whatever any stage sees.

No path is part of it: the same file by another path gives the same results, and what a stage reads
stands in its block by content.
"""

_NO_NUMBERS = "ferronhall.base"
"""The room whose modules keep, name and describe results: no number depends on them."""

_NUMBERS = {"ferronhall.base.units"}
"""Except these, which hold constants of nature."""

_KEEPING = {
    "ferronhall.campaign.memory",
    "ferronhall.engine.checkpoint",
    "ferronhall.engine.keeper",
    "ferronhall.engine.kernel_cache",
    "ferronhall.engine.replica_lock",
}
"""Modules elsewhere that decide whether a job starts and what it leaves, never what it computes."""


def select(config, keys):
    """The part of a validated config under dotted keys, nested as in the config."""
    part = {}
    for key in keys:
        *groups, last = key.split(".")
        source, target = config, part
        for group in groups:
            source, target = source[group], target.setdefault(group, {})
        target[last] = source[last]
    return json.loads(_canonical(part))


def config_digest(config, keys):
    """Digest of the part of a config under dotted keys."""
    return fingerprint(select(config, keys))


def fingerprint(content):
    """Digest (16 hex digits) of anything JSON can hold, whatever the order of its keys."""
    return _hash(_canonical(content))


def code_modules(*entries, package=PACKAGE):
    """Digests of the code that entries run and that their numbers depend on.

    entries : dotted ferronhall module names, or paths of scripts
    package : folder of the ferronhall package
    returns : dict, module or name of a script → digest
    """
    sources = {}
    waiting = list(entries)
    while waiting:
        entry = waiting.pop()
        if entry in sources or not _counts(entry):
            continue
        path = entry if isinstance(entry, Path) else _source(entry, package)
        text, imports = _parsed(path, path.stat().st_mtime_ns, package)
        sources[entry] = text
        waiting += imports
    return {e.name if isinstance(e, Path) else e: text for e, text in sources.items()}


def _counts(entry):
    """Whether numbers depend on a module or script."""
    if isinstance(entry, Path) or entry in _NUMBERS:
        return True
    kept = entry == _NO_NUMBERS or entry.startswith(f"{_NO_NUMBERS}.")
    return not kept and entry not in _KEEPING


def code_digest(*entries, package=PACKAGE):
    """One digest of what code_modules tells module by module."""
    return fingerprint(code_modules(*entries, package=package))


def folder_digest(folder):
    """Digest of the names and contents of a folder's files; an absent folder has an empty one."""
    files = sorted(path for path in Path(folder).glob("*") if path.is_file())
    return fingerprint({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files})


def file_digest(path):
    """Digest of a file's content."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]


def stage_block(stage, config, script, modules=(), material=None):
    """The one block a rule carries in `params`.

    stage : key of STAGE_KEYS
    config : dict, validated
    script : path of the rule's script
    modules : names of modules the script finds by name instead of importing them
    material : content of the material file, for stages that compute with it
    returns : dict with "code", "config" and, where given, "material"
    """
    block = {
        "code": code_digest(Path(script), *modules),
        "config": select(config, STAGE_KEYS[stage]),
    }
    if not block["config"].get("domains", {}).get("walls_y", [0]):
        # as it was before there were walls, so that results without them stay what they are
        del block["config"]["domains"]
    if even_cells(block["config"].get("disorder")):
        block["config"].pop("disorder", None)
    temperature = block["config"].get("temperature", {})
    if temperature.get("map"):
        temperature["map"] = file_digest(temperature["map"])
    if material is not None:
        block["material"] = fingerprint(material)
    return block


def even_cells(disorder):
    """Whether a configuration's section leaves all cells as they are; no section says the same."""
    if not disorder:
        return True
    changed = (disorder[key] for key in ("stiffness", "mass"))
    return not (
        disorder["isotopes"]
        or disorder["pinned"]["concentration"]
        or any(part["concentration"] and part["change"] for part in changed)
    )


def configuration_digest(block):
    """Digest of a stage's block without its code."""
    return fingerprint({key: value for key, value in block.items() if key != "code"})


def continuation_digest(block):
    """The same without t_max: what a trajectory has in common with a checkpoint, beside the code.

    block : dict, the stage_block of "trajectories"
    """
    time = {key: value for key, value in block["config"]["time"].items() if key != "t_max_ps"}
    return configuration_digest(block | {"config": block["config"] | {"time": time}})


def _canonical(content):
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _source(module, package):
    """The file of a ferronhall module."""
    parts = module.split(".")[1:]
    path = package.joinpath(*parts)
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


_WITH_DOCSTRINGS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def _parsed(path, _modified, package):
    """Digest of a file's bare syntax tree, and the ferronhall modules it imports."""
    imports = []
    text = _dump(ast.parse(path.read_text(encoding="utf-8")), imports)
    return _hash(text), sorted(name for node in imports for name in _imported(node, package))


def _is_bare_string(statement):
    value = getattr(statement, "value", None)
    return (
        isinstance(statement, ast.Expr)
        and isinstance(value, ast.Constant)
        and isinstance(value.value, str)
    )


def _imported(node, package):
    if isinstance(node, ast.Import):
        yield from (a.name for a in node.names if a.name.split(".")[0] == "ferronhall")
    elif (node.module or "").split(".")[0] == "ferronhall":
        for alias in node.names:
            submodule = f"{node.module}.{alias.name}"
            yield submodule if _source(submodule, package).exists() else node.module


def _dump(node, imports):
    """Text of a syntax tree without docstrings; its import statements are added to `imports`.

    Empty fields are left out, so that the text is the same in every Python. Every Snakemake process
    takes this way through the whole library: one pass.
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
