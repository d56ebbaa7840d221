"""Settings that all tests share."""

from hypothesis import settings

# A busy machine is not a bug: no test of a law is judged by its time.
settings.register_profile("reage", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("reage")
