"""A snapshot as JSON: what is written is read, anything else is refused."""

import json
from typing import Any

import pytest

from smtui.chart import decode, encode
from smtui.chart.values import Snapshot
from smtui.definition import Json
from smtui.errors import StepError
from tests.support.hand import Hand

FULL = """
initial_state: a
transitions:
  - {from: a, to: a, event: timeout(9)}
  - from: a
    to: a
    event: ping
    actions: [{type: bash, command: own}]
  - {from: a, to: b, event: new_job}
  - {from: b, to: b, event: timeout(5)}
actions:
  a: [{type: check_database_queue, job_type: t}]
  b: [{type: check_database_queue, job_type: t}]
"""


def snapshots() -> list[Snapshot]:
    """Return machines with every kind of thing pending."""
    hand = Hand(FULL, {"nested": {"list": [1, 1.5, True, None, "é"]}})
    found = [hand.snapshot, hand.go().snapshot]
    found.append(hand.gives({"job": None}, counters={"jobs/t": 3}).snapshot)
    found.append(hand.send("ping").snapshot)
    hand.exits().wakes()
    job: Json = {"id": "j", "job_type": "t", "data": {}}
    found.append(hand.gives({"job": job}).go().snapshot)
    repeated = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a: [{type: bash, command: x, repeatable: true, on_crash: error}]
        """
    )
    found += [repeated.go().snapshot, repeated.exits().snapshot]
    found.append(Hand("initial_state: stopped\ntransitions: []\n").go().snapshot)
    return found


@pytest.mark.parametrize("snapshot", snapshots())
def test_a_snapshot_comes_back_from_json_text(snapshot: Snapshot) -> None:
    text = json.dumps(encode(snapshot), allow_nan=False)

    assert decode(json.loads(text)) == snapshot


def test_what_a_query_settles_is_kept() -> None:
    kept = [
        entry
        for snapshot in snapshots()
        for entry in decode(encode(snapshot)).pending.values()
        if getattr(entry, "settle", ())
    ]

    assert len(kept) == 1


def test_history_is_kept() -> None:
    snapshot = snapshots()[0]._replace(history={"h": ("a", "b")})

    assert decode(json.loads(json.dumps(encode(snapshot)))) == snapshot


def test_a_newer_snapshot_is_not_guessed_at() -> None:
    newer = {**encode(snapshots()[0]), "version": 3}

    with pytest.raises(StepError, match="snapshot of version 3, this program reads 2"):
        decode(newer)


@pytest.mark.parametrize(
    "damage",
    [
        {"status": "asleep"},
        {"since": [1]},
        {"pending": {"1.1": {"kind": "dream"}}},
        {"pending": {"1.1": {"kind": "timer"}}},
        {"pending": []},
        {"cursor": {"state": "a"}},
        {"data": 7},
    ],
)
def test_a_damaged_snapshot_is_refused(damage: dict[str, Any]) -> None:
    with pytest.raises(StepError, match="damaged snapshot"):
        decode({**encode(snapshots()[0]), **damage})


def test_a_snapshot_that_lacks_something_is_refused() -> None:
    lacking = encode(snapshots()[0])
    del lacking["turn"]

    with pytest.raises(StepError, match="damaged snapshot: KeyError"):
        decode(lacking)
