SCAN_FILES = [CAMPAIGN.scan_point(name) for name in SCAN_POINTS]


def scan_products(wildcards):
    """Figure and table of the scan; without one, what to write to get them."""
    if not SCAN_POINTS:
        sys.exit(
            "scans: this configuration has none; add a list of keys and values to it, as in "
            "config/scan_field.yaml:\n"
            "scan:\n  - {key: field.omega_B_rad_per_ps, values: [20, 40, 80]}"
        )
    return [
        *(f for name in paths.SCAN_FIGURES for f in CAMPAIGN.figure(name).values()),
        *(f for name in paths.SCAN_TABLES for f in CAMPAIGN.table(name).values()),
    ]


localrules:
    scan_collection,
    scans,


rule scan_point:
    """The noise-free responses at one point of a scan; a point that is unstable says so."""
    params:
        stage=lambda wildcards: stage_block(
            "theory", "scan_point.py", material=MATERIAL, content=SCAN_POINTS[wildcards.point]
        ),
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
        mem_mb=lambda wildcards: theory_memory(SCAN_POINTS[wildcards.point]),
        runtime=240,
    script:
        "../scripts/scan_point.py"


rule scan_collection:
    """All points of the scan in one file."""
    input:
        SCAN_FILES,
    params:
        stage=stage_block("scan", "scan_collection.py", material=MATERIAL),
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
