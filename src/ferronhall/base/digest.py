"""What a stage's results depend on, as one canonical block: code, its part of the config, material.

Snakemake compares this block with the one it recorded, and reruns a job when they differ. Code
enters as the syntax trees of the job's script and of every ferronhall module it imports, without
docstrings; comments and layout are not part of a syntax tree. No list of modules is kept by hand:
the imports are followed in the sources.
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
    "theory": (*MODEL, "theory"),
    "self_consistent": MODEL,
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
    "figures": (),
    "tables": (),
}
"""The part of the config each stage may see. Densities, figures and tables read files alone.

No path is part of it: the same file by another path gives the same results, and what a stage reads
stands in its block by content.
"""

# They decide whether a job starts and what is said when it fails, never what a job computes.
_NO_INFLUENCE = {
    "ferronhall.base.errors",
    "ferronhall.engine.keeper",
    "ferronhall.engine.kernel_cache",
    "ferronhall.base.progress",
    "ferronhall.base.schema",
    "ferronhall.base.script",
    "ferronhall.base.yaml_files",
}


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


def code_digest(*entries, package=PACKAGE):
    """Digest of the code that entries run.

    entries : dotted ferronhall module names, or paths of scripts
    package : folder of the ferronhall package
    """
    sources = {}
    waiting = list(entries)
    while waiting:
        entry = waiting.pop()
        if entry in sources or entry in _NO_INFLUENCE:
            continue
        path = entry if isinstance(entry, Path) else _source(entry, package)
        text, imports = _parsed(path, path.stat().st_mtime_ns, package)
        sources[entry] = text
        waiting += imports
    named = {e.name if isinstance(e, Path) else e: text for e, text in sources.items()}
    return fingerprint(named)


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
    temperature = block["config"].get("temperature", {})
    if temperature.get("map"):
        temperature["map"] = file_digest(temperature["map"])
    if material is not None:
        block["material"] = fingerprint(material)
    return block


def continuation_digest(block):
    """Digest of what a trajectory has in common with a checkpoint: its stage's block without t_max.

    block : dict, the stage_block of "trajectories"
    """
    time = {key: value for key, value in block["config"]["time"].items() if key != "t_max_ps"}
    return fingerprint(block | {"config": block["config"] | {"time": time}})


def _canonical(content):
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _source(module, package):
    """The file of a ferronhall module."""
    parts = module.split(".")[1:]
    path = package.joinpath(*parts)
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _parsed(path, _modified, package):
    """Digest of a file's bare syntax tree, and the ferronhall modules it imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = sorted(_imported(tree, package))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            # attribute docstrings are bare strings too, so every bare string goes
            node.body = [s for s in node.body if not _is_bare_string(s)]
    return _hash(_dump(tree)), imports


def _is_bare_string(statement):
    value = getattr(statement, "value", None)
    return (
        isinstance(statement, ast.Expr)
        and isinstance(value, ast.Constant)
        and isinstance(value.value, str)
    )


def _imported(tree, package):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == "ferronhall")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "ferronhall":
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if _source(submodule, package).exists() else node.module


def _dump(node):
    """Text of a syntax tree; empty fields are left out, so that it is the same in every Python."""
    if isinstance(node, ast.AST):
        fields = ((name, _dump(value)) for name, value in ast.iter_fields(node))
        filled = ",".join(f"{name}={text}" for name, text in fields if text not in ("", "[]"))
        return f"{type(node).__name__}({filled})"
    if isinstance(node, list):
        return f"[{','.join(map(_dump, node))}]"
    return "" if node is None else repr(node)
