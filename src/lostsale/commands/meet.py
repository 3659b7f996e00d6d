"""Appointments, and the invitations to them."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields, refs
from lostsale.commands.followup import answer
from lostsale.commands.options import Ref
from lostsale.domain.dates import When
from lostsale.domain.periods import hour_text
from lostsale.domain.settings import read_email
from lostsale.errors import AlreadyThere, BadInput, CannotOpen
from lostsale.journal.file import atomic_file
from lostsale.journal.store import check_text

# 2-3pm, 10:30 to 11:30am, 14:00-15:00
_FROM_TO = (
    r"(?<![\d/-])(\d{1,2})(?::(\d\d))? ?(?:-|to) ?(\d{1,2})(?::(\d\d))?"
    r" ?(?:([ap])\.?m?\.?|(?<=:\d\d))$"
)


def meet(
    ctx: typer.Context,
    ref: Ref,
    when: Annotated[
        list[str], typer.Argument(metavar="WHEN...", help="tuesday 10am, 30 nov 14:00.")
    ],
    minutes: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1440, help="How long it takes.")
    ] = None,
    where: Annotated[str | None, typer.Option(metavar="TEXT", help="Where it is.")] = None,
    marked: Annotated[
        bool, typer.Option("--marked", help="They put it on their calendar.")
    ] = False,
    invite: Annotated[
        str | None,
        typer.Option(metavar="FILE.ics", help="Write an invitation that they can accept."),
    ] = None,
) -> Result:
    """Make an appointment.

    It comes before the plan's next step. Afterward, done means it took place, and no-answer that
    they didn't show.

    lostsale meet 42 tuesday 10am --marked
    lostsale meet oakfield "30 nov" 14:00 --minutes 30 --where "their office"
    """
    app: App = ctx.obj
    ref, when = refs.split(app, ref, when)
    number = refs.one(app, ref, "meet")
    at, length, place = read_meeting(app, " ".join(when))
    minutes, where = minutes or length, where or place
    written: list[Path] = []
    beside: AbstractContextManager[None] = nullcontext()
    if invite is not None:
        beside = _invitation(app, number, at, minutes, where or None, invite, written)
    try:
        losses = app.journal.on(beside=beside).meet(
            number, at, marked=marked, minutes=minutes, where=where or None
        )
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    did = "on their calendar" if marked else "an appointment"
    did += f" ({hour_text(at.time)}, assuming office hours)" if at.assumed else ""
    result = answer(app, ref, losses, did)
    if invite is None:
        return result
    return result._replace(page=lambda: [*result.page(), f"Attach {invite} to an e-mail."])


def read_meeting(app: App, text: str) -> tuple[When, int | None, str | None]:
    """Return when an appointment is, how many minutes it takes, and where it is: `wed 2-3pm at the
    plant` tells all three. Raises BadInput."""
    places = [found.span() for found in re.finditer(" at | (?=w/|with )", text)]
    for end, place in ((len(text), len(text)), *reversed(places)):
        said, minutes = text[:end], None
        if span := re.search(_FROM_TO, said):
            began, ended = (int(span[n]) * 60 + int(span[n + 1] or 0) for n in (1, 3))
            minutes = (ended - began) % 720
            if half := span[5]:
                began = ended % 720 + 720 * (half == "p") - minutes
            said = f"{said[: span.start()]}{began // 60}:{began % 60:02}"
        with suppress(BadInput):
            return fields.read_appointment(app, said), minutes, text[place:] or None
    return fields.read_appointment(app, text), None, None


@contextmanager
def _invitation(
    app: App,
    number: int,
    at: When,
    minutes: int | None,
    where: str | None,
    file: str,
    written: list[Path],
) -> Iterator[None]:
    """Write an invitation to an appointment into a file, which appears, and is `written`, once all
    inside went well. Raises BadInput or CannotOpen."""
    path = Path(file)
    if path.suffix.lower() != ".ics" or file.startswith("--"):
        raise BadInput(f'I can\'t write an invitation to "{file[:40]}"', "Use --invite meeting.ics")
    if not at.time:
        raise BadInput("An invitation needs a time", "Try tuesday 10am")
    if not path.parent.is_dir():
        raise CannotOpen(f"There's no folder {path.parent}", "Create it, or choose another")
    (loss,) = app.journal.get([number])
    mend = ("Add it", f"edit {number} --contact ana@example.com")
    if not loss.email:
        raise BadInput(f"There's no e-mail address for {number}", *mend)
    try:
        guest = read_email(loss.email)
    except BadInput as error:
        raise BadInput(error.what, *mend) from None
    if not app.settings["email"]:
        raise BadInput("I don't know your e-mail address", "Set it", "config email jo@firm.com")
    check_text(where or "")
    if where:  # as the guest, who reads it, has it
        where = re.sub(r"^(?:w/|with ).*?(?: at |$)", "", where)
        where = re.sub(r"\b(?:their|his|her)\b", "your", where) or None
    from lostsale.export.calendar import invitation

    organizer = (app.settings["name"], app.settings["email"])
    loss = loss._replace(email=guest)
    text = invitation(loss, at, minutes, where, organizer, datetime.now(UTC))
    try:
        with atomic_file(path) as new:
            new.write_bytes(text)
            yield
    except AlreadyThere as error:
        error.hint = "Choose another"
        raise
    written.append(path)
