"""First-principles programs behind the campaign: from atoms and a cell to the data of the model.

shared     phases (what a configuration checks), crystal, switching_path with its branches,
           response, dataset, which ferronhall.crystals.phonons reads
a code     quantum_espresso: runs started by the campaign
"""
