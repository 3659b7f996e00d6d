"""Lost deals in other programs' files: what each column holds, which rows are lost, and what is
kept of each. The files are synthetic, written by hand."""

import sys
from contextlib import ExitStack, closing
from datetime import date

import pytest

from lostsale.crm.columns import plain_header
from lostsale.crm.deals import DealFile, Defaults
from lostsale.crm.detect import ImportOptions
from lostsale.crm.formats import UNKNOWN_PROGRAM
from lostsale.crm.written import read_written
from lostsale.domain.money import Money
from lostsale.domain.reasons import PLAIN, Code, Reason, Vocabulary
from lostsale.errors import BadInput

NEEDED = "Stage,Close date"
CALLS = 30  # of functions of ours and imports, for a row that has nothing unusual
DOLLARS = Defaults("USD")


@pytest.fixture
def opened(tmp_path):
    """Survey a file of these bytes."""

    def opened(content, mapped=(), lost_when=(), order="", defaults=DOLLARS):
        path = tmp_path / "deals.csv"
        path.write_bytes(content)
        options = ImportOptions(dict(mapped), lost_when, order)
        file = DealFile(str(path), options, defaults, lambda _: None)
        stack.enter_context(closing(file))
        file.survey()
        return file

    with ExitStack() as stack:
        yield opened


@pytest.fixture
def surveyed(opened):
    """Survey a file of these lines."""

    def surveyed(*lines, usual_order="", **options):
        defaults = Defaults("USD", date_order=usual_order)
        return opened("\n".join(lines).encode(), defaults=defaults, **options).layout

    return surveyed


@pytest.fixture
def lost(opened):
    """Return the lost deals of a file of these lines."""

    def lost(*lines, currency="USD", decimal="", vocabulary=PLAIN, **options):
        file = opened("\n".join(lines).encode(), defaults=Defaults(currency, decimal), **options)
        return list(file.read(vocabulary))

    return lost


@pytest.fixture
def one(lost):
    """Return the only loss of a file with one lost deal that has these cells: `one(Amount="5")`."""

    def one(options=None, **cells):
        cells = {"Stage": "Lost", "Close date": "2026-01-02", **cells}
        quoted = (f'"{cell}"' for cell in cells.values())
        (deal,) = lost(",".join(cells), ",".join(quoted), **(options or {}))
        assert deal.why == ""
        return deal.loss

    return one


def columns(layout, *fields):
    return [layout.columns.get(field) for field in fields]


# Which column holds what


@pytest.mark.parametrize(
    "header",
    [
        "Close Date",
        "close date",
        "CLOSE_DATE",
        "close_date",
        "closedate",
        "CloseDate",
        "  Close  Date ",
        "Close-Date",
        "Close.Date",
        "__close_date__",
    ],
)
def test_a_header_is_known_in_any_case_and_with_any_signs_between(surveyed, header):
    layout = surveyed(f"Stage,{header}", "Lost,2026-01-02")
    assert layout.columns["lost_on"] == (header.strip(),)
    assert layout.is_certain


def test_a_byte_order_mark_does_not_hide_the_first_header(opened):
    file = opened("Stage,Close date\nLost,2026-01-02\n".encode("utf-8-sig"))
    assert file.layout.columns["status"] == ("Stage",)


KNOWN = {
    "record": "Record ID|Deal ID|opportunity_id|Opp ID|Lead Id|ID",
    "status": "Outcome|Deal outcome|Result|Status|status_label|Stage|Deal Stage|StageName"
    "|Sales stage|Pipeline stage",
    "lost_on": "Lost date|date_lost|Lost time|Lost on|Lost at|Close Date|Closed date|Date closed"
    "|Closed on|Closing Date|Actual Close Date|Deal closed on",
    "prospect": "Prospect|Account|Account Name|account_name|Company|Company name|Organization"
    "|Organisation|Customer|Client|lead_name|Deal Name|Opportunity Name|Opportunity|Deal|Title"
    "|Name",
    "contact": "Contact|Contact name|Contact person|Primary Contact",
    "email": "Email|E-mail|Email address|Contact email",
    "phone": "Phone|Phone number|Contact phone|Mobile",
    "product": "Product|Product Name|Products",
    "amount": "Amount|Deal amount|Total Amount|Value|Deal value|close_value|Revenue"
    "|Expected Revenue|Est. Revenue|Total value",
    "currency": "Currency|Currency code|CurrencyIsoCode",
    "guess": "Loss reason|lost_reason|Closed Lost Reason|Reason For Loss|Reason lost|Reason",
    "lost_to": "Competitor|Main competitor|Competitor name|Lost to",
    "stage": "lost_at_stage|Stage lost|Last stage",
    "note": "Description|Note|Notes|Comments",
    "again": "Renewal date|Contract end|Lease expiration date",
}


@pytest.mark.parametrize(
    ("field", "header"),
    [(field, header) for field, headers in KNOWN.items() for header in headers.split("|")],
)
def test_a_usual_header_tells_its_field_with_certainty(surveyed, field, header):
    others = {"status": "Phase of the deal", "lost_on": "Day"} | {field: header}
    mapped = {name: others[name] for name in ("status", "lost_on") if name != field}
    row = ["Lost", "2026-01-02", "USD" if field == "currency" else "x"][: len(others)]
    layout = surveyed(",".join(others.values()), ",".join(row), mapped=mapped)
    assert layout.columns[field] == (header,)
    assert layout.is_certain


def test_every_field_has_a_usual_header():
    assert set(KNOWN) == set(UNKNOWN_PROGRAM.columns) - {
        *("is_lost", "is_won", "is_closed", "active", "probability", "title")
    }


