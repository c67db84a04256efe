"""Quantum ESPRESSO behind the campaign, its runs started as jobs.

    configuration    settings (base/schemas/first_principles.schema.yaml), pseudopotentials
    campaign         paths
    inputs           pw_input, ph_input
    calculations     plans (which runs, with which inputs) → programs (running them)
    results          pw_output, ph_output → dataset

A run is remade when the text of its inputs or a pseudopotential differs: hours of runs outlive
changes of code that leave the inputs as they are.
"""
