localrules:
    density_data,


rule density_data:
    """Polar parts of a parent's electron densities on a grid, and their multipole moments."""
    input:
        density_files,
    params:
        stage=lambda wildcards: density_block(wildcards.parent),
        record=record_of("density.py"),
        folder=density_folder,
    output:
        CAMPAIGN.density(),
    log:
        CAMPAIGN.log("density", "{parent}"),
    benchmark:
        CAMPAIGN.benchmark("density", "{parent}")
    conda:
        "../../envs/phonons.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    script:
        "../scripts/density.py"
