"""What of a child's spec the process needs."""

from pathlib import Path

import pytest

from smtui.definition import Json
from smtui.errors import StoreError
from smtui.runtime.spec import MachineSpec, read_spec

MACHINE: dict[str, Json] = {
    "name": "m",
    "file": "/x/m.yaml",
    "folder": "/x",
    "dialect": "engine",
    "hash": "h",
    "context": {"n": 1},
    "actions_dir": "/x/actions",
}


def test_a_spec_is_read() -> None:
    spec = read_spec(
        "m",
        {
            "machines": [MACHINE],
            "stop_timeout_s": 4,
            "cwd": "/y",
            "settings": {"durability": "full"},
        },
    )

    assert spec.machines == (
        MachineSpec("m", "/x/m.yaml", Path("/x"), "h", {"n": 1}, Path("/x/actions")),
    )
    assert (spec.stop_timeout_s, spec.cwd, spec.durability) == (4, Path("/y"), "full")


def test_what_is_missing_has_a_default() -> None:
    bare = {key: MACHINE[key] for key in ("name", "file", "folder", "hash")}

    spec = read_spec("m", {"machines": [bare]})

    assert spec.machines[0].context == {}
    assert spec.machines[0].actions_dir is None
    assert (spec.stop_timeout_s, spec.cwd, spec.durability) == (10, None, "normal")


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"machines": []},
        {"machines": ["m"]},
        {"machines": [{**MACHINE, "hash": None}]},
        {"machines": [{**MACHINE, "context": [1]}]},
    ],
)
def test_a_spec_that_is_not_ours_is_refused(spec: dict[str, Json]) -> None:
    with pytest.raises(StoreError, match="spec of child 'm'"):
        read_spec("m", spec)