@pytest.mark.parametrize(
    "header",
    ["Owner", "Created date", "Sales rep", "Probability", "Owner name", "Region", "Days open"],
)
def test_an_unknown_header_is_left_alone(surveyed, header):
    layout = surveyed(f"{NEEDED},{header}", "Lost,2026-01-02,x")
    assert set(layout.columns) == {"status", "lost_on"}
    assert layout.is_certain


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Where it stands (stage)", "status"),
        ("Deal status now", "status"),
        ("Final outcome", "status"),
        ("Date on which it closed", "lost_on"),
        ("Lost as of date", "lost_on"),
        ("Closing day or so", "lost_on"),
        ("Amount at last", "amount"),
        ("Contract value", "amount"),
        ("Revenue in year 1", "amount"),
        ("Why (reason)", "guess"),
    ],
)
def test_a_header_that_only_resembles_a_usual_one_is_a_guess(surveyed, header, field):
    others = {"status": "Stage", "lost_on": "Close date"} | {field: header}
    row = "Lost,2026-01-02,5".split(",")[: len(others)]
    layout = surveyed(",".join(others.values()), ",".join(row))
    assert layout.columns[field] == (header,)
    assert not layout.is_certain


def test_a_guess_gives_way_to_a_usual_header(surveyed):
    layout = surveyed(
        "Expected close date,Deal stage now,Stage,Close date,Net amount,Amount",
        "2026-09-09,Lost,Lost,2026-01-02,4,5",
    )
    assert columns(layout, "status", "lost_on", "amount") == [
        ("Stage",),
        ("Close date",),
        ("Amount",),
    ]
    assert layout.is_certain


@pytest.mark.parametrize("order", [1, -1])
def test_an_account_is_preferred_to_the_name_of_the_deal_wherever_it_stands(one, order):
    cells = {"Deal name": "The lathe", "Account name": "Acme"}
    assert one(**dict(list(cells.items())[::order])).prospect == "Acme"


def test_where_the_account_is_empty_the_deal_tells_its_name(lost):
    found = lost(
        f"{NEEDED},Deal name,Account name",
        "Lost,2026-01-02,The lathe,Acme",
        "Lost,2026-01-03,The mill,",
    )
    assert [deal.loss.prospect for deal in found] == ["Acme", "The mill"]


def test_a_row_without_a_name_takes_its_record_id_and_else_is_unnamed(lost):
    found = lost(f"Id,Name,{NEEDED}", "7,,Lost,2026-01-02", ",,Lost,2026-01-03")
    assert [deal.loss.prospect for deal in found] == ["7", "unnamed"]


def test_a_file_without_any_name_or_id_has_unnamed_losses(one):
    assert one().prospect == "unnamed"


def test_the_day_of_the_loss_is_preferred_to_the_close_date(lost):
    found = lost(
        "Stage,Close date,Lost time",
        "Lost,2026-09-09,2026-01-02 07:43:21",
        "Lost,2026-03-04,",
        "Lost,,2026-05-06",
        "Lost,,",
    )
    assert [deal.loss and str(deal.loss.lost_on) for deal in found] == [
        "2026-01-02",
        "2026-03-04",
        "2026-05-06",
        None,
    ]


# Which rows are lost


@pytest.mark.parametrize(
    "cell",
    ["Lost", "lost", "LOST", "Closed Lost", "closedlost", "Closed - Lost", "6 Lost!", "Deal lost"],
)
def test_a_cell_with_lost_in_it_means_lost(surveyed, cell):
    layout = surveyed(NEEDED, f"{cell},2026-01-02", "Closed Won,2026-01-02", ",2026-01-02")
    assert (layout.rows, layout.lost) == (3, 1)


@pytest.mark.parametrize("word", ["Declined", "declined", "DECLINED"])
def test_another_word_means_lost_if_it_is_named(lost, word):
    lines = (NEEDED, "Declined,2026-01-02", "Lost,2026-01-03", "Declined twice,2026-01-04")
    found = lost(*lines, lost_when=(word,))
    assert [deal.line for deal in found] == [2, 3]


@pytest.mark.parametrize(
    ("headers", "row", "told"),
    [
        ("Stage,Outcome", "Lost contact,Won", "Outcome"),
        ("Stage,Outcome", "Negotiation,Lost", "Outcome"),
        ("Stage,Deal status", "Negotiation,Lost", "Deal status"),
        ("Status,Outcome", "Lost,Lost", "Outcome"),
    ],
)
def test_an_outcome_is_preferred_to_a_status_and_that_to_a_stage(surveyed, headers, row, told):
    layout = surveyed(f"{headers},Close date", f"{row},2026-01-02", "Lost,Lost,2026-01-03")
    assert layout.columns["status"] == (told,)


@pytest.mark.parametrize(
    ("headers", "told"), [("Status,Stage", "Stage"), ("Outcome,Status,Stage", "Stage")]
)
def test_the_column_in_which_something_is_lost_tells(surveyed, headers, told):
    row = "Closed," * headers.count(",") + "Closed Lost,2026-01-02"
    layout = surveyed(f"{headers},Close date", row)
    assert (layout.columns["status"], layout.lost) == ((told,), 1)


@pytest.mark.parametrize("mark", ["x", "checked", "✓", "✔️", "☑", "TRUE", "1", "ja", "igen", "да"])
def test_a_mark_under_lost_tells(lost, mark):
    lines = ("Name,Won,Lost,Decided on", f"Acme,{mark},,2026-01-02", f"Birch,,{mark},2026-01-03")
    (deal,) = lost(*lines, "Cedar,,,")
    assert deal.loss.prospect == "Birch"


def test_closed_and_not_won_is_lost_and_a_budget_of_the_client_is_no_name(lost):
    (deal,) = lost(
        "opportunity_code,client_budget,is_closed,is_closed_won,close_date,amount",
        "O-1,900,True,True,2026-01-02,500",
        "O-2,900,True,False,2026-01-03,500",
        "O-3,900,False,False,,500",
    )
    assert (deal.loss.prospect, deal.loss.money) == ("O-2", Money(500_00, "USD"))


