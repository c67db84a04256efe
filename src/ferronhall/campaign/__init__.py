"""What a user asks for.

config                     the configuration, checked against the schema and across keys
estimate, job_resources    what it costs on this machine, and what to ask a scheduler for
aliasing                   what an interval between samples that is too long costs
scan/                      the theory at many values of a key
"""
