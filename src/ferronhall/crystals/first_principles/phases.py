"""What every code's configuration of a perovskite's two phases has in common, and its checks."""

PHASES = ("cubic", "tetragonal")


def clashes(section):
    """Messages of what does not fit together in species, atoms and switching path.

    section : dict, a first-principles section with its defaults filled in
    """
    yield from _species(section)
    yield from _path(section)


def _species(section):
    symbols = [s["symbol"] for s in section["species"]]
    for symbol in sorted({s for s in symbols if symbols.count(s) > 1}):
        yield f"species: {symbol} stands there {symbols.count(symbol)} times; once is enough"
    for n, atom in enumerate(section["atoms"]):
        if atom["species"] not in symbols:
            yield (
                f"atoms.{n}.species: '{atom['species']}' is not among the symbols of "
                f"first_principles.species ({', '.join(symbols)}); add it there or correct it"
            )
    for symbol in symbols:
        if symbol not in [atom["species"] for atom in section["atoms"]]:
            yield f"species: no atom is {symbol}; take it out or add its atoms"


def _path(section):
    lambdas = section["path"]["lambdas"]
    if sorted(set(lambdas)) != lambdas or not {0.0, 1.0} <= set(lambdas):
        yield (
            f"path.lambdas: {lambdas} has to rise and to hold 0 (centrosymmetric) and 1 (relaxed); "
            "[0.0, 0.25, 0.5, 0.75, 1.0, 1.25] is such a list"
        )
    for coordinate in lambdas:
        if round(coordinate, 3) != coordinate:
            yield (
                f"path.lambdas: {coordinate!r} has more than three decimals, and points are named "
                f"by three; write {coordinate:.3f}"
            )
    if not any(atom["polar_shift"] for atom in section["atoms"]):
        yield (
            "atoms: no polar_shift differs from 0, so the tetragonal cell starts and stays "
            "centrosymmetric; shift the B cation up and the oxygens down the z axis, 0.01 to 0.1"
        )
