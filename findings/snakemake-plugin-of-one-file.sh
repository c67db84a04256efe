#!/usr/bin/env bash
# Snakemake does not find a plugin that is one file, snakemake_logger_plugin_<name>.py, though Python imports
# it: it has to be a folder with __init__.py. Guess before trying: a module of the right name on the path
# is found. The answer names no reason, and lists the plugins there are: "invalid choice: 'probe'
# (choose from )". Seen with snakemake 9.27.1; the same code as a folder's __init__.py is found.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet snakemake==9.27.1
cd "$folder"

mkdir -p file package/snakemake_logger_plugin_probe
cat > file/snakemake_logger_plugin_probe.py <<'PYTHON'
from snakemake_interface_logger_plugins.base import LogHandlerBase


class LogHandler(LogHandlerBase):
    writes_to_stream = writes_to_file = has_filter = has_formatter = needs_rulegraph = False

    def emit(self, record):
        pass
PYTHON
cp file/snakemake_logger_plugin_probe.py package/snakemake_logger_plugin_probe/__init__.py
printf 'rule nothing:\n    output: "made.txt"\n    shell: "touch {output}"\n' > Snakefile

for kind in file package; do
    PYTHONPATH=$kind venv/bin/python -c "import snakemake_logger_plugin_probe"
    if PYTHONPATH=$kind venv/bin/snakemake -n --logger probe > "$kind.txt" 2>&1; then
        echo "a $kind: found"
    else
        echo "a $kind: $(tail -n 1 "$kind.txt")"
    fi
done
if ! grep -q "invalid choice: 'probe'" file.txt || grep -q "invalid choice" package.txt; then
    echo "Snakemake has changed: a plugin of one file is found too, or none is" >&2
    exit 1
fi
