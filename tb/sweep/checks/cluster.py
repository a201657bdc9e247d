# SPDX-License-Identifier: Apache-2.0
"""A private Slurm of one node on this machine, of Debian's packages: no service of the system, its own
folder, key, sockets and ports, and gone with the process that made it."""

import ctypes
import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo")
PACKAGES = "munge slurmctld slurmd slurm-client"

CONFIGURATION = """\
ClusterName=private
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
CredType=cred/munge
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1
ReturnToService=2
KillWait=2
NodeName=one NodeHostname=localhost NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=test Nodes=one Default=YES MaxTime=INFINITE State=UP
"""
# Nothing here uses control groups, but looking for them fails where none are mounted.
CGROUPS = "CgroupPlugin=cgroup/v1\n"


def missing():
    """Programs that are not installed."""
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    return [name for name in PROGRAMS if shutil.which(name) is None]


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="xive-slurm-"))
        self.folder.chmod(0o755)  # munge wants its socket to be reachable for everybody
        self.daemons = {}
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "slurm.conf"))
        try:
            (self.folder / "state").mkdir()
            (self.folder / "spool").mkdir()
            key = self.folder / "munge.key"
            key.write_bytes(os.urandom(1024))
            key.chmod(0o600)
            (self.folder / "slurm.conf").write_text(
                CONFIGURATION.format(folder=self.folder, user=getpass.getuser(), cpus=os.cpu_count(),
                                     ports=free_ports(2)), encoding="utf-8")
            (self.folder / "cgroup.conf").write_text(CGROUPS, encoding="utf-8")
            self.start("munged", "--foreground", f"--key-file={key}", f"--socket={self.folder}/munge.sock",
                       f"--pid-file={self.folder}/munged.pid", f"--log-file={self.folder}/munged.log",
                       f"--seed-file={self.folder}/munge.seed")
            self.wait_for("munged", lambda: (self.folder / "munge.sock").exists())
            self.start("slurmctld", "-D", "-c")
            self.start_node()
        except BaseException:
            self.stop()
            raise

    def start(self, name, *arguments):
        with open(self.folder / f"{name}.log", "ab") as log:
            self.daemons[name] = subprocess.Popen([name, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                                                  stdout=log, stderr=log, preexec_fn=die_with_parent)

    def start_node(self):
        self.start("slurmd", "-D", "-N", "one")
        self.set_node("resume")
        self.wait_for("the node", lambda: "idle" in self.ask("sinfo", "--noheader", "--format=%t"))

    def kill_node(self):
        """The node is gone, and the controller is told so at once."""
        self.daemons["slurmd"].kill()
        self.daemons["slurmd"].wait()
        self.set_node("down")

    def set_node(self, state):
        self.ask("scontrol", "update", "nodename=one", f"state={state}", "reason=test")

    def ask(self, *command):
        done = subprocess.run(command, env=self.environment, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, timeout=60)
        return done.stdout

    def queue(self):
        """States of the jobs that are not at their end."""
        return self.ask("squeue", "--noheader", "--array", "--format=%T").split()

    def wait_for(self, what, condition):
        end = time.monotonic() + 60
        while not condition():
            if time.monotonic() > end:
                logs = "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))
                raise RuntimeError(f"{what} does not come up:\n{logs}")
            time.sleep(0.05)

    def stop(self):
        """Ends the daemons, and the keepers of jobs that outlive a node's daemon."""
        for process in self.daemons.values():
            process.kill()
            process.wait()
        marker = f"SLURM_CONF={self.folder}/slurm.conf".encode()
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if marker in (path / "environ").read_bytes():
                    os.kill(int(path.name), signal.SIGKILL)
            except OSError:
                pass  # somebody else's, or gone
        shutil.rmtree(self.folder, ignore_errors=True)
