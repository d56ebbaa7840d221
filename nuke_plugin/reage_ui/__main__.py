"""`python -m reage_ui [PLATE …]`: what `reage panel` opens, where no command was installed."""

from __future__ import annotations

import argparse
import sys

from reage.errors import ReageError
from reage_ui import command


def main(argv: list[str] | None = None) -> int:
    """Open the window; returns the exit code, 2 where a setting is wrong or Qt is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m reage_ui", description="The ReAge panel in a window of its own."
    )
    command.add_arguments(parser)
    args = parser.parse_args(argv)
    try:
        return command.run(args)
    except ReageError as e:
        print(f"reage_ui: {e}", file=sys.stderr)
        return e.exit_code


if __name__ == "__main__":
    sys.exit(main())
