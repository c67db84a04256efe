"""A made-up campaign on a lattice of odd and one of even sizes, and its figures."""

import pytest

from ferronhall.base.paths import BOND_FIGURES, FIGURES
from ferronhall.results import figures
from tests.unit.synthetic_campaign import (
    make_balances,
    make_bonds,
    make_comparison,
    make_ensemble,
    make_parameters,
    make_spectrum,
    make_theory,
)

LATTICES = [(15, 13, 3), (12, 10, 4)]


class Drawings(dict):
    """Name → drawn figure, each drawn when a test first asks for it.

    datasets : dict name → Dataset
    """

    def __init__(self, datasets):
        super().__init__()
        self.datasets = datasets

    def __missing__(self, name):
        needed = (FIGURES | BOND_FIGURES)[name]
        self[name] = figures.draw(name, **{key: self.datasets[key] for key in needed})
        return self[name]


@pytest.fixture(scope="package", params=LATTICES, ids=["odd", "even"])
def campaign(request):
    parameters = make_parameters(*request.param)
    return parameters, make_ensemble(parameters)


@pytest.fixture(scope="package")
def drawings(campaign):
    parameters, ensemble = campaign
    theory = make_theory(parameters)
    return Drawings(
        {
            "parameters": parameters,
            "ensemble": ensemble,
            "theory": theory,
            "theory_spectrum": make_spectrum(),
            "comparison": make_comparison(ensemble, theory),
            "balances": make_balances(parameters),
            "bond_polarization": make_bonds(parameters),
        }
    )
