"""What a case of the engine finds in its folder."""

import shutil
from pathlib import Path

from tests.conformance.engine_case import Case
from tests.conformance.found import conformance_dir

__all__ = ["write_files"]

DUMP = """
import json
from statemachine_engine.actions.base import BaseAction

def look(context, key):
    if "." in key:
        name, field = key.split(".")
        return [item[field] for item in context[name]]
    return context.get(key, "<absent>")

class DumpAction(BaseAction):
    async def execute(self, context):
        found = {key: look(context, key) for key in self.config["keys"]}
        with open("dump.txt", "w") as file:
            json.dump(found, file, sort_keys=True)
        return self.config["success"]
"""

GREET = """
from statemachine_engine.actions import BaseAction

class GreetAction(BaseAction):
    async def execute(self, context):
        context["greeting"] = "hello"
        return "greeted"
"""

CALCULATE = """
from statemachine_engine.actions import BaseAction

class CalculateAction(BaseAction):
    async def execute(self, context):
        payload = context.get("event_data", {}).get("payload", {})
        context["calculation_result"] = payload.get("a", 0) + payload.get("b", 0)
        return "calculated"
"""


def write_files(case: Case, folder: Path) -> list[Path]:
    """Write what a case needs; return its definitions, relative to the folder."""
    for name in case.raw.get("repo_files", ()):
        _write_published(name, folder / name)
    for name, text in case.raw.get("files", {}).items():
        _write(folder / name, text)
    if case.raw.get("dump_action"):
        _write(folder / "actions" / "dump_action.py", DUMP)
    paths: list[Path] = []
    for machine in case.machines:
        path = Path(machine.get("config_file", f"{machine['name']}.yaml"))
        if "config" in machine:
            _write(folder / path, machine["config"])
        paths.append(path)
    return paths


def _write_published(name: str, target: Path) -> None:
    """Write a file of the original's repository; two actions are not shipped."""
    if name.endswith("_action.py"):
        _write(target, GREET if "greet" in name else CALCULATE)
        return
    root = conformance_dir()
    if root is None:
        raise FileNotFoundError("the engine's own examples are not here")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / "engine" / name.replace("/config/", "/"), target)


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
