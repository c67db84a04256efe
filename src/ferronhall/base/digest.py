"""What a stage's results depend on, as one canonical block: code, its part of the config, material.

Snakemake compares this block with the one it recorded, and reruns a job when they differ. Code
enters as the syntax trees of the job's script and of every ferronhall module it imports, without
docstrings; comments and layout are not part of a syntax tree. No list of modules is kept by hand:
the imports are followed in the sources. What files are called, how they are written and what they
record of their making is no part of it, by the room in which that code lives.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from ferronhall.base import syntax

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
    "electrodes",
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
    "hysteresis": MODEL,
    "laboratory": (*MODEL, "laboratory"),
    "self_consistent": MODEL,
    "domain_walls": MODEL,
    "wall_velocity": (*MODEL, "time", "ensemble"),
    "disorder": (*MODEL, "ensemble.replicas"),
    "phonons": (),
    "scan": (*MODEL, "scan", "theory.statistics"),
    "density": (),
    "second_order": (),
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
    "taken": (),
}
"""The part of the config each stage may see. Figures and tables read files alone; phonons, density
and second order are of data alone; the page shows whatever any stage sees.

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
    _drop_what_changes_nothing(block["config"])
    temperature = block["config"].get("temperature", {})
    if temperature.get("map"):
        temperature["map"] = file_digest(temperature["map"])
    domains = block["config"].get("domains", {})
    if isinstance(domains.get("map"), str):
        domains["map"] = file_digest(domains["map"])
    if material is not None:
        block["material"] = fingerprint(material)
    return block


def _drop_what_changes_nothing(config):
    """Leave out sections of a stage's configuration that leave the paper's slab as it is.

    They came later than the first results, which stay what they are. What a scan varies is kept.
    """
    groups = [part for group in config.get("scan", ()) for part in (group, group.get("for_each"))]
    scanned = [group["key"] for group in groups if group]

    def varied(section):
        return any(key.startswith(f"{section}.") for key in scanned)

    onsite = config.get("onsite", {})
    if onsite.get("form") == "axial" and not varied("onsite"):
        config["onsite"] = {"transverse_eV_per_A2": onsite["transverse_eV_per_A2"]}
    domains = config.get("domains", {})
    for key, usual in (("map", ""), ("relaxed", "in_field")):
        if domains.get(key) == usual:
            del domains[key]
    if domains == {"walls_y": []}:
        del config["domains"]
    if even_cells(config.get("disorder")) and not varied("disorder"):
        config.pop("disorder", None)
    boundary = config.get("dipole", {}).get("boundary", {})
    if set(boundary.values()) == {"short_circuit"} and not varied("dipole.boundary"):
        del config["dipole"]["boundary"]
    plates = config.get("electrodes", {})
    if plates.get("distance_A") == "none" and not varied("electrodes"):
        del config["electrodes"]


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


@cache
def _source(module, package):
    """The file of a ferronhall module."""
    parts = module.split(".")[1:]
    path = package.joinpath(*parts)
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _parsed(path, _modified, package):
    """Digest of a file's bare syntax tree, and the ferronhall modules it imports."""
    text, imports = syntax.code_of(path)
    return text, sorted(name for one in imports for name in _imported(*one, package))


def _imported(module, names, package):
    """Dotted ferronhall modules of one import statement; names is None for a plain import."""
    if module.split(".")[0] != "ferronhall":
        return
    for name in [None] if names is None else names:
        submodule = f"{module}.{name}"
        yield submodule if name and _source(submodule, package).exists() else module
