"""The model as input of feram (T. Nishimatsu et al., Phys. Rev. B 78, 104104 (2008))."""

from pathlib import Path

from ferronhall.base.storage import replacing
from ferronhall.model.cubic_potential import CubicPotential
from ferronhall.model.model import Model
from ferronhall.model.onsite_potential import OnSitePotential
from ferronhall.public.files.point_dipoles import PointDipoles

__all__ = ["write_feram"]


def write_feram(model: Model, path: str | Path, kelvin: float = 1.0) -> Path:
    """Write a bulk input of feram with the model's couplings, dipoles and well.

    model : Model, with gaussian dipoles
    path : file to write, such as batio3.feram
    kelvin : temperature in the file (K)
    returns : Path
    raises : ConfigError for the longitudinal kernel; DataFileError when the file cannot be written

    A cubic well without a held strain has the same energies in feram. Of an axial one the same
    follow for a local mode along one axis: feram's well is cubic and has the double well along all
    three axes, where the model confines y and z by κ⊥. The strain is decoupled, and there are
    neither faces, bath profile nor field. The file says so.

    >>> import ferronhall as fh
    >>> model = fh.open("results/demo").model
    >>> text = fh.write_feram(model, "batio3.feram").read_text()
    >>> [line for line in text.splitlines() if line.startswith("Z_star")]
    ['Z_star = 19.7663688']
    """
    onsite, material = model.material.onsite, model.material
    points = PointDipoles.of(model)
    well = _cubic(onsite) if len(onsite.fluctuating) > 1 else _separate(onsite)
    numbers = {
        "mass_amu": material.mode.mass[0, 0],
        "a0": material.lattice_constant,
        "Z_star": points.charge,
        "epsilon_inf": points.dielectric,
        **well,
        "P_kappa2": well["P_kappa2"] + points.uniform,
        "B1xx": 0.0,
        "B1yy": 0.0,
        "B4yz": 0.0,
    }
    lines = [
        f"#--- {material.name}, local-mode model of ferronhall; eV, Angstrom, ps, amu, e",
        f"#--- {material.source}",
        *_differences(onsite),
        "method = 'lf'",
        f"kelvin = {kelvin:.9g}",
        "bulk_or_film = 'bulk'",
        f"L = {model.slab.nx} {model.slab.ny} {model.slab.nz}",
        "dt = 0.002",
        f"j = {' '.join(f'{j:.9g}' for j in points.shells)}",
        *(f"{name} = {value:.9g}" for name, value in numbers.items()),
        # any stable crystal, as nothing couples to it
        "B11 = 100.0",
        "B12 = 40.0",
        "B44 = 50.0",
        f"init_dipo_avg = {onsite.amplitude:.9g} 0.0 0.0",
        "init_dipo_dev = 0.0 0.0 0.0",
    ]
    with replacing(path) as temporary:
        temporary.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return Path(path)


def _separate(onsite: OnSitePotential) -> dict[str, float]:
    """The double well along each axis, without coupling between them."""
    alpha, k1 = onsite.quartic / 4, onsite.sextic / 6
    return {
        "P_kappa2": onsite.quadratic / 2,
        "P_alpha": alpha,
        # what |u|⁴ and |u|⁶ have of a coupling is taken off
        "P_gamma": -2 * alpha,
        "P_k1": k1,
        "P_k2": 0.0 - 3 * k1,
        "P_k3": 0.0 - 6 * k1,
        "P_k4": 0.0,
    }


def _cubic(onsite: CubicPotential) -> dict[str, float]:
    names = ("alpha", "gamma", "k1", "k2", "k3", "k4")
    numbers = {f"P_{name}": getattr(onsite, name) for name in names}
    return {"P_kappa2": onsite.kappa} | numbers


def _differences(onsite: OnSitePotential | CubicPotential) -> list[str]:
    if len(onsite.fluctuating) > 1:
        return ["#--- Energies are the model's, with its cubic well; strain is decoupled."]
    return [
        "#--- Energies are the model's for a mode along one axis. Across the axis the model has",
        f"#--- {onsite.transverse:.9g}/2 u^2 (eV, Angstrom) instead; strain is decoupled.",
    ]
