"""Asking how to read a file of another program, where the file itself doesn't say."""

from collections.abc import Callable

from lostsale.app import App
from lostsale.commands.ask import ask, pick
from lostsale.crm.deals import Deal, DealFile, Defaults
from lostsale.crm.detect import ALL, DATE_ORDERS, ImportOptions, Unclear, read_columns
from lostsale.crm.sheet import Undecodable
from lostsale.domain.loss import Loss
from lostsale.errors import BadInput, Declined
from lostsale.screen.text import plural
from lostsale.screen.transfer import layout_page

_WINDOWS = "cp1252"
_EXAMPLES = 3


def open_asking(
    app: App,
    path: str,
    options: ImportOptions,
    defaults: Defaults,
    watch: Callable[[int], None],
) -> DealFile:
    """Open a file, asking for its encoding while it is another. Raises BadInput or CannotOpen."""
    while True:
        try:
            # To its end, so that nothing is asked in vain about a file that is broken.
            return DealFile(path, options, defaults, watch, check_all=True)
        except Undecodable as error:
            if path == "-":  # it can't be read again
                raise
            app.show([f"{error.what}."])
            name = ask(f"How is it written? [Enter for {_WINDOWS}, as Windows in the West] ")
            options = options._replace(encoding=name or _WINDOWS)


def survey_asking(app: App, deals: DealFile) -> None:
    """Find out where the file says what, asking for what it doesn't say. Raises BadInput for what
    is wrong with it, and Declined where there is no answer."""
    while True:
        try:
            deals.survey()
            break
        except Unclear as question:
            deals.options = _asked(app, question, deals.options)
    for header, example in deals.layout.unsettled.items():
        answer = ""
        while answer not in DATE_ORDERS:
            answer = ask(f'Is {example[:20]} in "{header}" day first or month first? [dmy/mdy] ')
        deals.settle_dates(header, answer)


def _asked(app: App, question: Unclear, options: ImportOptions) -> ImportOptions:
    """Ask for the column, or the value that means lost, that a survey could not find."""
    choices = {str(place): choice for place, choice in enumerate(question.choices, 1)}
    app.show([f"{question.what}:", *(f"  {n}) {choice}" for n, choice in choices.items())])
    is_value = question.asked == "lost_when"
    what = "Which of them means lost?" if is_value else "Which of them does?"
    also = f", {ALL} if every row is lost" if question.asked == "status" else ""
    answers = {*choices, *([ALL] if also else [])}
    answer = pick(f"{what} [1-{len(choices)}{also}, Enter for none] ", answers, "Not imported")
    if is_value or answer == ALL:
        return options._replace(lost_when=(*options.lost_when, choices.get(answer, ALL)))
    return options._replace(columns={**options.columns, question.asked: choices[answer]})


def show_layout(app: App, deals: DealFile) -> int:
    """Show how a surveyed file is read: the columns, the first deals, and which can't be taken;
    return how many deals can be."""
    taken: list[Loss] = []
    refused: list[Deal] = []
    takeable = 0
    for deal in deals.read(app.journal.vocabulary):
        takeable += deal.loss is not None
        if deal.loss and len(taken) < _EXAMPLES:
            taken.append(deal.loss)
        elif deal.loss is None and len(refused) < _EXAMPLES:
            refused.append(deal)
    layout = deals.layout
    hints = []
    if "amount" in layout.columns and "currency" not in layout.columns:
        currency = deals.defaults.currency
        hints.append(f"Amounts that name no currency are taken for {currency}: --currency.")
    if "prospect" not in layout.columns:
        hints.append("No column says who said no: prospect=… if there is one.")
    rows = f"{plural(layout.rows, 'row')}, {layout.lost:,} lost"
    title = f"{deals.path}: {deals.format}, {rows}"
    app.show(
        [
            *layout_page(title, layout.columns, taken, app.settings),
            *(f"Line {deal.line} can't be taken: {deal.why}" for deal in refused),
            *hints,
        ]
    )
    return takeable


def agree(app: App, deals: DealFile, takeable: int) -> None:
    """Ask whether to import the file as it is read, `takeable` deals of it, taking up what is said
    about its columns, until the answer is yes. Raises Declined."""
    while True:
        lost = deals.layout.lost
        is_default = deals.layout.is_certain and takeable > 0
        of = f" of {lost:,}" if takeable < lost else ""
        count = f"{takeable:,}{of} lost deal{'s' if lost != 1 else ''}"
        default = "[Y/n" if is_default else "[y/N"
        answer = ask(f"Bring in {count}? {default}, or FIELD=COLUMN] ")
        is_yes = {"": is_default, "y": True, "yes": True, "n": False, "no": False}
        if "=" in answer:
            before = deals.options
            try:
                deals.options = before._replace(
                    columns={**before.columns, **read_columns([answer])}
                )
                survey_asking(app, deals)
            except BadInput as error:
                deals.options = before
                app.tell(f"  {error.what}. {error.advice}")
            else:
                takeable = show_layout(app, deals)
        elif answer.casefold() not in is_yes:
            app.tell("  Write y, n, or which column holds what: product=Article")
        elif is_yes[answer.casefold()]:
            return
        else:
            raise Declined("Not imported")
