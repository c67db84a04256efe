"""Inputs of pw.x: self-consistent, relaxing, and the strings of a Berry phase.

Paths in the inputs are relative to the folder a run is started in, so that an input is the same
wherever the campaign lies.
"""

_FORCE_THRESHOLD_RY_PER_BOHR = 2e-5
_ENERGY_THRESHOLD_RY = 1e-7
_PRESSURE_THRESHOLD_KBAR = 0.05


def scf(crystal, species, plane_waves, prefix):
    """A self-consistent ground state, with forces and stress.

    crystal : crystal.Crystal
    species : sequence of settings.Species
    plane_waves : settings.PlaneWaves
    prefix : str
        Name of the run's files.
    returns : str, the input's text
    """
    control = {"calculation": "scf", "tprnfor": True, "tstress": True, "verbosity": "high"}
    return _text(control, {}, crystal, species, plane_waves, prefix, _mesh(plane_waves))


def relaxation(crystal, species, plane_waves, prefix, cell):
    """Atoms brought to rest, and with `cell` the lattice constants within the lattice type too."""
    control = {
        "calculation": "vc-relax" if cell else "relax",
        "tprnfor": True,
        "tstress": cell,
        "forc_conv_thr": _FORCE_THRESHOLD_RY_PER_BOHR,
        "etot_conv_thr": _ENERGY_THRESHOLD_RY,
    }
    lists = {"ions": {}}
    if cell:
        lists["cell"] = {
            "cell_dofree": "ibrav",
            "press_conv_thr": _PRESSURE_THRESHOLD_KBAR,
        }
    return _text(control, lists, crystal, species, plane_waves, prefix, _mesh(plane_waves))


def berry_phase(crystal, species, plane_waves, prefix, strings, points):
    """Polarization along z as a Berry phase, after `scf` of the same crystal in the same folder.

    strings : pair of int
        Shifted mesh of strings across z.
    points : int
        k points on a string, the last one equivalent to the first.
    """
    control = {"calculation": "nscf", "lberry": True, "gdir": 3, "nppstr": points}
    mesh = f"{strings[0]} {strings[1]} 1 1 1 0"
    return _text(control, {}, crystal, species, plane_waves, prefix, mesh)


def value(content):
    """A Fortran literal."""
    if isinstance(content, bool):
        return ".true." if content else ".false."
    if isinstance(content, str):
        return f"'{content}'"
    return f"{content:.10g}".replace("e", "d")


def namelist(name, entries):
    """A Fortran namelist."""
    return "\n".join([f"&{name}", *(f" {k} = {value(v)}" for k, v in entries.items()), "/"])


def _text(control, lists, crystal, species, plane_waves, prefix, mesh):
    control = {**control, "prefix": prefix, "outdir": "./out", "pseudo_dir": "./pseudo"}
    system = {
        **_lattice(crystal),
        "nat": len(crystal.symbols),
        "ntyp": len(species),
        "ecutwfc": plane_waves.cutoff,
        **({"ecutrho": plane_waves.density_cutoff} if plane_waves.density_cutoff else {}),
        "occupations": "fixed",
        **({"input_dft": plane_waves.functional} if plane_waves.functional else {}),
    }
    electrons = {"conv_thr": plane_waves.threshold, "mixing_beta": 0.7}
    lists = {"control": control, "system": system, "electrons": electrons, **lists}
    kinds = [f"{s.symbol} {s.mass:.10g} {s.pseudopotential}" for s in species]
    atoms = [
        f"{symbol} {x:.10f} {y:.10f} {z:.10f}"
        for symbol, (x, y, z) in zip(crystal.symbols, crystal.positions, strict=True)
    ]
    lines = [
        *(namelist(name, entries) for name, entries in lists.items()),
        *("ATOMIC_SPECIES", *kinds, "ATOMIC_POSITIONS crystal", *atoms),
        *("K_POINTS automatic", mesh),
    ]
    return "\n".join(lines) + "\n"


def _lattice(crystal):
    """Bravais lattice, as pw.x numbers it, and the edges that are its own."""
    if crystal.phase == "cubic":
        return {"ibrav": 1, "A": crystal.a}
    if crystal.phase == "tetragonal":
        return {"ibrav": 6, "A": crystal.a, "C": crystal.c}
    return {"ibrav": 8, "A": crystal.a, "B": crystal.b, "C": crystal.c}


def _mesh(plane_waves):
    shift = 1 if plane_waves.k_shift else 0
    return " ".join(map(str, (*plane_waves.k_mesh, shift, shift, shift)))