def test_a_named_word_tells_the_column_too(surveyed):
    lines = ("Status,Stage,Close date", "Open,Declined,2026-01-02")
    assert surveyed(*lines, lost_when=("declined",)).columns["status"] == ("Stage",)


def test_rows_that_are_not_lost_are_counted_only(lost, surveyed):
    lines = (
        f"{NEEDED},Reason",
        "Won,2026-01-02,Price",
        "Open,2026-01-02,Price",
        ",,",
        "Lost,2026-01-03,Price",
        ",2026-01-05,Price",
    )
    assert (surveyed(*lines).rows, surveyed(*lines).lost) == (4, 1)
    assert [deal.line for deal in lost(*lines)] == [5]


def test_a_deal_is_told_with_the_line_on_which_it_begins(lost):
    found = lost(
        f"Name,{NEEDED}",
        '"A\nB\nC",Lost,2026-01-02',
        "",
        "D,Won,2026-01-02",
        "E,Lost,2026-01-02",
    )
    assert [(deal.line, deal.loss.prospect) for deal in found] == [(2, "A\nB\nC"), (7, "E")]


def test_a_file_without_a_lost_row_is_refused_with_the_values_that_it_has(surveyed):
    rows = [f"{value},2026-01-02" for value in ("Won", "Won", "Open", "")]
    with pytest.raises(BadInput, match='"Stage" has "Won", "Open"\\.') as error:
        surveyed(NEEDED, *rows)
    assert "--lost-when" in error.value.hint


def test_values_are_named_in_part_and_not_all(surveyed):
    rows = [f"{'x' * 30}{n:03},2026-01-02" for n in range(300)]
    with pytest.raises(BadInput, match=r"No row of deals\.csv is a lost deal") as error:
        surveyed(NEEDED, *rows)
    assert error.value.what.count("x" * 30) == 6


@pytest.mark.parametrize("rows", [[], [",2026-01-02"]])
def test_a_file_that_says_nothing_of_any_deal_is_refused(surveyed, rows):
    with pytest.raises(BadInput, match='"Stage" has no values'):
        surveyed(NEEDED, *rows)


def test_a_word_for_lost_is_found_among_any_number_of_others(surveyed):
    rows = [f"Step {n},2026-01-02" for n in range(500)]
    layout = surveyed(NEEDED, *rows, *["Lost,2026-01-02"] * 3)
    assert (layout.rows, layout.lost) == (503, 3)


@pytest.mark.parametrize(
    ("headers", "what"),
    [
        ("Id,Stage,Amount", "No column of deals.csv says when a deal was lost"),
        ("Id,Stage,Created date", "No column of deals.csv says when a deal was lost"),
        ("Id,Close date,Amount", "No column of deals.csv says what became of a deal"),
    ],
)
def test_a_file_without_a_needed_column_is_refused_with_what_it_has(surveyed, headers, what):
    with pytest.raises(BadInput, match=what) as error:
        surveyed(headers, "1,Lead,5")
    assert headers.replace(",", ", ") in error.value.hint
    assert "--map" in error.value.hint


# By hand


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *((field, field) for field in UNKNOWN_PROGRAM.columns if field != "title"),
        ("title", "prospect"),
        ("id", "record"),
        ("outcome", "status"),
        ("reason", "guess"),
        ("name", "prospect"),
    ],
)
def test_a_column_is_mapped_by_hand_to_any_field_or_its_other_name(surveyed, name, field):
    layout = surveyed(
        f"{NEEDED},My own column", "Lost,2026-01-02,lost", mapped={name: "my_own column"}
    )
    assert layout.columns[field] == ("My own column",)
    assert layout.is_certain


def test_what_is_mapped_by_hand_beats_every_header(one):
    found = one(
        {"mapped": {"prospect": "Site", "lost_on": "Day"}}, Name="A", Site="B", Day="2026-02-03"
    )
    assert (found.prospect, str(found.lost_on)) == ("B", "2026-02-03")


def test_a_column_mapped_by_hand_is_taken_from_the_field_that_it_would_have(one):
    found = one({"mapped": {"contact": "Name"}}, Name="Ana", Company="")
    assert (found.contact, found.prospect) == ("Ana", "Ana")


def test_a_stage_mapped_by_hand_tells_what_became_of_a_deal_where_nothing_else_does(surveyed):
    layout = surveyed("Phase,Close date", "Lost,2026-01-02", mapped={"stage": "Phase"})
    assert columns(layout, "status", "stage") == [("Phase",), ("Phase",)]


@pytest.mark.parametrize(
    ("mapped", "what", "hint"),
    [
        ({"lost_on": "Closed date"}, 'has no column "Closed date"', "Did you mean Close date?"),
        ({"lost_on": "Xyz"}, 'has no column "Xyz"', "The columns are Stage, Close date"),
        (
            {"lost on": "Close date"},
            'There\'s no field "lost on"',
            "Choose from record, status, lost_on",
        ),
        ({"said": "Close date"}, 'There\'s no field "said"', "Choose from record"),
    ],
)
def test_a_mapping_to_what_is_not_there_is_refused(surveyed, mapped, what, hint):
    with pytest.raises(BadInput, match=what) as error:
        surveyed(NEEDED, "Lost,2026-01-02", mapped=mapped)
    assert hint in error.value.hint


# Days


def numeric(*cells, header="Close date"):
    """A file with a lost deal of the first of these days, and deals that are not lost."""
    open_ = (f'Open,"{cell}"' for cell in cells[1:])
    return (f"Stage,{header}", *open_, f"Lost,{cells[0]}")


