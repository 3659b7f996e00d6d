"""The days of the week: what they are called, and which are worked."""

from datetime import date, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS_AS_SAID = (
    *("mon monday", "tue tues tuesday tuseday", "wed weds wednesday wensday wednsday"),
    "thu thur thurs thursday thrusday",
    *("fri friday", "sat saturday saterday", "sun sunday"),
)
DAY_NAMES = {name: n for n, names in enumerate(_DAYS_AS_SAID) for name in names.split()}


COLD_AFTER = 14  # working days late


class Workdays:
    """The days of the week that are worked, 0 for Monday to 6 for Sunday; never none."""

    # A plain class: what a shell's prompt counts with loads nothing.
    def __init__(self, days: frozenset[int] = frozenset(range(5))) -> None:
        self.days = days

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workdays) and self.days == other.days

    def __hash__(self) -> int:
        return hash(self.days)

    def on_or_after(self, day: date) -> date:
        """Return `day` if it is worked, else the next one that is."""
        while day.weekday() not in self.days:
            day += timedelta(1)
        return day

    def on_or_before(self, day: date) -> date:
        """Return `day` if it is worked, else the last one before it that is."""
        while day.weekday() not in self.days:
            day -= timedelta(1)
        return day

    def after(self, day: date, count: int = 1) -> date:
        """Return the `count`th working day after `day`."""
        weeks, rest = divmod(max(count - 1, 0), len(self.days))
        day += timedelta(7 * weeks)
        for _ in range(min(count, rest + 1)):
            day = self.on_or_after(day + timedelta(1))
        return day

    def late(self, due: date, today: date) -> int:
        """Return how many working days have come after `due`, up to today; 0 if none has."""
        weeks, days = divmod((today - due).days, 7)
        if weeks < 0:
            return 0
        rest = sum((due + timedelta(n)).weekday() in self.days for n in range(1, days + 1))
        return weeks * len(self.days) + rest

    def late_by(self, count: int, today: date) -> date:
        """Return the latest day that is at least `count` working days late today."""
        day = today
        for _ in range(count):
            day = self.on_or_before(day) - timedelta(1)
        return day


def kept_workdays(text: str) -> Workdays:
    """Return the days that a journal keeps as `mon,tue`."""
    return Workdays(frozenset(map(WEEKDAYS.index, text.split(","))))


EVERY_DAY = Workdays(frozenset(range(7)))
