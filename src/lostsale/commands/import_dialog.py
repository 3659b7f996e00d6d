"""Asking how to read a file of another program, where the file itself doesn't say."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from lostsale.app import App
from lostsale.commands.ask import ask
from lostsale.crm.deals import Deal, DealFile, Defaults
from lostsale.crm.detect import DATE_ORDERS, ImportOptions, Unclear
from lostsale.crm.states import ALL
from lostsale.crm.unpack import Undecodable
from lostsale.domain.dates import Asked, read_when
from lostsale.domain.loss import Loss
from lostsale.errors import BadInput, Declined
from lostsale.screen.progress import opening
from lostsale.screen.text import plural
from lostsale.screen.transfer import how_chosen, layout_page

_WINDOWS = "cp1252"
_EXAMPLES = 3


def read_columns(texts: Iterable[str]) -> dict[str, str]:
    """Return the columns of fields, each written as `field=column`. Raises BadInput."""
    columns = {}
    for text in texts:
        field, equals, column = text.partition("=")
        if not (field.strip() and equals and column.strip()):
            raise BadInput(f'"{text[:40]}" isn\'t FIELD=COLUMN', "Try --map lost_on=close_date")
        columns[field.strip().casefold()] = column.strip()
    return columns


class Dialogue:
    """The questions about a file: at most three, and what is still open then takes its default."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.left = 3

    def ask(self, question: str) -> str:
        """Return the answer to a question."""
        self.left -= 1
        return ask(question)

    @contextmanager
    def surveyed(
        self, path: str, options: ImportOptions, defaults: Defaults, watch: Callable[[int], None]
    ) -> Iterator[DealFile]:
        """Open a file, and find out where it says what, asking for what it doesn't say, its
        encoding too. Raises BadInput for what is wrong with it, and Declined where there is no
        answer."""
        while True:
            deals = None
            try:
                deals = DealFile(path, options, defaults, watch, opening)
                self.survey(deals)
            except Undecodable as error:
                if deals:
                    deals.close()
                if path == "-":  # it can't be read again
                    raise
                self._app.show([f"{error.what}."])
                likely = error.likely or _WINDOWS
                west = ", usual on Windows in the West" * (likely == _WINDOWS)
                name = self.ask(f"Which encoding is it in? [Enter for {likely}{west}] ")
                options = options._replace(encoding=name or likely)
                continue
            except BaseException:
                if deals:
                    deals.close()
                raise
            try:
                yield deals
            finally:
                deals.close()
            return

    def survey(self, deals: DealFile) -> None:
        """Find out where a file says what, asking for what it doesn't say."""
        while True:
            try:
                deals.survey()
                break
            except Unclear as question:
                self._settle(question, deals)
        for header, example in deals.layout.unsettled.items():
            answer = ""
            while answer not in DATE_ORDERS:
                what = f'Is {example[:20]} in "{header}" day first or month first? [dmy/mdy] '
                answer = self.ask(what)
            deals.settle_dates(header, answer)

    def _settle(self, question: Unclear, deals: DealFile) -> None:
        """Ask for the column, the value that means lost, or the day that a survey could not
        find."""
        options, today = deals.options, self._app.today
        choices = {str(place): choice for place, choice in enumerate(question.choices, 1)}
        rows = [f"  {n}) {choice}" for n, choice in choices.items()]
        self._app.show([f"{question.what}:", *rows])
        is_value = question.asked == "lost_when"
        also = {"status": f", {ALL} if every row is lost", "lost_on": ", or a day for all"}
        what = "Which one means lost?" if is_value else "Which one does?"
        default = question.likely or "none"
        bounds = f"[1-{len(choices)}{also.get(question.asked, '')}, Enter for {default}]"
        while True:
            answer = self.ask(f"{what} {bounds} ") or question.likely
            if not answer:
                raise Declined("Not imported")
            chosen = choices.get(answer, answer)
            if (is_value and chosen in question.choices) or (
                question.asked == "status" and answer.casefold() == ALL
            ):
                deals.options = options._replace(lost_when=(*options.lost_when, chosen))
                return
            if answer in choices:
                columns = {**options.columns, question.asked: chosen}
                deals.options = options._replace(columns=columns)
                return
            if question.asked == "lost_on":
                try:
                    order = deals.defaults.date_order
                    day = read_when(answer, Asked(today, "past", order)).day
                except BadInput as error:
                    self._app.tell(f"  {error.what}. {error.advice}")
                else:
                    deals.options = options._replace(undated=day.isoformat())
                    deals.defaults = deals.defaults._replace(undated=day)
                    return


def show_layout(app: App, deals: DealFile) -> int:
    """Show how a surveyed file is read: the columns, the first deals as they will be kept, and
    which can't be taken; return how many deals can be, as far as the survey looked."""
    taken: list[Loss] = []
    refused: list[Deal] = []
    for deal in deals.first(app.journal.vocabulary):
        if deal.loss:
            taken.append(deal.loss)
        else:
            refused.append(deal)
    layout = deals.layout
    hints = []
    if "amount" in layout.columns and "currency" not in layout.columns:
        hints.append(f"Amounts without a currency count as {deals.currency} (or --currency).")
    if "prospect" not in layout.columns:
        hints.append("I found no column for the prospect's name. If there is one: prospect=COLUMN")
    title = f"{deals.path}: {deals.format}, {plural(layout.rows, 'row')}, {layout.lost:,} lost"
    examples = {field: next(deals.cells(field), "") for field in layout.columns}
    app.show(
        [
            *layout_page(title, layout.columns, examples, taken[:_EXAMPLES], app.settings),
            *(f"Line {deal.line} can't be imported: {deal.why}" for deal in refused[:_EXAMPLES]),
            *how_chosen(layout.columns, layout.day_kind, layout.close, layout.unused),
            *layout.doubtful,
            *hints,
        ]
    )
    return layout.lost - len(refused)


def agree(app: App, dialogue: Dialogue, deals: DealFile, takeable: int) -> None:
    """Ask whether to import the file as it is read, `takeable` deals of it, taking up what is said
    about its columns, until the answer is yes. Raises Declined."""
    while True:
        lost = deals.layout.lost
        is_default = deals.layout.is_certain and takeable > 0
        of = f" of {lost:,}" if takeable < lost else ""
        count = f"{takeable:,}{of} lost deal{'s' if lost != 1 else ''}"
        default = "[Y/n" if is_default else "[y/N"
        answer = dialogue.ask(f"Import {count}? {default}, or FIELD=COLUMN] ")
        is_yes = {"": is_default, "y": True, "yes": True, "n": False, "no": False}
        if "=" in answer:
            before = deals.options
            try:
                deals.options = before._replace(
                    columns={**before.columns, **read_columns([answer])}
                )
                dialogue.survey(deals)
            except BadInput as error:
                deals.options = before
                app.tell(f"  {error.what}. {error.advice}")
            else:
                takeable = show_layout(app, deals)
        elif answer.casefold() not in is_yes:
            app.tell("  Type y, n, or which column holds what: product=Article")
        elif is_yes[answer.casefold()]:
            return
        else:
            raise Declined("Not imported")
