"""Import of force constants and switching paths, whatever code and layout they come in."""
