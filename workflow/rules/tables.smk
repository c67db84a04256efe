localrules:
    tables,


# one rule a table of results, because each has its own caption and its own data
for result, datasets in RESULT_TABLES.items():

    rule:
        """A table of the campaign's results."""
        name:
            f"{result}_table"
        input:
            **CAMPAIGN.datasets(datasets),
        params:
            # the table's own module is found by name, so editing it remakes that table alone
            **made_by("tables", "result_table.py", [f"ferronhall.results.tables.{result}"]),
            table=result,
        output:
            csv=report(
                CAMPAIGN.table(result)["csv"],
                caption=f"../report/{result}.rst",
                category="Tables",
                labels={"table": result},
            ),
            md=CAMPAIGN.table(result)["md"],
        log:
            CAMPAIGN.log("tables", result),
        benchmark:
            CAMPAIGN.benchmark("tables", result)
        localrule: True
        conda:
            "../../envs/figures.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        script:
            "../scripts/result_table.py"


rule tables:
    """All tables of the campaign."""
    input:
        TABLE_FILES,
