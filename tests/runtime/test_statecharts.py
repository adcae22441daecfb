"""SCXML machines at work: sends, delays, data, and what a restart keeps."""

from pathlib import Path

from smtui.store import InboxStatus
from smtui.wire import BLOCKED
from tests.support.runtime_harness import harness, put_machine, running

HEAD = '<scxml xmlns="http://www.w3.org/2005/07/scxml" datamodel="ecmascript">'

CLOCK = f"""{HEAD}
  <datamodel><data id="heard" expr="[]"/></datamodel>
  <script>function add(word) {{ heard.push(word); }}</script>
  <parallel id="p">
    <state id="a"/>
    <state id="b"/>
    <transition event="say"><script>add(_event.data.word)</script></transition>
    <transition event="stop" target="end"/>
  </parallel>
  <final id="end"/>
</scxml>"""

BELL = f"""{HEAD}
  <state id="waiting">
    <onentry><send event="ring" delay="300ms" id="bell"/></onentry>
    <transition event="ring" target="rung"/>
    <transition event="hush" target="quiet"/>
    <onexit><cancel sendid="bell"/></onexit>
  </state>
  <state id="quiet"><transition event="ring" target="rung"/></state>
  <state id="rung"/>
</scxml>"""

TALKER = f"""{HEAD}
  <state id="s">
    <transition event="go" target="told">
      <send event="hello" target="m" id="one"><param name="n" expr="1 + 1"/></send>
      <send event="lost" target="nobody"/>
    </transition>
    <transition event="hello" target="heard"/>
  </state>
  <state id="told">
    <transition event="error.execution" target="refused"/>
  </state>
  <state id="refused">
    <transition event="hello" cond="_event.origin === 'm' &amp;&amp; _event.data.n === 2
      &amp;&amp; _event.sendid === 'one'" target="heard"/>
  </state>
  <state id="heard"/>
</scxml>"""


FAMILY = f"""{HEAD}
  <datamodel>
    <data id="xml"><scxml xmlns="http://www.w3.org/2005/07/scxml"><final id="e">
      <donedata><content>7</content></donedata></final></scxml></data>
    <data id="got" expr="[]"/>
  </datamodel>
  <state id="inline">
    <invoke id="one"><param name="n" expr="2"/><content><scxml>
      <datamodel><data id="n" expr="0"/></datamodel>
      <state id="c"><onentry><send event="tick" delay="200ms"/></onentry>
        <transition event="tick" target="d"/></state>
      <final id="d"><onentry><send event="told" target="#_parent">
        <param name="n" expr="n"/></send></onentry></final></scxml></content></invoke>
    <transition event="told"><script>got.push(_event.data.n)</script></transition>
    <transition event="done.invoke.one" target="value"/>
  </state>
  <state id="value"><invoke id="two"><content expr="xml"/></invoke>
    <transition event="done.invoke.two" target="file">
      <script>got.push(_event.data)</script></transition></state>
  <state id="file"><invoke src="kid.scxml"/>
    <transition event="done.invoke" target="gone"/></state>
  <state id="gone"><invoke src="gone.scxml"/>
    <transition event="error.communication" target="end"/></state>
  <final id="end"/>
</scxml>"""


async def test_scripts_change_the_data_of_a_running_chart(tmp_path: Path) -> None:
    async with running(tmp_path, CLOCK) as machine:
        for word in ("one", "two"):
            await machine.until_handled(await machine.send("say", {"word": word}))

    assert ["one", "two"] == (await machine.snapshot()).data["heard"]


async def test_functions_and_data_outlive_the_process(tmp_path: Path) -> None:
    async with harness(tmp_path, CLOCK) as machine:
        await machine.begin()
        await machine.until_handled(await machine.send("say", {"word": "one"}))
        await machine.crash()
        await machine.send("say", {"word": "two"})
        await machine.begin()
        await machine.until_handled(await machine.send("say", {"word": "three"}))
        await machine.end()

        assert ["one", "two", "three"] == (await machine.snapshot()).data["heard"]
        assert [1, 2, 3, 4] == [e.row.seq for e in await machine.journal()]


async def test_a_chart_whose_state_is_gone_is_blocked_and_says_so(
    tmp_path: Path,
) -> None:
    async with harness(tmp_path, BELL) as machine:
        await machine.begin()
        await machine.until_handled(await machine.send("hush"))
        await machine.end()
        with machine.writer() as writer:
            put_machine(writer, machine.folder, BELL.replace('"quiet"', '"silent"'))
        await machine.begin()
        frame = await machine.until(lambda f: bool(f.last_problem))
        await machine.end()

    assert frame.last_problem.startswith(BLOCKED)
    assert "no state 'quiet'" in frame.last_problem
    assert frame.configuration == ("quiet",)


async def test_a_script_that_fails_leaves_the_machine_running(tmp_path: Path) -> None:
    async with running(tmp_path, CLOCK) as machine:
        row = await machine.until_handled(await machine.send("say"))
        await machine.until_handled(await machine.send("say", {"word": "on"}))

    assert InboxStatus.TAKEN is row.status
    assert ["on"] == (await machine.snapshot()).data["heard"]


async def test_a_delayed_event_comes_after_a_crash(tmp_path: Path) -> None:
    async with harness(tmp_path, BELL) as machine:
        await machine.begin()
        await machine.until_state("waiting")
        await machine.crash()
        await machine.begin()
        await machine.until_state("rung")
        await machine.end()

        assert [("", "", "waiting"), ("waiting", "ring", "rung")] == (
            await machine.path()
        )


async def test_a_delayed_event_that_was_cancelled_never_comes(tmp_path: Path) -> None:
    async with running(tmp_path, BELL) as machine:
        await machine.until_handled(await machine.send("hush"))
        snapshot = await machine.snapshot()

    assert ("quiet",) == snapshot.configuration
    assert {} == snapshot.pending


async def test_a_machine_is_sent_to_by_its_name_and_answers_by_the_origin(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, TALKER) as machine:
        await machine.send("go")
        await machine.until_state("heard")

    events = [event for _, event, _ in await machine.path()]
    assert ["", "go", "error.execution", "hello"] == events


async def test_the_end_of_a_chart_is_the_end_of_its_run(tmp_path: Path) -> None:
    async with harness(tmp_path, CLOCK) as machine:
        await machine.begin()
        await machine.send("stop")
        await machine.ended()

        assert "final" == (await machine.snapshot()).status


async def test_a_family_of_charts_outlives_a_crash(tmp_path: Path) -> None:
    (tmp_path / "kid.scxml").write_text(f'{HEAD}<final id="over"/></scxml>')
    async with harness(tmp_path, FAMILY) as machine:
        await machine.begin()
        await machine.until(lambda _: True)
        await machine.crash()
        await machine.begin()
        await machine.ended()

        assert [2, 7] == (await machine.snapshot()).data["got"]
        assert ("end",) == (await machine.snapshot()).configuration
