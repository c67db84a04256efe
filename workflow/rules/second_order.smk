localrules:
    second_order,


rule second_order_charges:
    """Second-order mode effective charges from Berry phases at several amplitudes."""
    input:
        second_order_data,
    params:
        **made_by(
            "second_order",
            "second_order.py",
            data=digest.folder_digest(SECOND_ORDER_FOLDER),
        ),
    output:
        CHARGES.second_order,
    log:
        CHARGES.log("second_order"),
    benchmark:
        CHARGES.benchmark("second_order")
    priority: 1
    localrule: True
    conda:
        "../../envs/phonons.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../scripts/second_order.py"


rule second_order:
    """Second-order mode effective charges: the figures and tables of arXiv:2512.00628."""
    input:
        second_order_files,
