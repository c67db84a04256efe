"""Results of VASP as small files in the documented layout, for runs nobody made.

vasprun.xml: vasp.at/wiki, page "Vasprun.xml" (sections generator, incar, kpoints, parameters,
atominfo, structure, calculation); Born charges and ε∞ as linear response adds them to the
calculation. vaspout.h5: the data sets that py4vasp's schema names (vasp.at/py4vasp). OUTCAR: the
lines of LCALCPOL (vasp.at/wiki, page "LCALCPOL") under a head as VASP writes it for any run.
"""

import h5py
import numpy as np

VALENCES = {"Ba": 10.0, "Ti": 10.0, "O": 6.0}
"""Electrons of Ba_sv, Ti_pv and O, as paper F states their configurations."""


def vasprun(path, run, energy=-40.0, forces=None, **changes):
    """Write vasprun.xml of a Run.

    changes : any of end (PhonopyAtoms), stress (kbar), born, dielectric, version, tags, start,
        k_mesh, style, potcars, electronic_steps
    """
    start, end = changes.get("start", run.cell), changes.get("end", run.cell)
    forces = np.zeros((len(end), 3)) if forces is None else forces
    tags = run.tags | changes.get("tags", {})
    mesh, potcars = changes.get("k_mesh", run.k_mesh), changes.get("potcars", run.potcars)
    lines = [
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
        "<modeling>",
        " <generator>",
        '  <i name="program" type="string">vasp </i>',
        f'  <i name="version" type="string">{changes.get("version", "6.4.1")}  </i>',
        " </generator>",
        " <incar>",
        *(f"  {_tag(name, content)}" for name, content in tags.items() if content is not None),
        " </incar>",
        " <kpoints>",
        f'  <generation param="{changes.get("style", "Gamma")}">',
        f'   <v type="int" name="divisions">{_row(mesh, "8d")} </v>',
        '   <v name="usershift">      0.00000000       0.00000000       0.00000000 </v>',
        "  </generation>",
        '  <varray name="kpointlist" >',
        "   <v>       0.00000000       0.00000000       0.00000000 </v>",
        "  </varray>",
        '  <varray name="weights" >',
        "   <v>       1.00000000 </v>",
        "  </varray>",
        " </kpoints>",
        " <parameters>",
        '  <separator name="electronic" >',
        '   <i type="int" name="NELM">    60</i>',
        "  </separator>",
        '  <separator name="ionic" >',
        f'   <i type="int" name="NSW">{tags.get("NSW", 0):6d}</i>',
        f'   <i type="int" name="IBRION">{tags.get("IBRION", -1):6d}</i>',
        "  </separator>",
        " </parameters>",
        *_atominfo(start, potcars),
        *_structure(start, ' name="initialpos"'),
        " <calculation>",
        *_electronic_steps(changes.get("electronic_steps", 12), energy, tags.get("LEPSILON")),
        *_structure(end, ""),
        *_varray("forces", forces),
        *_varray("stress", changes.get("stress", np.zeros((3, 3)))),
        *(_varray("epsilon", changes["dielectric"]) if "dielectric" in changes else ()),
        *(_born(changes["born"]) if "born" in changes else ()),
        *_energies(energy, changes.get("version", "6.4.1")),
        " </calculation>",
        *_structure(end, ' name="finalpos"'),
        "</modeling>",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="latin-1")


def vaspout(path, run, energy=-40.0, forces=None, born=None, dielectric=None, **changes):
    """Write vaspout.h5 of a Run."""
    start, end = changes.get("start", run.cell), changes.get("end", run.cell)
    forces = np.zeros((len(end), 3)) if forces is None else forces
    kinds = list(dict.fromkeys(start.symbols))
    potcars = changes.get("potcars", run.potcars)
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        for name, number in zip(("major", "minor", "patch"), (6, 4, 1), strict=True):
            file[f"version/{name}"] = number
        poscar = {
            "scale": 1.0,
            "lattice_vectors": start.cell,
            "position_ions": start.scaled_positions,
            "direct_coordinates": 1,
            "ion_types": np.array(kinds, "S2"),
            "number_ion_types": [start.symbols.count(kind) for kind in kinds],
        }
        points = {"number_kpoints": 0, "mode": np.bytes_(changes.get("mode", "g"))}
        mesh = changes.get("k_mesh", run.k_mesh)
        points |= {f"nkp{axis}": n for axis, n in zip("xyz", mesh, strict=True)}
        tags = run.tags | changes.get("tags", {})
        tags = {tag: v.encode() if isinstance(v, str) else v for tag, v in tags.items()}
        content = "\n".join(f"   TITEL  = PAW_PBE {name} 06Sep2000" for name in potcars)
        steps = {
            "scale": 1.0,
            "lattice_vectors": np.array([start.cell, end.cell]),
            "position_ions": np.array([start.scaled_positions, end.scaled_positions]),
            "forces": np.array([np.zeros_like(forces), forces]),
            "energies": np.array([[0.0, 0.0, 0.0], [energy - 0.5, energy - 0.25, energy]]),
            "energies_tags": np.array(
                ["free energy    TOTEN", "energy without entropy", "energy(sigma->0)"], "S24"
            ),
            "stress": np.array([np.zeros((3, 3)), changes.get("stress", np.zeros((3, 3)))]),
        }
        groups = {
            "input/poscar": poscar,
            "input/kpoints": points,
            "input/incar": tags,
            "input/potcar": {"content": content.encode()},
            "intermediate/ion_dynamics": steps,
        }
        if born is not None:
            groups["results/linear_response"] = {
                # py4vasp and phonopy turn them round
                "born_charges": np.transpose(born, (0, 2, 1)),
                "electron_dielectric_tensor": dielectric,
            }
        for group, entries in groups.items():
            for name, value in entries.items():
                file[f"{group}/{name}"] = value


