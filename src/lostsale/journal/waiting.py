"""How many steps are due, for a shell's prompt: it asks before each line, so nothing is loaded here
that counting can do without. What isn't plain is left to `due`, which comes to the same number."""

import os
import sqlite3
from datetime import date
from stat import S_ISREG

from lostsale.domain.workdays import COLD_AFTER, Workdays, kept_workdays
from lostsale.journal.forms import APPLICATION_ID, CAUTIONS, NEWEST, form, is_made_by_us
from lostsale.journal.paths import sqlite_uri, usual_path

# Nothing that came up to the day `past` is due any more: it is cold, or its time is over. But what
# comes up again is, until then.
ON_LIST = "state = 'due' AND until > :today AND since > :past AND since <= :last"
COMES_UP = "state = 'renew' AND until > :today AND since > :since AND since <= :last"


def cold_before(today: date, workdays: Workdays) -> date:
    """Return the latest day whose steps have gone cold."""
    return workdays.late_by(COLD_AFTER, today)


def count_due() -> int | None:
    """Return how many steps `due --count` counts; None if that is for `due` to find out, and to
    say what is wrong."""
    path = os.environ.get("LOSTSALE_DB")
    path = usual_path() if path is None else path
    try:
        today = date.fromisoformat(os.environ.get("LOSTSALE_TODAY") or str(date.today()))  # noqa: DTZ011 - where the user is
        if not (path and path[0] == "/" and S_ISREG(os.stat(path).st_mode)):  # noqa: PTH116
            return None
        journal = sqlite3.connect(f"{sqlite_uri(path)}?mode=ro", uri=True, timeout=0)
        try:
            return _count(journal, today)
        finally:
            journal.close()
    except (sqlite3.Error, OSError, ValueError, LookupError):
        return None


def _count(journal: sqlite3.Connection, today: date) -> int | None:
    journal.executescript(CAUTIONS)
    marks = "application_id", "user_version", "journal_mode"
    found = [journal.execute(f"PRAGMA {mark}").fetchone()[0] for mark in marks]
    is_ours = found == [APPLICATION_ID, NEWEST, "delete"] and 1900 <= today.year <= 9000
    if not (is_ours and is_made_by_us(form(journal), NEWEST, is_newest=True)):
        return None
    kept = journal.execute("SELECT value FROM settings WHERE key = 'workdays'").fetchone()
    workdays = kept_workdays(kept[0]) if kept else Workdays()
    days = {"today": today, "last": today, "past": cold_before(today, workdays), "since": date.min}
    named = {name: str(day) for name, day in days.items()}
    counts = [f"SELECT count(*) FROM turns WHERE {which}" for which in (ON_LIST, COMES_UP)]
    return sum(int(journal.execute(count, named).fetchone()[0]) for count in counts)
