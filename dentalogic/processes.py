"""Programs that we start. They end with us where the system allows; what a `kill -9` leaves is found by its record.

A process is known by its number and by its birth, so that a number the system used again is never taken for ours.
"""
import contextlib
import ctypes
import gc
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def birth(pid: int) -> str:
    """What tells this process from every other that has had its number; "" when it is gone (or waits to be reaped)."""
    if sys.platform != "linux":
        return _birth_by_ps(pid)
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if state in "ZX" else f"{boot}/{rest[18]}"


def _birth_by_ps(pid):
    answer = subprocess.run(["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True)
    state, _, since = answer.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else since.strip()


class Program:
    """One program with a log and a record on disk; `start` ends a living one that an earlier run left behind."""

    def __init__(self, name: str, folder: Path, *, stop_signals=(signal.SIGTERM, signal.SIGKILL), patience=15.0):
        self.name = name
        self.log = folder / "logs" / f"{name}.log"
        self.stop_signals = stop_signals
        self.patience = patience
        self._record = folder / "run" / f"{name}.json"
        self._process = None

    @property
    def pid(self):
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def was_killed(self) -> bool:
        return self._process is not None and (self._process.returncode or 0) < 0

    def ended_with(self) -> str:
        code = self._process.returncode if self._process else 0
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def start(self, arguments, *, env=None, cwd=None, account=None):
        """Start it in a session of its own, so that a Ctrl-C in the terminal reaches only who watches."""
        self.end_left_behind()
        for folder in (self.log.parent, self._record.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        as_whom = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=env, cwd=cwd,
                start_new_session=True, preexec_fn=die_with(os.getpid(), self.stop_signals[0]), **as_whom,
            )
        self._record.write_text(json.dumps({"pid": self.pid, "birth": birth(self.pid)}))

    def ask_to_end(self):
        """The first of the signals, without waiting; `stop` does the rest."""
        if self.alive():
            self._process.send_signal(self.stop_signals[0])

    def stop(self):
        """Ask with each signal in turn, and wait for the end after each."""
        if self._process is None:
            return
        for one in self.stop_signals:
            if self._process.poll() is not None:
                break
            self._process.send_signal(one)
            try:
                self._process.wait(self.patience)
            except subprocess.TimeoutExpired:
                continue
        self._record.unlink(missing_ok=True)

    def end_left_behind(self) -> bool:
        """End the process of the record if it still is that one; True when there was one."""
        known = self._recorded()
        if not known or not self._is(known):
            return False
        for one in self.stop_signals:
            os.kill(known["pid"], one)
            if _until(lambda: not self._is(known), seconds=self.patience):
                break
        return True

    def _recorded(self):
        try:
            return json.loads(self._record.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _is(self, known) -> bool:
        return bool(known["birth"]) and birth(known["pid"]) == known["birth"]

    def last_lines(self, count=12) -> str:
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - 8000))
                return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])
        except FileNotFoundError:
            return ""

    def keep_log_small(self, limit=20_000_000):
        if self.log.exists() and self.log.stat().st_size > limit:
            self.log.replace(self.log.with_suffix(".old.log"))


def _until(done, *, seconds) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def give_way(by: int) -> None:
    """Go behind the others of this machine: less of a processor where it is short, and never in the middle of what
    somebody else does. Linux weighs sessions against each other before it looks at who is in them (autogroup), so
    what has a session of its own says it for the session too."""
    os.nice(by)
    if hasattr(os, "SCHED_BATCH"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    group = Path("/proc/self/autogroup")
    if os.getsid(0) == os.getpid() and group.exists():
        with contextlib.suppress(OSError, ValueError):
            group.write_text(str(min(int(group.read_text().rpartition(" ")[2]) + by, 19)))


def has_read_its_code() -> None:
    """What stays is not looked through again and again: a full collection of it is a tenth of a second in which this
    process answers nobody."""
    gc.collect()
    gc.freeze()


def die_with(parent, last_signal):
    """For the child, after its user changed (which forgets it): the signal to get when the starting thread ends."""
    if LIBC is None:
        return None

    def ask_the_kernel():
        LIBC.prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel
