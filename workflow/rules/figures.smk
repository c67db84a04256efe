localrules:
    figure,
    figures,


rule figure:
    """One figure as PNG and PDF, with the plotted numbers beside it as CSV."""
    input:
        parameters=CAMPAIGN.parameters,
        ensemble=CAMPAIGN.ensemble,
    output:
        png=report(
            CAMPAIGN.figure()["png"],
            caption="../report/{figure}.rst",
            category="Figures",
            labels={"figure": "{figure}"},
        ),
        pdf=CAMPAIGN.figure()["pdf"],
        csv=CAMPAIGN.figure()["csv"],
    log:
        CAMPAIGN.log("figures", "{figure}"),
    benchmark:
        CAMPAIGN.benchmark("figures", "{figure}")
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        # a figure's own module is found by name, so editing it remakes that figure alone
        stage=lambda wildcards: stage_block(
            "figures", "figure.py", [f"ferronhall.figures.{wildcards.figure}"]
        ),
    script:
        "../scripts/figure.py"


rule figures:
    """All figures of the campaign."""
    input:
        FIGURE_FILES,
