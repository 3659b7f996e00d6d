"""What the daily commands ask of many losses at once: the morning list, names, the year so far.
This SQL must be fast. Choosing and searching are in `search`, the numbers of `stats` in `stats`."""

from datetime import date, timedelta

from lostsale.domain.acts import Applies
from lostsale.domain.due import Cold, Due, Which
from lostsale.domain.loss import NOBODY
from lostsale.domain.money import from_thousandths
from lostsale.domain.names import LOCAL, digits, folded, is_same_phone, matches, nearest
from lostsale.domain.periods import Period
from lostsale.journal.store import Store
from lostsale.journal.waiting import COMES_UP, ON_LIST, cold_before
from lostsale.later import NamedTuple

# Whose turn it is on a day, in the table `turns`: each is a range of an index.
COLD = "state = 'cold' AND until > :today AND since <= :today"
READY = "state = 'rest' AND since <= :today"

_OPEN_STEP = "number IN (SELECT number FROM turns WHERE state <> 'rest')"
_NOT_WON = "won_on IS NULL AND outcome IS NOT 'mistake'"
# Which losses a command applies to.
_APPLIES: dict[Applies, str] = {
    "any": "1",
    "open step": _OPEN_STEP,
    "not won": _NOT_WON,
    "won": "won_on IS NOT NULL AND outcome IS NOT 'mistake'",
    "may wait": f"({_NOT_WON} OR {_OPEN_STEP})",
    "at work": "won_on IS NULL AND rested_on IS NULL AND outcome IS NOT 'mistake'",
    "no mistake": "outcome IS NOT 'mistake'",
}
# Folding names takes a while: only those that hold the letters, with spaces or without, or signs
# that folding may take away.
_MAY_HOLD = " OR ".join(
    (
        "instr(replace(prospect_key, ' ', ''), :letters)",
        *(
            f"instr(lower(replace({part}, ' ', '')), :letters) OR {part} GLOB '*[^a-zA-Z0-9 ]*'"
            for part in ("contact", "product")
        ),
    )
)
NO_NAMES = frozenset("all any every everything everyone both them these those it".split())
_STALE_AFTER = 90  # days, after which `due` no longer asks for a name to be called
_LATEST = 500  # losses from which names in a sentence are known: reading it costs the same forever


class Name(NamedTuple):
    """What a user can name a loss by."""

    number: int
    prospect: str
    contact: str | None
    product: str | None
    lost_on: date


def due_steps(journal: Store, which: Which, today: date) -> list[Due]:
    """Return the steps that a list holds, of each loss the first."""
    day = which.on or today
    past = day - timedelta(1) if which.on else cold_before(today, journal.settings.workdays)
    days = {"today": day, "past": past, "last": day + timedelta(which.days)}
    days["since"] = past if which.on else date.min
    # What comes up again is on each day's list, until then.
    turns = {COLD: "since"} if which.cold else {ON_LIST: "since", COMES_UP: "max(since, :today)"}
    cursor = journal.connection.cursor()
    cursor.row_factory = None
    iso = date.fromisoformat
    found = [
        Due(number, kind, iso(on), time, iso(lost_on), worth, bool(is_cancelled))
        for turn, since in turns.items()
        for number, kind, on, time, lost_on, worth, is_cancelled in cursor.execute(
            f"SELECT number, kind, {since}, time, lost_on, worth, is_cancelled FROM turns"
            f" WHERE {turn}",
            {name: day.isoformat() for name, day in days.items()},
        )
    ]
    if which.days:  # of each loss the first
        found.sort(key=lambda step: step.on, reverse=True)
        found = list({step.number: step for step in found}.values())
    return [step for step in found if step.kind in which.kinds] if which.kinds else found


def cold(journal: Store, today: date, most: int) -> Cold:
    """Return what has gone cold and waits, with the numbers of so many of the largest."""
    which = f"FROM turns WHERE {COLD}"
    days = {"today": today.isoformat(), "most": most}
    execute = journal.connection.execute
    # Whole units and the rest apart, since the sum of thousandths may be too large.
    sums = execute(
        "SELECT currency, count(*), sum(worth / 1000), sum(worth % 1000)"
        f" {which} GROUP BY currency ORDER BY 3 DESC",
        days,
    ).fetchall()
    worth = (from_thousandths(units * 1000 + rest, of) for of, _, units, rest in sums if of)
    largest = execute(f"SELECT number {which} ORDER BY worth DESC, number LIMIT :most", days)
    numbers = tuple(number for (number,) in largest)
    return Cold(sum(losses for _, losses, *_ in sums), tuple(worth), numbers)


def ready(journal: Store, today: date) -> int:
    """Count the losses that are ready to close."""
    days = {"today": today.isoformat()}
    query = f"SELECT count(*) FROM turns WHERE {READY}"
    return int(journal.connection.execute(query, days).fetchone()[0])


def names_to_call(journal: Store, today: date) -> int:
    """Count the names that were given lately, and that nobody has called yet."""
    since = today - timedelta(_STALE_AFTER)
    query = (
        "SELECT count(*) FROM referrals"
        " WHERE called_on IS NULL AND dropped_on IS NULL AND given_on > ?"
    )
    return int(journal.connection.execute(query, (since.isoformat(),)).fetchone()[0])


