#!/usr/bin/env bash
# A Jupyter kernel with transport "ipc" that is started in another folder than its client's never answers:
# the sockets have relative names, and each side looks for them where it stands. Guess before trying:
# ipc differs from tcp in who can listen alone; the warning that ipykernel prints for tcp advises it.
# Seen with jupyter_client 8.10.0, ipykernel 7.4.0: tcp answers in either folder, ipc in the client's own
# alone; in another the client waits until its time is up, and nothing names the reason. Tools that run
# a notebook beside its data (nbclient with a path) start kernels that way.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet jupyter_client==8.10.0 ipykernel==7.4.0
mkdir "$folder/own" "$folder/other"
cd "$folder/own"

cat > probe.py <<'PYTHON'
import sys

import jupyter_client
from jupyter_client.manager import KernelManager

WAIT_S = 20


def answers(transport, folder):
    """Whether a kernel started in a folder answers a client in this one."""
    manager = KernelManager(kernel_name="python3", transport=transport)
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=WAIT_S)
        return True
    except RuntimeError:
        return False
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


found = {(t, f): answers(t, f) for t in ("tcp", "ipc") for f in (".", "../other")}
for (transport, folder), answered in found.items():
    print(f"{transport}, kernel in {folder}: {'answers' if answered else f'silent for {WAIT_S} s'}")
print(f"jupyter_client {jupyter_client.__version__}")
as_seen = [answered for answered in found.values()] == [True, True, True, False]
sys.exit(0 if as_seen else "the behaviour has changed: see which of the four answer now")
PYTHON
"$folder/venv/bin/python" probe.py 2> errors || { cat errors >&2; exit 1; }
