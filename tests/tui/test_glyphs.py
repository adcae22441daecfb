"""Which locales get ASCII without asking for it."""

import pytest

from smtui.tui.glyphs import is_ascii_locale


@pytest.mark.parametrize(
    ("env", "is_ascii"),
    [
        ({}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "POSIX"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "de_DE.utf8"}, False),
        ({"LANG": "de_DE.UTF-8@euro"}, False),
        ({"LANG": "de_DE.ISO-8859-15"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, True),
        ({"LANG": "C", "LC_CTYPE": "UTF-8"}, False),
        ({"LANG": "C", "LC_ALL": "", "LC_CTYPE": "en_US.UTF-8"}, False),
    ],
)
def test_a_locale_without_utf_8_is_spoken_to_in_ascii(
    env: dict[str, str], *, is_ascii: bool
) -> None:
    assert is_ascii is is_ascii_locale(env)
