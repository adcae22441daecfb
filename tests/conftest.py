"""What holds for every test.

Profiles of the property tests: `--hypothesis-profile=thorough` looks longer.
"""

import os
import sys

from hypothesis import HealthCheck, settings

# the program is started a thousand times: only the first may have to compile it
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile(
    "default",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough",
    parent=settings.get_profile("default"),
    max_examples=2000,
)
settings.load_profile("default")
