localrules:
    scan_collection,
    scans,


rule scan_point:
    """The noise-free responses at one point of a scan; a point that is unstable says so."""
    params:
        stage=lambda wildcards: point_block(wildcards.point),
        material_file=lambda wildcards: point_material(wildcards.point),
        record=record_of("scan_point.py"),
    output:
        CAMPAIGN.scan_point(),
    log:
        CAMPAIGN.log("scan", "{point}"),
    benchmark:
        CAMPAIGN.benchmark("scan", "{point}")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=lambda wildcards: job_resources.steady_state_memory(SCAN_POINTS[wildcards.point]),
        runtime=240,
    script:
        "../scripts/scan_point.py"


rule scan_collection:
    """All points of the scan in one file."""
    input:
        [CAMPAIGN.scan_point(point) for point in SCAN_POINTS],
    params:
        **made_by("scan", "scan_collection.py", material=MATERIAL),
    output:
        CAMPAIGN.scan,
    log:
        CAMPAIGN.log("scan_collection"),
    benchmark:
        CAMPAIGN.benchmark("scan_collection")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../scripts/scan_collection.py"


rule scans:
    """Figure and table of the scan, without any trajectory."""
    input:
        scan_products,
