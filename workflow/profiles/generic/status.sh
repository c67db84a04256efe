#!/bin/sh
# Prints running, success or failed for the PBS job $1. It needs the history of finished jobs
# (qstat -x), which sites may have to switch on.
state=$(qstat -x -f "$1") || { echo running; exit; }   # a scheduler that is busy is asked again
case $state in
    *"job_state = F"*"Exit_status = 0"* | *"Exit_status = 0"*"job_state = F"*) echo success ;;
    *"job_state = F"*) echo failed ;;
    *) echo running ;;
esac
