"""The model as a configuration of OpenFerro, of the layout of its model_configs/BaTiO3_LDA.json."""

import json
from pathlib import Path

from ferronhall.base.errors import ConfigError
from ferronhall.base.storage import replacing
from ferronhall.model.cubic_potential import CubicPotential
from ferronhall.model.model import Model
from ferronhall.model.onsite_potential import OnSitePotential
from ferronhall.public.files.point_dipoles import PointDipoles

__all__ = ["write_openferro"]


def write_openferro(model: Model, path: str | Path) -> Path:
    """Write the model's couplings, dipoles and well as OpenFerro reads them.

    model : Model, with gaussian dipoles and a quartic well
    path : file to write, such as batio3.json
    returns : Path
    raises : ConfigError for the longitudinal kernel and for a sextic well, which OpenFerro has not;
        DataFileError when the file cannot be written

    As for feram, an axial well stands along all three axes, and the strain is decoupled.

    >>> import ferronhall as fh
    >>> path = fh.write_openferro(fh.open("results/demo").model, "batio3.json")
    >>> import json
    >>> content = json.loads(path.read_text())
    >>> sorted(content["onsite"]), content["born"]["epsilon_inf"]
    (['alpha', 'gamma', 'k2'], 6.869406)
    """
    onsite, material = model.material.onsite, model.material
    points, a = PointDipoles.of(model), material.lattice_constant
    well = _well(onsite)
    content = {
        "name": f"{material.name}, local-mode model of ferronhall: {material.source}",
        "lattice": {"a1": a, "a2": a, "a3": a, "alpha": 0, "beta": 0, "gamma": 0},
        "onsite": well | {"k2": well["k2"] + points.uniform},
        "short_range": {f"j{n}": j for n, j in enumerate(points.shells, start=1)},
        "elastic": {"B11": 100.0, "B12": 40.0, "B44": 50.0},
        "elastic_dipole": {"B1xx": 0.0, "B1yy": 0.0, "B4yz": 0.0},
        "born": {"Z_star": points.charge, "epsilon_inf": points.dielectric},
    }
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=4) + "\n", encoding="utf-8")
    return Path(path)


def _well(onsite: OnSitePotential | CubicPotential) -> dict[str, float]:
    """k2, alpha and gamma of the well; ConfigError where it goes beyond the fourth power."""
    if len(onsite.fluctuating) > 1:
        beyond = {f"cubic_well.{k}": getattr(onsite, k) for k in ("k1", "k2", "k3", "k4")}
        well = {"k2": onsite.kappa, "alpha": onsite.alpha, "gamma": onsite.gamma}
    else:
        beyond, alpha = {"onsite.sextic_eV_per_A6": onsite.sextic}, onsite.quartic / 4
        well = {"k2": onsite.quadratic / 2, "alpha": alpha, "gamma": -2 * alpha}
    for key, value in beyond.items():
        if value != 0:
            raise ConfigError(
                f"{key}: {value:g}, and OpenFerro's well ends with the fourth power; write feram's "
                "input, which has the sixth"
            )
    return well
