"""What everything stands on, without physics: errors, files on disk, provenance, digests, paths.

errors        what can go wrong, in the user's words
units         Å, ps, eV, e, K, and what results are converted to
regular_file  what may be read at all
yaml_files    reading and writing YAML; schema checks it against schemas/
dotted_keys   a nested configuration by dotted keys
storage       NetCDF files, written beside and renamed; netcdf_faults says why one is refused
provenance    versions, commit and configuration in a result's attributes
digest        what a stage's results depend on: code, configuration, material; syntax tells code
record        the same in a result's attributes, and how two of them differ; changes, in words
paths         every path of a campaign; shipped finds the files beside the workflow
invocation    commands as they are printed
machine, process             memory; which process owns a file, and whether it lives
script, progress             a job's log, a long job's progress
"""
