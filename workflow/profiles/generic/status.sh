#!/bin/sh
# Prints running, success or failed for the PBS job $1.
record=.snakemake/submitted/$1   # the job's outputs, a line each; as old as its submission
grace=60                         # seconds that an output written on another node may take to appear

# -x asks the history of finished jobs too; sites that keep none refuse it or forget the job
if state=$(qstat -x -f "$1" 2>&1 || qstat -f "$1" 2>&1); then
    case $state in
        *"job_state = F"*"Exit_status = 0"* | *"Exit_status = 0"*"job_state = F"*) echo success ;;
        *"job_state = F"*) echo failed ;;
        *) echo running ;;
    esac
    exit
fi
case $state in
    *[Uu]"nknown Job"*) ;;
    *) echo running; exit ;;     # a scheduler that is busy is asked again
esac

# The job is over and forgotten: a job that succeeds leaves all its outputs, any other none of them.
if [ ! -e "$record" ]; then
    echo "job $1: PBS does not know it, and $record is not there to look for its outputs" >&2
    echo failed
    exit
fi
while IFS= read -r output; do
    if [ ! "$output" -nt "$record" ]; then
        [ -e "$record.over" ] || date +%s > "$record.over"
        waited=$(($(date +%s) - $(cat "$record.over")))
        [ "$waited" -lt "$grace" ] && echo running || echo failed
        exit
    fi
done < "$record"
echo success
