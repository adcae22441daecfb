"""What is suspicious in statecharts, and what is not."""

from pathlib import Path

import pytest

from smtui.check import FleetReport, fleet
from tests.conformance.found import conformance_dir

STATES = """\
meta: {machine_name: m}
states:
  - {name: a, type: initial}
  - {name: b}
  - {name: end, type: terminal}
"""

WAYS = """\
transitions:
  - {source: a, dest: b, trigger: x}
  - {source: b, dest: end, trigger: y}
"""


def found(folder: Path, text: str) -> list[tuple[str, int]]:
    """Return codes and lines of what is suspicious."""
    file = folder / "m.yaml"
    file.write_text(text, "utf-8")
    return [(p.code, p.at.line) for p in fleet([file]).problems]


def test_a_sound_chart_is_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path, STATES + WAYS) == []


@pytest.mark.parametrize(
    ("state", "way", "expected"),
    [
        ("{name: c}", "", [("unreachable", 6)]),
        ("{name: c}", "{source: a, dest: c, trigger: c}", [("dead-end", 6)]),
        ("{name: c, type: error}", "{source: a, dest: c, trigger: c}", []),
        ("", "{source: a, dest: end, trigger: x}", [("never-taken", 9)]),
        (
            "",
            "{source: a, dest: end, trigger: x, priority: -1}",
            [("unreachable", 4), ("never-taken", 7)],
        ),
        ("", "{source: [a, b], dest: end, trigger: x}", []),
        ("", "{source: '*', dest: end, trigger: x}", []),
        ("", "{source: b, dest: end, trigger: y, guards: g}", [("never-taken", 9)]),
        ("", "{source: a, dest: b, auto: true, guards: g}", []),
        ("", "{source: a, dest: end, trigger: _join_b}", [("never-comes", 9)]),
    ],
)
def test_a_suspicion_is_told_at_its_place(
    tmp_path: Path, state: str, way: str, expected: list[tuple[str, int]]
) -> None:
    states = STATES + (f"  - {state}\n" if state else "")
    ways = WAYS + (f"  - {way}\n" if way else "")

    assert found(tmp_path, states + ways) == expected


def test_a_guard_that_decides_nothing_is_told(tmp_path: Path) -> None:
    ways = WAYS.replace("trigger: x}", "trigger: x, guards: g}")
    ways += "  - {source: a, dest: b, trigger: x}\n"

    assert found(tmp_path, STATES + ways) == [("same-twice", 9)]


def test_a_circle_without_events_is_told(tmp_path: Path) -> None:
    ways = WAYS.replace("trigger: x", "auto: true")
    ways += "  - {source: b, dest: a, auto: true}\n"

    codes = [code for code, _ in found(tmp_path, STATES + ways)]
    assert codes == ["endless", "unreachable", "never-taken"]


def test_the_hierarchy_is_known(tmp_path: Path) -> None:
    text = """\
meta: {machine_name: m}
states:
  - {name: i, type: initial, timeout: {seconds: 1, destination: out}}
  - {name: p, initial_child: c}
  - {name: c, parent: p}
  - {name: d, parent: p}
  - name: q
    type: parallel
    regions:
      - {name: r1, initial: x, states: [x, y]}
      - {name: r2, initial: z, states: [z, done]}
  - {name: x}
  - {name: y, type: terminal}
  - {name: z}
  - {name: done, type: terminal}
  - {name: out}
  - {name: broken}
transitions:
  - {source: i, dest: H(p), trigger: go}
  - {source: c, dest: d, trigger: n}
  - {source: p, dest: q, trigger: q}
  - {source: x, dest: y, trigger: n, region: r1}
  - {source: z, dest: done, trigger: n, region: r2}
  - {source: q, dest: i, trigger: _join_q}
  - {source: out, dest: i, trigger: again}
  - {source: broken, dest: i, trigger: again}
error_policy: {default_fallback: broken}
"""

    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        # a state that is left at once hears nothing, nor do those around it
        (
            """  - {source: p, dest: i, trigger: x}
  - {source: c, dest: i, auto: true}
""",
            [("never-taken", 8)],
        ),
        # what every state inside takes is never left for the one around
        (
            """  - {source: p, dest: i, trigger: x}
  - {source: c, dest: i, trigger: x}
""",
            [("never-taken", 8)],
        ),
        (
            """  - {source: p, dest: i, trigger: x}
  - {source: c, dest: i, trigger: x, guards: g}
""",
            [],
        ),
    ],
)
def test_what_comes_first_inside_is_known(
    tmp_path: Path, ways: str, expected: list[tuple[str, int]]
) -> None:
    text = """meta: {machine_name: m}
states:
  - {name: i, type: initial}
  - {name: p, initial_child: c}
  - {name: c, parent: p}
transitions:
  - {source: i, dest: p, trigger: go}
"""

    codes = [one for one in found(tmp_path, text + ways) if one[0] != "unbound"]
    assert codes == expected


