"""What holds for every test.

Profiles of the property tests: `--hypothesis-profile=thorough` looks longer.
"""

import gc
import os
import sys

from hypothesis import HealthCheck, settings

# the program is started a thousand times: only the first may have to compile it
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile(
    "default",
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough",
    parent=settings.get_profile("default"),
    max_examples=2000,
)
settings.load_profile("default")


def pytest_collection_finish() -> None:
    """Let the collector look at what the tests make, and seldom.

    It took a quarter of the screens' time: each app is some hundred thousand
    objects, and all that was imported was gone through with them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
