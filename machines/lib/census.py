# ruff: noqa: PLR2004 - a script that talks to its machine by printing
"""The hands of the demo: every shell action of `machines/` ends up here.

    "$SMTUI_PYTHON" lib/census.py VERB [ARGUMENT]...

It reads the standard library beside the running Python and writes only below
`$SMTUI_DATA/census`. No network, nothing but the standard library.

How a script talks to a machine:

- the last line it prints, if it is JSON, becomes data (`store_as:` in the YAML)
- its exit code chooses the event (`error_mappings:` in the YAML)
- `$SMTUI_ACTION_KEY` is the same when an action is run again after a crash,
  so whoever must not do a thing twice remembers the key

Every verb may be killed at any instant and run again: files appear whole (they
are written beside their name and then renamed), and a second run with the same
key gives the same answer.
"""

import ast
import gzip
import json
import os
import signal
import sys
from pathlib import Path

LIBRARY = Path(ast.__file__).parent
"""Where this Python keeps its standard library."""

HOME = Path(os.environ.get("SMTUI_DATA", ".smtui")) / "census"

BATCH = 8
PACE_S = 2.4
"""Seconds between two jobs: slow enough to watch, and three readers keep up."""

SKIPPED = {"test", "idlelib", "lib2to3", "site-packages", "this.py", "antigravity.py"}
"""Too big, or they open a browser when you look at them."""

PLANTED = "atlantis"
"""A package that does not exist: the job that fails its three tries."""

NOTHING_NEW = 3
NOT_READABLE = 4
BUSY, HOT = 10, 11


def main(arguments: list[str]) -> int:
    """Do one verb; the exit code is what `error_mappings` sees."""
    verb, *rest = arguments or ["help"]
    verbs = {
        "packages": packages,
        "count": count,
        "draft": draft,
        "publish": publish,
        "pack": pack,
        "pulse": pulse,
        "sweep": sweep,
    }
    if verb not in verbs:
        print(f"usage: census.py {' | '.join(verbs)}", file=sys.stderr)
        return 2
    return verbs[verb](*rest)


# ------------------------------------------------------------------- scout


def packages(start: str) -> int:
    """Print the next few packages, and how long each job shall wait."""
    every = library()
    first = int(start)
    if first >= len(every):
        print(f"all {len(every)} packages are queued or counted")
        return NOTHING_NEW
    names = every[first : first + BATCH]
    if first == 0:
        names.insert(2, PLANTED)
    listed = [
        {"package": name, "delay_s": round(max(0, n - 1) * PACE_S, 1)}
        for n, name in enumerate(names)
    ]
    say({"packages": listed, "next": first + BATCH, "of": len(every)})
    return 0


def library() -> list[str]:
    """Name the packages and the bigger modules, in a fixed order."""
    found = []
    for path in sorted(LIBRARY.iterdir()):
        if path.name in SKIPPED or path.name.startswith("_"):
            continue
        is_module = path.suffix == ".py" and path.stat().st_size > 24_000
        if is_module or (path / "__init__.py").is_file():
            found.append(path.stem)
    return found


# ------------------------------------------------------------------ reader


def count(package: str) -> int:
    """Count one package: lines, functions, the longest function."""
    files = sources(package)
    if not files:
        message = f"no package {package!r} in {LIBRARY}"
        if package == PLANTED:
            message += " (planted: edit the payload and retry)"
        print(message, file=sys.stderr)
        return NOT_READABLE
    result = {
        "package": package,
        "files": len(files),
        "lines": 0,
        "functions": 0,
        "longest": "",
        "longest_lines": 0,
    }
    for file in files:
        add_file(result, file)
    write(HOME / "counted" / f"{package}.json", json.dumps(result))
    say(result)
    return 0


def sources(package: str) -> list[Path]:
    """Find the files of a package; its tests do not count."""
    if not package.isidentifier():
        return []
    module = LIBRARY / f"{package}.py"
    if module.is_file():
        return [module]
    return [
        path
        for path in sorted((LIBRARY / package).rglob("*.py"))
        if "test" not in path.parts and "tests" not in path.parts
    ]


