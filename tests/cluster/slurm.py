"""A Slurm of one node, with everything it writes in one folder."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel")
SEARCH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])

CONFIGURATION = """
ClusterName=ferronhall
SlurmctldHost={node}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
KillWait=5
SlurmdParameters=config_overrides
NodeName={node} NodeAddr=127.0.0.1 CPUs=2 RealMemory=16000 State=UNKNOWN
PartitionName=test Nodes={node} Default=YES MaxTime=INFINITE State=UP
"""


def missing():
    """Why no Slurm can be started here, or None."""
    absent = [program for program in PROGRAMS if not shutil.which(program, path=SEARCH)]
    if absent:
        return f"no {', '.join(absent)}: install Debian's slurm-wlm and munge"
    if os.geteuid() != 0:
        return "the daemons of the test cluster run as root"
    return None


class Slurm:
    """munged, slurmctld and slurmd in the foreground, as children of this process."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.daemons = []
        self.environment = os.environ | {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{SEARCH}",
            "SLURM_CONF": str(self.folder / "slurm.conf"),
        }

    def start(self, timeout=60):
        """Start the daemons and wait until the node takes jobs."""
        for name in ("bin", "state", "spool"):
            (self.folder / name).mkdir()
        # the executor hides SLURM_CONF from the srun inside a job: this one knows it
        srun = self.folder / "bin" / "srun"
        conf = self.environment["SLURM_CONF"]
        real = shutil.which("srun", path=SEARCH)
        srun.write_text(f'#!/bin/sh\nSLURM_CONF={conf} exec {real} "$@"\n', encoding="utf-8")
        srun.chmod(0o755)
        node = socket.gethostname().partition(".")[0]
        text = CONFIGURATION.format(folder=self.folder, node=node, ports=_free_ports(2))
        (self.folder / "slurm.conf").write_text(text, encoding="utf-8")
        key = self.folder / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(os.urandom(1024))
        files = {"socket": "socket", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}
        options = [f"--{option}={self.folder}/munge.{file}" for option, file in files.items()]
        # --force: munged finds no fault in a folder that others may enter
        self._daemon("munged", "--foreground", "--force", f"--key-file={key}", *options)
        self._until(lambda: (self.folder / "munge.socket").exists(), timeout)
        self._daemon("slurmctld", "-D")
        self._daemon("slurmd", "-D")
        self._until(lambda: self.ask("sinfo", "--noheader", "--format=%T") == "idle", timeout)

    def stop(self):
        """Cancel what still runs and stop the daemons, the last started first."""
        self.ask("scancel", "--partition=test")
        end = time.monotonic() + 30
        # a slurmd that leaves before its jobs leaves their processes behind
        while self.ask("squeue", "--noheader") and time.monotonic() < end:
            time.sleep(0.2)
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def ask(self, *command):
        """What a Slurm command prints; nothing if it fails."""
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=60
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    def running_tasks(self):
        """Identifiers of the running tasks of job arrays."""
        ids = self.ask("squeue", "--noheader", "--states=RUNNING", "--format=%i").split()
        return [name for name in ids if "_" in name]

    def report(self):
        """The queue and what the daemons print, to show when a test fails."""
        parts = [f"squeue\n{self.ask('squeue', '--states=all')}"]
        for path in sorted(self.folder.glob("*.output")):
            parts.append(f"{path.name}\n{path.read_text(errors='replace')[-3000:]}")
        return "\n\n".join(parts)

    def _daemon(self, program, *arguments):
        with open(self.folder / f"{program}.output", "wb") as output:
            command = [shutil.which(program, path=SEARCH), *arguments]
            process = subprocess.Popen(
                command, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        self.daemons.append(process)

    def _until(self, ready, timeout):
        end = time.monotonic() + timeout
        while not ready():
            ended = [daemon.args[0] for daemon in self.daemons if daemon.poll() is not None]
            if ended or time.monotonic() > end:
                reason = f"{ended} ended" if ended else f"not ready after {timeout} s"
                raise RuntimeError(f"Slurm does not start: {reason}\n{self.report()}")
            time.sleep(0.2)


def _free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports
