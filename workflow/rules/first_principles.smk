localrules:
    structure,
    force_constants,
    response,
    switching_path,
    first_principles_dataset,
    first_principles,


rule relaxation:
    """Cell or atoms of a phase brought to rest."""
    params:
        plan=lambda wildcards: plan(plans.relaxation(SECTION, wildcards.phase)),
        scratch=scratch("{phase}-relax"),
    output:
        FIRST_PRINCIPLES.run("relax", "{phase}"),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "relaxation"),
    benchmark:
        CAMPAIGN.benchmark("first_principles", "{phase}", "relaxation")
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=4000,
        runtime=1440,
    script:
        "../scripts/first_principles_run.py"


rule structure:
    """Cell and atoms of a phase, relaxed or as configured."""
    input:
        relaxation_output,
    params:
        structure=structure_content,
        configured=lambda wildcards: crystal.content(configured(wildcards.phase)),
    output:
        FIRST_PRINCIPLES.structure(),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "structure"),
    conda:
        "../../envs/first_principles.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/structure.py"


checkpoint q_points:
    """The irreducible wave vectors of a phase's mesh; how many there are, ph.x says."""
    input:
        structure=FIRST_PRINCIPLES.structure(),
    params:
        plan=lambda wildcards, input: plan(plans.q_points(SECTION, crystal.read(input.structure))),
        configured=lambda wildcards: plan(plans.q_points(SECTION, configured(wildcards.phase))),
        scratch=scratch("{phase}-q_points"),
    output:
        FIRST_PRINCIPLES.run("scf", "{phase}"),
        FIRST_PRINCIPLES.run("q_points", "{phase}"),
        listed=FIRST_PRINCIPLES.dynamical_matrix(q=0),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "q_points"),
    benchmark:
        CAMPAIGN.benchmark("first_principles", "{phase}", "q_points")
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=4000,
        runtime=240,
    script:
        "../scripts/first_principles_run.py"


rule dynamical_matrix:
    """The dynamical matrix at one wave vector; an interrupted one goes on from its scratch folder."""
    input:
        structure=FIRST_PRINCIPLES.structure(),
    params:
        plan=lambda wildcards, input: plan(
            plans.dynamical_matrix(SECTION, crystal.read(input.structure), int(wildcards.q))
        ),
        configured=lambda wildcards: plan(
            plans.dynamical_matrix(SECTION, configured(wildcards.phase), int(wildcards.q))
        ),
        scratch=scratch("{phase}-q{q}"),
    output:
        FIRST_PRINCIPLES.run("q{q}", "{phase}"),
        FIRST_PRINCIPLES.dynamical_matrix(),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "q{q}"),
    benchmark:
        CAMPAIGN.benchmark("first_principles", "{phase}", "q{q}")
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=4000,
        runtime=2880,
    script:
        "../scripts/first_principles_run.py"


rule force_constants:
    """Real-space force constants from the dynamical matrices at all wave vectors."""
    input:
        matrices=dynamical_matrices,
    params:
        plan=plan(plans.force_constants(SECTION)),
        scratch=scratch("{phase}-q2r"),
    output:
        FIRST_PRINCIPLES.run("q2r", "{phase}"),
        FIRST_PRINCIPLES.force_constants(),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "force_constants"),
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=1000,
        runtime=30,
    script:
        "../scripts/first_principles_run.py"


rule response:
    """Dielectric tensor, Born charges and frequencies at the zone centre."""
    input:
        matrix=FIRST_PRINCIPLES.dynamical_matrix(q=1),
        structure=FIRST_PRINCIPLES.structure(),
    params:
        stage=result_block("response.py"),
    output:
        FIRST_PRINCIPLES.response(),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "response"),
    conda:
        "../../envs/first_principles.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/response.py"


rule path_point:
    """Energy and Berry phase at a point of the switching path."""
    input:
        structure=FIRST_PRINCIPLES.structure("tetragonal"),
    params:
        plan=lambda wildcards, input: plan(
            plans.path_point(SECTION, crystal.read(input.structure), float(wildcards.coordinate))
        ),
        configured=lambda wildcards: plan(
            plans.path_point(SECTION, configured("tetragonal"), float(wildcards.coordinate))
        ),
        scratch=scratch("path-{coordinate}"),
    output:
        FIRST_PRINCIPLES.run("scf", "path", "{coordinate}"),
        FIRST_PRINCIPLES.run("berry", "path", "{coordinate}"),
    log:
        CAMPAIGN.log("first_principles", "path", "{coordinate}"),
    benchmark:
        CAMPAIGN.benchmark("first_principles", "path", "{coordinate}")
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=4000,
        runtime=480,
    script:
        "../scripts/first_principles_run.py"


rule switching_path:
    """Displacements, energies and polarization along the switching path."""
    input:
        **PATH_OUTPUTS,
        structure=FIRST_PRINCIPLES.structure("tetragonal"),
    params:
        stage=result_block(
            "switching_path.py", ["first_principles.atoms", "first_principles.path.lambdas"]
        ),
    output:
        FIRST_PRINCIPLES.switching_path,
    log:
        CAMPAIGN.log("first_principles", "switching_path"),
    conda:
        "../../envs/first_principles.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/switching_path.py"


rule first_principles_dataset:
    """The file that names the results for the import of lattice dynamics."""
    input:
        **{phase: FIRST_PRINCIPLES.force_constants(phase) for phase in PHASES_WITH_PHONONS},
        switching_path=FIRST_PRINCIPLES.switching_path,
        ground_state=FIRST_PRINCIPLES.run("scf", "cubic")[1],
    params:
        stage=result_block(
            "first_principles_dataset.py",
            ["campaign", *(f"first_principles.{key}" for key in dataset.KEYS)],
        ),
    output:
        FIRST_PRINCIPLES.dataset,
    log:
        CAMPAIGN.log("first_principles", "dataset"),
    conda:
        "../../envs/first_principles.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/first_principles_dataset.py"


rule first_principles:
    """Structures, force constants, response and switching path of the material."""
    input:
        FIRST_PRINCIPLES.dataset,
        [FIRST_PRINCIPLES.response(phase) for phase in PHASES_WITH_PHONONS],
