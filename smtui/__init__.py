"""Mission control for state machines, in your terminal."""

__all__ = ["__version__"]

__version__ = "0.1.0"
"""The same as in pyproject.toml, which a test sees to: asking the installed
package for it costs half of what `smtui --version` may take."""
