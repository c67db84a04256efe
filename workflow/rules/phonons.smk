localrules:
    phonons,


rule phonon_data:
    """Lattice dynamics of the material: branches, local mode, kernels and switching path."""
    params:
        **made_by("phonons", "phonons.py", material=MATERIAL, data=PHONON_DATA),
        data=phonon_file,
    output:
        CRYSTAL.phonons,
    log:
        CRYSTAL.log("phonons"),
    benchmark:
        CRYSTAL.benchmark("phonons")
    priority: 1
    localrule: True
    conda:
        "../../envs/phonons.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    script:
        "../scripts/phonons.py"


rule phonons:
    """Fig. S1 and the tables of the material."""
    input:
        phonon_files,
