"""Ferron Hall effect: stochastic soft-mode dynamics of a ferroelectric slab in a magnetic field."""
