"""What `lostsale export` wrote, read back: JSON with all that a journal holds, CSV with its losses.

How they are written: `table`, and LOSS of the README in `screen.json`.
"""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast, get_args

from lostsale.crm.sheet import Sheet
from lostsale.crm.written import read_written
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
from lostsale.errors import BadInput, CannotOpen
from lostsale.export.csv import LISTS, PARTS, uncell

SIGNATURE = frozenset({"uid", "prospect", "lost_on", "said_code", "logged_at"})
_NO_EXPORT = "is no export of lostsale"
_CELL_LIMIT = 64 * 1024 * 1024  # characters; a cell holds all that was done about a loss
_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=str)


class Exported(NamedTuple):
    """What an export holds: losses, settings by their keys, and the user's own reasons."""

    losses: tuple[Loss, ...]
    settings: Mapping[str, str] = {}
    reasons: tuple[Code, ...] = ()


def read_json(path: Path) -> Exported:
    """Return what an export as JSON holds. Raises BadInput, also for what is none, and
    CannotOpen."""
    try:
        data = path.read_bytes()
        found = json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    except OSError as error:
        why = error.strerror or "it is broken"
        raise CannotOpen(f"{path.name} can't be read ({why})", "Look at it") from error
    except (ValueError, RecursionError, EOFError, zlib.error) as error:
        raise BadInput(f"{path.name} {_NO_EXPORT}: it is no JSON", "Name one") from error
    if not isinstance(found, dict) or found.get("schema") != 1 or "losses" not in found:
        raise BadInput(f"{path.name} {_NO_EXPORT}", "Name one, or a CSV file")
    whole = _Part(found, path.name)
    reasons = tuple(
        Code(
            code.need("code", _name),
            code.need("kind", _one_of("said", "real")),
            code.get("weakness", _weakness),
            code.get("alias_of", _code),
        )
        for code in whole.parts("reasons")
    )
    if any(code.code == code.alias_of for code in reasons):
        raise BadInput(f"{path.name} has a reason that is another name of itself", "Mend it there")
    vocabulary = Vocabulary(reasons)
    losses = tuple(_loss(part, vocabulary) for part in whole.parts("losses", "Loss"))
    settings = whole.part("settings")
    kept = {key: settings.need(key, _text) for key in settings.fields} if settings else {}
    return Exported(losses, kept, reasons)


def is_own(sheet: Sheet) -> bool:
    """Whether a CSV file is one that lostsale wrote."""
    return set(sheet.headers) >= SIGNATURE


def read_rows(sheet: Sheet, vocabulary: Vocabulary) -> Iterator[Loss]:
    """Yield the losses of an export as CSV. Raises BadInput."""
    sheet.limit = _CELL_LIMIT
    for row in sheet.rows():
        cells = zip(sheet.headers, row.cells, strict=True)
        flat: dict[str, Any] = {header: uncell(cell) or None for header, cell in cells}
        flat["signals"] = (flat.get("signals") or "").split()
        for part in PARTS:
            begin = f"{part}_"
            inner = {key[len(begin) :]: flat[key] for key in flat if key.startswith(begin)}
            flat[part] = inner if any(inner.values()) else None
        record = _Part(flat, f"Line {row.line}")
        lists = {name: record.get(name, json.loads) for name in LISTS}
        yield _loss(record._replace(fields={**flat, **lists}), vocabulary)


class _Part(NamedTuple):
    """An object of a file, and where it stands there."""

    fields: Mapping[str, Any]
    where: str

    def get(self, name: str, read: Callable[[Any], _T]) -> _T | None:
        """Return a field as it is read, None for none. Raises BadInput."""
        value = self.fields.get(name)
        try:
            return None if value is None else read(value)
        except (BadInput, ValueError, TypeError, LookupError, RecursionError) as error:
            # What stands there may be a customer's, so it is not shown.
            raise BadInput(f"{self.where}: {name} can't be read", "Mend it there") from error

    def need(self, name: str, read: Callable[[Any], _T]) -> _T:
        """Return a field as it is read. Raises BadInput where it is missing, too."""
        value = self.get(name, read)
        if value is None:
            raise BadInput(f"{self.where} has no {name}", "Mend it there")
        return value

    def part(self, name: str) -> "_Part | None":
        """Return an object in this one, None for none. Raises BadInput."""
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
    step = _over(kept.part("step"), record.part("next"))
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
    """Return the loss with its outcome and weakness, kept only where they do not follow."""
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
        asked or on or part.need("asked_on", _day),
        part.need("code", _code),
        part.get("words", _text),
        part.need("source", _source),
        on,
        found.get("real", _truth),
    )


