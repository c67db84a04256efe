#!/usr/bin/env bash
# Snakemake leaves a parameter out of what it records and compares when the function behind it takes
# `input`, whether or not it looks at it: what such a function returns may change, and the job is not run
# again. Guess before trying: a parameter is compared by its value, however it came about.
# Seen with snakemake 9.27.0: a value changed from 1 to 2 reruns the rule whose function takes `wildcards`
# alone and says "Nothing to be done" for the one whose function takes `wildcards, input`.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet snakemake==9.27.0
cd "$folder"

cat > Snakefile <<'SNAKEFILE'
def of_wildcards(wildcards):
    return config["value"]


def of_input(wildcards, input):
    return config["value"]


rule alone:
    params: of_wildcards
    output: "alone.txt"
    shell: "echo {params} > {output}"


rule with_input:
    params: of_input
    output: "with_input.txt"
    shell: "echo {params} > {output}"
SNAKEFILE
run() { venv/bin/snakemake --cores 1 --config value="$1" -- alone.txt with_input.txt; }
run 1 > first.log 2>&1
run 2 > second.log 2>&1
venv/bin/snakemake --version
echo "alone.txt: $(cat alone.txt), with_input.txt: $(cat with_input.txt), after the value went from 1 to 2"
[ "$(cat alone.txt)" = 2 ] && [ "$(cat with_input.txt)" = 1 ] || {
    echo "snakemake has changed: both parameters are compared now, or neither" >&2
    exit 1
}
