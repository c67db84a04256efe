"""Second-order mode effective charges: the polarization that pairs of nonpolar modes carry.

After Jung and Birol, "Ferroic Polarization from Nonpolar Phonons", arXiv:2512.00628; equation
numbers in this package are those of that paper.
"""
