"""Ferron Hall effect: stochastic soft-mode dynamics of a ferroelectric slab in a magnetic field.

What a user needs is here, under a dozen names (docs/library.md), each loaded when it is first used:

    import ferronhall as fh
    campaign = fh.open("results/demo")

Data flow one way, through nine rooms; each names its modules:

    base        errors, units, files, provenance, digests, paths: no physics
    model       what the equation of motion is
    engine      what advances it
    theory      what it does without noise
    analysis    what trajectories and theory say together
    campaign    what a user asks for: configuration, cost, scans
    crystals    where a material comes from
    results     tables, figures and the page
    public      what a user imports

    base ← model ← {engine, theory, crystals}
    {engine, theory} ← {analysis, campaign};  {analysis, crystals} ← results
    {campaign, results} ← public
"""

from importlib import import_module

# as typing has it, whose import would be half of this one's time
TYPE_CHECKING = False

if TYPE_CHECKING:
    from ferronhall.base.errors import FerronHallError
    from ferronhall.model.material import Material
    from ferronhall.model.model import Model
    from ferronhall.public.campaign import Campaign, open
    from ferronhall.public.configuration import configuration
    from ferronhall.public.files.atoms import write_extxyz
    from ferronhall.public.files.feram import write_feram
    from ferronhall.public.files.openferro import write_openferro
    from ferronhall.public.files.vtk import write_vtk
    from ferronhall.public.material import material_from_phonopy
    from ferronhall.public.simulation import simulate
    from ferronhall.public.steady_state import steady_state

__all__ = [
    "Campaign",
    "FerronHallError",
    "Material",
    "Model",
    "configuration",
    "material_from_phonopy",
    "open",
    "simulate",
    "steady_state",
    "write_extxyz",
    "write_feram",
    "write_openferro",
    "write_vtk",
]

_HOMES = {
    "Campaign": "public.campaign",
    "FerronHallError": "base.errors",
    "Material": "model.material",
    "Model": "model.model",
    "configuration": "public.configuration",
    "material_from_phonopy": "public.material",
    "open": "public.campaign",
    "simulate": "public.simulation",
    "steady_state": "public.steady_state",
    "write_extxyz": "public.files.atoms",
    "write_feram": "public.files.feram",
    "write_openferro": "public.files.openferro",
    "write_vtk": "public.files.vtk",
}
"""Public name → module, by text: a job that imports one module is not to load them all."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'ferronhall' has no attribute '{name}'")
    # the accessor of datasets comes with any of the names
    import_module("ferronhall.public")
    return getattr(import_module(f"ferronhall.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