@pytest.mark.parametrize(
    ("cells", "order", "day"),
    [
        (["03/04/2026", "13/04/2026"], "dmy", "2026-04-03"),
        (["03/04/2026", "04/13/2026"], "mdy", "2026-03-04"),
        (["3-4-26", "31-12-26"], "dmy", "2026-04-03"),
        (["3/4/26 10:22 AM", "12/31/26 9:00 PM"], "mdy", "2026-03-04"),
        (["31/12/2026"], "dmy", "2026-12-31"),
        (["12/31/2026"], "mdy", "2026-12-31"),
    ],
)
def test_any_row_of_a_column_settles_the_order_of_its_days(surveyed, lost, cells, order, day):
    layout = surveyed(*numeric(*cells))
    assert set(layout.orders["Close date"].values()) == {order}
    assert layout.unsettled == {}
    assert str(lost(*numeric(*cells))[0].loss.lost_on) == day


@pytest.mark.parametrize("cell", ["03/04/2026", "03-04-26", "1/2/2026 10:00"])
def test_an_order_that_no_row_settles_stays_open(surveyed, cell):
    layout = surveyed(*numeric(cell, "2026-01-31", "", "Mar 31, 2026"))
    assert layout.unsettled == {"Close date": cell}


@pytest.mark.parametrize(
    "cell", ["2026-04-03", "2026/04/03", "03.04.2026", "Apr 3, 2026", "2026-04-03 10:22", ""]
)
def test_days_that_are_written_plainly_need_no_order(surveyed, cell):
    assert surveyed(*numeric("2026-01-02", cell)).unsettled == {}


@pytest.mark.parametrize(("order", "day"), [("dmy", "2026-04-03"), ("mdy", "2026-03-04")])
def test_an_order_that_was_named_is_taken(lost, order, day):
    (deal,) = lost(*numeric("03/04/2026"), order=order)
    assert str(deal.loss.lost_on) == day


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_the_usual_order_settles_what_the_file_does_not(surveyed, order):
    layout = surveyed(*numeric("03/04/2026"), usual_order=order)
    assert set(layout.orders["Close date"].values()) == {order}
    assert layout.unsettled == {}


def test_the_file_tells_better_than_the_usual_order(surveyed):
    layout = surveyed(*numeric("03/04/2026", "13/04/2026"), usual_order="mdy")
    assert layout.orders == {"Close date": {"/": "dmy"}}


def test_each_column_has_its_own_order(lost):
    found = lost(
        "Stage,Lost date,Close date",
        "Lost,03/04/2026,",
        "Lost,,03/04/2026",
        "Open,13/04/2026,04/13/2026",
    )
    assert [str(deal.loss.lost_on) for deal in found] == ["2026-04-03", "2026-03-04"]


def test_days_in_both_orders_are_refused(surveyed):
    with pytest.raises(BadInput, match='"Close date" has some dates with the day first'):
        surveyed(*numeric("13/04/2026", "04/13/2026"), usual_order="dmy")


def test_of_days_in_both_orders_those_in_the_named_one_are_taken(lost):
    found = lost(NEEDED, "Lost,13/04/2026", "Lost,04/13/2026", order="dmy")
    assert [deal.loss and str(deal.loss.lost_on) for deal in found] == ["2026-04-13", None]
    assert found[1].why == 'I can\'t read "04/13/2026" as a date'


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-30", "2026-11-30"),
        ("2026-1-5", "2026-01-05"),
        ("2026/11/30", "2026-11-30"),
        ("2026.11.30", "2026-11-30"),
        ("20261130", "2026-11-30"),
        ("2026-07-09 07:43:21", "2026-07-09"),
        ("2024-07-05 10:22", "2024-07-05"),
        ("2024-07-05T10:22:00Z", "2024-07-05"),
        ("2024-07-05T23:30:00.123456789-08:00", "2024-07-05"),  # the day where it was written
        ("2024-07-05 23:30:00 UTC", "2024-07-05"),
        ("2026-1-5 7:05 PM", "2026-01-05"),
        ("30.11.2026", "2026-11-30"),
        ("30.11.26", "2026-11-30"),
        ("1.2.2026 14:05", "2026-02-01"),
        ("Mar 12, 2024", "2024-03-12"),
        ("March 12, 2024", "2024-03-12"),
        ("12 Mar 2024", "2024-03-12"),
        ("12-Mar-2024", "2024-03-12"),
        ("12th March 2024", "2024-03-12"),
        ("Dec. 21, 2024", "2024-12-21"),
        ("Sept 3, 2024", "2024-09-03"),
        ("Tuesday, March 12, 2024", "2024-03-12"),
        ("Tue, 12 Mar 2024 10:00:00 GMT", "2024-03-12"),
        ("Mar 12, 2024 at 10:22 AM", "2024-03-12"),
        ("2024-02-29", "2024-02-29"),
        ("1900-01-01", "1900-01-01"),
    ],
)
@pytest.mark.parametrize("order", ["", "dmy", "mdy"])
def test_a_day_is_read_as_programs_write_it(text, day, order):
    assert read_written(text, order) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "dmy", "mdy"),
    [
        ("3/4/2025", "2025-04-03", "2025-03-04"),
        ("03-04-26", "2026-04-03", "2026-03-04"),
        ("03/04/2025 10:22 AM", "2025-04-03", "2025-03-04"),
        ("31/12/2026", "2026-12-31", None),
        ("12/31/2026", None, "2026-12-31"),
        ("03.04.2026", "2026-04-03", "2026-04-03"),
    ],
)
def test_a_numeric_day_is_read_in_its_order(text, dmy, mdy):
    for order, day in (("dmy", dmy), ("mdy", mdy)):
        if day:
            assert str(read_written(text, order)) == day
        else:
            with pytest.raises(BadInput, match="as a date"):
                read_written(text, order)


