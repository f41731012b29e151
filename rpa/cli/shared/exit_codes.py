"""What a command's exit code says. The table in docs/commands.md repeats these."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command."""

    OK = 0
    """Done, and nothing needs attention."""
    FINDINGS = 1
    """Done, but there are findings: rows to correct, filings that need a person, altered evidence."""
    USAGE = 2
    """Not done: wrong use, or an input that cannot be read. The message says what to do."""
    ENVIRONMENT = 3
    """Not done: this machine lacks something. ``rpa doctor`` says what."""
    INTERRUPTED = 130
    """Stopped from the keyboard."""
