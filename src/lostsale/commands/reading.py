"""How a file of another program is read: what it tells itself, and what its user says about it, by
options, under a name, or asked."""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import monotonic

from lostsale.app import App
from lostsale.commands.ask import ask, pick
from lostsale.crm.deals import Deal, Defaults, deals
from lostsale.crm.detect import ALL, ImportOptions, Layout, Unclear, survey
from lostsale.crm.formats import UNKNOWN
from lostsale.crm.sheet import Sheet, Undecodable
from lostsale.domain.loss import Loss
from lostsale.errors import BadInput, Declined
from lostsale.export.json import is_own
from lostsale.screen.page import Page
from lostsale.screen.text import plural
from lostsale.screen.transfer import layout_page

ORDERS = ("dmy", "mdy")
_PATIENCE = 1.0  # seconds before progress is shown
_EXAMPLES = 3
_WINDOWS = "cp1252"


def opened(
    app: App, path: Path, told: ImportOptions, progress: "Progress"
) -> tuple[Sheet, ImportOptions]:
    """Open a file whose encoding is right to its end, asking for it where it is not. Raises
    BadInput where nobody can be asked."""
    while True:
        try:
            sheet = Sheet(path, told.encoding or None, progress.show)
            with progress:
                for _ in sheet.rows() if app.is_interactive and not is_own(sheet) else ():
                    pass
        except Undecodable as error:
            if not app.is_interactive or str(path) == "-":
                raise
            app.show([f"{error.what}."])
            name = ask(f"How is it written? [Enter for {_WINDOWS}, as Windows in the West] ")
            told = told._replace(encoding=name or _WINDOWS)
        else:
            return sheet, told


class Reading:
    """How a file is read: what it tells itself, and what the user says about it."""

    layout: Layout

    def __init__(
        self,
        app: App,
        file: str,
        sheet: Sheet,
        told: ImportOptions,
        undated: date | None,
        progress: "Progress",
    ) -> None:
        self._desk, self._file, self._sheet, self._undated = app, file, sheet, undated
        self._progress = progress
        self._taken = 0  # deals that can be taken, as show() counted them
        self.told = told

    @property
    def form(self) -> str:
        """The program that wrote the file, and how."""
        return ", ".join(filter(None, (self.layout.form.name, self._sheet.dialect)))

    def deals(self) -> Iterator[Deal]:
        """Yield the lost deals, as the file is read by now."""
        settings = self._desk.settings
        currency, decimal = self.told.currency, self.told.decimal
        usual = Defaults(currency or settings.currency, decimal or settings.decimal, self._undated)
        return deals(self._sheet, self.layout, usual, self._desk.journal.vocabulary)

    def survey(self) -> None:
        """Find out how the file tells of lost deals, asking where it does not tell. Raises BadInput
        where nobody can be asked."""
        while True:
            try:
                with self._progress:
                    self.layout = survey(self._sheet, self.told, self._desk.settings.date_order)
                break
            except Unclear as question:
                if not self._desk.is_interactive:
                    raise
                self.told = _asked(self._desk, question, self.told)
        for header, example in self.layout.unsettled.items():
            if not self._desk.is_interactive:
                what = f'"{header}" has dates like {example[:20]}, with the day first or the month'
                raise BadInput(f"{what} first", "Say which: --dates dmy or --dates mdy")
            answer = ""
            while answer not in ORDERS:
                answer = ask(
                    f'Is {example[:20]} in "{header}" day first or month first? [dmy/mdy] '
                )
            orders = {sign: order or answer for sign, order in self.layout.orders[header].items()}
            self.layout = self.layout._replace(orders={**self.layout.orders, header: orders})
            self.told = self.told._replace(dates=answer)

    def all_told(self) -> ImportOptions:
        """Return what was said about the file, with the columns that were agreed to."""
        if self.layout.form != UNKNOWN:
            return self.told
        agreed = {field: headers[0] for field, headers in self.layout.columns.items()}
        return self.told._replace(columns={**agreed, **self.told.columns})

    def _page(self) -> Page:
        """Return what was found: the columns, the first deals, and which can't be taken."""
        taken: list[Loss] = []
        refused: list[Deal] = []
        self._taken = 0
        for deal in self.deals():
            self._taken += deal.loss is not None
            if deal.loss and len(taken) < _EXAMPLES:
                taken.append(deal.loss)
            elif deal.loss is None and len(refused) < _EXAMPLES:
                refused.append(deal)
        rows = f"{plural(self.layout.rows, 'row')}, {self.layout.lost:,} lost"
        title = f"{self._file}: {self.form}, {rows}"
        return [
            *layout_page(title, self.layout.columns, taken, self._desk.settings),
            *(f"Line {deal.line} can't be taken: {deal.why}" for deal in refused),
            *self._hints(),
        ]

    def _hints(self) -> list[str]:
        """Return what the user may want to say yet."""
        columns = self.layout.columns
        currency = self.told.currency or self._desk.settings.currency
        hints = []
        if "amount" in columns and "currency" not in columns:
            hints.append(f"Amounts that name no currency are taken for {currency}: --currency.")
        if "prospect" not in columns:
            hints.append("No column says who said no: prospect=… if there is one.")
        return hints

    def show(self) -> None:
        """Show what was found."""
        with self._progress:
            page = self._page()
        self._desk.show(page)

    def check_certain(self) -> None:
        """Raise Declined where a column is only a guess, and nobody is there to agree to it."""
        if not self.layout.is_certain:
            columns = self.layout.columns.items()
            guessed = ", ".join(f"{field}={headers[0]}" for field, headers in columns)
            hint = "Say --yes if they are right, or --map"
            raise Declined(f"Some of the columns are a guess: {guessed}", hint)

    def agree(self) -> None:
        """Ask whether the file may be taken so, until it may; what is said about a column is taken
        up and shown. Raises Declined."""
        while True:
            is_usual = self.layout.is_certain and self._taken > 0
            of = f" of {self.layout.lost:,}" if self._taken < self.layout.lost else ""
            count = f"{self._taken:,}{of} lost deal{'s' if self.layout.lost != 1 else ''}"
            default = "[Y/n" if is_usual else "[y/N"
            answer = ask(f"Bring in {count}? {default}, or FIELD=COLUMN] ")
            is_yes = {"": is_usual, "y": True, "yes": True, "n": False, "no": False}
            if "=" in answer:
                self._correct(answer)
            elif answer.casefold() not in is_yes:
                self._desk.tell("  Write y, n, or which column holds what: product=Article")
            elif is_yes[answer.casefold()]:
                return
            else:
                raise Declined("Not imported")

    def _correct(self, answer: str) -> None:
        """Take up what was said about a column, unless it is wrong."""
        before = self.told
        try:
            self.told = before._replace(columns={**before.columns, **mapping([answer])})
            self.survey()
        except BadInput as error:
            self.told = before
            self._desk.tell(f"  {error.what}. {error.advice}")
        else:
            self.show()


