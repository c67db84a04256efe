localrules:
    page,


rule page:
    """The campaign in one HTML file: its answer, maps to explore, every table, links to all files."""
    input:
        **PAGE_DATASETS,
        picture=CAMPAIGN.figure("fig3")["png"],
        written=[file for file in TABLE_FILES if file.endswith(".md")],
        linked=[
            *LINKED_DATASETS.values(),
            *FIGURE_FILES,
            *(file for file in TABLE_FILES if not file.endswith(".md")),
        ],
    params:
        **made_by("page", "page.py", material=MATERIAL),
        citation=citation_file,
    output:
        CAMPAIGN.page,
    log:
        CAMPAIGN.log("page"),
    benchmark:
        CAMPAIGN.benchmark("page")
    conda:
        "../../envs/page.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    script:
        "../scripts/page.py"
