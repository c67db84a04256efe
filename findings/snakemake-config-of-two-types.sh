#!/usr/bin/env bash
# One text of a configuration means two things to Snakemake: in a config file it is YAML, behind --config it is
# not. Expected: key=value on the command line sets what the line "key: value" of the file sets.
# Seen with snakemake 9.27.1: "false" is False in the file and the word 'false' behind --config, which a rule
# that says "if config[...]" takes for true; "1e-3" is a word in the file (YAML 1.1 wants 1.0e-3) and 0.001
# behind --config, so that the same value makes the job run again; [1, 2] holds numbers in one and words in the
# other. Nothing is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet snakemake==9.27.1
cd "$folder"

cat > Snakefile <<'SNAKEFILE'
rule all:
    output: "values.txt"
    params: **config
    run:
        with open(output[0], "w") as stream:
            print("damped" if config["damping"] else "not damped", end=", ", file=stream)
            print(repr(config["damping"]), repr(config["step"]), config["sites"], file=stream)
SNAKEFILE
printf 'damping: false\nstep: 1e-3\nsites: [1,2]\n' > config.yaml

run() { venv/bin/snakemake --cores 1 "$@" > log 2>&1 || { cat log >&2; exit 1; }; }
run --configfile config.yaml
file=$(cat values.txt)
run --config damping=false step=1e-3 'sites=[1,2]'
line=$(cat values.txt)
again=$(grep -ci "params have changed" log || true)
echo "snakemake $(venv/bin/snakemake --version), from the file: $file"
echo "from the command line: $line (run again, as params have changed: $again)"
if [ "$file" != "not damped, False '1e-3' [1, 2]" ] ||
    [ "$line" != "damped, 'false' 0.001 ['1', '2']" ] || [ "$again" = 0 ]; then
    echo "Snakemake has changed: both mean the same now, or something else" >&2
    exit 1
fi
