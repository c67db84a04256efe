"""Moments resolved by frequency and wave vector: against dense integrals, sums and oscillators."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad

from ferronhall.base import units
from ferronhall.model.field import Field
from ferronhall.model.model import Model
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.theory.baths import ClassicalBath, QuantumBath
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.modes import Spectrum
from ferronhall.theory.solver import Solver, observable_maps
from ferronhall.theory.spectra.edge_spectrum import spectrum_dataset
from ferronhall.theory.spectra.frequency_bands import Bands
from ferronhall.theory.spectra.spectral_density import Functional, spectral_density
from tests.conftest import CONFIG
from tests.physics import harmonic
from tests.physics.test_quantum_statistics import matrices, oscillator_energy

ALONG_Z, TILTED = (0, 0, 1), (0.3, -0.5, 0.8)
BATHS = (ClassicalBath, QuantumBath)


def silent(_):
    """A log that keeps nothing."""


def resolve(model, omega, direction, functional, bands):
    """The library's density about the uniform state u0, and the number of modes."""
    field = Field(omega, direction)
    stiffness = np.repeat(model.material.onsite.hessian[:, None], model.slab.ny, axis=1)
    spectrum = Spectrum(model.operator, stiffness, EquationOfMotion.of(model, field), field)
    baths = [bath(model.temperature) for bath in BATHS]
    density, modes = spectral_density(spectrum, baths, [functional], bands)
    return density[:, 0], modes


@pytest.fixture
def uncoupled(make_model):
    """Cells that know nothing of each other, uniformly damped."""
    model = make_model((4, 3, 2), [90.0, 10.0, 40.0, 0.0])
    kernel, face = 0 * model.operator.kernel, 0 * model.operator.face
    operator = replace(model.operator, kernel=kernel, face=face)
    return replace(model, operator=operator, damping=np.full(3, 3.0))


@pytest.mark.parametrize("shape", [(7, 5, 2), (6, 4, 3)])
@pytest.mark.parametrize("direction", [ALONG_Z, TILTED])
def test_all_parts_together_are_the_edge_responses(shape, direction):
    config = copy.deepcopy(CONFIG)
    config["lattice"].update(zip(("nx", "ny", "nz"), shape, strict=True))
    config["field"]["direction"] = list(direction)
    model = Model.from_config(config)
    spectrum = spectrum_dataset(model, config, log=silent)
    assert set(spectrum["statistics"].values) == {"classical", "quantum"}
    statistics = tuple(spectrum["statistics"].values)
    solutions = Solver(model, log=silent).harmonic(statistics)
    for name, solution in zip(statistics, solutions, strict=True):
        maps = observable_maps(model, solution.states, solution.means)
        for key in spectrum["map"].values:
            response = RESPONSE_MAPS[key]
            values = response.take(maps[response.observable])
            edge = model.cells.edge_accumulation(values)
            parts = spectrum["response"].sel(map=key, statistics=name)
            assert edge != 0
            # the rounding of a polarization is that of u0
            rounding = 1e-12 * np.abs(values).max() + (1e-9 if "polarization" in key else 0)
            assert float(parts.sum()) == pytest.approx(edge, rel=1e-10, abs=rounding)


@pytest.mark.parametrize("direction", [ALONG_Z, TILTED])
def test_every_cell_has_three_modes(make_model, direction):
    model = make_model((4, 3, 2), np.ones(4))
    functional = Functional({"speed": np.ones((4, 3))})
    for omega in (0.0, 80.0):
        _, modes = resolve(model, omega, direction, functional, Bands.up_to(300, 2.0))
        assert modes.sum() == 3 * model.slab.sites
        # a wave vector and its opposite count together
        own = np.outer([1, 2, 1], [1, 1])
        np.testing.assert_array_equal(modes.sum(axis=-1), 3 * model.slab.ny * own)


