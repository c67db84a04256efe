"""Second-order mode effective charges: polarization from pairs of nonpolar modes (Ref. N).

N is S. Jung and T. Birol, "Ferroic Polarization from Nonpolar Phonons", arXiv:2512.00628.
"""
