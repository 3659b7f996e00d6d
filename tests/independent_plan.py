"""Whose turn it is, once more: written from the plan's rules, day by day and in their words,
sharing nothing with the program. Working days are Monday to Friday."""

from datetime import timedelta

STEPS = [("why", 1), ("save", 3), ("thanks", 4), ("referral", 30), ("touch", 90), ("touch", 180)]
CANCELLED = [("save", 1), ("why", 3), *STEPS[2:]]
CARD_DAYS, LATE_DAYS, APART, REST_DAYS = 14, 14, 30, 30


def working(day):
    """That day, or the next one that is worked."""
    while day.weekday() > 4:
        day += timedelta(1)
    return day


def next_working(day, count=1):
    for _ in range(count):
        day = working(day + timedelta(1))
    return day


def late(day, today):
    """How many working days have come after a day, up to today."""
    days = (day + timedelta(n) for n in range(1, (today - day).days + 1))
    return sum(day.weekday() < 5 for day in days)


class Followed:
    """A loss that is looked at on one day after the other, and about which things are done."""

    def __init__(self, lost_on, *, told=False, dead=False, cancelled=False):
        self.lost_on, self.contact = lost_on, lost_on
        pointless = {"save", "touch"} if dead else set()
        pointless |= {"why"} if told else set()
        self.ahead = [one for one in (CANCELLED if cancelled else STEPS) if one[0] not in pointless]
        self.kind, self.state, self.tries, self.is_over = None, "waits", 0, False
        self.take_next(lost_on, 0, floor=lost_on)

    def day_of(self, step, done, at, floor):
        """Its own day or, if what came before was done later, as long after that as in the plan."""
        day = self.lost_on + timedelta(step[1])
        in_time = working(self.lost_on + timedelta(at)) if at else self.lost_on
        if done > in_time:
            day = max(day, done + timedelta(min(step[1] - at, APART)))
        return working(max(day, floor))

    def take_next(self, done, at, floor):
        """Put the next step in front that makes sense on its day."""
        self.tries, self.state = 0, "waits"
        while self.ahead:
            step = self.ahead.pop(0)
            day = self.day_of(step, done, at, floor)
            own = working(self.lost_on + timedelta(step[1]))
            if step[0] != "thanks" or day <= own + timedelta(CARD_DAYS):
                self.kind, self.at, self.on = *step, day
                return
        self.kind, self.on = "rest", self.contact + timedelta(REST_DAYS)

    def look(self, today):
        """See what has become of it since yesterday."""
        if self.is_over or self.kind == "rest":
            self.state = "rest" if self.kind == "rest" and self.on <= today else "waits"
            return None
        card_until = working(self.lost_on + timedelta(self.at)) + timedelta(CARD_DAYS)
        if self.kind == "thanks" and self.on <= card_until < today and self.state != "cold":
            self.take_next(self.on, self.at, next_working(self.on))
        elif late(self.on, today) >= LATE_DAYS:
            if self.state != "cold":
                # Those whose day came meanwhile are left with it; the others keep their spacing.
                self.state, done, at = "cold", self.on, self.at
                line = []
                for step in self.ahead:
                    day = self.day_of(step, done, at, next_working(done))
                    own = working(self.lost_on + timedelta(step[1]))
                    if step[0] == "thanks" and day > own + timedelta(CARD_DAYS):
                        continue
                    line.append((step, day))
                    done, at = day, step[1]
                self.line = [(step, day) for step, day in line if day >= today]
                if not self.line:
                    self.kind, self.state = "rest", "waits"
                    self.on = max(today, self.contact + timedelta(REST_DAYS))
                    return self.look(today)
            if self.line and self.line[0][1] == today:
                (self.kind, self.at), self.on = self.line.pop(0)
                self.ahead = [step for step, _ in self.line]
                self.tries, self.state = 0, "due"
        if self.state == "waits" and self.kind != "rest" and self.on <= today:
            self.state = "due"
        return None

    def done(self, today):
        self.contact = today
        self.take_next(today, self.at, next_working(today))

    def no_answer(self, today):
        self.contact, tries = today, self.tries + 1
        if tries == 3:
            self.take_next(today, self.at, next_working(today))
        else:
            self.on, self.tries, self.state = next_working(today, 2), tries, "waits"

    def end(self):
        self.is_over, self.kind, self.state = True, None, "over"
