"""The command line as text: what is understood and what is refused."""

from pathlib import Path

import pytest

from smtui.cli.commands import COMMANDS, HIDDEN
from smtui.cli.parser import build, parse
from smtui.errors import UsageError


def refusal(*words: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        parse(build(COMMANDS, HIDDEN), words)
    return caught.value


def test_an_unknown_command_is_named_with_the_nearest_one() -> None:
    error = refusal("rnu")

    assert error.message == "smtui has no command 'rnu'"
    assert error.hint == "did you mean 'run'?"


def test_an_unknown_part_of_a_command_is_named_with_the_nearest_one() -> None:
    error = refusal("jobs", "lst")

    assert error.message == "smtui jobs has no command 'lst'"
    assert error.hint == "did you mean 'list'?"


def test_an_unknown_option_is_named_with_the_nearest_one() -> None:
    error = refusal("send", "door", "push", "--dryrun")

    assert error.message == "unknown argument '--dryrun'"
    assert error.hint == "did you mean '--dry-run'?"


def test_options_are_never_abbreviated() -> None:
    error = refusal("run", "machines", "--head")

    assert error.message == "unknown argument '--head'"


def test_a_wrong_choice_names_the_option_and_the_choices() -> None:
    error = refusal("jobs", "list", "--status", "complete")

    assert error.message.startswith("--status 'complete' is none of available, ")
    assert error.hint == "did you mean 'completed'?"


def test_a_missing_argument_points_at_the_help_of_the_command() -> None:
    error = refusal("send", "door")

    assert error.message == "the following arguments are required: EVENT"
    assert error.hint == "smtui send --help"


@pytest.mark.parametrize(
    "words",
    [("--data", "d", "--json", "ps"), ("ps", "--data", "d", "--json")],
)
def test_common_options_stand_before_or_after_the_command(
    words: tuple[str, ...],
) -> None:
    found = parse(build(COMMANDS, HIDDEN), words)

    assert (found.data, found.json) == (Path("d"), True)


def test_data_of_a_job_is_json_unless_it_is_a_folder(tmp_path: Path) -> None:
    words = ["jobs", "add", "t", "--data", '{"a": 1}', "--data", str(tmp_path)]
    found = parse(build(COMMANDS, HIDDEN), words)

    assert (found.job_data, found.data) == ('{"a": 1}', tmp_path)


def test_the_help_of_a_command_with_parts_lists_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse(build(COMMANDS, HIDDEN), ["jobs", "--help"])

    shown = capsys.readouterr().out
    assert "usage: smtui jobs PART" in shown
    assert all(f"\n  {part} " in shown for part in ("add", "retry", "release"))
