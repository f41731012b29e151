"""Seals a batch's evidence: a bag (RFC 8493) whose manifests name every file with its hash.

The order makes it safe to be killed at any moment: the tag manifest is written last, and only a bag that
has one is sealed. Whoever goes on with a batch takes it away first. The library ``bagit`` is the tests'
referee and not the maker: it moves files about in place and has no way back from a crash.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shutil import copyfile

from filelock import FileLock

import rpa
from rpa.errors import UserError
from rpa.evidence.bag.chronicle import bring_up_to_date
from rpa.evidence.bag.leaks import leaks
from rpa.evidence.bag.manifests import MANIFEST, PAYLOAD, TAG_MANIFEST, TAGS, TIMESTAMP, manifest
from rpa.evidence.bag.tree import ALGORITHMS, Folder, digests
from rpa.evidence.environment import environment
from rpa.evidence.files import AUDIT, ENVIRONMENT, china_now, holds, payload, write_if_changed
from rpa.evidence.timeline import Timeline
from rpa.files import private_folder, write_private
from rpa.ledger.data.batches import Action
from rpa.privacy.masks import known_secrets

SEALS = "seals"
_PAGES = Path(__file__).parents[1] / "pages"
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_TRIES = 3


class LeakError(UserError):
    """Something that must not be shown stands in a file that would be sealed."""


def bag_lock(bag: Path) -> FileLock:
    """The lock of whoever seals, rewrites or encrypts a bag: one at a time, over all processes.

    Whoever records a filing does so without it. Its file stands beside the bag, which holds evidence alone;
    a process that dies lets it go.
    """
    return FileLock(bag.parent / f".{bag.name}.lock", mode=0o600)


def is_sealed(bag: Path) -> bool:
    """Whether a bag is sealed; whether it still is what was sealed, only a verification tells."""
    return (bag / TAG_MANIFEST).is_file()


def seal(bag: Path, *, actions: Sequence[Action] = (), secrets: Iterable[str] = ()) -> None:
    """Bring the batch's chain up to date and write the manifests. May be repeated, after a crash too.

    Args:
        bag: the batch's bag; none of its filings is being worked on.
        actions: everything that people did to the batch, the oldest first.
        secrets: what no file may hold, besides the secrets that this process knows.

    Raises:
        LeakError: a text file holds a secret or a whole ID number; the bag is not sealed then.
        UserError: somebody goes on writing.
    """
    adopt(bag)
    private_folder(bag)
    with bag_lock(bag):
        for _ in range(_TRIES):
            _put_away_leftovers(bag)
            _take_up_news(bag, actions)
            _refuse_leaks(bag, {*secrets, *known_secrets()})
            before = _sizes(bag)
            sums = _payload_sums(bag)
            if _sizes(bag) == before:
                _close(bag, sums, sum(before.values()))
                return
    raise UserError(f"证据文件夹 {bag} 还在被写入，没有封存；请等办理程序停下后再运行 rpa results")


def unseal(bag: Path) -> None:
    """Before a batch goes on: take the seal away, which would call new files added.

    A seal whose time is proved is kept beside: it still proves when the files it names were there.
    """
    adopt(bag)
    if not is_sealed(bag):
        return
    with bag_lock(bag):
        _take_away_seal(bag)


def adopt(bag: Path) -> None:
    """Bring evidence that an older version laid out without ``data/`` into the form of a bag.

    May be repeated after a crash.
    """
    moving = bag.parent / f".{bag.name}.moving"
    if not moving.exists():
        if payload(bag).exists() or not any(bag.glob(f"*/{AUDIT}")):
            return
        bag.rename(moving)
    (moving / MANIFEST).unlink(missing_ok=True)
    moving.rename(private_folder(bag) / payload(bag).name)


def rewrite(bag: Path, name: str, content: bytes | None) -> None:
    """Bring a file of the payload up to date as the work goes on, such as the results.

    Args:
        bag: the batch's bag; it is unsealed where the file changes, and stays sealed where not.
        name: the file, relative to ``data/``.
        content: what it says now; None: it goes.
    """
    path = payload(bag) / name
    if (not path.exists()) if content is None else holds(path, content):
        return
    unseal(bag)
    private_folder(bag)
    with bag_lock(bag):
        if content is None:
            path.unlink(missing_ok=True)
        else:
            write_private(path, content)


def _take_up_news(bag: Path, actions: Sequence[Action]) -> None:
    """Write ``environment.json`` from the trails, and take up in the chain whatever is new."""
    data = private_folder(payload(bag))
    trails = {one.parent.name: Timeline.of(one.parent).lines for one in sorted(data.glob(f"*/{AUDIT}"))}
    told = json.dumps(environment(trails), ensure_ascii=False, indent=2, sort_keys=True)
    write_if_changed(data / ENVIRONMENT, f"{told}\n".encode())
    bring_up_to_date(bag, actions)


def _refuse_leaks(bag: Path, secrets: Iterable[str]) -> None:
    found = leaks(((name, bag / name) for name in Folder(bag).names()), secrets)
    if found:
        told = "；".join(str(one) for one in found[:10])
        raise LeakError(
            f"证据没有封存，因为文件中有不该出现的内容：{told}。请告诉开发人员，先不要外传这个文件夹"
        )


def _payload_sums(bag: Path) -> Mapping[str, tuple[str, ...]]:
    tree = Folder(bag)
    return digests(tree, [name for name in tree.names() if name.startswith("data/")], ALGORITHMS)


def _close(bag: Path, sums: Mapping[str, tuple[str, ...]], size: int) -> None:
    """Write manifests and tag files where they differ, the tag manifest last."""
    manifests = {
        PAYLOAD.format(name): manifest({file: digest[place] for file, digest in sums.items()})
        for place, name in enumerate(ALGORITHMS)
    }
    same = all(holds(bag / name, content) for name, content in manifests.items())
    if same and is_sealed(bag) and holds(bag / TAG_MANIFEST, _tag_manifest(bag)):
        return
    _take_away_seal(bag)
    pages = {"index.html": "bag_index.html", "verify.html": "verify.html"}
    tags = {name: (_PAGES / page).read_bytes() for name, page in pages.items()}
    info = _info(bag, len(sums), size)
    for name, content in {"bagit.txt": _DECLARATION, "bag-info.txt": info, **tags, **manifests}.items():
        write_if_changed(bag / name, content)
    write_private(bag / TAG_MANIFEST, _tag_manifest(bag))


def _info(bag: Path, files: int, size: int) -> bytes:
    lines = {
        "Bag-Software-Agent": f"wengang-rpa {rpa.__version__}",
        "Bagging-Date": f"{china_now():%Y-%m-%d}",
        "External-Identifier": bag.name,
        "Payload-Oxum": f"{size}.{files}",
    }
    return "".join(f"{label}: {value}\n" for label, value in lines.items()).encode()


def tag_names(names: Iterable[str]) -> list[str]:
    """Of a bag's files, those that the tag manifest names."""
    left_out = {TAGS.format(algorithm) for algorithm in ALGORITHMS} | {TIMESTAMP}
    return [name for name in names if not name.startswith("data/") and name not in left_out]


