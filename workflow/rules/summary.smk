"""What a run does, why, and what it costs: the last lines of a dry run, the first of any other."""

import atexit

from ferronhall.campaign.started_from import StartedFrom

STARTED_FROM = StartedFrom(CAMPAIGN.log("configuration"), workflow.configfiles)


def run_summary(dry):
    """Lines about the jobs of this run; empty where there is nothing to do.

    dry : bool
        The cost of the whole campaign beside what is left of it: a run times what it is to do alone.
    """
    # here, as the timing brings the engine and its compiler, which a job's own process does without
    from ferronhall.campaign import run_state, summary
    from ferronhall.campaign.plan import planned_jobs
    from ferronhall.campaign.stage_costs import StageCosts

    jobs = planned_jobs(workflow, CAMPAIGN.name, REPLACED)
    running = [job for job in jobs.values() if job.runs]
    if not running:
        return []
    kept = {Path(one.files[0]).stem for one in superseded.replaced_by_code(REPLACED)}
    hours = functools.partial(superseded.core_hours, CAMPAIGN)
    resources = workflow.resource_settings
    # a run compiles the kernels in a job, beside others
    costs = StageCosts(config, SCAN_POINTS, slab_model, compiling=dry)
    cores = summary.sharing(resources.cores, resources.nodes, dry)
    if not dry:
        expected = summary.expected(jobs, costs)
        run_state.begin(CAMPAIGN.name, expected, cores[-1][0], resources.nodes is not None)
    return [
        f"Campaign '{CAMPAIGN.name}': {len(running)} of {len(jobs)} jobs run, and why",
        *summary.stage_lines(jobs),
        *(ANNOUNCED if dry else []),
        *summary.replacement_lines(jobs, kept, hours, STARTED_FROM.another),
        *summary.cost_lines(jobs, costs, cores, dry),
        *([] if costs.unknown else summary.twin_lines(jobs, config, slab_model)),
    ]


def print_dry_summary():
    """Print the summary when a dry run has ended; nothing when it has failed."""
    if not (workflow.dryrun and workflow.scheduler):
        return
    planned = list(workflow.dag.needrun_jobs(exclude_finished=False))
    # with --quiet Snakemake ends before it has gone through the jobs
    if workflow.output_settings.quiet or all(map(workflow.dag.finished, planned)):
        print("\n".join(run_summary(dry=True)))


if workflow.is_main_process:
    interruption.watch()
    terminal.attach(workflow.output_settings)
    # a dry run calls no handler, and lists its jobs after everything that is evaluated for them
    atexit.register(print_dry_summary)