def next_day(journal: Store, today: date) -> date | None:
    """Return the next day after today on which a step comes to the list."""
    (day,) = journal.connection.execute(
        "SELECT min(day) FROM ("
        " SELECT min(since) AS day FROM turns WHERE state = 'due' AND since > ?1 UNION ALL"
        " SELECT min(since) FROM turns WHERE state = 'renew' AND since > ?1)",
        (today.isoformat(),),
    ).fetchone()
    return date.fromisoformat(day) if day else None


def by_name(journal: Store, text: str, applies: Applies) -> list[Name]:
    """Return the losses in whose names words begin with all words of `text`, of those that a
    command applies to. If `text` is someone's whole name, only those, as for a word like `all`.
    Digits fit a phone number, however it's written."""
    whole = folded(text)
    words = whole.split()
    is_phone = len(digits(text)) >= LOCAL and not any(map(str.isalpha, text))
    fitting = []
    exact = []
    longest = max(words, key=len, default="")
    for number, *names, phone, lost_on in journal.connection.execute(
        "SELECT number, prospect, contact, product, phone, lost_on FROM losses"
        f" WHERE {_APPLIES[applies]} AND ({_MAY_HOLD} OR (:is_phone AND phone IS NOT NULL))",
        {"letters": _letters(longest.removesuffix("s")), "is_phone": is_phone},
    ):
        if matches(words, *names) or (is_phone and phone and is_same_phone(text, phone)):
            name = Name._make((number, *names, date.fromisoformat(lost_on)))
            fitting.append(name)
            if whole in (folded(part or "") for part in names):
                exact.append(name)
    return fitting if not exact and whole not in NO_NAMES else exact


def _letters(word: str) -> str:
    """Return what of a word a name can hold: a shell also hands on bytes that aren't text."""
    return word.encode(errors="ignore").decode()


def count_named(journal: Store, words: list[str]) -> int:
    """Count the leading words that stand together in the name of any loss, the last one whole; the
    first is taken for one anyway."""
    runs = [folded(" ".join(words[: place + 1])) for place in range(len(words))]
    count = 1
    for key, *names in journal.connection.execute(
        f"SELECT prospect_key, contact, product FROM losses WHERE {_MAY_HOLD}",
        {"letters": _letters(runs[0].partition(" ")[0])},
    ):
        for name in (key, *(folded(name) for name in names if name)):
            while count < len(runs) and f"{runs[count]} " in f"{name} ":
                count += 1
    while count > 1 and runs[count - 1] == runs[count - 2]:  # a dash, which the rest begins with
        count -= 1
    return count


def nearest_named(journal: Store, text: str, applies: Applies) -> Name | None:
    """Return the latest loss whose prospect or contact `text` may be a misspelling of."""
    found = journal.connection.execute(
        "SELECT number, prospect, contact, product, lost_on FROM losses"
        f" WHERE {_APPLIES[applies]} ORDER BY lost_on DESC, number DESC"
    ).fetchall()
    for place in (1, 2):
        near = nearest(text, dict.fromkeys(row[place] for row in found if row[place]))
        for number, *names, lost_on in found:
            if near and names[place - 1] == near:
                return Name._make((number, *names, date.fromisoformat(lost_on)))
    return None


def rivals_and_products(journal: Store) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who got the order, and what was lost, in the latest losses: each name once."""
    found = journal.connection.execute(
        "SELECT lost_to, product FROM losses WHERE number > (SELECT max(number) FROM losses) - ?",
        (_LATEST,),
    ).fetchall()
    rivals, products = (dict.fromkeys(row[place] for row in found) for place in (0, 1))
    return (
        tuple(name for name in rivals if name and name != NOBODY),
        tuple(name for name in products if name),
    )


def known_prospects(journal: Store, names: list[str]) -> list[str]:
    """Return those of the names that a prospect has, however it's written."""
    keys = {folded(name): name for name in names}
    marks = ", ".join("?" * len(keys))
    query = f"SELECT DISTINCT prospect_key FROM losses WHERE prospect_key IN ({marks})"
    return [keys[key] for (key,) in journal.connection.execute(query, [*keys])]


def beginning(journal: Store, digits: str, most: int) -> list[int]:
    """Return at most so many numbers that begin with these digits, newest first."""
    query = "SELECT number FROM losses WHERE number LIKE ? || '%' ORDER BY number DESC LIMIT ?"
    return [number for (number,) in journal.connection.execute(query, (digits, most))]


def applicable(journal: Store, first: int, last: int, applies: Applies) -> list[int]:
    """Return the numbers in a range that a command applies to."""
    query = f"SELECT number FROM losses WHERE number BETWEEN ? AND ? AND {_APPLIES[applies]}"
    return sorted(number for (number,) in journal.connection.execute(query, (first, last)))


def ends(period: Period) -> tuple[str, str]:
    """Return the first and last day of a period as the journal writes them."""
    return str(period.start), str(period.end)


def lost_and_won(journal: Store, period: Period) -> tuple[int, int]:
    """Count the losses of a period, and the wins of the same period."""
    lost, won = (
        journal.connection.execute(
            f"SELECT count(*) FROM losses WHERE {day} BETWEEN ? AND ? AND outcome IS NOT 'mistake'",
            ends(period),
        ).fetchone()[0]
        for day in ("lost_on", "won_on")
    )
    return lost, won


def won_back(journal: Store, period: Period) -> tuple[int, int]:
    """Count the losses of a period, and how many of those were ever won back."""
    lost, won = journal.connection.execute(
        "SELECT count(*), count(won_on) FROM losses"
        " WHERE lost_on BETWEEN ? AND ? AND outcome IS NOT 'mistake'",
        ends(period),
    ).fetchone()
    return lost, won