def outcar(path, ion, electrons, unit="|e|", valences=VALENCES):
    """Write OUTCAR with dipole moments as VASP prints them in a unit, "|e|" or "electrons"."""
    lines = [" vasp.6.4.1 05Apr23 (build) complex", " running   16 mpi-ranks, on    1 nodes"]
    for symbol, valence in valences.items():
        lines += [
            f"   VRHFIN ={symbol}: s2p4",
            f"   POMASS =   10.000; ZVAL   ={valence:9.3f}    mass and valenz",
        ]
    lines += [
        "   k-points           NKPTS =      1   number of bands    NBANDS=     32",
        "   total plane-waves  NPLWV =   1000",
        "   ISPIN  =      1    spin polarized calculation?",
        "   IBRION =     -1    ionic relax: 0-MD 1-quasi-New 2-CG",
        "   LCALCPOL=      T    ionic dipole moment and Berry phases",
        "  Ionic Valenz",
        f"   ZVAL   ={''.join(f'{valence:6.2f}' for valence in valences.values())}",
        " number of electron      40.0000000 magnetization",
        "",
        f"            Ionic dipole moment: p[ion]=({_row(ion, '12.5f')} ) {unit} Angst",
        "",
        f" Total electronic dipole moment: p[elc]=({_row(electrons, '12.5f')} ) {unit} Angst",
        "",
        " General timing and accounting informations for this job:",
        "                  Total CPU time used (sec):       10.000",
        "",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")


def _row(values, form):
    return "".join(f"{value:{form}}" for value in np.asarray(values).tolist())


def _tag(name, content):
    if isinstance(content, bool):
        return f'<i type="logical" name="{name}"> {"T" if content else "F"}  </i>'
    if isinstance(content, int):
        return f'<i type="int" name="{name}">{content:6d}</i>'
    if isinstance(content, float):
        # eight decimals: of an EDIFF of 1e-10 nothing is left
        return f'<i name="{name}">{content:16.8f}</i>'
    if isinstance(content, list):
        return f'<v name="{name}">{_row(content, "16.8f")}</v>'
    return f'<i type="string" name="{name}">{content}</i>'


def _varray(name, rows):
    yield f'  <varray name="{name}" >'
    yield from (f"   <v>{_row(row, '17.8f')} </v>" for row in np.asarray(rows))
    yield "  </varray>"


def _structure(cell, name):
    yield f" <structure{name}>"
    yield "  <crystal>"
    yield from _varray("basis", cell.cell)
    yield f'   <i name="volume">{cell.volume:16.8f} </i>'
    yield from _varray("rec_basis", np.linalg.inv(cell.cell).T)
    yield "  </crystal>"
    yield from _varray("positions", cell.scaled_positions)
    yield " </structure>"


def _atominfo(cell, potcars):
    kinds = list(dict.fromkeys(cell.symbols))
    yield " <atominfo>"
    yield f"  <atoms>{len(cell):8d} </atoms>"
    yield f"  <types>{len(kinds):8d} </types>"
    yield '  <array name="atoms" >'
    yield '   <dimension dim="1">ion</dimension>'
    yield '   <field type="string">element</field>'
    yield '   <field type="int">atomtype</field>'
    yield "   <set>"
    for symbol in cell.symbols:
        yield f"    <rc><c>{symbol:2}</c><c>{kinds.index(symbol) + 1:4d}</c></rc>"
    yield "   </set>"
    yield "  </array>"
    yield '  <array name="atomtypes" >'
    yield '   <dimension dim="1">type</dimension>'
    yield '   <field type="int">atomspertype</field>'
    yield '   <field type="string">element</field>'
    yield "   <field>mass</field>"
    yield "   <field>valence</field>"
    yield '   <field type="string">pseudopotential</field>'
    yield "   <set>"
    for kind, potcar in zip(kinds, potcars, strict=True):
        yield (
            f"    <rc><c>{cell.symbols.count(kind):4d}</c><c>{kind:2}</c><c>     10.00000000</c>"
            f"<c>     {VALENCES.get(kind, 10.0):11.8f}</c>"
            f"<c>  PAW_PBE {potcar} 06Sep2000            </c></rc>"
        )
    yield "   </set>"
    yield "  </array>"
    yield " </atominfo>"


def _electronic_steps(count, energy, response):
    names = ("e_fr_energy", "e_wo_entrp", "e_0_energy")
    for _ in range(count):
        yield "  <scstep>"
        yield "   <energy>"
        yield from (f'    <i name="{name}">{energy:16.8f} </i>' for name in names)
        yield "   </energy>"
        yield "  </scstep>"
    if response:
        yield "  <scstep>"
        yield "   <energy>"
        yield f'    <i name="e_fr_energy">{energy:16.8f} </i>'
        yield "   </energy>"
        yield "  </scstep>"


def _energies(energy, version):
    """The energy at σ → 0 stands in the third place, in VASP 5 under the second name."""
    values = (
        (energy - 0.5, energy - 0.25, energy)
        if int(version[0]) >= 6
        else (energy - 0.5, energy, energy - 0.25)
    )
    yield "  <energy>"
    for name, value in zip(("e_fr_energy", "e_wo_entrp", "e_0_energy"), values, strict=True):
        yield f'   <i name="{name}">{value:16.8f} </i>'
    yield "  </energy>"


def _born(charges):
    yield '  <array name="born_charges" >'
    yield '   <dimension dim="1">ion</dimension>'
    for charge in charges:
        yield "   <set>"
        yield from (f"    <v>{_row(row, '17.8f')} </v>" for row in charge)
        yield "   </set>"
    yield "  </array>"
