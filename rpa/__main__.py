"""``python -m rpa``: the commands where ``rpa`` itself is not on the path."""

from __future__ import annotations

import sys

from rpa.cli.main import main

sys.exit(main())