def test_scxml_is_looked_over_too(tmp_path: Path) -> None:
    file = tmp_path / "m.scxml"
    file.write_text(
        """<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0">
  <state id="a">
    <transition event="x" target="end"/>
    <transition event="x.y" target="end"/>
  </state>
  <state id="lost"/>
  <final id="end"/>
</scxml>
""",
        "utf-8",
    )

    codes = [(p.code, p.at.line) for p in fleet([file]).problems]
    assert codes == [("never-taken", 4), ("unreachable", 6)]


def test_no_shipped_definition_raises_an_alarm() -> None:
    root = conformance_dir()
    if root is None:
        pytest.skip("the recorded definitions are not here")

    files = sorted((root / "pystator" / "examples").iterdir())
    alarms = [str(p) for file in files for p in fleet([file]).problems]
    assert files
    assert alarms == []


# ---------------------------------------------------------------- author's code

GUARDED = STATES + WAYS.replace(
    "trigger: x}", "trigger: x, guards: big, actions: ring}"
)


@pytest.mark.parametrize(
    "code",
    [
        (
            "from smtui import action, guard\n@guard()\ndef big(ctx): ...\n"
            "@action('ring')\ndef other(ctx): ...\n"
        ),
        "guards.register('big', f)\nactions.register('ring', f)\n",
        "@guards.decorator('big')\ndef f(ctx): ...\nasync def ring(ctx): ...\n",
        "for name in NAMES:\n    guards.register(name, f)\n",
        "from elsewhere import *\n",
        "from elsewhere import big, ring\n",
    ],
)
def test_what_is_bound_is_found_without_running_it(tmp_path: Path, code: str) -> None:
    (tmp_path / "m.py").write_text(f"{code}raise SystemExit\n", "utf-8")

    assert found(tmp_path, GUARDED) == []


def test_what_is_not_bound_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("def bigg(ctx): ...\n", "utf-8")

    assert found(tmp_path, GUARDED) == [("unbound-guard", 7), ("unbound-action", 7)]


def test_a_file_that_is_named_and_no_python_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("x = 1\ndef (", "utf-8")

    assert found(tmp_path, GUARDED + "code: own.py\n") == [("bad-python", 2)]
    assert found(tmp_path, GUARDED + "code: gone.py\n") == [("no-code", 1)]


def test_a_mistake_in_the_python_is_told_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(GUARDED, "utf-8")
    (tmp_path / "m.py").write_text("def big(ctx) return 1\n", "utf-8")

    report = fleet([tmp_path / "m.yaml"])

    (problem,) = report.errors
    assert report.machines == ()
    assert problem.at.file.endswith("m.py")
    assert (problem.at.line, problem.at.column) == (1, 14)
    assert "expected ':'" in problem.message


def test_without_any_python_nothing_is_said(tmp_path: Path) -> None:
    assert found(tmp_path, GUARDED) == []


@pytest.mark.parametrize("code", [None, "def big(ctx): ...\n"])
def test_a_report_says_which_functions_are_lacking(
    tmp_path: Path, code: str | None
) -> None:
    (tmp_path / "m.yaml").write_text(GUARDED, "utf-8")
    if code is not None:
        (tmp_path / "m.py").write_text(code, "utf-8")

    report = fleet([tmp_path / "m.yaml"])

    (lack,) = report.lacks
    guards = ("big",) if code is None else ()
    assert (guards, ("ring",)) == (lack.guards, lack.actions)
    assert ("m.py", code is not None) == (lack.code, lack.is_waited_for)
    assert FleetReport.from_json(report.to_json()) == report
