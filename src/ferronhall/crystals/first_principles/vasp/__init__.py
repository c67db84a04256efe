"""VASP behind the campaign: inputs are written here, and VASP is run by whoever has its licence.

    configuration    settings (base/schemas/first_principles_vasp.schema.yaml), incar
    campaign         paths
    inputs           run (one calculation, its files) ← plans (which runs, of what), dipole_origin
    exchange         exchange (what has come back), message (what to run) → progress
    results          calculation (readers of phonopy and pymatgen) → agreement (do they belong to
                     the inputs), relaxation, force_constants, dipole (Berry phases) →
                     path_results → dataset

Inputs are made of structures and settings alone. Results are refused unless they say of themselves
that they are those of the inputs: nobody here saw VASP run.
"""
