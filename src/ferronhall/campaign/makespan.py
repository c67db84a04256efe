"""How long jobs take together, and the memory they hold at a time, on a number of cores.

Jobs start as Snakemake starts them: each as soon as those it waits for are done and its cores are
free, whichever comes first in the list. So it counts what a division by the cores would not: that
seven replicas on four cores take two rounds, and that nothing runs beside the last of a chain.
"""

import heapq
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """A job's share of the machine.

    core_seconds : float
        Spread over its threads.
    threads : int
    memory_MB : float
    after : sequence of int
        Numbers of the tasks it waits for; those not among the ones that run count as done.
    """

    core_seconds: float
    threads: int = 1
    memory_MB: float = 0.0
    after: tuple = ()


@dataclass(frozen=True)
class Makespan:
    """Wall time from the first start to the last end, and the most memory held in between."""

    seconds: float
    memory_MB: float


def makespan(tasks, cores):
    """Time and memory of tasks that share a machine.

    tasks : dict number → Task
    cores : int, or math.inf for as many as there are tasks
    returns : Makespan
    """
    waiting = {n: sum(a in tasks for a in task.after) for n, task in tasks.items()}
    followers = {}
    for n, task in tasks.items():
        for before in task.after:
            followers.setdefault(before, []).append(n)
    ready = [n for n, count in waiting.items() if not count]
    running, now, free, memory, peak = [], 0.0, cores, 0.0, 0.0
    while ready or running:
        later = []
        for n in ready:
            task = tasks[n]
            threads = min(task.threads, cores)
            if threads > free:
                later.append(n)
                continue
            free, memory = free - threads, memory + task.memory_MB
            heapq.heappush(running, (now + task.core_seconds / threads, n, threads))
        peak = max(peak, memory)
        now, done, threads = heapq.heappop(running)
        free, memory = free + threads, memory - tasks[done].memory_MB
        for n in followers.get(done, ()):
            waiting[n] -= 1
            if not waiting[n]:
                later.append(n)
        ready = later
    return Makespan(now, peak)