def _money(part: _Part) -> Money | None:
    currency = part.get("currency", lambda text: read_currency(_text(text)))
    if part.fields.get("amount") is None:
        return None
    return part.need("amount", lambda text: _amount(_text(text), currency))


def _amount(text: str, currency: str | None) -> Money:
    if currency is None:
        raise BadInput("no currency")
    return read_money(text, currency, decimal_sign(text) or ".")


def _won_money(record: _Part, won: _Part, kept: _Part) -> Money | None:
    given = kept.part("won")
    if given:
        return _money(given)
    # Without an amount of its own a win is worth what was lost.
    money = _money(won)
    return None if money == _money(record) else money


def _over(kept: _Part | None, shown: _Part | None) -> _Part | None:
    """Return the step as it is kept, with what is shown of it, which may have been edited."""
    if kept is None or shown is None:
        return kept or shown
    told = {name: value for name, value in shown.fields.items() if value is not None}
    return kept._replace(fields={**kept.fields, **told})


def _step(part: _Part) -> Step:
    kind = part.need("kind", _one_of(*KINDS, REST))
    return Step(
        kind,
        part.need("on", _day),
        part.get("time", _time),
        part.get("plan_step", _text) or REST,
        part.get("marked", _truth),
        part.get("tries", _count) or 0,
        part.get("minutes", _count),
        part.get("where", _text),
    )


def _contact(part: _Part) -> Contact:
    return Contact(
        part.get("uid", _uid) or new_uid(),
        part.need("kind", _one_of(*KINDS, "note")),
        part.need("on", _day),
        part.get("answered", _truth),
        part.get("marked", _truth),
        part.get("note", _text),
    )


def _referral(part: _Part) -> Referral:
    return Referral(
        part.get("uid", _uid) or new_uid(),
        part.need("name", _text),
        part.need("on", _day),
        part.get("phone", _text),
        part.get("email", _text),
        part.get("note", _text),
    )


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadInput("no object")
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
    """Read a reason's code, or words that are another name of one."""
    if _text(value) != plain_words(_text(value)) and not CODE.fullmatch(_text(value)):
        raise ValueError
    return _text(value)


def _like(pattern: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not re.fullmatch(pattern, _text(value)):
            raise ValueError
        return _text(value)

    return read


_uid = _like(r"[0-9A-Za-z_-]{1,64}")
_code = _like(CODE.pattern)


def _one_of(*known: _Word) -> Callable[[object], _Word]:
    read = _like("|".join(known))
    return lambda value: cast("_Word", read(value))


_source = _one_of(*get_args(RealSource))
_outcome = _one_of(*OUTCOMES)
_weakness = _one_of(*WEAKNESSES)


def _day(value: object) -> date:
    return read_written(_text(value))


def _moment(value: object) -> str:
    moment = datetime.fromisoformat(_text(value))
    if moment.utcoffset() is None:
        raise ValueError
    return _text(value)


def _time(value: object) -> str:
    """Read a time of day, as a spreadsheet may have rewritten it, too: 02:30:00 PM."""
    found = re.fullmatch("([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?(?: ([AP])M)?", _text(value))
    if not found:
        raise ValueError
    hour = int(found[1]) % 12 + 12 * (found[3] == "P") if found[3] else int(found[1])
    return time(hour, int(found[2])).isoformat("minutes")


def _truth(value: object) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[str(value).casefold()]


def _count(value: object) -> int:
    return int(_like("[0-9]{1,6}")(str(value)))
