"""Tables of the campaign: the material beside its published values, and the summary."""
