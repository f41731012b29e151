"""The subcommands of ``rpa evidence``, one module each."""