def add_file(result: dict, file: Path) -> None:
    """Add what one file holds; one that is no Python adds its lines only."""
    text = file.read_bytes()
    result["lines"] += text.count(b"\n")
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            result["functions"] += 1
            length = node.end_lineno - node.lineno + 1
            if length > result["longest_lines"]:
                result["longest"] = f"{file.stem}.{node.name}"
                result["longest_lines"] = length


# --------------------------------------------------------------- librarian


def draft() -> int:
    """Write the next report; not yet, while there is too little that is new."""
    counted = [
        json.loads(path.read_text("utf-8"))
        for path in sorted((HOME / "counted").glob("*.json"))
    ]
    last = published()
    wanted = last["packages"] + 24 if last["number"] else 2
    if len(counted) < wanted:
        print(f"{len(counted)} of {wanted} packages for the next report")
        return NOTHING_NEW
    number = last["number"] + 1
    counted.sort(key=lambda one: -one["lines"])
    write(HOME / "draft.md", report(number, counted))
    say(
        {
            "number": number,
            "packages": len(counted),
            "lines": sum(one["lines"] for one in counted),
            "top": [one["package"] for one in counted[:3]],
        }
    )
    return 0


def report(number: int, counted: list[dict]) -> str:
    """Lay the counts out as Markdown, biggest first."""
    version = sys.version.split()[0]
    lines = [
        f"# Census of Python {version}, report {number}",
        "",
        "| package | lines | functions | longest function |",
        "|---|---:|---:|---|",
    ]
    lines += [
        f"| {one['package']} | {one['lines']} | {one['functions']} "
        f"| {one['longest']} ({one['longest_lines']}) |"
        for one in counted
    ]
    return "\n".join(lines) + "\n"


def publish(number: str, packages_in_it: str) -> int:
    """Put the draft on the shelf; doing it twice changes nothing."""
    shelf = HOME / "reports" / f"report-{int(number):03}.md"
    if not shelf.exists():
        write(shelf, (HOME / "draft.md").read_text("utf-8"))
    last = {"number": int(number), "packages": int(packages_in_it)}
    write(HOME / "published.json", json.dumps(last))
    say({"file": str(shelf)})
    return 0


def published() -> dict:
    """Return what the last report held."""
    try:
        return json.loads((HOME / "published.json").read_text("utf-8"))
    except FileNotFoundError:
        return {"number": 0, "packages": 0}


# ----------------------------------------------------------------- courier


def pack(file: str, machine_pid: str) -> int:
    """Gzip a report. The first try of each key kills the machine's process."""
    tried = HOME / "tries" / os.environ.get("SMTUI_ACTION_KEY", "by-hand")
    if not tried.exists():
        write(tried, "")
        print(f"first try: kill -9 {machine_pid}, watch the courier come back")
        sys.stdout.flush()
        os.kill(int(machine_pid), signal.SIGKILL)
        return 1
    parcel = HOME / "outbox" / (Path(file).name + ".gz")
    parcel.parent.mkdir(parents=True, exist_ok=True)
    text = Path(file).read_bytes()
    write(parcel, gzip.compress(text, mtime=0))
    say({"file": str(parcel), "bytes": parcel.stat().st_size, "was": len(text)})
    return 0


# ------------------------------------------------------------------- pulse


def pulse(pause_s: str) -> int:
    """Look at the load; the exit code says calm, busy or hot."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(f"load {load:.2f} for each core", file=sys.stderr)
    say({"load": round(load, 2), "pause_s": min(1800, int(float(pause_s) * 2))})
    if load > 1.5:
        return HOT
    return BUSY if load > 0.5 else 0


# ----------------------------------------------------------------- janitor


def sweep(limit_bytes: str) -> int:
    """Delete the oldest files until the folder is small enough."""
    files = [
        (path.stat().st_mtime, path.stat().st_size, path)
        for path in HOME.rglob("*")
        if path.is_file()
    ]
    total = sum(size for _, size, _ in files)
    gone = 0
    for _, size, path in sorted(files, key=lambda one: one[0]):
        if total <= int(limit_bytes):
            break
        path.unlink(missing_ok=True)
        total -= size
        gone += 1
    say({"bytes": total, "deleted": gone})
    return 0


# ------------------------------------------------------------------ shared


def say(value: object) -> None:
    """Print what `store_as:` keeps: one line of JSON, the last one."""
    print(json.dumps(value))


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content.encode() if isinstance(content, str) else content)
    beside.replace(path)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
