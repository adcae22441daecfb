"""JSON documents: keys that scripts rely on, and values JSON can say."""

import json
from dataclasses import replace
from pathlib import Path

from smtui.definition import Json
from smtui.store import (
    Handled,
    InboxStatus,
    Reader,
    Writer,
    event_document,
    instance_document,
    job_document,
    step_document,
)
from tests.support.store import HandClock, own, row, snapshot, step

AT = "2027-01-15T08:00:00.000Z"
LATER = "2027-01-15T08:00:01.500Z"


async def test_documents_have_the_promised_keys_and_times(
    writer: Writer, tmp_path: Path, clock: HandClock
) -> None:
    owner = own(writer, "m")
    writer.accept("m", "go", {"x": 1}, source="me")
    writer.add_job("t", {"y": 2}, source="me", job_id="J", delay_s=1.5)
    clock.pass_s(1.5)
    patch: dict[str, Json] = {"set": {"x": 1}, "unset": []}
    entry = replace(row(1), data_patch=patch, duration_s=0.0123456)
    handled = Handled(1, InboxStatus.TAKEN)
    after = snapshot(data={"x": 1})
    writer.commit(owner, [step(after, journal=entry, inbox=(handled,))])

    async with Reader(tmp_path / "smtui.db") as reader:
        (event,) = [event_document(one) for one in await reader.events_page()]
        (done,) = [step_document(one) for one in await reader.journal_page()]
        (job,) = [job_document(one) for one in await reader.jobs_page()]
        (life,) = [instance_document(one) for one in await reader.instances()]

    assert (event["at"], event["handled_at"]) == (AT, LATER)
    assert (event["machine"], event["instance"], event["event"]) == ("m", "main", "go")
    assert (event["payload"], event["source"]) == ({"x": 1}, "me")
    assert event["status"] == "taken"
    assert (done["seq"], done["run"], done["at"]) == (1, 1, AT)
    assert (done["from"], done["to"], done["outcome"]) == (["a"], ["b"], "taken")
    assert (done["duration_ms"], done["data_patch"]) == (12.346, patch)
    assert (job["id"], job["type"], job["status"]) == ("J", "t", "scheduled")
    assert (job["data"], job["result"], job["error"]) == ({"y": 2}, None, None)
    assert (job["created_at"], job["due_at"], job["ended_at"]) == (AT, LATER, None)
    assert (life["machine"], life["id"], life["status"]) == ("m", "main", "running")
    assert (life["configuration"], life["data"]) == (["a"], {"x": 1})
    assert life["updated_at"] == LATER
    for document in (event, done, job, life):
        assert json.loads(json.dumps(document)) == document
