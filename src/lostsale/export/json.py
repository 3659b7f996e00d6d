"""Reading back the JSON that `lostsale export` writes: all that a journal holds.

How it is written: LOSS of docs/json.md in `record`, and `as_kept` beside it.
"""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast, get_args

from lostsale.domain.amounts_in_text import read_money
from lostsale.domain.columns import TEXTS
from lostsale.domain.loss import (
    KINDS,
    OUTCOMES,
    REST,
    Again,
    Contact,
    Loss,
    Real,
    RealSource,
    Referral,
    Source,
    Step,
    Win,
    new_uid,
)
from lostsale.domain.money import Money, decimal_sign, read_currency
from lostsale.domain.reasons import CODE, WEAKNESSES, Code, Reason, Vocabulary, plain_words
from lostsale.domain.settings import is_setting
from lostsale.errors import BadInput, CannotOpen

_LIMIT = 1 << 30  # bytes of an unpacked file
_NO_EXPORT = "isn't a lostsale export"
_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=str)


class Exported(NamedTuple):
    """What an export holds: losses, settings by their keys, and the user's own reasons."""

    losses: tuple[Loss, ...]
    settings: Mapping[str, str]
    reasons: tuple[Code, ...]


def read_json(path: Path) -> Exported:
    """Return what an export holds, compressed by gzip or not. Raises BadInput if it isn't an
    export, and CannotOpen."""
    try:
        data = path.read_bytes()
        found = json.loads(_unpacked(data, path) if data.startswith(b"\x1f\x8b") else data)
    except OSError as error:
        why = error.strerror or "it is broken"
        raise CannotOpen(f"{path.name} can't be read ({why})", "Check it") from error
    except (ValueError, RecursionError, EOFError, zlib.error) as error:
        raise BadInput(f"{path.name} {_NO_EXPORT}: it isn't JSON", "Choose one") from error
    return read_export(found, path.name)


def _unpacked(data: bytes, path: Path) -> bytes:
    with gzip.GzipFile(fileobj=BytesIO(data)) as file:
        if file.seek(_LIMIT) == _LIMIT and file.read(1):  # a bomb
            raise BadInput(f"{path.name} unpacks to over 1 GB", "Export a part of it")
        file.seek(0)
        return file.read()


def read_export(found: object, name: str) -> Exported:
    """Return what the JSON object of an export holds; errors call the file by its `name`. Raises
    BadInput."""
    if not isinstance(found, dict) or found.get("schema") != 1 or "losses" not in found:
        raise BadInput(f"{name} {_NO_EXPORT}", "Choose one, or a CSV file")
    whole = _Part(found, name)
    reasons = tuple(
        Code(
            code=code.need("code", _name),
            kind=code.need("kind", _one_of("said", "real")),
            weakness=code.get("weakness", _weakness),
            alias_of=code.get("alias_of", _code),
        )
        for code in whole.parts("reasons")
    )
    if any(code.code == code.alias_of for code in reasons):
        raise BadInput(f"{name} has a reason that's an alias of itself", "Fix it there")
    vocabulary = Vocabulary(reasons)
    losses = tuple(_loss(part, vocabulary) for part in whole.parts("losses", "Loss"))
    settings = whole.part("settings")
    kept = {key: settings.need(key, _text) for key in settings.fields} if settings else {}
    for key, value in kept.items():
        if not is_setting(key, value):
            what = f"{name} has a setting that can't be kept: {key[:40]}"
            raise BadInput(what, "Fix it there")
    return Exported(losses, kept, reasons)


class _Part(NamedTuple):
    """An object in a file, and where it stands, for errors."""

    fields: Mapping[str, Any]
    where: str

    def get(self, name: str, read: Callable[[Any], _T]) -> _T | None:
        """Return a field read by `read`, None if it is missing or null. Raises BadInput."""
        value = self.fields.get(name)
        try:
            return None if value is None else read(value)
        except (BadInput, ValueError, TypeError, LookupError, RecursionError) as error:
            # The value may be about a customer, so it isn't shown.
            raise BadInput(f"{self.where}: {name} can't be read", "Fix it there") from error

    def need(self, name: str, read: Callable[[Any], _T]) -> _T:
        """Return a field read by `read`. Raises BadInput, also if it is missing."""
        value = self.get(name, read)
        if value is None:
            raise BadInput(f"{self.where} has no {name}", "Fix it there")
        return value

    def part(self, name: str) -> "_Part | None":
        """Return an object in this one, None if it is missing or null. Raises BadInput."""
        found = self.get(name, _object)
        return _Part(found, f"{self.where}, {name}") if found else None

    def parts(self, name: str, called: str = "") -> list["_Part"]:
        """Return the objects of a list in this one. Raises BadInput."""
        where = called or f"{self.where}, {name}"
        found = self.get(name, lambda value: [_object(one) for one in _list(value)]) or []
        return [_Part(one, f"{where} {n}") for n, one in enumerate(found, 1)]


