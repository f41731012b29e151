"""Debian packages that only tests need, installed where they are missing and we may."""

from __future__ import annotations

import os
import shutil
import subprocess


def install(package: str) -> None:
    """Install a package, as root on a Debian machine; elsewhere nothing happens."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    wait = ("-o", "DPkg::Lock::Timeout=300")  # tests in other processes may be installing something too
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *wait, package]):
        subprocess.run(
            command,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=600,
        )
