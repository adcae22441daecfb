"""`python -m smtui` is the `smtui` command."""

from smtui.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
