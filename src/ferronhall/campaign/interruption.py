"""Whether the user has interrupted a run with Ctrl-C, and what is said of it then.

The jobs that were running end with it, and Snakemake reports each as an error. They are none.
"""

import signal

_interrupted = False


def watch():
    """Note Ctrl-C from here on; what it does stays as it is."""
    before = signal.getsignal(signal.SIGINT)
    if not callable(before):
        # ignored, as by a job of a script in the background
        return

    def note(number, frame):
        global _interrupted
        _interrupted = True
        before(number, frame)

    try:
        signal.signal(signal.SIGINT, note)
    except ValueError:
        # Snakemake runs in a thread of another program, which signals do not reach
        pass


def interrupted():
    """Whether it came."""
    return _interrupted


def words(campaign):
    """What an interruption left."""
    return (
        f"ferron-hall campaign '{campaign}' interrupted; results of finished jobs and checkpoints "
        "of begun replicas are kept, and the same command goes on from them."
    )
