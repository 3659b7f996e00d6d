"""Finding out how to read a file of another program: from the file itself, and by asking."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shlex import quote
from time import monotonic

from lostsale.app import App
from lostsale.commands.ask import ask, pick
from lostsale.crm.deals import Deal, Defaults, deals
from lostsale.crm.detect import ALL, ImportOptions, Layout, Unclear, survey
from lostsale.crm.formats import UNKNOWN
from lostsale.crm.sheet import Sheet, Undecodable
from lostsale.domain.loss import Loss
from lostsale.errors import BadInput, Declined
from lostsale.screen.page import Page
from lostsale.screen.text import plural
from lostsale.screen.transfer import layout_page

ORDERS = ("dmy", "mdy")
_PATIENCE = 1.0  # seconds before progress is shown
_EXAMPLES = 3
_WINDOWS = "cp1252"


class Progress:
    """How many rows were read, shown on a terminal once that takes over a second."""

    def __init__(self) -> None:
        self._start = monotonic()
        self._is_shown = False

    def show(self, rows: int) -> None:
        """Show how many rows were read."""
        if sys.stderr.isatty() and monotonic() - self._start > _PATIENCE:
            self._is_shown = True
            sys.stderr.write(f"\r{rows:,} rows read")
            sys.stderr.flush()

    def hide(self) -> None:
        """Clear the line, for what is shown next."""
        if self._is_shown:
            self._is_shown = False
            sys.stderr.write(f"\r{'':<30}\r")


class ImportDialog:
    """How to read a file: what the file shows, what its user says by `options`, and, on a terminal,
    what they answer. `layout` is what comes of it."""

    layout: Layout

    def __init__(
        self, app: App, file: str, options: ImportOptions, undated: date | None = None
    ) -> None:
        self.options = options
        self.progress = Progress()
        self._app, self._file, self._undated = app, file, undated
        self._takeable = 0  # deals that can be imported, as show() counted them
        self._sheet = self._open()

    def _open(self) -> Sheet:
        """Open the file, asking for its encoding if need be. Raises BadInput where nobody can be
        asked."""
        while True:
            asks = self._app.is_interactive  # then check it to its end, before anything is asked
            try:
                return Sheet(
                    Path(self._file), self.options.encoding, self.progress.show, check_all=asks
                )
            except Undecodable as error:
                self.progress.hide()
                if not asks or self._file == "-":
                    raise
                self._app.show([f"{error.what}."])
                name = ask(f"How is it written? [Enter for {_WINDOWS}, as Windows in the West] ")
                self.options = self.options._replace(encoding=name or _WINDOWS)

    def close(self) -> None:
        """Close the file."""
        self.progress.hide()
        self._sheet.close()

    @property
    def format(self) -> str:
        """The program that wrote the file, and how."""
        return ", ".join(filter(None, (self.layout.form.name, self._sheet.dialect)))

    def deals(self) -> Iterator[Deal]:
        """Yield the lost deals, read as the dialog has it by now."""
        settings = self._app.settings
        defaults = Defaults(
            currency=self.options.currency or settings.currency,
            decimal=self.options.decimal or settings.decimal,
            undated=self._undated,
        )
        return deals(self._sheet, self.layout, defaults, self._app.vocabulary)

    def survey(self) -> None:
        """Find out where the file says what, asking what it doesn't say. Raises BadInput where
        nobody can be asked."""
        while True:
            try:
                self.layout = survey(self._sheet, self.options, self._app.settings.date_order)
                break
            except Unclear as question:
                if not self._app.is_interactive:
                    raise
                self.progress.hide()
                self._ask(question)
        for header, example in self.layout.unsettled.items():
            self._ask_order(header, example)

    def _ask(self, question: Unclear) -> None:
        """Ask for the column, or the value that means lost, that the survey could not find."""
        options = self.options
        choices = {str(place): choice for place, choice in enumerate(question.choices, 1)}
        listed = (f"  {n}) {choice}" for n, choice in choices.items())
        self._app.show([f"{question.what}:", *listed])
        is_value = question.asked == "lost_when"
        what = "Which of them means lost?" if is_value else "Which of them does?"
        also = f", {ALL} if every row is lost" if question.asked == "status" else ""
        answers = {*choices, *([ALL] if also else [])}
        answer = pick(f"{what} [1-{len(choices)}{also}, Enter for none] ", answers, "Not imported")
        if is_value or answer == ALL:
            lost_when = (*options.lost_when, choices.get(answer, ALL))
            self.options = options._replace(lost_when=lost_when)
        else:
            columns = {**options.columns, question.asked: choices[answer]}
            self.options = options._replace(columns=columns)

    def _ask_order(self, header: str, example: str) -> None:
        """Ask whether a column's dates have the day or the month first. Raises BadInput where
        nobody can be asked."""
        if not self._app.is_interactive:
            what = f'"{header}" has dates like {example[:20]}, with the day first or the month'
            raise BadInput(f"{what} first", "Say which: --dates dmy or --dates mdy")
        self.progress.hide()
        answer = ""
        while answer not in ORDERS:
            answer = ask(f'Is {example[:20]} in "{header}" day first or month first? [dmy/mdy] ')
        orders = {sign: order or answer for sign, order in self.layout.orders[header].items()}
        self.layout = self.layout._replace(orders={**self.layout.orders, header: orders})
        self.options = self.options._replace(dates=answer)

    def show(self) -> None:
        """Show what was found: the columns, the first deals, and which can't be taken."""
        taken: list[Loss] = []
        refused: list[Deal] = []
        self._takeable = 0
        for deal in self.deals():
            self._takeable += deal.loss is not None
            if deal.loss and len(taken) < _EXAMPLES:
                taken.append(deal.loss)
            elif deal.loss is None and len(refused) < _EXAMPLES:
                refused.append(deal)
        rows = f"{plural(self.layout.rows, 'row')}, {self.layout.lost:,} lost"
        title = f"{self._file}: {self.format}, {rows}"
        page: Page = [
            *layout_page(title, self.layout.columns, taken, self._app.settings),
            *(f"Line {deal.line} can't be taken: {deal.why}" for deal in refused),
            *self._hints(),
        ]
        self.progress.hide()
        self._app.show(page)

    def _hints(self) -> list[str]:
        """Return what the user may still want to say."""
        columns = self.layout.columns
        currency = self.options.currency or self._app.settings.currency
        hints = []
        if "amount" in columns and "currency" not in columns:
            hints.append(f"Amounts that name no currency are taken for {currency}: --currency.")
        if "prospect" not in columns:
            hints.append("No column says who said no: prospect=… if there is one.")
        return hints

    def check_certain(self) -> None:
        """Raise Declined where a column is only a guess, which nobody has agreed to."""
        if not self.layout.is_certain:
            columns = self.layout.columns.items()
            guessed = ", ".join(f"{field}={headers[0]}" for field, headers in columns)
            hint = "Say --yes if they are right, or --map"
            raise Declined(f"Some of the columns are a guess: {guessed}", hint)

    def agree(self) -> None:
        """Ask whether to import the file read like this, taking up corrections of its columns,
        until the user agrees. Raises Declined."""
        while True:
            is_default = self.layout.is_certain and self._takeable > 0
            of = f" of {self.layout.lost:,}" if self._takeable < self.layout.lost else ""
            count = f"{self._takeable:,}{of} lost deal{'s' if self.layout.lost != 1 else ''}"
            default = "[Y/n" if is_default else "[y/N"
            answer = ask(f"Bring in {count}? {default}, or FIELD=COLUMN] ")
            is_yes = {"": is_default, "y": True, "yes": True, "n": False, "no": False}
            if "=" in answer:
                self._correct(answer)
            elif answer.casefold() not in is_yes:
                self._app.tell("  Write y, n, or which column holds what: product=Article")
            elif is_yes[answer.casefold()]:
                return
            else:
                raise Declined("Not imported")

    def _correct(self, answer: str) -> None:
        """Take up what was said about a column, unless it is wrong."""
        before = self.options
        try:
            self.options = before._replace(columns={**before.columns, **read_columns([answer])})
            self.survey()
        except BadInput as error:
            self.options = before
            self._app.tell(f"  {error.what}. {error.hint}")
        else:
            self.show()

    def command(self) -> str:
        """Return the command that reads the file like this without asking; empty where nobody had
        to say anything."""
        options = self.options
        columns = options.columns
        if self.layout.form == UNKNOWN and not self.layout.is_certain:  # the user agreed to guesses
            guessed = {field: headers[0] for field, headers in self.layout.columns.items()}
            columns = {**guessed, **columns}
        words = [word for pair in columns.items() for word in ("--map", "=".join(pair))]
        words += [word for value in options.lost_when for word in ("--lost-when", value)]
        for name in ("dates", "decimal", "currency", "encoding"):
            if value := getattr(options, name):
                words += [f"--{name}", value]
        said = " ".join(map(quote, (self._file, *words)))
        return f"{self._app.command} import {said}" if words else ""


def read_columns(texts: list[str]) -> dict[str, str]:
    """Return the columns of fields, each written as `field=column`. Raises BadInput."""
    columns = {}
    for text in texts:
        field, equals, column = text.partition("=")
        if not (field.strip() and equals and column.strip()):
            raise BadInput(f'"{text[:40]}" maps nothing', "Write --map lost_on=close_date")
        columns[field.strip().casefold()] = column.strip()
    return columns
