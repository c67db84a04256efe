"""What a user asks for.

config                     the configuration, checked against the schema and across keys
estimate, job_resources    what it costs on this machine, and what to ask a scheduler for
aliasing                   what an interval between samples that is too long costs
replacements               which finished results a run would replace and why, or mistake for others
superseded                 trajectories that code alone replaces, set aside
acceptance                 finished results of other code, taken as they are
scan/                      the theory at many values of a key
"""
