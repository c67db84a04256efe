"""`python -IS asking_for_a_job.py ADDRESS SCRIPT`: the script runs as forked_jobs runs it."""

import json
import os
import socket
import sys

address, script = sys.argv[1:]
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(address)
    socket.send_fds(connection, [b"."], [0, 1, 2])
    request = {"script": script, "cwd": os.getcwd(), "environment": dict(os.environ)}
    connection.sendall(json.dumps(request).encode())
    connection.shutdown(socket.SHUT_WR)
    status = connection.recv(16)
# none where the process that should have sent it was killed
sys.exit(int(status) if status else 1)
