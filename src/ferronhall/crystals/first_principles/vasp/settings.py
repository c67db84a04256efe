"""The configuration of first-principles runs by VASP, checked."""

from itertools import pairwise

from ferronhall.base import schema
from ferronhall.crystals.first_principles import phases
from ferronhall.crystals.first_principles.vasp import incar


def check(config):
    """Check a configuration; returns a copy with defaults filled in.

    config : dict, as read from YAML
    raises : ConfigError naming each wrong key, its value and the way out
    """
    schema.check(config, "first_principles_vasp")
    config = schema.fill(config, "first_principles_vasp")
    section = config["first_principles"]
    checks = (phases.clashes, tag_clashes, _order, _supercells)
    schema.report([f"first_principles.{message}" for clash in checks for message in clash(section)])
    return config


def common_tags(section):
    """INCAR tags of every run of a checked section, as a dict."""
    functional = {"GGA": section["gga"]} if section["gga"] else {}
    basis = {"ENCUT": section["cutoff_eV"], "EDIFF": section["threshold_eV"]}
    return functional | basis | section["incar"]


def masses(section):
    """Symbol → mass (amu)."""
    return {kind["symbol"]: kind["mass_amu"] for kind in section["species"]}


def potcars(section, symbols):
    """Names of the PAW datasets of a cell, in the order in which its elements come."""
    names = {kind["symbol"]: kind["potcar"] for kind in section["species"]}
    return tuple(names[symbol] for symbol in dict.fromkeys(symbols))


def tag_clashes(section):
    """Messages about the section's `incar`."""
    for tag, content in section["incar"].items():
        if tag != tag.upper():
            yield f"incar.{tag}: tags are written in capitals; write {tag.upper()}"
        elif tag in incar.OWN:
            yield (
                f"incar.{tag}: another key or the kind of a run decides this tag; take it out, and "
                "use cutoff_eV, threshold_eV, gga and their like"
            )
        elif not _writable(content):
            yield f"incar.{tag}: {content!r} is no value of a tag; give a number, a word or a list"


def _writable(content):
    if isinstance(content, list):
        return bool(content) and all(isinstance(entry, int | float) for entry in content)
    return isinstance(content, bool | int | float | str)


def _order(section):
    symbols = [kind["symbol"] for kind in section["species"]]
    found = [atom["species"] for atom in section["atoms"]]
    if not set(found) <= set(symbols):
        return
    places = [symbols.index(symbol) for symbol in found]
    for n, (before, after) in enumerate(pairwise(places), start=1):
        if after < before:
            yield (
                f"atoms.{n}.species: {found[n]} comes after {found[n - 1]}, but species has it "
                "before; VASP wants the atoms of a kind together and in the order of POTCAR, so "
                "bring atoms and species into one order"
            )
            return


def _supercells(section):
    cubic, tetragonal = (section[phase]["supercell"] for phase in phases.PHASES)
    if len(set(cubic)) > 1:
        yield f"cubic.supercell: {cubic} breaks the cubic symmetry; give three equal numbers"
    if tetragonal and (len(tetragonal) != 3 or tetragonal[0] != tetragonal[1]):
        yield (
            f"tetragonal.supercell: {tetragonal} does not fit the tetragonal symmetry; give three "
            "numbers, the first two equal, or [] for no phonons of this phase"
        )
