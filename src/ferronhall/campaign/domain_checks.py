"""Whether a configuration's domains can be, and go with the rest of it."""

from ferronhall.base.digest import even_cells
from ferronhall.base.errors import ConfigError
from ferronhall.model.bath_profile import is_self_consistent
from ferronhall.model.domain_map import DomainMap
from ferronhall.model.domains import WITHOUT_FIELD, beyond_theory
from ferronhall.model.geometry import Slab
from ferronhall.model.material import CUBIC


def walls(config):
    """Mistakes in the layers of the walls, a line each."""
    layers, ny = config["domains"]["walls_y"], config["lattice"]["ny"]
    outside = [wall for wall in layers if wall >= ny]
    if outside:
        yield (
            f"domains.walls_y: {layers}: the slab has lattice.ny = {ny} layers, and a wall at "
            f"{outside[0]} is outside; a wall at j stands between the layers j − 1 and j, so give "
            f"1 to {ny - 1}"
        )
    twice = sorted({wall for wall in layers if layers.count(wall) > 1})
    if twice:
        yield (
            f"domains.walls_y: {layers}: walls overlap at {', '.join(map(str, twice))}; give each "
            "layer once"
        )


def domains_beyond_theory(config):
    """Mistakes in domains that the theory does not know, and what they do not go with."""
    domains = config["domains"]
    if domains["map"] and domains["walls_y"]:
        yield (
            f"domains.map: beside domains.walls_y = {domains['walls_y']} it says once more where "
            "walls are; leave one of the two empty"
        )
    elif domains["map"]:
        try:
            DomainMap.from_config(config, Slab.from_config(config))
        except ConfigError as error:
            yield str(error)
    elif domains["relaxed"] == WITHOUT_FIELD and not domains["walls_y"]:
        yield (
            f"domains.relaxed: {WITHOUT_FIELD} is of walls, and there are none; give "
            "domains.walls_y or domains.map, or take in_field"
        )
    if not beyond_theory(config):
        return
    key = "domains.map" if domains["map"] else f"domains.relaxed: {WITHOUT_FIELD}"
    for wrong, words in (
        (
            config["ensemble"]["harmonic_twin"],
            "ensemble.harmonic_twin: true: the twin's exact averages are known about layers at "
            "rest alone; write false",
        ),
        (
            config["balances"]["enabled"],
            "balances.enabled: true: the balances are set against the theory of layers at rest; "
            "write false",
        ),
        (config["scan"], "scan: it solves the noise-free theory; leave it out"),
        (
            is_self_consistent(config),
            "temperature.profile: self_consistent: these baths come of the noise-free theory; "
            "write imposed, or give a temperature.map",
        ),
        (
            not even_cells(config["disorder"]),
            "disorder: cells that differ are known in layers at rest alone; bring every "
            "concentration to 0 and isotopes to []",
        ),
        (
            config["engine"] == "gpu",
            "engine: gpu follows no walls cell by cell; write cpu",
        ),
        (
            domains["map"] and config["onsite"]["form"] == CUBIC,
            "onsite.form: cubic, while domains of any shape are known in the axial well alone; "
            "write axial",
        ),
    ):
        if wrong:
            yield f"{words}, or leave {key} out"
