localrules:
    table,
    summary,
    tables,


rule table:
    """A material table: every computed quantity beside its published value."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        stage=stage_block("tables", "table.py"),
    output:
        csv=report(
            CAMPAIGN.table()["csv"],
            caption="../report/table.rst",
            category="Tables",
            labels={"table": "{table}"},
        ),
        md=CAMPAIGN.table()["md"],
    log:
        CAMPAIGN.log("tables", "{table}"),
    benchmark:
        CAMPAIGN.benchmark("tables", "{table}")
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../scripts/table.py"


rule summary:
    """Extremes and edge accumulations of the six maps, with errors and significance."""
    input:
        parameters=CAMPAIGN.parameters,
        ensemble=CAMPAIGN.ensemble,
    params:
        stage=stage_block("tables", "summary.py"),
    output:
        csv=report(
            CAMPAIGN.table(paths.SUMMARY)["csv"],
            caption="../report/summary.rst",
            category="Tables",
            labels={"table": "summary"},
        ),
        md=CAMPAIGN.table(paths.SUMMARY)["md"],
    log:
        CAMPAIGN.log("tables", paths.SUMMARY),
    benchmark:
        CAMPAIGN.benchmark("tables", paths.SUMMARY)
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../scripts/summary.py"


rule tables:
    """All tables of the campaign."""
    input:
        TABLE_FILES,
