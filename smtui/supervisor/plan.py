"""From what `check` found to what the store keeps. Pure.

The report is JSON of a child process (`smtui _check`); the supervisor reads of
it what is about processes and hands the rest through, text by hash. A machine
with replicas becomes as many children, `worker#1` and so on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, cast

from smtui.definition import Json
from smtui.errors import SupervisorError, UsageError, nearest
from smtui.store import ChildRow, Desired, MachineRow
from smtui.supervisor.notices import Wanted
from smtui.supervisor.spec import ChildSpec, read_spec
from smtui.wire import ProblemView

__all__ = ["Definition", "Plan", "Planned", "read_report", "row_of", "wanted_of"]

_OWN_KEYS = frozenset(
    {
        "actions_dir",
        "asks",
        "autostart",
        "child",
        "context",
        "dialect",
        "file",
        "files",
        "folder",
        "hash",
        "name",
        "replicas",
        "stuck_after",
        "stuck_after_s",
        "text",
    }
)
"""Of the machine or of the plan; all other keys belong to the child's spec."""


class Definition(NamedTuple):
    """The text of one version of a definition."""

    hash: str
    dialect: str
    name: str
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A child as the files want it."""

    spec: ChildSpec
    document: Mapping[str, Json]
    """The JSON of its row."""
    definitions: tuple[Definition, ...] = ()
    machines: tuple[MachineRow, ...] = ()
    autostart: bool = True
    files: tuple[str, ...] = ()
    """Other files its definitions are read from."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that was found under some paths."""

    children: tuple[Planned, ...] = ()
    problems: tuple[ProblemView, ...] = ()
    not_read: tuple[tuple[str, str], ...] = ()
    settings: Mapping[str, Json] | None = None
    notify: Wanted = field(default_factory=Wanted)


def read_report(document: Json) -> Plan:
    """Return the plan in the JSON of a check.

    Raises SupervisorError when it is not what `check` writes.
    """
    try:
        report = cast("dict[str, Json]", document)
        settings = cast("dict[str, Json]", report.get("settings") or {})
        machines = cast("list[dict[str, Json]]", report["machines"])
        processes = cast("list[dict[str, Json]]", report["processes"])
        children = [child for each in machines for child in _machine(each, settings)]
        children = _joined(children)
        children += [_process(each, settings) for each in processes]
        problems = cast("list[dict[str, Json]]", report["problems"])
        return Plan(
            children=tuple(children),
            problems=tuple(_problem(each) for each in problems),
            not_read=tuple(_not_read(each) for each in _items(report)),
            settings=settings,
            notify=Wanted.of(cast("dict[str, Json]", report.get("notify") or {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SupervisorError(
            f"the check gave no report: {error!r}",
            hint="`smtui check PATH` shows what it finds",
        ) from error


def row_of(planned: Planned, desired: Desired, reason: str, who: str) -> ChildRow:
    """Return the row to keep for a planned child."""
    return ChildRow(
        planned.spec.name, planned.document, desired, reason=reason, who=who
    )


def wanted_of(plan: Plan, only: Collection[str]) -> set[str]:
    """Return the children to start. Raises UsageError for an unknown `only`."""
    found: set[str] = set()
    names = {
        each.spec.name: {each.spec.name, each.spec.replica_of, *each.spec.names}
        for each in plan.children
    }
    for name in only:
        children = {child for child, known in names.items() if name in known}
        if not children:
            raise UsageError(
                f"--only names {name!r}, which these paths do not define",
                hint=nearest(name, [*names]),
            )
        found |= children
    if not only:
        return {each.spec.name for each in plan.children if each.autostart}
    # a template is a pattern; only a machine can start a copy of it
    return found - {e.spec.name for e in plan.children if e.spec.template}


def _machine(found: dict[str, Json], settings: Mapping[str, Json]) -> Sequence[Planned]:
    name = str(found["name"])
    count = int(str(found.get("replicas") or 1))
    if count <= 1:
        return [_replica(found, settings, name, None)]
    return [_replica(found, settings, f"{name}#{n}", name) for n in range(1, count + 1)]


def _joined(children: Sequence[Planned]) -> list[Planned]:
    """Return the children, those of one name as one with all their machines."""
    found: dict[str, Planned] = {}
    for each in children:
        name = each.spec.name
        first = found.get(name)
        if first is None:
            found[name] = each
            continue
        machines = [*_listed(first), *_listed(each)]
        document = {**first.document, "machines": machines}
        found[name] = replace(
            first,
            spec=read_spec(name, document),
            document=document,
            definitions=(*first.definitions, *each.definitions),
            machines=(*first.machines, *each.machines),
            files=(*first.files, *each.files),
        )
    return list(found.values())


def _listed(planned: Planned) -> list[Json]:
    return cast("list[Json]", planned.document["machines"])


def _replica(
    found: dict[str, Json],
    settings: Mapping[str, Json],
    name: str,
    replica_of: str | None,
) -> Planned:
    keys = ("file", "folder", "dialect", "hash")
    file, folder, dialect, hash_ = (str(found[key]) for key in keys)
    machine: dict[str, Json] = {
        "name": name,
        "file": file,
        "folder": folder,
        "dialect": dialect,
        "hash": hash_,
        "context": found.get("context") or {},
        "actions_dir": found.get("actions_dir"),
        "asks": found.get("asks") or {},
        "stuck_after_s": found.get("stuck_after_s") or {},
    }
    is_template = bool(found.get("template"))
    document = _document(found, settings)
    document["kind"] = "machine"
    document["machines"] = [machine]
    document["template"] = is_template
    document["replica_of"] = replica_of
    text = str(found["text"])
    child = str(found.get("child") or name)
    row = MachineRow(name, child, dialect, hash_, file, folder, is_template)
    return Planned(
        spec=read_spec(child, document),
        document=document,
        definitions=(Definition(hash_, dialect, name, file, text),),
        machines=(row,),
        autostart=bool(found.get("autostart", True)) and not is_template,
        files=tuple(cast("list[str]", found.get("files") or [])),
    )


def _process(found: dict[str, Json], settings: Mapping[str, Json]) -> Planned:
    name = str(found["name"])
    document = _document(found, settings)
    document["kind"] = "process"
    document["machines"] = []
    return Planned(
        spec=read_spec(name, document),
        document=document,
        autostart=bool(found.get("autostart", True)),
    )


def _document(found: dict[str, Json], settings: Mapping[str, Json]) -> dict[str, Json]:
    kept = {key: value for key, value in found.items() if key not in _OWN_KEYS}
    return {**kept, "settings": dict(settings), "started_by": None}


def _problem(found: dict[str, Json]) -> ProblemView:
    return ProblemView(
        file=str(found["file"]),
        line=int(str(found["line"])),
        column=int(str(found["column"])),
        code=str(found["code"]),
        severity=str(found["severity"]),
        message=str(found["message"]),
        hint=str(found.get("hint") or ""),
    )


def _items(report: dict[str, Json]) -> list[Json]:
    return cast("list[Json]", report.get("not_read") or [])


def _not_read(found: Json) -> tuple[str, str]:
    if isinstance(found, dict):
        return str(found["file"]), str(found["why"])
    file, why = cast("list[str]", found)
    return file, why
