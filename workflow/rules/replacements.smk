"""Before the first job: what would be mistaken for other results, and what would be replaced."""

from snakemake.exceptions import MissingRuleException

from ferronhall.campaign import superseded
from ferronhall.campaign.targets import unknown_target
from ferronhall.campaign.replacements import Planned, mistaken, refusal, replacements

REPLACED, ANNOUNCED = [], []
"""What this run replaces, and what is said of it; known once the graph of jobs has been built."""


def planned():
    """The jobs of Snakemake's plan that make datasets of this campaign, inputs first.

    And those that it shares with others.
    """
    folders = tuple(f"{one.folder}/" for one in (CAMPAIGN, *SHARED_DATASETS.values()))
    # jobs of a level come in no order, and messages name the first file
    levels = (sorted(level, key=lambda job: str(job.output)) for level in workflow.dag.toposorted())
    for job in (job for level in levels for job in level):
        files = (str(file) for file in job.output)
        files = tuple(file for file in files if file.startswith(folders) and file.endswith(".nc"))
        if files and "record" in job.params.keys():
            wanted = Record(job.params.stage, job.params.record.modules)
            # touching makes nothing, it only says that what is there is what is asked for
            runs = workflow.dag.needrun(job) and not workflow.touch
            if files[0] in TRAJECTORY_FILES:
                # a job may be several replicas', and each is looked at by itself
                for replica in dict.fromkeys(Path(file).stem for file in files):
                    own = tuple(file for file in files if Path(file).stem == replica)
                    yield Planned("trajectory", own, wanted, runs)
            else:
                yield Planned(job.rule.name, files, wanted, runs)


def look_at_results():
    """Stop before results that are taken for others; set aside those that only code replaces."""
    plan = list(planned())
    if trouble := device_trouble(plan):
        sys.exit(trouble)
    if wrong := mistaken(plan, config["accept_code"]):
        sys.exit(refusal(wrong))
    REPLACED.extend(replacements(plan))
    replaced = superseded.replaced_by_code(REPLACED)
    running = [job.files[0] for job in plan if job.runs]
    replicas = [Path(file).stem for file in running if file in TRAJECTORY_FILES]
    block = MADE["trajectories"]().block
    states = {} if config["accept_code"] else superseded.outdated_states(CAMPAIGN, replicas, block)
    ANNOUNCED.extend(superseded.announcement(CAMPAIGN, replaced, states, workflow.dryrun))
    # a dry run says it where it ends
    if not workflow.dryrun:
        for line in ANNOUNCED:
            logger.warning(line)
    if (replaced or states) and not workflow.dryrun:
        # what Snakemake has seen of files until now, as it does itself before it runs jobs
        workflow.iocache.deactivate()
        accept = ["--config", "accept_code=true", "--", "trajectories"]
        ways = [
            invocation.command(workflow, ["--cores", *before], accept)
            for before in (["1", "--touch"], ["all"])
        ]
        for folder in superseded.set_aside(CAMPAIGN, replaced, states, *ways):
            logger.warning(f"To delete what was set aside, or to take it back: {folder}/README.txt")


build_dag = workflow._build_dag


def leave_shared_files_to_others():
    """Read what campaigns share without a lock on it.

    A run holds its locks to its end. With one on them, no other campaign of the same material could
    start before; whoever makes them locks them still.
    """
    inputs = workflow.persistence.all_inputfiles
    workflow.persistence.all_inputfiles = lambda: (
        file for file in inputs() if not paths.is_shared(file)
    )


def start_jobs_at_once():
    """Leave out the limit of jobs a second, as Snakemake's own interface in Python does by itself.

    By the command line's (100/1s) every look for jobs is followed by another a second later, and each
    job that ends adds one more: at the end of a campaign, dozens of them a second, and a second in
    which the run that is done waits for the last. Who sets a limit, or has jobs run elsewhere, keeps it.
    """
    settings = workflow.scheduling_settings
    limit = getattr(settings, "max_jobs_per_timespan", None)
    if limit and (limit.max_jobs, limit.timespan) == (100, 1) and not workflow.non_local_exec:
        settings.max_jobs_per_timespan = None


def build_dag_and_look():
    """Snakemake has no hook between its plan and its first job that dry runs pass through too."""
    try:
        build_dag()
    except MissingRuleException as error:
        targets = [str(target) for target in workflow.dag_settings.targets]
        rules = [rule.name for rule in workflow.rules]
        if told := unknown_target(str(error), targets, rules, CAMPAIGN):
            sys.exit(told)
        raise
    leave_shared_files_to_others()
    start_jobs_at_once()
    executes = workflow.is_main_process and workflow.executor_plugin is not None
    if executes and not workflow.persistence.locked:
        look_at_results()


workflow._build_dag = build_dag_and_look
