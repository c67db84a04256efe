localrules:
    second_order_charges,
    second_order,


rule second_order_charges:
    """Second-order mode effective charges from Berry phases at several amplitudes."""
    input:
        second_order_data,
    params:
        **made_by(
            "second_order",
            "second_order.py",
            data=digest.folder_digest(config["second_order"]["data"]),
        ),
    output:
        CAMPAIGN.second_order,
    log:
        CAMPAIGN.log("second_order"),
    benchmark:
        CAMPAIGN.benchmark("second_order")
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
