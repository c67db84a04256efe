"""What a user asks for.

config                     the configuration, checked against the schema and across keys
plan                       the jobs that Snakemake has planned, and why each of them runs
memory                     whether a replica fits into this machine
estimate, stage_costs      what a replica, and a job of every stage, costs on this machine
makespan                   how long jobs take together on a number of cores
twin_gain                  what a harmonic twin can be expected to bring
summary                    all of this in the lines that end a dry run
run_state, terminal        how far a run is, in a line a stage on a terminal
interruption               whether the user has interrupted a run, and what is said of it
started_from               which configuration file a campaign's folder was filled from
job_resources              what to ask a scheduler for
aliasing                   what an interval between samples that is too long costs
replacements               which finished results a run would replace and why, or mistake for others
superseded                 trajectories that code alone replaces, set aside
acceptance                 finished results of other code, taken as they are
scan/                      the theory at many values of a key
"""
