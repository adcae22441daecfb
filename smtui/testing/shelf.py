"""What a store answers to the engine dialect's actions that are not about jobs."""

from smtui.chart.messages import Address, AddressKind, Message, Send
from smtui.chart.values import Event, RunEntry
from smtui.definition import Json

__all__ = ["answer_query"]


def answer_query(
    entry: RunEntry, inbox: list[Event]
) -> tuple[dict[str, Json], Send | None]:
    """Return the answer to a store action, and the message it sends.

    `check_events` and `clear_events` take from `inbox`. A machine asked about
    does not run, and one that is started is new: a stub says so where it matters.
    """
    args = entry.args
    match entry.action:
        case "check_events":
            return {"event": _taken(args.get("event_types"), inbox)}, None
        case "clear_events":
            cleared = _clear(args.get("event_types"), inbox)
            return {"cleared": cleared}, None
        case "send_event":
            to = Address(AddressKind.MACHINE, str(args["target_machine"]))
            message = Message(str(args["event_type"]), args.get("payload"))
            return {"id": entry.key}, Send(entry.key, to, message)
        case "check_machine_state":
            return {"status": "not_running", "state": None}, None
        case "start_fsm":
            return {"created": True}, None
        case _:
            return {}, None


def _taken(types: Json, inbox: list[Event]) -> Json:
    """Take the oldest event of these types out of the inbox."""
    for event in inbox:
        if event.name in _names(types):
            inbox.remove(event)
            return {
                "id": event.id,
                "type": event.name,
                "payload": event.data,
                "job_id": event.job_id,
                "source": event.source,
            }
    return None


def _clear(types: Json, inbox: list[Event]) -> int:
    gone = [event for event in inbox if not types or event.name in _names(types)]
    for event in gone:
        inbox.remove(event)
    return len(gone)


def _names(types: Json) -> tuple[str, ...]:
    return tuple(map(str, types)) if isinstance(types, list) else (str(types),)