@pytest.mark.parametrize(
    "text",
    [
        *("today", "yesterday", "3d ago", "friday", "last friday", "in 2 weeks", "30 nov", "eom"),
        *("2026", "2026-11", "Nov 2026", "30/11", "30.11.", "5/2026", "Q4 2026", "1/2/3", "10:22"),
        *("2026-02-30", "31/02/2026", "2025-02-29", "2026-13-01", "00/00/0000", "0000-00-00"),
        *("1899-12-31", "9999-12-31", "2026-11-30 x", "2026-11-30 - 2026-12-01", "x 2026-11-30"),
        *("n/a", "-", "lost", "12-Foo-2024", "२०२६-११-३०"),
    ],
)
@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_what_is_no_whole_day_is_refused(text, order):
    with pytest.raises(BadInput, match="as a date"):
        read_written(text, order)


def test_a_weekday_that_contradicts_its_date_is_refused():
    with pytest.raises(BadInput, match="contradicts itself: 2024-03-12 is a Tuesday"):
        read_written("Mon, 12 Mar 2024")


@pytest.mark.parametrize("text", ["03/04/2026", "3-4-26"])
def test_a_numeric_day_without_an_order_is_refused(text):
    with pytest.raises(BadInput, match="could be day first or month first"):
        read_written(text)


# What is kept of a deal


def test_a_deal_keeps_what_its_columns_say(one):
    found = one(
        **{
            "Deal ID": "D-7",
            "Account": "Acme",
            "Contact": "Ana Ruiz",
            "E-mail": "a@b.c",
            "Phone": "0044 20 7946",
            "Product": "Lathe",
            "Amount": "$12,000.50",
            "Lost reason": "Price",
            "Competitor": "Kyolab",
            "Lost at stage": "Proposal",
            "Description": "over\ntwo lines",
        }
    )
    assert found.prospect == "Acme"
    assert (found.contact, found.email, found.phone) == ("Ana Ruiz", "a@b.c", "0044 20 7946")
    assert (found.product, found.money) == ("Lathe", Money(1_200_050, "USD"))
    assert found.guess == Reason("price-value", "Price", found=True)
    assert (found.lost_to, found.stage, found.note) == ("Kyolab", "Proposal", "over\ntwo lines")
    assert found.lost_on == date(2026, 1, 2)
    assert found.source == ("dealid+closedate+stage", "D-7")


@pytest.mark.parametrize(
    ("cells", "person"),
    [
        ({"Contact": "Bill 419-555-0101"}, ("Bill", "419-555-0101")),
        ({"Contact": "(419) 555-0101"}, (None, "(419) 555-0101")),
        ({"Phone": "Ann Lee 419-555-0101 x12"}, ("Ann Lee", "419-555-0101 x12")),
        ({"Phone": "Cell: 419-555-0101"}, (None, "Cell: 419-555-0101")),
        ({"Contact": "Room 5"}, ("Room 5", None)),
        ({"Contact": "Bill 2", "Phone": "419-555-0101"}, ("Bill 2", "419-555-0101")),
    ],
)
def test_a_cell_that_holds_a_person_and_their_phone_is_split(one, cells, person):
    found = one(**{"Contact": "", "Phone": "", **cells})
    assert (found.contact, found.phone) == person


@pytest.mark.parametrize(
    ("rival", "reason", "expected"),
    [
        ("do nothing", "", ("nobody", None)),
        ("No Decision", "Price", ("nobody", "price-value")),
        ("state contract", "", (None, "no-access")),
        ("Budget Blinds", "", ("Budget Blinds", None)),
        ("xerox", "", ("xerox", None)),
    ],
)
def test_what_stands_for_a_competitor_and_is_none_is_not_taken_for_one(
    one, rival, reason, expected
):
    found = one(Competitor=rival, **{"Lost reason": reason})
    assert (found.lost_to, found.guess and found.guess.code) == expected


def test_the_reason_of_a_program_is_neither_the_real_one_nor_what_they_said(one):
    found = one(Reason="Price")
    assert (found.real, found.said) == (None, None)


def test_empty_cells_keep_nothing(one):
    found = one(Account="", Contact="", Email="", Phone="", Product="", Amount="", Reason="")
    assert found.contact is found.email is found.phone is found.product is found.money is None
    assert found.guess is found.lost_to is found.stage is found.note is found.planned is None


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("0", 0),
        ("0.00", 0),
        ("12", 1200),
        ("12000.5", 1_200_050),
        ("12000.50", 1_200_050),
        ("$12,000", 1_200_000),
        ("$1,234,567.89", 123_456_789),
        ("12 000", 1_200_000),
        ("12'000.50", 1_200_050),
        ("12000 USD", 1_200_000),
        ("USD 12000", 1_200_000),
        ("99999999999.99", 9_999_999_999_999),
        ("12.345678", 1235),
        ("3383159.775", 338_315_978),
    ],
)
def test_an_amount_is_kept_to_the_cent(one, text, minor):
    assert one(Amount=text).money == Money(minor, "USD")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nothing yet", "not an amount"),
        ("1e5", "not an amount"),
        ("5000 kr", "not an amount"),
        ("5000 things", "not an amount"),
        ("1.234", "it could be two amounts"),
        ("100000000000", "not an amount"),
        ("9" * 5000, "not an amount"),
        ("12 XXX", "not an amount"),
        ("-23.59", "below zero"),
        ("(200)", "below zero"),
    ],
)
def test_an_amount_that_can_not_be_read_is_left_empty_and_named(lost, text, why):
    found = lost(f"{NEEDED},Amount", f'Lost,2026-01-02,"{text}"', "Lost,2026-01-03,5")
    assert (found[0].line, found[0].loss.money, found[0].is_undated) == (2, None, False)
    assert found[0].emptied == ((2, "amount", text, why),)
    assert found[1].loss.money == Money(500, "USD")


