localrules:
    figures,


# one rule a figure, because a rule has one caption; `snakemake fig3` makes that figure alone
for figure, datasets in FIGURES.items():
    if figure in SHARED_FIGURES:
        continue

    rule:
        """One figure as PNG and PDF, with the plotted numbers beside it as CSV."""
        name:
            f"{figure}_figure" if figure in paths.HYSTERESIS_FIGURES else figure
        input:
            **CAMPAIGN.datasets(datasets),
        params:
            # the figure's own module is found by name, so editing it remakes that figure alone
            **made_by("figures", "figure.py", [f"ferronhall.results.figures.{figure}"]),
        output:
            png=report(
                CAMPAIGN.figure(figure)["png"],
                caption=f"../report/{figure}.rst",
                category="Figures",
                labels={"figure": figure},
            ),
            pdf=CAMPAIGN.figure(figure)["pdf"],
            csv=CAMPAIGN.figure(figure)["csv"],
        log:
            CAMPAIGN.log("figures", figure),
        benchmark:
            CAMPAIGN.benchmark("figures", figure)
        localrule: True
        conda:
            "../../envs/figures.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        script:
            "../scripts/figure.py"


rule figures:
    """All figures of the campaign."""
    input:
        FIGURE_FILES,
