"""The table of commands: each has help, examples, and a place in the guide."""

import re
from collections.abc import Iterator

import pytest

from smtui.cli import main
from smtui.cli.command import Command
from smtui.cli.commands import COMMANDS
from smtui.cli.help import topics


def every(
    commands: tuple[Command, ...], prefix: str = ""
) -> Iterator[tuple[str, Command]]:
    for command in commands:
        name = f"{prefix}{command.name}"
        yield name, command
        yield from every(command.parts, f"{name} ")


ALL = dict(every(COMMANDS))


@pytest.mark.parametrize("name", ALL)
def test_the_help_of_a_command_ends_with_two_examples_of_it(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([*name.split(), "--help"])

    *_, head, first, second = capsys.readouterr().out.splitlines()
    assert (code, head) == (0, "examples:")
    assert [first.strip(), second.strip()] == list(ALL[name].examples)
    assert first.strip().startswith("smtui ")


@pytest.mark.parametrize("name", ALL)
def test_a_command_is_summed_up_in_one_sentence(name: str) -> None:
    summary = ALL[name].summary

    assert re.fullmatch(r"[A-Z].*\.", summary)
    assert len(summary) < 80


@pytest.mark.parametrize("name", ALL)
def test_a_command_and_its_options_are_in_the_guide(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = topics()["cli"]
    main([*name.split(), "--help"])
    options = set(re.findall(r"(?<!-)--[a-z][a-z-]+", capsys.readouterr().out))

    assert name.rsplit(maxsplit=1)[-1] in page
    assert not {option for option in options - {"--help"} if option not in page}


def test_the_list_of_commands_fits_eighty_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--help"])

    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > 80] == []


def test_hidden_commands_are_not_listed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])

    assert "_machine" not in capsys.readouterr().out


def test_no_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([])

    assert code == 2
    assert capsys.readouterr().err.startswith("smtui: which command?\n")


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--version"])

    assert code == 0
    assert re.fullmatch(r"smtui \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_parts_of_a_command_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["jobs"])

    assert code == 2
    assert capsys.readouterr().err == (
        "smtui: which part of jobs?\n  smtui jobs --help\n"
    )


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("scxml", "smtui help files has it: SCXML"),
        ("guards", "smtui help pystator has it: Guards"),
        ("actoins", "did you mean 'actions'?"),
        ("zebra", "smtui help lists the pages"),
    ],
)
def test_help_on_a_word_that_is_no_page_names_the_page_that_has_it(
    word: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["help", word])

    assert code == 2
    assert capsys.readouterr().err.splitlines()[1].strip() == hint