def _loss(record: _Part, vocabulary: Vocabulary) -> Loss:
    get, need = record.get, record.need
    kept = record.part("as_kept") or _Part({}, record.where)
    found = kept.part("found") or _Part({}, record.where)  # 0.1.0 did not export it
    texts: dict[str, Any] = {name: get(name, _text) for name in TEXTS}
    texts["prospect"] = need("prospect", _text)
    real, asked = record.part("real"), get("asked_on", _day)
    won, source, again = record.part("won"), record.part("source"), record.part("again")
    step = _merged(kept.part("step"), record.part("next"))
    loss = Loss(
        number=None,
        uid=get("uid", _uid) or new_uid(),
        lost_on=need("lost_on", _day),
        **texts,
        money=_money(record),
        said=_reason(record, "said", found),
        signals=get("signals", lambda found: tuple(map(_code, _list(found)))) or (),
        guess=_reason(record, "guess", found),
        real=_real(real, asked, found),
        planned=_step(step) if step else None,
        won=Win(won.need("on", _day), _won_money(record, won, kept), won.get("note", _text))
        if won
        else None,
        rested_on=get("rested_on", _day),
        logged_at=get("logged_at", _moment),
        source=Source(source.need("system", _text), source.get("record", _text))
        if source
        else None,
        again=Again(again.need("on", _day), again.get("what", _text)) if again else None,
        contacts=tuple(_contact(entry) for entry in record.parts("contacts")),
        referrals=tuple(_referral(name) for name in record.parts("referrals")),
    )
    return _with_given(loss, record, kept, vocabulary)


def _with_given(loss: Loss, record: _Part, kept: _Part, vocabulary: Vocabulary) -> Loss:
    """Return the loss with the outcome and weakness that were given, not those that follow."""
    outcome, weakness = record.get("outcome", _outcome), record.get("weakness", _weakness)
    if outcome != loss.outcome or kept.fields.get("outcome") == outcome:
        loss = loss._replace(given_outcome=outcome)
    given = kept.get("weakness", _weakness)
    if given or weakness != loss.weakness(vocabulary):
        loss = loss._replace(given_weakness=given or weakness or "none")
    return loss


def _reason(record: _Part, name: str, found: _Part) -> Reason | None:
    part = record.part(name)
    if part is None:
        return None
    return Reason(part.need("code", _code), part.get("words", _text), found.get(name, _truth))


def _real(part: _Part | None, asked: date | None, found: _Part) -> Real | None:
    if part is None:
        return Real(asked) if asked else None
    on = part.get("on", _day)
    return Real(
        asked_on=asked or on or part.need("asked_on", _day),
        code=part.need("code", _code),
        words=part.get("words", _text),
        source=part.need("source", _source),
        on=on,
        found=found.get("real", _truth),
    )


def _money(part: _Part) -> Money | None:
    currency = part.get("currency", lambda text: read_currency(_text(text)))
    if part.fields.get("amount") is None:
        return None
    return part.need("amount", lambda text: _amount(_text(text), currency))


def _amount(text: str, currency: str | None) -> Money:
    if currency is None:
        raise BadInput("not a currency")
    return read_money(text, currency, decimal_sign(text) or ".")


def _won_money(record: _Part, won: _Part, kept: _Part) -> Money | None:
    given = kept.part("won")
    if given:
        return _money(given)
    # A win without an amount of its own is worth what was lost.
    money = _money(won)
    return None if money == _money(record) else money


def _merged(kept: _Part | None, shown: _Part | None) -> _Part | None:
    """Return the step of `as_kept` overwritten by `next`, which somebody may have edited."""
    if kept is None or shown is None:
        return kept or shown
    edited = {name: value for name, value in shown.fields.items() if value is not None}
    return kept._replace(fields={**kept.fields, **edited})


def _step(part: _Part) -> Step:
    return Step(
        kind=part.need("kind", _one_of(*KINDS, REST)),
        on=part.need("on", _day),
        time=part.get("time", _time),
        plan_step=part.get("plan_step", _text) or REST,
        marked=part.get("marked", _truth),
        tries=part.get("tries", _count) or 0,
        minutes=part.get("minutes", _count),
        where=part.get("where", _text),
    )


def _contact(part: _Part) -> Contact:
    return Contact(
        uid=part.get("uid", _uid) or new_uid(),
        kind=part.need("kind", _one_of(*KINDS, "note")),
        on=part.need("on", _day),
        answered=part.get("answered", _truth),
        marked=part.get("marked", _truth),
        note=part.get("note", _text),
    )


def _referral(part: _Part) -> Referral:
    return Referral(
        uid=part.get("uid", _uid) or new_uid(),
        name=part.need("name", _text),
        on=part.need("on", _day),
        phone=part.get("phone", _text),
        email=part.get("email", _text),
        note=part.get("note", _text),
        called_on=part.get("called_on", _day),
        dropped_on=part.get("dropped_on", _day),
        result=part.get("result", _text),
    )


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadInput("not an object")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value


def _name(value: object) -> str:
    """Read the code of a reason, or words that mean one."""
    if _text(value) != plain_words(_text(value)) and not re.fullmatch(CODE, _text(value)):
        raise ValueError
    return _text(value)


def _like(pattern: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not re.fullmatch(pattern, _text(value)):
            raise ValueError
        return _text(value)

    return read


_uid = _like(r"[0-9A-Za-z_-]{1,64}")
_code = _like(CODE)


def _one_of(*known: _Word) -> Callable[[object], _Word]:
    read = _like("|".join(known))
    return lambda value: cast("_Word", read(value))


_source = _one_of(*get_args(RealSource))
_outcome = _one_of(*OUTCOMES)
_weakness = _one_of(*WEAKNESSES)


def _day(value: object) -> date:
    day = date.fromisoformat(_text(value))
    if not 1899 <= day.year <= 9998:  # the years that can be typed, and the one before them
        raise ValueError
    return day


def _moment(value: object) -> str:
    moment = datetime.fromisoformat(_text(value))
    if moment.utcoffset() is None:
        raise ValueError
    return _text(value)


def _time(value: object) -> str:
    return time.fromisoformat(_text(value)).isoformat("minutes")


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _count(value: object) -> int:
    return int(_like("[0-9]{1,6}")(str(value)))
