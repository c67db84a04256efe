"""The model as a configuration of OpenFerro, of the layout of its model_configs/BaTiO3_LDA.json."""

import json
from pathlib import Path

from ferronhall.base.errors import ConfigError
from ferronhall.base.storage import replacing
from ferronhall.model.model import Model
from ferronhall.public.files.point_dipoles import PointDipoles

__all__ = ["write_openferro"]


def write_openferro(model: Model, path: str | Path) -> Path:
    """Write the model's couplings, dipoles and well as OpenFerro reads them.

    model : Model, with gaussian dipoles and a quartic well
    path : file to write, such as batio3.json
    returns : Path
    raises : ConfigError for the longitudinal kernel and for a sextic well, which OpenFerro has not;
        DataFileError when the file cannot be written

    As for feram, the well is along all three axes, and the strain is decoupled.

    >>> import ferronhall as fh
    >>> path = fh.write_openferro(fh.open("results/demo").model, "batio3.json")
    >>> import json
    >>> content = json.loads(path.read_text())
    >>> sorted(content["onsite"]), content["born"]["epsilon_inf"]
    (['alpha', 'gamma', 'k2'], 6.869406)
    """
    onsite, material = model.material.onsite, model.material
    if onsite.sextic != 0:
        raise ConfigError(
            f"onsite.sextic_eV_per_A6: {onsite.sextic:g}, and OpenFerro's well ends with the "
            "fourth power; write feram's input, which has the sixth"
        )
    points, a = PointDipoles.of(model), material.lattice_constant
    alpha = onsite.quartic / 4
    content = {
        "name": f"{material.name}, local-mode model of ferronhall: {material.source}",
        "lattice": {"a1": a, "a2": a, "a3": a, "alpha": 0, "beta": 0, "gamma": 0},
        "onsite": {
            "k2": onsite.quadratic / 2 + points.uniform,
            "alpha": alpha,
            "gamma": -2 * alpha,
        },
        "short_range": {f"j{n}": j for n, j in enumerate(points.shells, start=1)},
        "elastic": {"B11": 100.0, "B12": 40.0, "B44": 50.0},
        "elastic_dipole": {"B1xx": 0.0, "B1yy": 0.0, "B4yz": 0.0},
        "born": {"Z_star": points.charge, "epsilon_inf": points.dielectric},
    }
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=4) + "\n", encoding="utf-8")
    return Path(path)
