"""Every path and wildcard pattern of results, and nothing else.

results/<campaign>/ holds a campaign; results/materials/ and results/second_order/, what campaigns
take from there because it depends on their material, or on second-order data, alone.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

RESULTS = PurePosixPath("results")
FIELDS = ("minus", "zero", "plus")
FIGURES = {
    "fig1": ("parameters", "ensemble"),
    "fig2": ("parameters", "ensemble"),
    "fig3": ("parameters", "theory", "ensemble"),
    "figS2": ("parameters", "ensemble"),
    "theory_maps": ("parameters", "theory"),
    "theory_statistics": ("parameters", "theory"),
    "theory_comparison": ("parameters", "theory", "ensemble", "comparison"),
    "spectrum": ("parameters", "theory_spectrum"),
    "balance_energy": ("parameters", "ensemble", "balances"),
    "balance_torque": ("parameters", "balances"),
    "balance_anharmonic": ("parameters", "balances"),
}
"""Figure → the datasets it is drawn from, by the names of Campaign's properties."""

SELF_CONSISTENT_FIGURES = {"heat_conduction": ("parameters", "self_consistent")}
"""The same, of a configuration with self-consistent baths."""

DOMAIN_FIGURES = {"domain_walls": ("parameters", "domain_walls", "theory", "ensemble")}
"""The same, of a configuration with domain walls."""

DISORDER_FIGURES = {"disorder": ("parameters", "disorder", "theory", "ensemble")}
"""The same, of a configuration with an uneven crystal."""

SCAN_FIGURES = {"scan": ("scan",)}
"""The same, of a configuration with a scan."""

BOND_FIGURES = {"bond_maps": ("parameters", "theory", "ensemble", "bond_polarization")}
"""The same, made by default where the material has a bond charge, and of any by name."""

PHONON_FIGURES = {"figS1": ("phonons",)}
"""The same, of a material with first-principles data."""

MATERIAL_TABLES = ("tableS2", "tableS3", "tableS4", "tableS7", "tableS9")
PHONON_TABLES = ("tableS1", "tableS5", "tableS6", "tableS8")
"""Tables of the material; the second of one with first-principles data."""

RESULT_TABLES = {
    "summary": ("ensemble",),
    "comparison": ("parameters", "theory", "timestep", "ensemble"),
    "projection": ("ensemble", "comparison"),
    "timestep": ("parameters", "theory", "timestep"),
    "efficiency": ("parameters", "timestep", "efficiency"),
}
"""Table of results → the datasets it is made from."""

TWIN_TABLES = {"twin": ("ensemble", "comparison")}
"""The same, of a campaign with harmonic twins."""

DOMAIN_TABLES = {
    "domain_walls": ("domain_walls",),
    "domain_ends": ("theory", "ensemble"),
    "wall_push": ("parameters", "domain_walls", "theory"),
}
"""The same, of a configuration with domain walls; the efficiency's corners are then not alike."""

MOVING_WALL_FIGURES = {"wall_velocity": ("parameters", "wall_velocity")}
MAP_FIGURES = {"domain_map": ("parameters", "ensemble")}
"""The same, of walls or domains of any shape, and of the latter alone."""

MOVING_WALL_TABLES = {"wall_velocity": ("wall_velocity",)}
"""The same, of walls or domains of any shape."""

OF_THEORY = {
    *("theory", "theory_spectrum", "timestep", "twin", "comparison", "efficiency"),
    *("domain_walls", "disorder", "bond_polarization", "laboratory", "lock_in", "scan"),
}
"""Datasets that the noise-free theory makes, or that are compared with it."""

DISORDER_TABLES = {"disorder": ("disorder", "theory", "ensemble")}
"""The same, of a configuration with an uneven crystal."""

SELF_CONSISTENT_TABLES = {"heat_conduction": ("self_consistent",)}
"""The same, of a configuration with self-consistent baths."""

SCAN_TABLES = {"scan": ("scan",)}
"""The same, of a configuration with a scan."""

BOND_TABLES = {"bond_polarization": ("parameters", "bond_polarization")}
"""The same, made by default where the material has a bond charge, and of any by name."""

LOCK_IN_FIGURES = {"lock_in": ("parameters", "lock_in")}
"""The same, made by name alone."""

