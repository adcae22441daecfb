"""The card: ways in and out, reasons, last step, at any size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.dialects import load_text
from smtui.view.card import CardInput, group_card, machine_card
from smtui.view.facts import Facts, facts_of
from smtui.view.fleet import EMPTY_FLEET, fold
from smtui.view.machines import Known, machine_list
from smtui.view.text import cells, plain
from smtui.wire.messages import ChildState, MachineView
from tests.support.view_fleet import (
    NOW,
    TEXTS,
    frame,
    machine,
    night_fleet,
    night_machines,
)
from tests.support.view_rows import entry


def facts_from(text: str) -> Facts:
    definition = load_text(text, "x.yaml").definition
    assert definition is not None
    return facts_of(definition)


KNOWN = Known({f"hash-{name}": facts_from(text) for name, text in TEXTS.items()})


def night(name: str) -> MachineView:
    return next(m for m in night_machines() if m.name == name)


def card_text(name: str, width: int, height: int, event: str = "url") -> list[str]:
    last = entry(2, name, "queued", event, "fetching")
    given_card = CardInput(night(name), KNOWN, NOW, last)
    return [plain(line) for line in machine_card(given_card, width, height).lines]


def test_a_wide_card_has_the_ways_in_left_and_the_ways_out_right() -> None:
    lines = card_text("crawler#1", 63, 16)

    middle = next(line for line in lines if "┃ fetching ┃" in line)
    assert middle.index("┃") < middle.index("─▶", middle.index("fetching"))
    assert any(line.startswith(" queued ─url─▶ ") for line in lines)
    for event, target in [("ok", "parsing"), ("429", "waiting"), ("cancel", "idle")]:
        assert any(f"─{event}─" in line and f"▶ {target}" in line for line in lines)


def test_a_narrow_card_lists_the_ways_out_below() -> None:
    lines = card_text("crawler#1", 31, 9)

    assert any("[ fetching ]" in line for line in lines)
    assert any("├─ok─────▶ parsing" in line for line in lines)


def test_a_delay_shows_its_countdown() -> None:
    lines = card_text("crawler#2", 63, 16)

    assert any("timeout(15)" in line and "in 12s" in line for line in lines)


def test_the_last_step_is_told_with_its_duration() -> None:
    lines = card_text("crawler#1", 63, 16)

    assert any("last  queued ─url→ fetching  0.4 ms" in line for line in lines)


def test_while_something_is_wrong_reasons_push_arrows_out() -> None:
    lines = card_text("thumbs", 31, 9)

    assert any("gave up" in line for line in lines)
    assert not any("┏" in line for line in lines)


def test_a_question_says_which_key_answers_it() -> None:
    lines = card_text("approvals", 63, 16)

    assert any("asks: Publish the report of week 47?" in line for line in lines)
    assert any("answer with i: approve | reject" in line for line in lines)


def test_a_group_lists_its_replicas() -> None:
    fleet = fold(EMPTY_FLEET, night_fleet())
    folded = machine_list(fleet, KNOWN, NOW)
    opened = machine_list(fleet, KNOWN, NOW, query="crawler")
    group = next(line for line in folded.lines if line.is_group)

    text = [plain(line) for line in group_card(group, opened.lines, 9).lines]

    assert any("crawler#1  fetching  41s" in line for line in text)


@pytest.mark.parametrize("name", [m.name for m in night_machines()])
@given(st.integers(min_value=10, max_value=120), st.integers(min_value=3, max_value=40))
def test_a_card_never_leaves_its_pane(name: str, width: int, height: int) -> None:
    given_card = CardInput(night(name), KNOWN, NOW)

    lines = machine_card(given_card, width, height).lines

    assert len(lines) <= height
    drawn = [line for line in lines if any("┃" in span.text for span in line)]
    assert all(cells(plain(line)) <= width + 8 for line in drawn)


@pytest.mark.parametrize(
    ("height", "expected"),
    [
        (8, ["[ quiet ]", "[ tally ]"]),
        (16, ["┏━━━━━━━━┓", "┃ quiet  ┃", "┗━━━━━━━━┛"]),
    ],
)
def test_states_that_are_active_at_once_are_drawn_whole_or_a_line_each(
    height: int, expected: list[str]
) -> None:
    herald = machine(
        "herald",
        ChildState.READY,
        frame("herald", "", configuration=("quiet", "tally")),
    )

    card = machine_card(CardInput(herald, Known(), NOW), 30, height)
    lines = [plain(one).strip() for one in card.lines]

    first = lines.index(expected[0])
    assert expected == lines[first : first + len(expected)]
    assert lines.count("┏━━━━━━━━┓") == lines.count("┗━━━━━━━━┛")


def test_the_card_of_many_instances_counts_them_by_innermost_state() -> None:
    shown = frame("orders", "", instance="", configuration=(), instances=12)
    orders = machine("orders", ChildState.READY, shown)
    facts = Facts(parents={"new": "open"})
    known = Known(facts={orders.definition: facts})
    counts = {"open": 9, "new": 9, "gone": 3, "late": 0}

    card = machine_card(CardInput(orders, known, NOW, counts=counts), 40, 14)
    lines = [plain(one).split() for one in card.lines]

    assert ["9", "new"] in lines
    assert lines.index(["9", "new"]) + 1 == lines.index(["3", "gone"])
    assert not [one for one in lines if "open" in one or "late" in one]
