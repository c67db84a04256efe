"""What depends on a material or on second-order data alone: made once, taken by every campaign."""

SHARED_FIGURES = paths.SECOND_ORDER_FIGURES | (paths.PHONON_FIGURES if PHONON_DATA else {})


def made_in(datasets):
    """The folder of a figure or table, which reads one shared dataset."""
    (dataset,) = datasets
    return SHARED_DATASETS[dataset]


# `snakemake figS1` makes the campaign's own, from that which is drawn here
for figure, datasets in SHARED_FIGURES.items():
    folder = made_in(datasets)

    rule:
        """A figure as PNG and PDF, with the plotted numbers beside it as CSV."""
        name:
            f"shared_{figure}"
        input:
            **folder.datasets(datasets),
        params:
            **made_by("figures", "figure.py", [f"ferronhall.results.figures.{figure}"]),
        output:
            **folder.figure(figure),
        log:
            folder.log("figures", figure),
        benchmark:
            folder.benchmark("figures", figure)
        priority: 1
        localrule: True
        conda:
            "../../envs/figures.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        script:
            "../scripts/figure.py"

    rule:
        """A figure of the campaign that it shares with others."""
        name:
            figure
        input:
            CAMPAIGN.figure(figure).values(),
        localrule: True


for result, datasets in paths.SECOND_ORDER_TABLES.items():
    folder = made_in(datasets)

    rule:
        """A table of pairs of nonpolar modes."""
        name:
            f"shared_{result}_table"
        input:
            **folder.datasets(datasets),
        params:
            **made_by("tables", "result_table.py", [f"ferronhall.results.tables.{result}"]),
            table=result,
        output:
            **folder.table(result),
        log:
            folder.log("tables", result),
        benchmark:
            folder.benchmark("tables", result)
        priority: 1
        localrule: True
        conda:
            "../../envs/figures.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        script:
            "../scripts/result_table.py"

    rule:
        """A table of the campaign that it shares with others."""
        name:
            f"{result}_table"
        input:
            CAMPAIGN.table(result).values(),
        localrule: True


# an electric field, say, changes the tables of the model and no other; those of one job take a
# tenth of a second together, and its start half a second
for kind, folder, tables, content in (
    ("material_tables", TABULATED, paths.MATERIAL_TABLES, MODELLED),
    ("phonon_tables", CRYSTAL, paths.PHONON_TABLES if PHONON_DATA else (), MATERIAL),
):
    if tables:

        rule:
            """Tables of the material: every computed quantity beside its published value."""
            name:
                kind
            input:
                **PHONONS,
            params:
                **made_by("tables", "material_tables.py", material=content),
            output:
                csv=[folder.table(table)["csv"] for table in tables],
                md=[folder.table(table)["md"] for table in tables],
            log:
                folder.log(kind),
            benchmark:
                folder.benchmark(kind)
            priority: 1
            localrule: True
            conda:
                "../../envs/figures.yaml"
            threads: 1
            resources:
                mem_mb=1000,
                runtime=10,
            script:
                "../scripts/material_tables.py"


def copies(folder, datasets=(), figures=(), tables=()):
    """The campaign's files → those in a shared folder that they are copies of; tables first."""
    pairs = [(CAMPAIGN.table(name), folder.table(name)) for name in tables]
    pairs += [(CAMPAIGN.figure(name), folder.figure(name)) for name in figures]
    pairs += [(CAMPAIGN.datasets([name]), folder.datasets([name])) for name in datasets]
    return {own[part]: shared[part] for own, shared in pairs for part in own}


def of_dataset(dataset):
    """The same, of a shared dataset with the figures and tables that read it alone."""
    known = paths.SECOND_ORDER_FIGURES, paths.SECOND_ORDER_TABLES
    parts = ([name for name, read in kind.items() if read == (dataset,)] for kind in known)
    return copies(SHARED_DATASETS[dataset], [dataset], *parts)


def reported(file):
    """A file as an output: pictures and tables stand in the report."""
    kind, name = Path(file).parent.name, Path(file).stem
    if (kind, Path(file).suffix) not in (("figures", ".png"), ("tables", ".csv")):
        return file
    caption = "table" if name in MATERIAL_TABLES else name
    labels = {kind.removesuffix("s"): name}
    return report(file, f"../report/{caption}.rst", category=kind.title(), labels=labels)


TAKEN = {
    "material": copies(TABULATED, tables=paths.MATERIAL_TABLES),
    **{dataset: of_dataset(dataset) for dataset in SHARED_DATASETS if dataset != "phonons"},
}
if PHONON_DATA:
    TAKEN["material"] |= copies(CRYSTAL, ["phonons"], paths.PHONON_FIGURES, paths.PHONON_TABLES)

for part, files in TAKEN.items():

    rule:
        """What the campaign shares with others, copied to where its own results lie."""
        name:
            f"taken_{part}"
        input:
            list(files.values()),
        params:
            stage=stage_block("taken", "taken.py"),
        output:
            [reported(file) for file in files],
        log:
            CAMPAIGN.log("taken", part),
        benchmark:
            CAMPAIGN.benchmark("taken", part)
        localrule: True
        conda:
            "../../envs/figures.yaml"
        threads: 1
        resources:
            mem_mb=500,
            runtime=10,
        script:
            "../scripts/taken.py"