HYSTERESIS_FIGURES = {"hysteresis": ("parameters", "hysteresis")}
HYSTERESIS_TABLES = {"hysteresis": ("hysteresis",)}
"""The same, made by name alone, and together by one name: their rules bear other ones."""

LABORATORY_TABLES = {
    "laboratory": ("parameters", "laboratory"),
    "experiment": ("parameters", "theory", "laboratory"),
}
"""The same, made by default where laboratory.temperatures_K names any, and of any by name."""

PAGE_DATASETS = ("parameters", "theory", "ensemble", "comparison")
"""The datasets that the page is made from, beside the scan where there is one."""

SECOND_ORDER_DATA = PurePosixPath("data", "second-order")
SECOND_ORDER_PARENTS = {"fluorite": "HfO2", "perovskite": "SrTiO3"}
"""Parent structure → the crystal whose densities stand for it."""

SECOND_ORDER_FIGURES = {
    "density_fluorite": ("fluorite_density",),
    "density_perovskite": ("perovskite_density",),
    "second_order_polarization": ("second_order",),
}
SECOND_ORDER_TABLES = {
    "multipoles": ("fluorite_density",),
    "second_order_charges": ("second_order",),
    "second_order_convergence": ("second_order",),
}
"""Figures and tables of pairs of nonpolar modes: of data files alone, whatever the campaign."""

SHARED = MATERIALS, SECOND_ORDER = "materials", "second_order"
"""Folders in results/ of what campaigns share."""

_SHARED = re.compile(rf"(?:^|/){RESULTS}/((?:{'|'.join(SHARED)})/[^/]+-[0-9a-f]{{8}}/.+)")
"""A shared file, and its path below results/: the digest tells it from a campaign's."""

WILDCARDS = {
    "replica": r"\d{4}",
    "point": r"base|[\w.]+/[^/]+(/[\w.]+/[^/]+)?",
}
"""Wildcard → regular expression: no name outside these is ever matched."""


def below(file, campaign):
    """A file's path below a campaign's folder, without suffix; "" elsewhere.

    Of what campaigns share it is the path below results/: "materials/BaTiO3-0123abcd/phonons".
    """
    # a module may put a folder of its own before it
    if among := _SHARED.search(str(file)):
        return str(PurePosixPath(among[1]).with_suffix(""))
    _, found, rest = f"/{file}".partition(f"/{RESULTS / campaign}/")
    return str(PurePosixPath(rest).with_suffix("")) if found else ""


def is_shared(file):
    """Whether a file is one that campaigns share."""
    return bool(_SHARED.search(str(file)))


def in_its_folder(name):
    """What `below` gives, with the path of a shared file in its own folder: as of a campaign's."""
    parts = name.split("/")
    return "/".join(parts[2:]) if parts[0] in SHARED and parts[2:] else name


def density_data(parent):
    """Folder with the first-principles densities of a parent structure."""
    return str(SECOND_ORDER_DATA / SECOND_ORDER_PARENTS[parent] / "density")


@dataclass(frozen=True)
class Folder:
    """Paths in one folder of results/, as strings relative to the working folder.

    name : str
        Its path below results/.
    """

    name: str

    def _under(self, *parts):
        return str(RESULTS.joinpath(self.name, *parts))

    @property
    def folder(self):
        """Where everything lies."""
        return self._under()

    @property
    def phonons(self):
        """Lattice dynamics of the material."""
        return self._under("phonons.nc")

    @property
    def second_order(self):
        """Second-order mode effective charges, and the polarizations they follow from."""
        return self._under("second_order.nc")

    def density(self, parent):
        """Polar densities of a parent structure."""
        return self._under(f"{parent}_density.nc")

    @property
    def fluorite_density(self):
        """Polar densities of the fluorite."""
        return self.density("fluorite")

    @property
    def perovskite_density(self):
        """Polar densities of the perovskite."""
        return self.density("perovskite")

    def datasets(self, names):
        """Name → path of the datasets called so."""
        return {name: getattr(self, name) for name in names}

    def figure(self, name):
        """The files of one figure, by format."""
        return {ext: self._under("figures", f"{name}.{ext}") for ext in ("png", "pdf", "csv")}

    def table(self, name):
        """The files of one table, by format."""
        return {ext: self._under("tables", f"{name}.{ext}") for ext in ("csv", "md")}

    def log(self, *job):
        """Log of a job: log("parameters"), log("trajectories", "{replica}")."""
        return self._under("logs", *job[:-1], f"{job[-1]}.log")

    def benchmark(self, *job):
        """Run time and memory of a job, named as its log is."""
        return self._under("benchmarks", *job[:-1], f"{job[-1]}.tsv")


