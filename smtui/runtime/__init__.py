"""The runtime room: one supervised machine process.

    inbox -> driver -> commit -> perform

It runs an author's actions and so is imported by machine processes only.
"""

from smtui.runtime.process import run_machine_process

__all__ = ["run_machine_process"]
