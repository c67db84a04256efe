"""Polarization from pairs of modes (Fig. 1 b, d, e of Jung and Birol) and charges (Table 1)."""

import numpy as np

from ferronhall.base import units
from ferronhall.crystals.second_order.atom_patterns import ATOM, POLAR
from ferronhall.crystals.second_order.runs import BASE
from ferronhall.results.figures import style
from ferronhall.results.figures.output import DrawnFigure

HEIGHT, BOTTOM, LEFT, WIDTH, GAP = 1.75, 0.42, 0.55, 2.75, 0.75
CRYSTAL = "HfO2"
HYBRID = ("X5+,x:O", "X2-,x:O")
MARKERS = "osD^v<>P"


def draw(second_order):
    """Draw Born charges, polarization of a polar and of a hybrid mode, and all charges.

    second_order : xarray.Dataset, content of second_order.nc
    returns : DrawnFigure
    """
    total = 2 * (HEIGHT + GAP) + BOTTOM - 0.35
    panels = (
        ("a", "Born charge against displacement", _born),
        ("b", f"{CRYSTAL}, polar mode", _polar),
        ("c", f"{CRYSTAL}, hybrid mode", _hybrid),
        ("d", "second-order mode effective charges", _charges),
    )
    data = []
    with style.context():
        figure = style.new_figure(total)
        for n, (letter, title, panel) in enumerate(panels):
            left = LEFT + (n % 2) * (WIDTH + 0.7)
            bottom = total - (n // 2 + 1) * (HEIGHT + GAP) + GAP - 0.2
            style.note(figure, left - 0.4, bottom + HEIGHT + 0.07, f"({letter})", weight="bold")
            style.note(figure, left, bottom + HEIGHT + 0.07, title, fontsize=7.5)
            axes = style.place(figure, left, bottom, WIDTH, HEIGHT)
            columns = panel(axes, second_order)
            if not columns:
                axes.set_xticks([])
                axes.set_yticks([])
                axes.text(0.5, 0.5, "not computed", ha="center", transform=axes.transAxes)
            data.append((title, columns))
        source = second_order.attrs["source"]
        text = f"{source};  {second_order.attrs['code']},  {second_order.attrs['functional']}"
        style.small_print(figure, text)
    return DrawnFigure(figure, data)


def _rows(second_order, first, second=None, variations=None):
    """Computed structures of CRYSTAL by rising amplitude."""
    chosen = (second_order["run_crystal"] == CRYSTAL) & (second_order["run_first"] == first)
    if second is not None:
        chosen &= second_order["run_second"] == second
    if variations is not None:
        chosen &= second_order["run_variation"].isin(variations)
    names = [name for name in second_order if str(name).startswith("run_")]
    rows = second_order[names].isel(run=np.flatnonzero(chosen.values))
    return rows.sortby("run_first_A")


def _born(axes, second_order):
    """Z*_zx of an atom against the displacement of an oxygen along y: p_z/u_x."""
    axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
    columns = {}
    colours = {f"{ATOM}O1,x": style.POSITIVE, f"{ATOM}Hf1,x": style.NEGATIVE}
    for first, colour in colours.items():
        rows = _rows(second_order, first)
        if not rows.sizes["run"]:
            continue
        root = np.sqrt(rows["run_cells"].values)
        moved = root * rows["run_second_A"].values
        charge = rows["run_dipole"].values / (root * rows["run_first_A"].values)
        both = np.concatenate([-moved[::-1], [0.0], moved])
        values = np.concatenate([-charge[::-1], [0.0], charge])
        label = first.removeprefix(ATOM).split(",")[0]
        axes.plot(both, values, "o-", ms=3.2, lw=0.9, color=colour, label=f"{label}, $Z^*_{{zx}}$")
        columns |= {f"{label}: displacement of O1 (Å)": both, f"{label}: Z*_zx (e)": values}
    axes.set_xlabel("displacement of O1 along y (Å)")
    axes.set_ylabel("Born charge (e)")
    if columns:
        axes.legend(loc="upper left")
    return _equally_long(columns)


def _polar(axes, second_order):
    rows = _rows(second_order, POLAR)
    return _polarization(axes, rows, r"$Q$ of $\Gamma_4^-$ (Å)")


def _hybrid(axes, second_order):
    rows = _rows(second_order, *HYBRID, (BASE, "large"))
    columns = _polarization(axes, rows, r"$Q$ of $X_{5,x}^+$ and of $X_{2,x}^-$ (Å)")
    of_pair = (second_order["pair_crystal"] == CRYSTAL) & (second_order["pair_first"] == HYBRID[0])
    of_pair &= second_order["pair_second"] == HYBRID[1]
    fit = second_order[["charge"]].isel(pair=np.flatnonzero(of_pair.values))
    if rows.sizes["run"] and fit.sizes["pair"] and np.isfinite(fit["charge"].values[0]):
        amplitude = np.linspace(0.0, rows["run_first_A"].values.max(), 101)
        per_volume = float((rows["run_cells"] / rows["run_volume"]).values[0])
        curve = fit["charge"].values[0] * amplitude**2 * per_volume * units.COULOMB_PER_M2
        axes.plot(amplitude, curve, color=style.INK, lw=0.7, ls=":", label=r"$N Z^{(2)}Q^2/\Omega$")
        axes.legend(loc="upper left")
    return columns


def _polarization(axes, rows, label):
    """Total, ionic and electronic polarization (C/m²) against an amplitude."""
    axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
    axes.set_xlabel(label)
    axes.set_ylabel("polarization along z (C/m²)")
    if not rows.sizes["run"]:
        return {}
    amplitude = np.concatenate([[0.0], rows["run_first_A"].values])
    scale = units.COULOMB_PER_M2 / rows["run_volume"].values
    total = np.concatenate([[0.0], rows["run_dipole"].values * scale])
    ionic = np.concatenate([[0.0], rows["run_ionic"].values * scale])
    looks = (
        ("total", total, style.INK, "o-"),
        ("ionic", ionic, style.NEGATIVE, "s--"),
        ("electronic", total - ionic, style.POSITIVE, "^-."),
    )
    for name, values, colour, dashes in looks:
        axes.plot(amplitude, values, dashes, ms=3.2, lw=0.9, color=colour, label=name)
    axes.legend(loc="upper left")
    return {"Q (Å)": amplitude} | {f"{name} (C/m²)": values for name, values, *_ in looks}


def _charges(axes, second_order):
    """Computed against published charges."""
    known = np.isfinite(second_order["published"].values) & np.isfinite(
        second_order["charge"].values
    )
    chosen = second_order[
        ["pair_crystal", "pair_first", "pair_second", "charge", "sign", "published"]
    ].isel(pair=np.flatnonzero(known))
    axes.axline((0, 0), slope=1, color=style.FADED, lw=0.6, zorder=0)
    crystals = list(dict.fromkeys(map(str, chosen["pair_crystal"].values)))
    values = (chosen["sign"] * chosen["charge"]).values
    for crystal, marker in zip(crystals, MARKERS, strict=False):
        at = chosen["pair_crystal"].values == crystal
        axes.plot(
            chosen["published"].values[at],
            values[at],
            ls="",
            marker=marker,
            ms=4,
            mfc="none",
            mew=0.9,
            label=crystal,
        )
    axes.set_xlabel("published (e/Å)")
    axes.set_ylabel("computed here (e/Å)")
    if crystals:
        axes.legend(loc="upper left", ncols=2, columnspacing=1.0, handletextpad=0.2)
    return {
        "crystal": chosen["pair_crystal"].values,
        "modes": [
            f"{a} {b}"
            for a, b in zip(chosen["pair_first"].values, chosen["pair_second"].values, strict=True)
        ],
        "published (e/Å)": chosen["published"].values,
        "computed (e/Å)": values,
    }


def _equally_long(columns):
    """Columns filled up with NaN to the longest."""
    longest = max(map(len, columns.values()), default=0)
    return {
        name: np.concatenate([values, np.full(longest - len(values), np.nan)])
        for name, values in columns.items()
    }
