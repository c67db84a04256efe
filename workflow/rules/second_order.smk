localrules:
    second_order,


rule second_order:
    """Second-order mode effective charges: the figures and tables of arXiv:2512.00628."""
    input:
        second_order_files,
