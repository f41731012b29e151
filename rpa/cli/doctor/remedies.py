"""How ``rpa doctor --fix`` installs a browser and Chinese fonts, by the way that fits the machine."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence, Set

from rpa.cli.doctor.checks import FIX, Check
from rpa.cli.shared import output

_BROWSER_PACKAGES = ("chromium", "chromium-headless-shell", "chromium-sandbox")
_FONT_PACKAGES = ("fonts-noto-cjk",)


def mend(checks: Sequence[Check], *, quiet: bool) -> bool:
    """Install what the checks miss where installing helps; returns whether anything was done.

    Debian's own browser is preferred, since it is kept up to date with the system; elsewhere, or failing
    that, Playwright downloads one.

    Args:
        checks: as examined.
        quiet: show the installers' output only when they fail.
    """
    missing = {check.key for check in checks if check.remedy == FIX}
    wanted = _packages(missing)
    apt = _apt(wanted) if wanted else None
    installed = apt is not None and _run_installer(apt, quiet=quiet)
    if "browser" not in missing or (installed and _is_debian()):
        return apt is not None
    libraries = ("--with-deps",) if sys.platform == "linux" and _as_root() is not None else ()
    _run_installer((sys.executable, "-m", "playwright", "install", *libraries, "chromium"), quiet=quiet)
    return True


def _packages(missing: Set[str]) -> Sequence[str]:
    """The Debian packages that bring what is missing."""
    fonts = _FONT_PACKAGES if "fonts" in missing else ()
    browser = _BROWSER_PACKAGES if missing & {"browser", "window"} and _is_debian() else ()
    return (*fonts, *browser)


def _is_debian() -> bool:
    """Debian itself: Ubuntu's ``chromium`` package is a snap, which Playwright cannot drive well."""
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def _apt(packages: Sequence[str]) -> Sequence[str] | None:
    """The command that installs Debian packages; none where the machine or the person cannot."""
    if not shutil.which("apt-get"):
        output.note(f"请用本机的软件管理器安装：{' '.join(packages)}")
        return None
    root = _as_root()
    if root is None:
        output.note(f"需要管理员权限，请运行：sudo apt-get install {' '.join(packages)}")
        return None
    install = f"apt-get update -q && apt-get install -y -q --no-install-recommends {' '.join(packages)}"
    return (*root, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", install)


def _as_root() -> tuple[str, ...] | None:
    """What stands before a command so that it runs as root; none where that needs a password."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return ()
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    asked = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)  # noqa: S603
    return (sudo, "-n") if asked.returncode == 0 else None


def _run_installer(command: Sequence[str], *, quiet: bool) -> bool:
    """Run an installer, its output on standard error; returns whether it succeeded, and says so where not."""
    output.note(f"正在安装：{' '.join(command)}")
    shown_on = subprocess.PIPE if quiet else sys.stderr
    done = subprocess.run(  # noqa: S603 - the commands stand above
        command, stdout=shown_on, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    if done.returncode:
        output.note((done.stdout or "") + f"安装没有成功（{done.returncode}）")
    return done.returncode == 0
