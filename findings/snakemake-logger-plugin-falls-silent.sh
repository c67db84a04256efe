#!/usr/bin/env bash
# An exception in the emit of a Snakemake logger plugin ends the terminal's output for the rest of the run:
# all plugins share one thread, which dies of it. What fails afterwards is not told. Guess before trying:
# logging passes over a handler that fails, or Snakemake goes back to its own output.
# Seen with snakemake 9.27.1: after one ValueError in emit, "Error in rule" of a job that fails later is
# not shown, nor anything else; the exit status is 1, and the log's file holds all of it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet snakemake==9.27.1
cd "$folder"

mkdir -p plugins/snakemake_logger_plugin_probe
cat > plugins/snakemake_logger_plugin_probe/__init__.py <<'PYTHON'
import os

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent


class LogHandler(LogHandlerBase):
    writes_to_stream = True
    writes_to_file = has_filter = has_formatter = needs_rulegraph = False

    def emit(self, record):
        if getattr(record, "event", None) == LogEvent.JOB_INFO and "MISTAKE" in os.environ:
            raise ValueError("a mistake")
        print(self.format(record), flush=True)
PYTHON
cat > Snakefile <<'SNAKEFILE'
rule fails:
    output: "never.txt"
    shell: "exit 3"
SNAKEFILE
run() { env "$@" PYTHONPATH=plugins venv/bin/snakemake --cores 1 --logger probe > shown 2>&1; }
status() { if run "$@"; then echo 0; else echo $?; fi; }

echo "without a mistake: status $(status OK=1), Error in rule shown: $(grep -c '^Error in rule' shown)"
ended=$(status MISTAKE=1)
told=$(grep -c '^Error in rule' shown || true)
log=$(ls -t .snakemake/log/*.log | head -n 1)
kept=$(grep -c '^Error in rule' "$log")
echo "with one:          status $ended, Error in rule shown: $told, in the log's file: $kept"
if [ "$ended" != 1 ] || [ "$told" != 0 ] || [ "$kept" = 0 ]; then
    echo "Snakemake has changed: what follows a mistake in emit is told now" >&2
    exit 1
fi