@pytest.mark.parametrize(
    "text", ["NULL", "N/A", "NA", "nan", "None", "-", "(blank)", "#N/A", "TBD"]
)
def test_what_means_nothing_is_empty_in_every_field(one, text):
    found = one(Account="Acme", Contact=text, Amount=text, Currency=text, Reason=text, Notes=text)
    assert found.contact is found.money is found.guess is found.note is None


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1834974.0000000002", 183_497_400),
        ("5500.499999999999", 550_050),
        ("0.30000000000000004", 30),
    ],
)
def test_the_noise_of_floating_point_is_rounded(one, text, minor):
    assert one(Amount=text).money == Money(minor, "USD")


def test_the_decimal_sign_that_was_set_is_taken(one):
    assert one({"decimal": ","}, Amount="2.900,50").money == Money(290_050, "USD")


@pytest.mark.parametrize(
    ("amount", "column", "money"),
    [
        ("5", "EUR", Money(500, "EUR")),
        ("5", "eur", Money(500, "EUR")),
        ("5", "", Money(500, "CHF")),
        ("5000", "JPY", Money(5000, "JPY")),
        ("5.25", "KWD", Money(5250, "KWD")),
        ("$5", "CAD", Money(500, "CAD")),
        ("€5", "USD", Money(500, "EUR")),
        ("5 GBP", "USD", Money(500, "GBP")),
        ("58 191,25 $ CA", "", Money(5_819_125, "CAD")),
        ("US $5", "", Money(500, "USD")),
        ("$5 MXN", "", Money(500, "MXN")),
        ("RM5", "", Money(500, "MYR")),
        ("$5", "$ CA", Money(500, "CAD")),
        ("5", "Euro (€)", Money(500, "EUR")),
        ("", "EUR", None),
        ("", "nonsense", None),
    ],
)
def test_an_amount_is_in_the_currency_that_it_names_or_its_column_or_the_usual_one(
    one, amount, column, money
):
    assert one({"currency": "CHF"}, Amount=amount, Currency=column).money == money


def test_a_column_most_of_whose_cells_are_no_currencies_is_none(lost, surveyed):
    lines = (f"{NEEDED},Amount,Currency", "Lost,2026-01-02,5,No invoice", "Lost,2026-01-03,6,-99")
    assert "currency" not in surveyed(*lines).columns
    assert [deal.loss.money for deal in lost(*lines)] == [Money(500, "USD"), Money(600, "USD")]


def test_a_currency_that_does_not_exist_is_named_and_the_usual_one_taken(lost):
    found = lost(f"{NEEDED},Amount,Currency", "Lost,2026-01-02,5,ABC", "Lost,2026-01-03,6,EUR")
    assert found[0].emptied == ((2, "currency", "ABC", "not a currency"),)
    assert [deal.loss.money for deal in found] == [Money(500, "USD"), Money(600, "EUR")]


@pytest.mark.parametrize(
    ("header", "money"),
    [
        ("Amount (EUR)", Money(500, "EUR")),
        ("amount_usd", Money(500, "USD")),
        ("Value €", Money(500, "EUR")),
        ("Бюджет ₽", Money(500, "RUB")),
        ("Montant ($ CA)", Money(500, "CAD")),
        ("Amount ($AUD)", Money(500, "AUD")),
        ("VALUE (R$)", Money(500, "BRL")),
        ("Value (RM)", Money(500, "MYR")),
        ("Preis in Euro", Money(500, "EUR")),
        ("Belopp (kr)", Money(500, "SEK")),
        ("Beløb kr.", Money(500, "DKK")),
        ("Deal Size (currency)", Money(500, "CHF")),
        ("TITLE AMOUNT", Money(500, "CHF")),
        ("Amount", Money(500, "CHF")),
    ],
)
def test_a_currency_in_the_header_is_taken(one, header, money):
    assert one({"currency": "CHF"}, **{header: "5"}).money == money


def test_which_of_several_currencies_a_header_means_is_asked(one):
    with pytest.raises(BadInput) as error:
        one(**{"Amount (kr)": "5"})
    assert error.value.options == ("--currency", "SEK")


OWN = Vocabulary(
    [
        Code("bad-timing", "real", "none"),
        Code("too-costly", "real", "competitive"),
        Code("price-value", "real", None, "too-costly"),
        Code("late", "said"),
    ]
)


@pytest.mark.parametrize(
    ("words", "code", "own"),
    [
        ("Price", "price-value", "too-costly"),
        ("Too expensive for them", "price-value", "too-costly"),
        ("price value", "price-value", "too-costly"),
        ("Missing Features", "product-gap", "product-gap"),
        ("No Decision / Stalled", "indecision", "indecision"),
        ("Timing / Budget Cycle", "no-money", "no-money"),
        ("Chose Competitor", "other", "other"),
        ("Bad timing, they said", "circumstance", "bad-timing"),
        ("bad-timing", "circumstance", "bad-timing"),
        ("Too costly", "price-value", "too-costly"),
        ("late", "too-slow", "too-slow"),
        ("other", "other", "other"),
        ("no-money", "no-money", "no-money"),
        ("price: they want half", "price-value", "too-costly"),
        ("nosuchcode: words", "other", "other"),
        ("Preis zu hoch", "price-value", "too-costly"),
        ("  Zu\nteuer\x1b[2J ", "price-value", "too-costly"),
    ],
)
def test_the_words_of_a_reason_are_kept_under_the_code_that_they_name(one, words, code, own):
    assert one(Reason=words).guess == Reason(code, words.strip(), found=True)
    assert one({"vocabulary": OWN}, Reason=words).guess == Reason(own, words.strip(), found=True)


# Knowing a deal again


def test_a_deal_is_known_by_its_record_whatever_else_changes(lost):
    before = lost(f"Id,{NEEDED},Amount,Name", "7,Lost,2026-01-02,5,Acme")
    after = lost(f"Amount,Name,{NEEDED},Id,New", "6,Acme Ltd,Closed Lost,2026-02-03,7,x")
    assert before[0].loss.uid == after[0].loss.uid
    assert before[0].loss.source == after[0].loss.source


