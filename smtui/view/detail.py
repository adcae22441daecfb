"""The facts of a machine and its process, for its page."""

from datetime import tzinfo

from smtui.view.masks import mask_text
from smtui.view.text import Line, Span, clean
from smtui.view.times import age, day_time, size
from smtui.view.words import MARKS, of_child
from smtui.wire.messages import MachineView

__all__ = ["machine_lines"]


def machine_lines(
    machine: MachineView,
    now: float,
    zone: tzinfo | None = None,
    *,
    reveal: bool = False,
) -> list[Line]:
    """Return what is known of a machine, a fact a line."""
    mark = MARKS[of_child(machine.state)]
    frame = machine.frame
    up = age(now - machine.started_at) if machine.started_at else "-"
    exits = f"{machine.failures} of {machine.intensity}"
    rows: list[tuple[str, Line]] = [
        (
            "process",
            (
                Span(f"{mark.glyph} {machine.state.value}", mark.style),
                Span(f"  pid {machine.pid or '-'}  up {up}"),
            ),
        ),
        (
            "restarts",
            (Span(f"{machine.restarts}   exits {exits}"),),
        ),
        ("uses", (Span(f"{machine.cpu_s:.1f} s cpu  {size(machine.rss_bytes)}"),)),
        ("file", (Span(clean(machine.file) or "-"),)),
        ("version", (Span(f"{machine.dialect} {machine.definition}".strip() or "-"),)),
        ("desired", (Span(machine.desired),)),
    ]
    if machine.reason:
        reason = clean(mask_text(machine.reason, reveal=reveal))
        rows.append(("reason", (Span(reason),)))
    if machine.started_at:
        rows.append(("started", (Span(day_time(machine.started_at, zone)),)))
    if frame is not None:
        counts = f"{frame.steps} steps, {frame.ignored} ignored"
        if frame.instance:
            counts = f"{frame.seq} journalled, {counts}"
        rows += [
            ("run", (Span(f"{frame.run}  {frame.status}"),)),
            ("steps", (Span(counts),)),
            ("inbox", (Span(f"{frame.inbox} waiting"),)),
            ("holds", (Span(", ".join(clean(job) for job in frame.held) or "no job"),)),
        ]
    return [(Span(f" {name:<9} ", "quiet"), *rest) for name, rest in rows]
