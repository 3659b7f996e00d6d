"""What a whole team lost, as the server adds it up for all who share their numbers."""

from typing import TYPE_CHECKING, Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields
from lostsale.commands.options import Force, PeriodWords, WeaknessOption
from lostsale.commands.stats import shown_or_saved
from lostsale.domain.periods import UNITS
from lostsale.domain.reasons import CODE, REASON_KINDS, WEAKNESSES, Code, one_of
from lostsale.domain.tally import PartCount, Tally
from lostsale.errors import BadInput
from lostsale.export.record import plain
from lostsale.screen.page import Column, Grid, Page, Row
from lostsale.screen.progress import Working
from lostsale.screen.team import SMALL_GROUPS, parts_page

if TYPE_CHECKING:
    from lostsale.domain.groups import Units

team = typer.Typer(add_completion=False, rich_markup_mode=None)
_PARTS = ("rep", "product")
_Server = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="postgresql://host/db; remembered for next time."),
]


@team.callback()
def team_group() -> None:
    """Count what your whole team lost.

    It counts everyone who turned on config share.

    lostsale team stats
    lostsale team reasons --add bad-timing --kind real
    lostsale team roles jo ana --manager kim
    """


@team.command("stats")
def team_stats(
    ctx: typer.Context,
    period: PeriodWords = None,
    all_: Annotated[bool, typer.Option("--all", help="Everything that was counted.")] = False,
    by: Annotated[
        str | None, typer.Option(metavar="UNIT", help="month, quarter, year, rep or product.")
    ] = None,
    save: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Save a file: .html, .svg, .txt, .csv or .json."),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the saved file.")] = False,
    force: Force = False,
    server: _Server = None,
) -> Result | None:
    """Show what the team lost and won back, and why.

    Groups with fewer than 5 losses of other people aren't named. Only managers see other reps.

    lostsale team stats last-year --by rep
    lostsale team stats --save team.html
    """
    app: App = ctx.obj
    app.create_if_missing = True  # none is needed
    if save is None and (force or open_):
        raise BadInput("--force and --open need --save", "Add --save team.html")
    chosen = one_of(by, (*UNITS, *_PARTS), "grouping") if by is not None else None
    part = chosen if chosen in _PARTS else None
    if part and save is not None:
        raise BadInput(f"--by {part} can't be saved", "Leave it out, or use --json")
    span = fields.read_span(app, " ".join(period or ["this-year"]))
    from lostsale.sync.team import team_server, team_tally

    parts: list[PartCount] = []

    def count(units: "Units") -> Tally:
        with Working("Asking the server"), team_server(app.path, server) as connection:
            target = app.settings.target
            counted, found = team_tally(connection, span, app.today, target, units, part)
        parts.extend(found)
        return counted

    unit = None if part else chosen
    note = f"The team: everyone who shares their numbers. {SMALL_GROUPS}"
    result = shown_or_saved(
        app, count, unit, save, whole=all_, open_=open_, note=note, force=force, hints=False
    )
    if save is not None or result is None:
        return result
    return result._replace(
        beside={"by": plain(parts)} if part else {},
        page=lambda: [*result.page(), *parts_page(parts, part, app.settings)],
    )


@team.command("reasons")
def team_reasons(
    ctx: typer.Context,
    add: Annotated[str | None, typer.Option(metavar="CODE", help="Put it on the list.")] = None,
    kind: Annotated[str, typer.Option(metavar="KIND", help="said, by them, or real.")] = "real",
    weakness: WeaknessOption = None,
    drop: Annotated[str | None, typer.Option(metavar="CODE", help="Take it off the list.")] = None,
    server: _Server = None,
) -> Result:
    """Show the team's own reasons, or change them as a manager.

    A code of your own counts as other unless the team has it, too.

    lostsale team reasons --add bad-timing --kind real --weakness none
    """
    app: App = ctx.obj
    from lostsale.sync.share import team_codes
    from lostsale.sync.team import keep_code, team_server

    code = None
    if text := add or drop:
        import re

        name = "-".join(text.casefold().split())
        if not re.fullmatch(CODE, name):
            raise BadInput(f'"{text[:40]}" can\'t be a code', "Write it as too-late")
        shows = one_of(weakness, WEAKNESSES, "weakness") if weakness is not None else None
        code = Code(name, one_of(kind, REASON_KINDS, "kind of reason"), shows)
    with team_server(app.path, server) as connection:
        if code:
            keep_code(connection, code, drop=not add)
        codes = team_codes(connection)
    shown = [{"code": one.code, "kind": one.kind, "weakness": one.weakness} for one in codes]
    return Result("reasons", shown, lambda: _codes_page(codes))


def _codes_page(codes: list[Code]) -> Page:
    if not codes:
        return ["The team has no codes of its own."]
    rows = tuple(Row((one.code, one.kind, one.weakness or "-")) for one in codes)
    return [Grid((Column("Code"), Column("Kind"), Column("Weakness")), rows)]


@team.command("roles")
def team_roles(
    reps: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Reps.")] = None,
    manager: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A manager; repeat it for each one.")
    ] = None,
) -> Result:
    """Print the SQL that makes reps and managers.

    The database's owner runs it, then gives each role a password.

    lostsale team roles jo ana --manager kim | psql sales
    """
    from lostsale.sync.team import roles_sql

    if not reps and not manager:
        raise BadInput("You didn't say whose roles", "Try", "team roles jo ana --manager kim")
    lines = roles_sql(reps or (), manager or ())
    return Result("sql", lines, lambda: list(lines))
