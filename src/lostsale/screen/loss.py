"""One loss: as it is echoed when something was done, and whole."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from lostsale.domain.columns import LABELED
from lostsale.domain.dates import When
from lostsale.domain.loss import REST, Again, Contact, Loss, LossParts, Referral
from lostsale.domain.money import TIMES
from lostsale.domain.periods import day_text, hour_text
from lostsale.domain.plan import Plan
from lostsale.domain.reasons import OTHER, Reason, Vocabulary, code_and_words
from lostsale.domain.settings import Settings, goal
from lostsale.domain.turns import ahead
from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.text import DO, FEW, full_amount, next_step, short_day, who


def head(loss: Loss, settings: Settings) -> str:
    """Return the line that names a loss: number, who, how much, when."""
    money = full_amount(loss.money, settings) or "no amount"
    lost = f"lost {day_text(loss.lost_on)}"
    parts = (f"{loss.number}  {who(loss)}", loss.product, money, lost)
    return " · ".join(filter(None, parts))


def known(loss: Loss, today: date) -> list[str]:
    """Return what is known of why it was lost, in the order in which it is learned."""
    real = loss.real
    parts = [
        " ".join(filter(None, (loss.phone, loss.email))),
        f"said {_coded(loss.said)}" if loss.said else "",
        f"signals {', '.join(loss.signals)}" if loss.signals else "",
        f"guess {_coded(loss.guess)}" if loss.guess else "",
        f"{real.source} {real.code}" if real and real.code else "",
        "would not say why" if real and not real.code else "",
        f"{loss.lost_to} got it" if loss.lost_to else "",  # also nobody
        loss.outcome if loss.given_outcome else "",
        f"shows {loss.given_weakness}" if loss.given_weakness else "",
        f"comes up: {comes_up(loss.again, today)}" if loss.again else "",
        ("no way in" if loss.is_dead else f"way in: {loss.way_in}") if loss.way_in else "",
    ]
    return list(filter(None, parts))


def comes_up(again: Again, today: date) -> str:
    """Return what comes up when: `lease Tue 1 Jun 2027`."""
    return " ".join(filter(None, (again.what, short_day(again.on, today))))


def up_again(loss: Loss, today: date) -> str:
    """Return what comes up when, as a sentence of its own: `their lease with Xerox is up in
    June`."""
    if not loss.again:
        return ""
    is_theirs = loss.outcome == "competitor" and not loss.won
    rival = f" with {loss.lost_to}" if is_theirs else ""
    month = f"{loss.again.on:%B %Y}".removesuffix(f" {today.year}")
    return f"their {loss.again.what or 'decision'}{rival} is up in {month}"


def _coded(reason: Reason) -> str:
    """Return the code, with the words where it says nothing."""
    return f'{reason.code}: "{reason.words}"' if reason.code == OTHER else reason.code


def ending(loss: Loss, settings: Settings, today: date) -> str:
    """Return how it stands: the next step, or how it ended."""
    if loss.is_mistake:
        return "A mistake, so it isn't counted."
    if loss.won:
        money = f" for {full_amount(loss.won_money, settings)}" if loss.won_money else ""
        then = f" {next_step(loss.step, today)}" if loss.step else ""
        return f"Won back {short_day(loss.won.on, today)}{money}.{then}"
    if loss.rested_on:
        return f"At rest since {short_day(loss.rested_on, today)}."
    if loss.step:
        return next_step(loss.step, today)
    if loss.planned and loss.planned.kind == REST:
        return f"Plan finished. Ready to close from {short_day(loss.planned.on, today)}."
    return "No next step."


def earlier(loss: Loss, settings: Settings, today: date) -> str:
    """Return an earlier loss of the same prospect in a few words: `702, June, 3,400 USD, at
    rest`."""
    month = f"{loss.lost_on:%B %Y}".removesuffix(f" {today.year}")
    state = "won back" if loss.won else "at rest" if loss.rested_on else "open"
    money = full_amount(loss.money, settings)
    return ", ".join(filter(None, (str(loss.number), month, money, state)))


def understood_page(parts: LossParts, when: When | None, settings: Settings, today: date) -> Page:
    """Return what was understood of a sentence, field by field."""
    loss = Loss(None, "", **LossParts(prospect="?", lost_on=today) | parts)
    texts = [
        ("Who", loss.prospect),
        ("Contact", loss.contact or ""),
        ("Product", loss.product or ""),
        ("Amount", full_amount(loss.money, settings)),
        ("Lost", day_text(loss.lost_on)),
        *facts(loss, today),
        ("Next", f"{short_day(when.day, today)} {hour_text(when.time)}".rstrip() if when else ""),
    ]
    return [*facts_grid([(name, text) for name, text in texts if text])]


def logged(
    loss: Loss,
    before: list[Loss],
    settings: Settings,
    today: date,
    is_promised: bool,
    inferred: Mapping[str, str] = MappingProxyType({}),
) -> Page:
    """Return all that was understood of a new loss and what was inferred from what, what comes
    next, and how to put it right; how to set a time for a call that they promised."""
    lines = []
    if inferred:
        lines.append(f"      {' · '.join(_inferences(loss, inferred, settings, today))}")
    if loss.contacts:
        lines.append(f"      done: {', '.join(DO[contact.kind] for contact in loss.contacts)}")
    if before:
        lines.append(f"      Lost here before: {earlier(before[0], settings, today)}.")
    if is_promised and loss.step:
        fix = f"lostsale meet {loss.number} tuesday 10am --marked"
        lines.append(f"      Set a time for that call: {fix}")
    last = ending(loss, settings, today)
    right = f"Wrong? lostsale undo or edit {loss.number}"
    return [*_in_short(loss, settings, today), *lines, f"      {last}  {right}"]


def _inferences(
    loss: Loss, inferred: Mapping[str, str], settings: Settings, today: date
) -> Iterator[str]:
    """Yield what was put right or put together, each with what it was made from."""
    step = loss.planned
    texts = {
        "amount": full_amount(loss.money, settings),
        "phone": loss.phone,
        "email": loss.email,
        "lost_to": f"lost to {loss.lost_to}",
        "lost_on": f"lost {short_day(loss.lost_on, today)}",
        "next": f"next step {short_day(step.on, today)}" if step else "",
    }
    for name, how in inferred.items():
        sign = f" = {how}" if TIMES in how else f" ({how})"
        yield f"{texts[name]}{sign}"


def edited(loss: Loss, settings: Settings, today: date) -> Page:
    """Return a loss as it is after a change of what is kept."""
    return [*_in_short(loss, settings, today), f"      {ending(loss, settings, today)}"]


def _in_short(loss: Loss, settings: Settings, today: date) -> list[str]:
    reasons = known(loss, today)
    return [head(loss, settings), *([f"      {' · '.join(reasons)}"] if reasons else [])]


def answered(losses: list[Loss], did: str, settings: Settings, today: date) -> Page:
    """Return what was done about each loss and how it stands now."""
    return [
        f"{loss.number}  {who(loss)}: {did}. {ending(loss, settings, today)}" for loss in losses
    ]


def closing(lost: int, won: int, target: int, year: int, today: date) -> Page:
    """Return how many losses of a year were won back, with the rate and what the target (in
    hundredths of a per cent) is where there are enough to speak of one."""
    when = "this year" if year == today.year else f"in {year}"
    line = f"Won back so far: {won:,} of {lost:,} lost {when}"
    if lost >= FEW:
        line += f" ({won / lost:.1%}). Your {target / 100:g}% goal is {goal(lost, target):,}"
    return [f"{line}."]


def whole(loss: Loss, plan: Plan, settings: Settings, vocabulary: Vocabulary, today: date) -> Page:
    """Return everything that is kept about a loss, what comes next, and what the plan still
    holds."""
    page: list[str | Line | Grid] = [Line(head(loss, settings), "bold")]
    page += facts_grid(facts(loss, today, loss.weakness(vocabulary)))
    page += [_contacts(loss, today)] if loss.contacts else []
    for name in loss.referrals:
        page.append(f"Referral {short_day(name.on, today)}: {reached(name)}")
    won = f" {loss.won.note}" if loss.won and loss.won.note else ""
    page.append(f"{ending(loss, settings, today)}{won}")
    coming = ahead(loss, plan, today)
    if then := [f"{DO[step.kind]} {short_day(step.on, today)}" for step in coming]:
        page.append(f"Then: {' · '.join(then)}.")
    is_in_plan = loss.planned and (loss.step or not loss.ended_on)
    if out := [DO[kind] for kind in plan.left_out(loss, coming)] if is_in_plan else ():
        page.append(f"Skipped: {', '.join(out)}.")
    return page


def facts_grid(texts: list[tuple[str, str]]) -> list[Grid]:
    """Return a grid of texts, each beside its name; none for no texts."""
    columns = (Column("", style="dim"), Column("", stretchy=True, wrap=True))
    return [Grid(columns, tuple(map(Row, texts)))] if texts else []


def facts(loss: Loss, today: date, weakness: str | None = None) -> list[tuple[str, str]]:
    """Return what is known of a loss beside its head, each fact under its name, with the weakness
    that its reason shows."""
    found = [
        ("Phone", loss.phone),
        ("E-mail", loss.email),
        ("Said", code_and_words(*loss.said[:2]) if loss.said else None),
        ("Signals", ", ".join(loss.signals)),
        ("Guess", code_and_words(*loss.guess[:2]) if loss.guess else None),
        ("Real", _real(loss, today)),
        ("Weakness", weakness),
        ("Way in", "none" if loss.is_dead else loss.way_in),
        ("Lost to", loss.lost_to),
        ("Outcome", loss.outcome if loss.outcome != "unknown" else None),
        ("Comes up", comes_up(loss.again, today) if loss.again else None),
        ("Stage", loss.stage),
        *labeled(loss),
        (
            "From",
            re.sub(".* row .*", "an imported file", " ".join(filter(None, loss.source or ()))),
        ),
    ]
    return [(name, text) for name, text in found if text]


def labeled(loss: Loss) -> Iterator[tuple[str, str | None]]:
    """Yield the texts that have no place of their own, each with its label."""
    return ((field.label, getattr(loss, field.name)) for field in LABELED)


def reached(name: Referral) -> str:
    """Return a referral in a line."""
    return ", ".join(filter(None, (name.name, name.phone, name.email, name.note, name.result)))


def _real(loss: Loss, today: date) -> str | None:
    real = loss.real
    if real is None:
        return None
    if real.code is None or real.on is None:
        return f"would not say, asked {short_day(real.asked_on, today)}"
    return f"{code_and_words(real.code, real.words)} ({real.source} {short_day(real.on, today)})"


def outcome(contact: Contact) -> str:
    """Return what went wrong with a contact: nothing where somebody answered."""
    if contact.kind == "meet" and contact.answered is None:
        return "no outcome noted"
    return "no answer" if contact.answered is False else ""


def _contacts(loss: Loss, today: date) -> Grid:
    rows = (
        Row(
            (
                short_day(contact.on, today),
                DO.get(contact.kind, contact.kind),
                outcome(contact),
                contact.note or "",
            )
        )
        for contact in loss.contacts
    )
    columns = (Column("Contacts"), Column(""), Column(""), Column("", stretchy=True, wrap=True))
    return Grid(columns, tuple(rows))
