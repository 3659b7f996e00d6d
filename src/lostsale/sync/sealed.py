"""What leaves the machine: each change encrypted by itself, under a key that only the user's own
machines have."""

import base64
import binascii
import hashlib
import hmac
import json
import os
import zlib
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from lostsale.errors import AlreadyThere, BadInput, Damaged
from lostsale.journal.file import atomic_file
from lostsale.journal.forget import WORDS
from lostsale.journal.machine import state_file
from lostsale.journal.records import ChangedRow, ChangeRecord, Forgotten

EntryKind = Literal["change", "forgotten", "machine"]
_BYTES = 32  # of a key
_NONCE = 12  # bytes, new for each entry
_CHECKED = "lostsale"  # what is sealed to know a key again


class SealedEntry(NamedTuple):
    """A change, the mark of a loss that was forgotten, or what a machine says of itself, as it is
    elsewhere: only its `uid`, its kind and its size can be seen. `mark` tells two versions of it
    apart to anyone who has the key."""

    uid: str
    kind: EntryKind
    mark: str
    body: bytes


class SyncKey:
    """The key of all of one person's machines."""

    def __init__(self, raw: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._raw = raw
        self._cipher = AESGCM(raw)

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(self._raw).decode()

    def seal(self, change: ChangeRecord) -> SealedEntry:
        """Return a change as it may leave the machine."""
        value = [*change.head, change.checksum, list(change.changed)]
        return self.sealed(change.uid, "change", value, self.mark(change.uid, change.checksum))

    def seal_forgotten(self, forgotten: Forgotten) -> SealedEntry:
        """Return the mark of what was forgotten as it may leave the machine."""
        mark = self.mark(*forgotten) if forgotten.uid.startswith(WORDS) else ""
        return self.sealed(forgotten.uid, "forgotten", [forgotten.at], mark)

    def mark(self, uid: str, version: str | int) -> str:
        """Return what tells this version of an entry from others."""
        text = f"{uid} {version}".encode()
        return hmac.new(self._raw, text, hashlib.sha256).hexdigest()[:16]

    def unseal(self, entry: SealedEntry) -> ChangeRecord:
        """Return the change that was sealed. Raises Damaged."""
        *head, checksum, changed = self.opened(entry)
        return ChangeRecord._make((*head, checksum, [ChangedRow._make(row) for row in changed]))

    def unseal_forgotten(self, entry: SealedEntry) -> Forgotten:
        """Return what was forgotten, and when. Raises Damaged."""
        (at,) = self.opened(entry)
        return Forgotten(entry.uid, at)

    def check(self) -> bytes:
        """Return what a folder or server keeps, so that another key is noticed."""
        return self._sealed(_CHECKED, _CHECKED.encode())

    def fits(self, check: bytes) -> bool:
        """Whether what a folder or server holds was sealed with this key."""
        from cryptography.exceptions import InvalidTag

        try:
            self._opened(_CHECKED, check)
        except (InvalidTag, ValueError):  # or too short to be anything
            return False
        return True

    def sealed(
        self, uid: str, kind: EntryKind, value: Sequence[object], mark: str = ""
    ) -> SealedEntry:
        """Return values of JSON as they may leave the machine."""
        body = self._sealed(f"{kind} {uid}", zlib.compress(json.dumps(value).encode()))
        return SealedEntry(uid, kind, mark, body)

    def opened(self, entry: SealedEntry) -> Any:
        """Return the values that were sealed. Raises Damaged."""
        from cryptography.exceptions import InvalidTag

        try:
            plain = zlib.decompress(self._opened(f"{entry.kind} {entry.uid}", entry.body))
            return json.loads(plain)
        except (InvalidTag, ValueError, zlib.error) as error:
            raise elsewhere("What another machine sent was changed on the way") from error

    def _sealed(self, name: str, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def _opened(self, name: str, sealed: bytes) -> bytes:
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())


def elsewhere(what: str) -> Damaged:
    """Return the error for what is broken where the machines meet, and not in the journal."""
    error = Damaged(
        what, "Delete that file there, and delete sync-*.json beside each machine's key"
    )
    error.is_own = False
    return error


def kept_key() -> SyncKey | None:
    """Return this machine's key, None while it has none. Raises BadInput."""
    file = state_file("sync.key")
    return read_key(file.read_text("utf-8", "replace")) if file.exists() else None


def new_key() -> SyncKey:
    """Make a key, which isn't kept yet."""
    return SyncKey(os.urandom(_BYTES))


def check_other_key(key: SyncKey) -> None:
    """Raise BadInput if this machine has another key than this one."""
    kept = kept_key()
    if kept and str(kept) != str(key):
        raise BadInput(
            "This machine already has another key", f"To use yours, delete {state_file('sync.key')}"
        )


def keep_key(key: SyncKey) -> None:
    """Keep the key of the user's machines. Raises BadInput where there's another one."""
    check_other_key(key)
    if not kept_key():
        try:
            with atomic_file(state_file("sync.key")) as new:
                new.write_text(f"{key}\n", encoding="utf-8")
        except AlreadyThere:  # another run just kept one
            keep_key(key)


def read_key(text: str) -> SyncKey:
    """Return the key that `sync --show-key` printed. Raises BadInput."""
    try:
        raw = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != _BYTES:
        raise BadInput("That's no key", "On a machine that has it, see", "sync --show-key")
    return SyncKey(raw)