def _tag_manifest(bag: Path) -> bytes:
    tree = Folder(bag)
    return manifest({name: digest for name, (digest,) in digests(tree, tag_names(tree.names())).items()})


def _sizes(bag: Path) -> Counter[str]:
    """How large every file of the payload is: what is written meanwhile shows in it."""
    data = payload(bag)
    return Counter(
        {
            path.relative_to(bag).as_posix(): path.lstat().st_size
            for path in data.rglob("*")
            if not path.is_dir()
        }
    )


def _put_away_leftovers(bag: Path) -> None:
    """What a crash left of half-written files; whoever writes such a file holds the lock."""
    for path in (*bag.glob(".*"), *payload(bag).glob(".*")):
        if path.is_file():
            path.unlink()


def _take_away_seal(bag: Path) -> None:
    if (bag / TIMESTAMP).is_file() and is_sealed(bag):
        _keep_seal(bag)
    (bag / TIMESTAMP).unlink(missing_ok=True)
    (bag / TAG_MANIFEST).unlink(missing_ok=True)


def _keep_seal(bag: Path) -> None:
    """Put a timestamped seal among the earlier ones; repeated after a crash, it does no harm."""
    folder = bag / SEALS / f"{len(list((bag / SEALS).glob('*/' + TIMESTAMP))) + 1:04}"
    private_folder(folder)
    for name in (MANIFEST, TAG_MANIFEST, TIMESTAMP):  # the token last: with it the seal is whole
        copyfile(bag / name, folder / name)