class Progress:
    """How far a file is read, on a terminal, once it takes over a second."""

    def __init__(self) -> None:
        self._start = monotonic()
        self._is_shown = False

    def show(self, rows: int) -> None:
        """Show how many rows were read."""
        if sys.stderr.isatty() and monotonic() - self._start > _PATIENCE:
            self._is_shown = True
            sys.stderr.write(f"\r{rows:,} rows read")
            sys.stderr.flush()

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            sys.stderr.write(f"\r{'':<30}\r")


def map_name(name: str) -> str:
    """Return the name of a map as it is kept. Raises BadInput."""
    plain = " ".join(name.casefold().split())
    if not plain or len(plain) > 40 or not plain.isprintable():
        raise BadInput(f'"{name[:40]}" is no name for a map', "Write a word of up to 40 letters")
    return plain


def kept_told(app: App, name: str) -> ImportOptions:
    """Return what was kept under a name. Raises BadInput."""
    kept = app.settings.maps
    if name not in kept:
        known = f"There are {', '.join(kept)}" if kept else "Keep one with --save-map"
        raise BadInput(f'No map is kept as "{name}"', known)
    return told_of(kept[name])


def told_of(kept: str) -> ImportOptions:
    """Return what was said about a file, as it was kept. Raises ValueError or TypeError."""
    told = ImportOptions(**json.loads(kept))
    dict(told.columns)
    return told._replace(lost_when=tuple(told.lost_when))


def mapping(texts: list[str]) -> dict[str, str]:
    """Return the columns of fields, each written as `field=column`. Raises BadInput."""
    pairs = {}
    for text in texts:
        field, equals, column = text.partition("=")
        if not (field.strip() and equals and column.strip()):
            raise BadInput(f'"{text[:40]}" maps nothing', "Write --map lost_on=close_date")
        pairs[field.strip().casefold()] = column.strip()
    return pairs


def _asked(app: App, question: Unclear, told: ImportOptions) -> ImportOptions:
    """Return what was said about a file with the answer to what it does not tell."""
    choices = {str(place): choice for place, choice in enumerate(question.choices, 1)}
    app.show([f"{question.what}:", *(f"  {n}) {choice}" for n, choice in choices.items())])
    is_value = question.asked == "lost_when"
    what = "Which of them means lost?" if is_value else "Which of them does?"
    also = f", {ALL} if every row is lost" if question.asked == "status" else ""
    answers = {*choices, *([ALL] if also else [])}
    answer = pick(f"{what} [1-{len(choices)}{also}, Enter for none] ", answers, "Not imported")
    if is_value or answer == ALL:
        return told._replace(lost_when=(*told.lost_when, choices.get(answer, ALL)))
    return told._replace(columns={**told.columns, question.asked: choices[answer]})
