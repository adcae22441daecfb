"""A stand-in for `python -m smtui`: real supervisor, scripted machines.

    supervisor_program.py _supervise JSON
    supervisor_program.py _check --data DIR [...] -- PATH...
    supervisor_program.py _machine --data DIR --child NAME --epoch N
    supervisor_program.py _nursery --data DIR

A definition is a JSON file NAME.json: {"do": [[verb, ...], ...], and any key of
a check's machine}. Its verbs are the functions below; a machine that has done
them all waits for TERM and exits 0.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from smtui.wire import Frame, Hello, Message, Ready, encode
from smtui.wire.doorbell import Doorbell
from smtui.wire.paths import bell_path, events_path, run_dir

FOREVER = "import signal\nwhile True: signal.pause()"


class Machine:
    """One scripted machine process."""

    def __init__(self, data: Path, child: str, epoch: int) -> None:
        self.data = data
        self.name = child
        self.epoch = epoch
        self.script: dict[str, Any] = json.loads(os.environ["FAKE_SCRIPT"])
        self.run_dir = run_dir(data)
        self.bell = Doorbell(bell_path(self.run_dir, child))
        self.stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.stream.connect(str(events_path(self.run_dir)))

    def send(self, message: Message) -> None:
        self.stream.sendall(encode(message))

    def frame(self, status: str = "running", read: int = 0) -> None:
        self.send(
            Frame(self.name, "main", ("idle",), status, time.time(), 1, read)  # noqa: TID251
        )

    def live(self) -> None:
        for verb, *args in self.script["do"]:
            getattr(self, verb)(*args)
        while True:
            signal.pause()

    # ---- verbs

    def ready(self) -> None:
        self.send(Hello(self.name, os.getpid(), self.epoch, (self.name,)))
        self.frame()
        self.send(Ready(self.name))

    def die(self, code: int) -> None:
        os._exit(code)

    def die_once(self, code: int) -> None:
        """Die the first time only."""
        mark = self.data / f"{self.name}.died"
        if not mark.exists():
            mark.touch()
            os._exit(code)

    def say(self, text: str) -> None:
        os.write(2, f"{text}\n".encode())

    def deaf(self) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def describe(self) -> None:
        """Write down what this process has inherited, and what not."""
        import gc
        import random
        import threading

        known = {n: signal.getsignal(n) for n in signal.valid_signals()}
        proc = Path("/proc/self")
        told = {
            "pid": os.getpid(),
            "ppid": os.getppid(),
            "leads": [os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid()],
            "fds": sorted(int(fd) for fd in os.listdir(proc / "fd"))[:-1],  # noqa: PTH208
            "stdin": str((proc / "fd/0").readlink()),
            "cwd": str(Path.cwd()),
            "env": dict(os.environ),
            "environ": (proc / "environ").read_text().rstrip("\0").split("\0"),
            "cmdline": (proc / "cmdline").read_text().rstrip("\0").split("\0"),
            # HUP is ignored by who is started, TERM is ours
            "signals": {int(n): str(s) for n, s in known.items() if n not in {1, 15}},
            "mask": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
            "threads": threading.active_count(),
            "collects": gc.isenabled(),
            "frozen": gc.get_freeze_count() > 0,
            "random": random.random(),  # noqa: S311
        }
        (self.data / f"{self.name}.told").write_text(json.dumps(told))

    def wait_for_file(self, name: str) -> None:
        while not (self.data / name).exists():
            time.sleep(0.01)

    def flood(self, lines: int) -> None:
        text = "".join(f"{n:031d}\n" for n in range(lines))
        sys.stdout.write(text)
        sys.stdout.flush()

    def family(self) -> None:
        """Start a child, a setsid child and a double-forked daemon."""
        command = [sys.executable, "-S", "-c", FOREVER]
        pids = [
            subprocess.Popen(command).pid,  # noqa: S603 - ours
            subprocess.Popen(command, start_new_session=True).pid,  # noqa: S603
        ]
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.setsid()
            daemon = os.fork()
            if daemon:
                os.write(writing, b"%d" % daemon)
                os._exit(0)
            os.execv(command[0], command)  # noqa: S606 - ours
        os.wait()
        pids.append(int(os.read(reading, 20)))
        file = self.data / f"{self.name}.family"
        file.write_text(json.dumps([os.getpid(), *pids]))

    def stop_self(self) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)

    def lock_store_and_stop(self) -> None:
        import sqlite3

        store = sqlite3.connect(self.data / "smtui.db", isolation_level=None)
        store.execute("BEGIN IMMEDIATE")
        self.stop_self()

    def answer_rings(self) -> None:
        """Answer each ring with a frame that has read everything."""
        import select

        while True:
            select.select([self.bell.fileno(), self.stream.fileno()], [], [])
            self.bell.drain()
            self.frame(read=1 << 40)


def supervise(args: list[str]) -> int:
    from smtui.supervisor import SupervisorArgs, build_nest, run_supervisor

    given = SupervisorArgs.from_json(args[0])
    return run_supervisor(given, build_nest(given.program, given.data_dir))


def machine(args: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--child", required=True)
    parser.add_argument("--epoch", type=int, required=True)
    found = parser.parse_args(args)
    return live(found.data, found.child, found.epoch)


def live(data: Path, child: str, epoch: int) -> int:
    """Be a machine, started or born."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    Machine(data, child, epoch).live()
    return 0


def nursery(args: list[str]) -> int:
    from smtui.runtime.nursery import run_nursery

    if (Path(args[1]) / "no-nursery").exists():
        return 1
    return run_nursery(Path(args[1]), live)


def check(args: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--name")
    parser.add_argument("paths", type=Path, nargs="+")
    found = parser.parse_args(args)
    report: dict[str, Any] = {
        "machines": [],
        "processes": [],
        "settings": {},
        "notify": {},
        "problems": [],
        "not_read": [],
    }
    for path in found.paths:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in files:
            if file.suffix == ".json":
                _read(file, found.name or file.stem, report)
            elif not file.name.startswith("."):
                report["not_read"].append({"file": str(file), "why": "not fake"})
    json.dump(report, sys.stdout)
    return 0


def _read(file: Path, name: str, report: dict[str, Any]) -> None:
    text = file.read_text()
    try:
        found = json.loads(text)
    except ValueError as error:
        report["problems"].append(
            {
                "file": str(file),
                "line": 1,
                "column": 1,
                "code": "bad",
                "severity": "error",
                "message": str(error),
            }
        )
        return
    if "command" in found:
        report["processes"].append({"name": name, **found})
        return
    script = json.dumps({"do": found.pop("do")})
    report["machines"].append(
        {
            "name": name,
            "file": str(file),
            "folder": str(file.parent),
            "dialect": "fake",
            "hash": sha256(text.encode()).hexdigest(),
            "text": text,
            "env": {**found.pop("env_more", {}), "FAKE_SCRIPT": script},
            **found,
        }
    )


if __name__ == "__main__":
    verbs: dict[str, Callable[[list[str]], int]] = {
        "_supervise": supervise,
        "_machine": machine,
        "_nursery": nursery,
        "_check": check,
    }
    sys.exit(verbs[sys.argv[1]](sys.argv[2:]))
