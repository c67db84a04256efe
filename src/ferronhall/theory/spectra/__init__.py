"""Which phonons make a response, by frequency and wave vector.

frequency_bands   what a bath drives of a mode in bands of frequency
spectral_density  which modes a weighted sum over the slab is made of
edge_spectrum     that of the edge responses (theory_spectrum.nc)
"""
