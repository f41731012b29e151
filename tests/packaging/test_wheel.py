"""The wheel holds all that it needs: in an empty environment, outside the checkout, the demo works."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
CODE = {".py", ".pyc"}
_CACHE = re.compile(r"__pycache__|\..*")


def call(*command: str | Path, folder: Path, **more: str) -> str:
    """Run a command without this process's Python settings; its output."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RPA_"))}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=kept | {"PYTHONIOENCODING": "utf-8"} | more,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, TOP, folder=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_is_named_apart_from_the_unrelated_rpa(wheel: Path) -> None:
    assert wheel.name.startswith("wengang_rpa-")


def test_the_wheel_holds_every_file_of_its_packages(wheel: Path) -> None:
    """Pages, styles, scripts and settings as well as code; nothing of tests."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    packages = ("rpa", "flows", "mock_portal")
    files = (path for package in packages for path in (TOP / package).rglob("*") if path.is_file())
    names = (path.relative_to(TOP) for path in files)
    wanted = {name.as_posix() for name in names if not any(map(_CACHE.fullmatch, name.parts))}
    settings = {f"rpa/configs/{path.name}" for path in (TOP / "configs").iterdir()}
    assert held == wanted | settings
    assert any(Path(name).suffix not in CODE for name in held - settings)


@pytest.mark.thorough
def test_the_demo_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "空 环境"
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    lock = (TOP / "requirements.lock").read_text(encoding="utf-8")
    pins = tmp_path / "pins.txt"
    pins.write_text(
        "\n".join("".join(pin) for pin in re.findall(r"^(\S+==\S+)( ; [^\\]+)?", lock, re.MULTILINE)),
        encoding="utf-8",
    )
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "--python", scripts / "python")
    call(*pip, "install", "--no-compile", "--constraint", pins, wheel, folder=tmp_path)
    told = call(
        scripts / "rpa", "demo", "--count", "1", "--json", folder=tmp_path, RPA_HOME=str(tmp_path / "home")
    )
    document = json.loads(told)
    assert document["counts"] == {"SUBMITTED": 2}  # one in each province
    assert Path(document["report"]).is_file()
