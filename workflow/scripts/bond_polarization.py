"""Second-order polarization of neighbouring cells beside the linear one."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.analysis.bond_polarization import bond_polarization_dataset
    from ferronhall.analysis.control_variate import control_variate
    from ferronhall.base import storage
    from ferronhall.model.members import FIELD_SIGNS
    from ferronhall.model.model import read_model

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    model, theory = read_model(snakemake.input.parameters), storage.read(snakemake.input.theory)
    control = control_variate(model, snakemake.input.get("twin"))
    charge, config = snakemake.params.charge, configuration(snakemake)
    bonds = bond_polarization_dataset(model, config, theory, files, control, charge)
    write(snakemake, bonds, snakemake.output[0])
    log(f"bond charge: {charge['value_e_per_A'] if charge else 'not known'} (e/angstrom)")
