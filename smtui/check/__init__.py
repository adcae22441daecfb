"""Check: what is wrong with definitions and fleets, before anything runs."""

from smtui.check.actions import action_files, custom_types, find_actions_dir
from smtui.check.cross import resolve_yaml_path
from smtui.check.env_file import read_env_file
from smtui.check.fleet import fleet
from smtui.check.folder import SUFFIXES
from smtui.check.folder import read as read_file
from smtui.check.project_keys import PROJECT_FILE, SETTINGS, Setting
from smtui.check.report import (
    ChildSettings,
    FleetReport,
    MachineSpec,
    NotRead,
    ProcessSpec,
    problem_from_json,
    problem_to_json,
)
from smtui.check.sends import spoken_to
from smtui.check.show import describe, describe_all, one_line

__all__ = [
    "PROJECT_FILE",
    "SETTINGS",
    "SUFFIXES",
    "ChildSettings",
    "FleetReport",
    "MachineSpec",
    "NotRead",
    "ProcessSpec",
    "Setting",
    "action_files",
    "custom_types",
    "describe",
    "describe_all",
    "find_actions_dir",
    "fleet",
    "one_line",
    "problem_from_json",
    "problem_to_json",
    "read_env_file",
    "read_file",
    "resolve_yaml_path",
    "spoken_to",
]
