"""Private files: whole or absent, their owner's alone, whoever else writes and whatever breaks."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from rpa.files import create_private, open_private, private_draft, private_folder, write_private

Writer = Callable[[Path, bytes], None]
WRITERS: list[Writer] = [write_private, create_private]
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "家" / "私有.txt"


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def left(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


@posix
@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("write", WRITERS)
def test_only_the_owner_reads_whatever_the_umask(path: Path, write: Writer) -> None:
    write(path, b"new")
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


@posix
@pytest.mark.usefixtures("umask")
def test_a_stream_and_a_draft_are_private_from_the_start(path: Path) -> None:
    with open_private(private_folder(path.parent) / "stream") as file, private_draft(path, b"x") as draft:
        assert file.writable()
        assert mode(path.parent / "stream") == 0o600
        assert mode(draft) == 0o600


@posix
def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    private_folder(path.parent)
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", 0o600)


@posix
def test_a_folder_that_is_there_is_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.parent.chmod(0o755)
    write_private(path, b"new")
    assert private_folder(path.parent) == path.parent
    assert mode(path.parent) == 0o755


@pytest.mark.parametrize("write", WRITERS)
def test_bytes_stay_as_they_are_and_nothing_stays_beside(path: Path, write: Writer) -> None:
    data = bytes(range(256)) + b"\r\n\n"
    write(path, data)
    assert path.read_bytes() == data
    assert left(path) == [path.name]


@posix
def test_the_longest_name_has_room_for_a_draft(path: Path) -> None:
    longest = path.with_name("x" * 255)
    write_private(longest, b"1")
    create_private(longest, b"2")
    assert longest.read_bytes() == b"1"


def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_private(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for write in WRITERS:
        with pytest.raises(OSError, match="No space left"):
            write(path, b"new")
    assert path.read_bytes() == b"old"
    assert left(path) == [path.name]


def test_a_file_held_open_stays_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_private(path, b"old")

    def held(*_: object) -> None:
        raise PermissionError(13, "held open")

    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(PermissionError):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert left(path) == [path.name]


def test_a_crash_before_the_last_step_leaves_the_old_file(path: Path) -> None:
    """The draft was whole already: nobody takes it for the file."""
    write_private(path, b"old")
    script = (
        "import os, sys; from pathlib import Path; from rpa.files import write_private;"
        "os.replace = lambda *_: os._exit(9); write_private(Path(sys.argv[1]), b'new')"
    )
    crashed = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=Path(__file__).parents[1], check=False
    )
    assert crashed.returncode == 9
    assert path.read_bytes() == b"old"
    draft, name = left(path)
    assert (draft[0], name) == (".", path.name)
    assert os.name == "nt" or mode(path.with_name(draft)) == 0o600
    write_private(path, b"newer")
    assert path.read_bytes() == b"newer"


def test_whatever_ends_the_block_takes_the_draft_away(tmp_path: Path) -> None:
    def interrupted() -> None:
        with private_draft(tmp_path / "file", b"x") as draft:
            assert draft.read_bytes() == b"x"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not list(tmp_path.iterdir())


def test_the_first_of_many_creators_wins(path: Path) -> None:
    together = Barrier(8)

    def create(number: int) -> bytes:
        together.wait()
        create_private(path, b"%d" % number * 4096)
        return path.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(create, range(8)))
    assert found == {path.read_bytes()}
    assert len(set(path.read_bytes())) == 1
    assert left(path) == [path.name]


@posix
def test_a_reader_meets_one_of_many_writers_whole(path: Path) -> None:
    together = Barrier(4)
    write_private(path, b"0" * 65536)

    def write(number: int) -> None:
        together.wait()
        for _ in range(10):
            write_private(path, b"%d" % number * 65536)
            read = path.read_bytes()
            assert (len(read), len(set(read))) == (65536, 1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert left(path) == [path.name]


def test_a_stream_never_takes_a_file_that_is_there(tmp_path: Path) -> None:
    with open_private(tmp_path / "file") as file:
        file.write(b"first\n")
        file.seek(0)
        assert file.read() == b"first\n"
    with pytest.raises(FileExistsError):
        open_private(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"first\n"


@pytest.mark.parametrize("write", WRITERS)
def test_a_place_out_of_reach_is_the_caller_s_to_explain(tmp_path: Path, write: Writer) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"file"):
        write(tmp_path / "file" / "below", b"x")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