@pytest.mark.parametrize("header", ["No.", "Deal ID", "Record ID"])
def test_a_record_of_another_program_is_another_deal(lost, header):
    (known,) = lost(f"Id,{NEEDED}", "7,Lost,2026-01-02")
    mapped = {"record": header} if header == "No." else {}
    (other,) = lost(f"{header},{NEEDED}", "7,Lost,2026-01-02", mapped=mapped)
    assert known.loss.uid != other.loss.uid


def test_a_deal_without_a_record_is_known_by_its_content_and_its_count_among_its_like(lost):
    lines = ("Name,Stage,Close date,Amount", "A,Lost,2026-01-02,5", "A,Lost,2026-01-02,5")
    twice = [deal.loss for deal in lost(*lines)]
    assert twice[0].uid != twice[1].uid
    assert twice[0].source.record != twice[1].source.record
    again = lost(*lines[:1], "B,Lost,2026-01-02,5", *lines[1:], "A,Lost,2026-01-02,6")
    uids = [deal.loss.uid for deal in again]
    assert uids[1:3] == [loss.uid for loss in twice]
    assert len(set(uids)) == 4


def test_a_row_whose_record_is_empty_is_known_by_its_content(lost):
    lines = (f"Id,Name,{NEEDED}", "7,A,Lost,2026-01-02", ",A,Lost,2026-01-02", ",B,Lost,2026-01-02")
    once, again = lost(*lines), lost(*lines)
    assert [deal.loss.uid for deal in once] == [deal.loss.uid for deal in again]
    assert len({deal.loss.uid for deal in once}) == 3
    assert once[0].loss.source.record == "7"


def test_the_same_record_twice_is_one_deal(lost):
    first, second = lost(f"Id,{NEEDED}", "7,Lost,2026-01-02", "7,Lost,2026-02-03")
    assert first.loss.uid == second.loss.uid


def test_a_deal_is_known_again_in_a_file_of_another_delimiter_and_encoding(lost, opened):
    text = f"Id,{NEEDED},Name\n7,Lost,2026-01-02,Zoë\n"
    (known,) = lost(*text.splitlines())
    (again,) = opened(text.replace(",", "\t").encode("utf-16")).read(PLAIN)
    assert again.loss == known.loss


def test_a_deal_without_a_day_is_told_and_given_none(lost):
    found = lost(NEEDED, "Lost,", "Lost,2026-01-02", "Lost,soon")
    assert [(deal.line, deal.why, deal.is_undated) for deal in found if not deal.loss] == [
        (2, "no day of the loss", True),
        (4, 'I can\'t read "soon" as a date', False),
    ]


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ("Close Date", "closedate"),
        ("\ufeffRecord ID", "recordid"),
        ("Deal - Title", "dealtitle"),
        ("Est. Revenue", "estrevenue"),
        ("__", ""),
        ("Straße", "strasse"),
    ],
)
def test_headers_are_compared_by_their_letters_and_digits(header, known):
    assert plain_header(header) == known


@pytest.mark.parametrize("zone", ["UTC", "GMT"])
def test_a_zone_behind_a_day_alone_is_left_out(zone):
    assert str(read_written(f"2026-11-30 {zone}")) == "2026-11-30"


@pytest.mark.parametrize(
    ("place", "text", "day"),
    [
        ("America/New_York", "1795996800000", "2026-11-30"),  # midnight in UTC: a whole day
        ("Asia/Tokyo", "1795996800000", "2026-11-30"),
        ("America/New_York", "1796083199000", "2026-11-30"),
        ("Asia/Tokyo", "1796083199000", "2026-12-01"),
        ("America/New_York", "2026-12-01T02:30:00Z", "2026-11-30"),
        ("Asia/Tokyo", "2026-11-30T20:00:00.000+0000", "2026-12-01"),
        ("Asia/Tokyo", "2026-11-30 20:00:00 UTC", "2026-12-01"),
        ("Asia/Tokyo", "2026-11-30T23:30:00-08:00", "2026-11-30"),  # where it was written
        ("Asia/Tokyo", "2026-11-30 23:30:00", "2026-11-30"),
    ],
)
def test_a_moment_in_utc_is_of_the_day_here(zone, place, text, day):
    zone(place)
    assert str(read_written(text)) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/4/69", "2069-04-03"),
        ("3/4/70", "1970-04-03"),
        ("3/4/98", "1998-04-03"),
        ("3/4/2075", "2075-04-03"),
        ("12-Mar-98", "1998-03-12"),
    ],
)
def test_two_digits_of_a_year_from_70_on_are_of_the_last_century(text, day):
    assert str(read_written(text, "dmy")) == day


def test_the_last_year_of_the_calendar_is_read_as_written():
    assert str(read_written("9998-12-31")) == "9998-12-31"


def test_what_is_no_date_is_told_how_to_write_one():
    with pytest.raises(BadInput, match=f'^I can.t read "{"x" * 40}" as a date') as refused:
        read_written("x" * 41)
    assert refused.value.hint == "Write it as 2026-11-30"


def test_a_longer_state_of_deals_that_still_have_a_probability_is_open(lost):
    rows = (
        "Deal,Stage,Close date,Probability",
        *(
            f"{name},{stage},2026-03-01,{chance}"
            for name, stage, chance in (
                ("Ada", "Closed lost", "0%"),
                ("Bo", "Closed lost", "0%"),
                ("Cy", "Contact lost: call again", "25%"),
                ("Di", "Lost to a rival", "0%"),
            )
        ),
    )
    assert [deal.loss.prospect for deal in lost(*rows)] == ["Ada", "Bo", "Di"]
    assert len(lost(*rows, lost_when=("Contact lost: call again",))) == 4


