"""Quantum ESPRESSO behind the campaign: from atoms and a cell to the data of the model.

    configuration    settings (base/schemas/first_principles.schema.yaml), pseudopotentials
    campaign         paths
    structure        crystal
    inputs           pw_input, ph_input
    calculations     plans (which runs, with which inputs) → programs (running them)
    results          pw_output, ph_output → switching_path (branches) → dataset, which
                     ferronhall.crystals.phonons reads

A run is remade when the text of its inputs or a pseudopotential differs: hours of runs outlive
changes of code that leave the inputs as they are.
"""
