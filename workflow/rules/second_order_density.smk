for parent, folder in DENSITIES.items():

    rule:
        """Polar parts of a parent's electron densities on a grid, and their multipole moments."""
        name:
            f"{parent}_density_data"
        input:
            density_files(parent),
        params:
            stage=density_block(parent),
            record=record_of("density.py"),
            folder=lambda wildcards, output, parent=parent: density_folder(parent),
        output:
            folder.density(parent),
        log:
            folder.log("density", parent),
        benchmark:
            folder.benchmark("density", parent)
        priority: 1
        localrule: True
        conda:
            "../../envs/phonons.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        script:
            "../scripts/density.py"