def shared(kind, name, digest):
    """The Folder of what campaigns with the same content share.

    kind : MATERIALS or SECOND_ORDER
    name : str
        Of the material or the data; letters, digits, dot, dash and underscore of it are left.
    digest : str, of all that decides the content
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", plain).strip("._-")[:100] or "unnamed"
    return Folder(f"{kind}/{plain}-{digest[:8]}")


@dataclass(frozen=True)
class Campaign(Folder):
    """Paths of one campaign."""

    @property
    def superseded(self):
        """Where trajectories go that a change of code replaces, a folder for each code."""
        return self._under("superseded")

    def preflight(self, digest):
        """The parameters while their stability is in doubt, a file for each configuration."""
        return self._under(f"preflight-{digest}.nc")

    @property
    def parameters(self):
        """Model, profiles and stability report."""
        return self._under("parameters.nc")

    @property
    def compiled(self):
        """Stamp left when the kernels have been compiled."""
        return self._under("compiled.txt")

    @property
    def ensemble(self):
        """Maps averaged over replicas."""
        return self._under("ensemble.nc")

    @property
    def theory(self):
        """Maps of the noise-free theory."""
        return self._under("theory.nc")

    @property
    def theory_spectrum(self):
        """Edge responses without noise by frequency and wave vector."""
        return self._under("theory_spectrum.nc")

    @property
    def self_consistent(self):
        """Baths without a net power between two contacts, and the heat through them."""
        return self._under("self_consistent.nc")

    @property
    def domain_walls(self):
        """Domain walls at rest."""
        return self._under("domain_walls.nc")

    @property
    def wall_velocity(self):
        """Where domain walls were in every block, and how fast they went there."""
        return self._under("wall_velocity.nc")

    @property
    def disorder(self):
        """Responses of an uneven crystal by its concentrations."""
        return self._under("disorder.nc")

    @property
    def timestep(self):
        """What the substep does to the maps, without noise."""
        return self._under("timestep.nc")

    @property
    def twin(self):
        """Exact averages of the harmonic twin."""
        return self._under("twin.nc")

    @property
    def efficiency(self):
        """What an error bar costs by each way of estimating."""
        return self._under("efficiency.nc")

    @property
    def laboratory(self):
        """Responses to a weak gradient and field in laboratory units."""
        return self._under("laboratory.nc")

    @property
    def lock_in(self):
        """Edge responses to modulated heating."""
        return self._under("lock_in.nc")

    @property
    def hysteresis(self):
        """Static loop against a field along x."""
        return self._under("hysteresis.nc")

    @property
    def comparison(self):
        """Theory against simulation: amplitudes, differences and their significance."""
        return self._under("comparison.nc")

    @property
    def balances(self):
        """Powers, currents and torques of every cell, and what is left over in their balances."""
        return self._under("balances.nc")

    @property
    def bond_polarization(self):
        """Second-order polarization of neighbouring cells beside the linear one."""
        return self._under("bond_polarization.nc")

    def scan_point(self, point="{point}"):
        """Responses at one point of a scan; the pattern when called without arguments."""
        return self._under("scan", f"{point}.nc")

    @property
    def scan(self):
        """Responses at every point of a scan."""
        return self._under("scan.nc")

    def trajectory(self, field, replica="{replica}"):
        """One trajectory's block means; a pattern when called without a replica."""
        number = replica if isinstance(replica, str) else f"{replica:04d}"
        return self._under("trajectories", field, f"{number}.nc")

    def trajectories(self, replicas):
        """field → trajectories of the first `replicas` replicas, in order."""
        return {field: [self.trajectory(field, r) for r in range(replicas)] for field in FIELDS}

    def checkpoint(self, replica):
        """An unfinished replica's checkpoint.

        Finished, it is renamed to `.final.ckpt` with checkpoint.keep_final, else deleted.
        """
        return self._under("checkpoints", f"{replica}.ckpt")

    def final_state(self, replica):
        """The last state of a finished replica."""
        return self._under("checkpoints", f"{replica}.final.ckpt")

    @property
    def page(self):
        """The campaign in one HTML file."""
        return self._under("index.html")
