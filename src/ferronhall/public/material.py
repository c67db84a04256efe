"""A material from first-principles data, in one call."""

from pathlib import Path

from ferronhall.base import yaml_files
from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.dataset import read_first_principles
from ferronhall.crystals.phonons.material_file import make_material
from ferronhall.model.material import Material

__all__ = ["material_from_phonopy"]


def material_from_phonopy(
    data: str | Path, output: str | Path | None = None, prefix: str = "dft"
) -> Material:
    """The local mode, double well and couplings that first-principles data hold.

    data : the YAML file that names the data, as data/batio3-pbesol/dataset.yaml: force constants,
        Born charges and ε∞ of phonopy (and so VASP) or Quantum ESPRESSO, and the energies along
        the path to a polar structure; docs/own-material.md says how to write one
    output : a material file to write, for a campaign or fh.configuration(material=…); one that is
        there is left alone
    prefix : begins the names of the short-range presets: <prefix>-gaussian and <prefix>-s11
    returns : Material
    raises : ConfigError naming what is missing or cannot be used

    >>> import ferronhall as fh
    >>> material = fh.material_from_phonopy("data/batio3-pbesol/dataset.yaml")
    >>> material.name, sorted(material.short_range)
    ('BaTiO3', ['dft-gaussian', 'dft-s11'])
    >>> f"{material.polarization:.2f} C/m², {material.onsite.amplitude:.3f} Å"
    '0.39 C/m², 0.078 Å'
    """
    if output is not None and Path(output).exists():
        raise ConfigError(
            f"output: '{output}' is there already, and what was added in it by hand would be lost; "
            "give another name, or move it away"
        )
    content, _ = make_material(read_first_principles(data), prefix)
    if output is not None:
        yaml_files.write(content, output)
    return Material.from_dict(content)
