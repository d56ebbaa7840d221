"""The worker's command as the tests start it: this Python, and the checkout that it imports."""

import os
import sys

COMMAND = (sys.executable, "-m", "reage.cli", "worker")

PATHS = {"PYTHONPATH": os.environ["PYTHONPATH"]} if os.environ.get("PYTHONPATH") else {}
"""`client.clean_environment` takes it out; where ReAge is installed it is not needed."""