@pytest.mark.parametrize(
    ("title", "currency"),
    [("Offers in CHF", "CHF"), ("ALL offers", "USD"), ("Cad offers", "USD"), ("€ or CHF", "USD")],
)
def test_a_currency_named_above_the_headers_is_that_of_the_amounts(lost, title, currency):
    rows = title, "", "Deal,Status,Close date,Amount", "Ada,Lost,2026-03-01,500"
    assert [deal.loss.money for deal in lost(*rows)] == [Money(500_00, currency)]


def test_a_total_of_the_deal_comes_before_the_values_of_its_lines(surveyed):
    headers = "Opportunity ID,Status,Closed,Line,Product,Line value,Opportunity total"
    lines = (f"O-1,Lost,2026-03-01,{line},Pump,50,100" for line in (1, 2))
    assert surveyed(headers, *lines).columns["amount"] == ("Opportunity total",)


def test_amounts_are_known_by_their_cells_whatever_spaces_are_in_them(surveyed):
    space = "\N{NO-BREAK SPACE}"
    rows = (f"100{n},A{n},Lost,2026-03-01,{n}{space}250{space}Ft" for n in (7, 8))
    assert surveyed("Xyz,Deal,Status,Close date,Abc", *rows).columns["amount"] == ("Abc",)


def test_a_list_in_parts_says_above_each_what_its_deals_are(lost):
    top = "Customer,Amount,Decided,Why", "IN TALKS,,,", "Ada,5,,"
    won, parts = ("WON,,,", "Bo,6,2026-03-01,"), ("LOST,,,", "Cy,7,2026-03-02,price")
    assert [deal.loss.prospect for deal in lost(*top, *won, *parts)] == ["Cy"]


def test_the_first_column_of_a_report_is_what_its_groups_are(lost):
    rows = "Too dear,,,", ",Ada,Lost,2026-03-02", ",Bo,Lost,2026-03-03", "Too slow,,,"
    deals = lost("Win/Loss Reason,Customer,Status,Closed", *rows, ",Cy,Lost,2026-03-04")
    assert [deal.loss.guess.words for deal in deals] == ["Too dear", "Too dear", "Too slow"]


@pytest.mark.parametrize(
    ("closed", "moved", "column"),
    [
        ("2026-02-01", "2026-02-03", "Close Date"),
        ("2027-02-01", "2026-02-03", "Milestone Changed Date"),
        ("2026-02-07", "2026-02-03", "Close Date"),  # from its last open stage it was lost
    ],
)
def test_a_day_of_the_end_that_is_still_to_come_was_planned(opened, closed, moved, column):
    rows = (f"{name},Lost,{closed},{moved},5\n" for name in ("Ada", "Bo"))
    text = "Customer,Milestone,Close Date,Milestone Changed Date,Amount\n" + "".join(rows)
    file = opened(text.encode(), defaults=Defaults("USD", today=date(2026, 3, 1)))
    assert file.layout.columns["lost_on"][0] == column


@pytest.mark.parametrize(
    ("headers", "cells", "field", "column"),
    [
        ("Close Date,Actual Close Date", "2026-02-01,2026-02-03", "lost_on", "Actual Close Date"),
        ("Fcst close,Closed", "2026-02-01,2026-02-03", "lost_on", "Closed"),
        ("Closed on,Subtotal ($),Total ($)", "2026-02-01,80,95", "amount", "Total ($)"),
        ("Closed on,$ / head,Total est.", "2026-02-01,$8,$95", "amount", "Total est."),
        ("Closed on,Jobs subtotal,Jobs total", "2026-02-01,80,95", "amount", "Jobs total"),
    ],
)
def test_the_better_of_two_columns_is_taken_and_is_certain(surveyed, headers, cells, field, column):
    layout = surveyed(f"Customer,Status,{headers}", f"A,Lost,{cells}", f"B,Lost,{cells}")
    assert layout.columns[field][0] == column
    assert layout.is_certain


@pytest.mark.parametrize(
    ("company", "person", "prospect", "product"),
    [
        ("Bo Ltd", "Cy", "Bo Ltd", "Pumps"),
        ("", "Cy", "Cy", "Pumps"),
        ("", "", "Pumps", None),
    ],
)
def test_what_a_deal_is_called_is_its_product_beside_a_customer(
    one, company, person, prospect, product
):
    found = one({}, **{"Deal name": "Pumps", "Company": company, "Contact person": person})
    assert (found.prospect, found.product) == (prospect, product)


@pytest.mark.parametrize(
    ("amount", "order"), [("Amount", "mdy"), ("Amount,GST", "dmy"), ("Amount (EUR)", "dmy")]
)
def test_the_order_of_days_that_is_proposed_is_usual_where_the_amounts_are(opened, amount, order):
    file = opened(f"Customer,Status,Closed,{amount}\nA,Lost,03/04/2026,5\n".encode())
    with pytest.raises(BadInput) as error:
        file.check_dates()
    assert error.value.options == ("--dates", order)


def test_a_customers_no_with_no_better_day_than_a_change_is_agreed_to(surveyed):
    rows = "A,Rejected,2026-02-03,5", "B,Accepted,2026-02-04,6"
    assert not surveyed("Customer,Status,Modified,Amount", *rows).is_certain
    assert surveyed("Customer,Status,Closed on,Amount", *rows).is_certain


def test_a_plain_row_takes_few_calls(opened):
    names = "Deal ID,Company,Contact,Email,Phone,Product,Stage,Close date,Amount,Lost reason"

    def calls(count):
        texts = "D-{},Firm {},Ana Ruiz,a@b.c,555-0134,Mill,Closed Lost,2026-11-20,{}.00,Price"
        rows = [texts.format(n, n, 100 + n) for n in range(count)]
        file, made = opened("\n".join([names, *rows]).encode()), []
        sys.setprofile(lambda frame, event, _: made.append(frame) if event == "call" else None)
        try:
            assert all(deal.loss for deal in file.read(PLAIN))
        finally:
            sys.setprofile(None)
        return len(made)

    assert (calls(300) - calls(100)) / 200 <= CALLS
