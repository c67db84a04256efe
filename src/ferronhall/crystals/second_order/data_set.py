"""A data set of second-order runs: their polarizations, and what they are of."""

from ferronhall.base import schema, yaml_files
from ferronhall.crystals.first_principles.quantum_espresso import pseudopotentials
from ferronhall.crystals.first_principles.quantum_espresso.pw_output import origin
from ferronhall.crystals.second_order import polarizations, runs

_OF_CRYSTAL = (
    "family",
    "species",
    "nominal_charges",
    "lattice_constant_A",
    "supercell",
    "local_mode",
)


def write(table, content, config, ground_states, berry_phases):
    """Write polarizations.csv and dataset.yaml.

    table, content : paths
    config : dict, of a checked configuration: campaign, and the first-principles section
    ground_states, berry_phases : sequences of str
        Outputs of pw.x, in the order of runs.runs.
    returns : int, the number of runs
    """
    section = config["first_principles"]
    found = runs.runs(section)
    rows = [
        polarizations.row(section, run, *outputs, key)
        for (key, run), *outputs in zip(found.items(), ground_states, berry_phases, strict=True)
    ]
    polarizations.write(rows, table)
    files = ", ".join(kind["pseudopotential"] for kind in section["species"])
    write_content(
        content,
        config,
        *origin(ground_states[0], str(table)),
        f"{pseudopotentials.SOURCE}: {files}",
    )
    return len(rows)


def write_content(path, config, code, functional, potentials):
    """Write dataset.yaml: what the runs of a configuration are of, and what they were made with."""
    description = {
        "source": f"first-principles runs of the campaign {config['campaign']}",
        "code": code,
        "functional": functional,
        "pseudopotentials": potentials,
        "crystals": {
            name: {key: group[key] for key in _OF_CRYSTAL}
            | {"published": [_published(entry) for entry in group["pairs"] if _KEY in entry]}
            for name, group in config["first_principles"]["crystals"].items()
        },
    }
    schema.check(description, "second_order_data")
    yaml_files.write(description, path)


_KEY = "published_e_per_A"


def _published(entry):
    return {"modes": entry["modes"], "charge_e_per_A": entry[_KEY]}