def test_uncoupled_cells_have_the_line_of_an_oscillator(uncoupled):
    """⟨w_x²⟩ of one cell: 2γθ/πM ∫ dω/[(ω0² − ω²)² + γ²ω²] over a band, alike at every q."""
    weights = np.zeros((4, 3))
    weights[0, 2], hot = 1.0, uncoupled.temperature[0]
    bands = Bands.up_to(200, 2.0)
    found, modes = resolve(uncoupled, 0.0, ALONG_Z, Functional({"longitudinal": weights}), bands)
    onsite, mass = uncoupled.material.onsite, uncoupled.material.mass[0, 0]
    resonances = np.sqrt(onsite.hessian / mass)
    # the modes stand at the two resonances alone
    damped = np.sqrt(resonances**2 - 3.0**2 / 4)
    assert set(np.flatnonzero(modes.sum(axis=(0, 1)))) == set(bands.of(1j * damped))
    by_band = found.sum(axis=(1, 2))
    for n, energy in enumerate((lambda w: hot, lambda w: oscillator_energy(w, hot))):

        def density(w, energy=energy):
            strength = 6.0 / np.pi / mass * units.BOLTZMANN_EV_PER_K
            return strength * energy(w) / ((resonances[0] ** 2 - w**2) ** 2 + (3.0 * w) ** 2)

        ends = zip(np.maximum(bands.edges[:-1], 1e-9), bands.edges[1:], strict=True)
        options = {"epsabs": 0, "epsrel": 1e-10, "limit": 200}
        exact = [quad(density, *end, **options)[0] for end in ends]
        # between two points θ is a straight line
        np.testing.assert_allclose(by_band[n], exact, rtol=0, atol=(1e-9, 2e-3)[n] * max(exact))
        assert by_band[n].argmax() == bands.of(1j * damped[:1])[0]
    shares = found.sum(axis=-1) / found.sum(axis=(1, 2, 3))[:, None, None]
    own = np.outer([1, 2, 1], [1, 1])
    np.testing.assert_allclose(shares, [own / own.sum()] * 2, rtol=1e-9)


@pytest.mark.parametrize(
    "pattern", ["speed", "rotation", "longitudinal", "along_y", "along_z", "shear"]
)
@pytest.mark.parametrize("direction", [ALONG_Z, TILTED])
def test_bands_equal_a_dense_integral(make_model, rng, pattern, direction):
    """(1/π) ∫_band Re G S G† dω of the whole slab, without any mode or wave vector."""
    shape = (3, 2, 1)
    model = make_model(shape, rng.uniform(50, 200, 3))
    weights = rng.normal(size=shape[:2])
    bands = Bands(np.array([0.0, 4.0, 21.0, 22.5, 61.0, 63.0, np.inf]))
    found, _ = resolve(model, 80.0, direction, Functional({pattern: weights}), bands)
    matrix, damping, bath = matrices(model, 80.0, direction)
    n, mass = len(damping), model.material.mass[0, 0]
    nodes, share = np.polynomial.legendre.leggauss(12)
    for band in (2, 4):
        low, high = bands.edges[band : band + 2]
        total = np.zeros((2, 2 * n, 2 * n))
        for start in np.arange(low, high, 0.5):
            for w, weight in zip(start + (nodes + 1) / 4, share / 4, strict=True):
                response = np.linalg.inv(-1j * w * np.eye(2 * n) - matrix)[:, n:]
                for t, energy in enumerate((bath, oscillator_energy(w, bath))):
                    noise = energy * 2 * damping * units.BOLTZMANN_EV_PER_K / mass
                    total[t] += weight / np.pi * ((response * noise) @ response.conj().T).real
        for t, c in enumerate(total):
            speed, rotation = harmonic.maps(c, shape, 2.0)
            squares = np.diag(c)[:n].reshape(3, *shape)[..., 0]
            maps = {"speed": speed, "rotation": rotation, "shear": harmonic.shear(c, shape)}
            maps |= dict(zip(("longitudinal", "along_y", "along_z"), squares, strict=True))
            size = np.abs(weights * maps[pattern]).sum()
            exact = np.sum(weights * maps[pattern])
            tolerance = (1e-8, 1e-3)[t] * size
            assert found[t, ..., band].sum() == pytest.approx(exact, rel=0, abs=tolerance)


def test_a_band_is_its_parts(make_model, rng):
    """However they are cut, bands of the same frequencies hold the same."""
    model = make_model((4, 3, 2), rng.uniform(20, 200, 4))
    functional = Functional({"rotation": rng.normal(size=(4, 3))})
    fine = Bands.up_to(200.0, 2.0)
    halves = Bands.up_to(200.0, 1.0)
    parts, count = resolve(model, 80.0, ALONG_Z, functional, halves)
    whole, modes = resolve(model, 80.0, ALONG_Z, functional, fine)
    last = (len(halves) - 1) // 2 * 2
    together = parts[..., :last].reshape(*parts.shape[:-1], -1, 2).sum(axis=-1)
    number = together.shape[-1]
    size = np.abs(whole).max()
    np.testing.assert_allclose(together[0], whole[0, ..., :number], rtol=0, atol=1e-10 * size)
    np.testing.assert_allclose(together[1], whole[1, ..., :number], rtol=0, atol=2e-3 * size)
    counted = count[..., :last].reshape(*count.shape[:-1], -1, 2).sum(axis=-1)
    np.testing.assert_array_equal(counted, modes[..., :number])
