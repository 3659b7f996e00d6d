"""Exports of every program, and every way in which they are written, through the public command:
what is taken of each row. The files are synthetic, written by hand."""

import gzip
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from test_questions import ended

EXPORTS = Path(__file__).parent / "exports"
EPOCH = 1_783_209_600_000  # 2026-07-05 in UTC


@pytest.fixture
def imports(run):
    """Import a file and return what its JSON says."""

    def imports(path, options="", **run_options):
        line = ["import", str(path), *shlex.split(options), "--json"]
        return run(line, **run_options).json["import"]

    return imports


@pytest.fixture
def written(tmp_path):
    """Write a file and return its path."""

    def written(content, name="deals.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def kept(run):
    """Return all losses by the record that they come from."""
    return lambda: {
        (one["source"] or {}).get("record"): one for one in run("list --json").json["losses"]
    }


# Every program


class Export(NamedTuple):
    """A file: how it is named, what is counted, why lines are not taken, and what is kept."""

    format: str
    rows: int
    lost: int
    added: int
    undated: int
    skipped: dict[int, str]
    losses: list[tuple]
    options: str = ""
    duplicates: int = 0


UNDATED = "no day of the loss"
# prospect, day, amount, currency, stage, the guess's code and its words
TRUTH = {
    "hubspot.csv": Export(
        "HubSpot",
        rows=7,
        lost=5,
        added=3,
        undated=1,
        duplicates=1,
        skipped={8: UNDATED},
        losses=[
            ("9306", "2025-11-02", "0.00", "USD", None, "price-value", "Preis zu hoch"),
            (
                *("Jon Ek", "2026-03-11", None, None, None, "other"),
                'They said:\n"not this year", then\nno budget',
            ),
            (
                "Alder Freight",
                "2026-07-05",
                "18500.00",
                "EUR",
                None,
                "price-value",
                "Too expensive",
            ),
        ],
    ),
    "hubspot_api.csv": Export(
        "HubSpot",
        rows=6,
        lost=4,
        added=3,
        undated=1,
        skipped={7: UNDATED},
        losses=[
            ("Elm press", "2026-01-01", None, None, None, None, None),
            ("Birch press", "2026-05-20", "800.00", "USD", None, "no-access", "No response"),
            (
                *("Alder press", "2026-07-05", "1200.00", "EUR", None),
                *("other", "Chose Competitor"),
            ),
        ],
    ),
    "salesforce_report.csv": Export(
        "Salesforce",
        rows=6,  # as its Grand Totals say
        lost=4,
        added=4,
        undated=0,
        skipped={},
        losses=[
            ("Elm - Gates", "2025-12-01", None, None, None, None, None),
            ("Fir Works", "2025-12-02", None, None, None, None, None),  # (200), which is no amount
            (
                *("Alder Freight", "2026-03-14", "1234567.00", "USD", None),
                *("other", "Chose Competitor"),
            ),
            (
                *("Cedar Stores", "2026-04-03", "0.00", "EUR", None),
                *("indecision", "No Decision / Stalled"),
            ),
        ],
    ),
    "salesforce_api.csv": Export(
        "Salesforce",
        rows=6,
        lost=4,
        added=3,
        undated=0,
        duplicates=1,
        skipped={},
        losses=[
            ("Dogwood Fleet", "2024-02-29", None, None, None, None, None),
            (
                *("Elm Fleet", "2025-01-31", "18070.37", "USD", None),
                *("relationship", "Loyal to the incumbent"),
            ),
            ("Alder Fleet", "2026-02-28", "45000.00", "GBP", None, "circumstance", "Timing"),
        ],
    ),
    "pipedrive.csv": Export(
        "Pipedrive",
        rows=6,
        lost=3,
        added=2,
        undated=1,
        skipped={6: UNDATED},
        losses=[
            ("Jon Ek", "2025-12-24", "0", "JPY", "Contact made", "no-access", "Went dark"),
            (
                *("Alder Freight", "2026-07-09", "18500.00", "EUR", "Proposal made"),
                *("price-value", "Too expensive"),
            ),
        ],
    ),
    "pipedrive_prefixed.csv": Export(
        "Pipedrive",
        rows=4,
        lost=3,
        added=2,
        undated=1,
        skipped={5: UNDATED},
        losses=[
            ("Birch deal", "2026-01-31", "64900.00", "SEK", "Negotiations started", None, None),
            (
                *("Alder Freight", "2026-07-09", "18500.00", "EUR", "Proposal made"),
                *("price-value", "Zu teuer"),
            ),
        ],
    ),
    "zoho.csv": Export(
        "Zoho",
        rows=6,
        lost=4,
        added=3,
        undated=1,
        skipped={7: UNDATED},
        losses=[
            ("Cedar Stores", "2025-10-31", "1050.00", "USD", None, "other", "Competition"),
            ("Dogwood fleet", "2026-02-03", None, None, None, "no-money", "Budget"),
            (
                *("Alder Freight", "2026-07-05", "18500.00", "EUR", None),
                *("poor-fit", "Expectation Mismatch"),
            ),
        ],
    ),
    "odoo.csv": Export(
        "Odoo",
        rows=6,
        lost=4,
        added=3,
        undated=1,
        skipped={7: UNDATED},
        losses=[
            (
                *("Elm fleet", "2025-12-31", "0.00", "USD", "Qualified"),
                *("our-company", "We don't have people/skills"),
            ),
            ("Birch Depot", "2026-06-01", "7200.00", "EUR", "New", None, None),
            (
                *("Alder Freight", "2026-07-05", "18500.00", "EUR", "Proposition"),
                *("price-value", "Too expensive"),
            ),
        ],
    ),
    "close.csv": Export(
        "Close",
        rows=6,
        lost=4,
        added=3,
        undated=1,
        skipped={8: UNDATED},
        losses=[
            ("Jon Ek", "2025-12-31", None, None, None, None, None),
            (
                *("Dogwood AG", "2026-02-03", "49.50", "EUR", None),
                *("no-access", "Long story.\nThey went silent in May"),
            ),
            (
                *("Alder Freight", "2026-07-05", "18500.00", "USD", None),
                *("price-value", "Too expensive for them"),
            ),
        ],
    ),
    "dynamics.csv": Export(
        "Dynamics",
        rows=5,
        lost=3,
        added=2,
        undated=1,
        skipped={6: UNDATED},
        losses=[
            ("Dogwood fleet", "2025-12-31", None, None, None, "circumstance", "Canceled"),
            ("Alder Freight", "2026-07-05", "18500.00", "USD", None, "other", "Out-Sold"),
        ],
    ),
    "dynamics_lost_view.csv": Export(
        "Dynamics",
        rows=5,
        lost=5,
        added=4,
        undated=1,
        skipped={6: UNDATED},
        options="--yes",
        losses=[
            ("unnamed", "2025-12-31", "20.00", "USD", None, None, None),
            ("Cedar Stores", "2026-06-29", None, None, None, "price-value", "Price too high"),
            ("Birch Depot", "2026-06-30", "7200.00", "USD", None, "circumstance", "Canceled"),
            ("Alder Freight", "2026-07-05", "18500.00", "USD", None, "other", "Out-Sold"),
        ],
    ),
}


@pytest.fixture(params=TRUTH)
def export(request):
    return EXPORTS / request.param, TRUTH[request.param]


def told(losses):
    """Return what the truth tells of losses, the oldest first."""
    fields = ("prospect", "lost_on", "amount", "currency", "stage")
    return sorted(
        (
            (
                *(one[field] for field in fields),
                *((one["guess"] or {}).get(key) for key in ("code", "words")),
            )
            for one in losses
        ),
        key=lambda loss: loss[1],
    )


def test_every_export_has_its_truth():
    assert {path.name for path in EXPORTS.glob("*.csv")} == set(TRUTH)
    assert "ynthetic" in (EXPORTS / "README").read_text()


def test_an_export_is_recognised_and_its_rows_counted(imports, export):
    path, truth = export
    found = imports(path, truth.options)
    counted = {name: found[name] for name in ("format", "lost", "added", "undated", "duplicates")}
    assert counted == {name: getattr(truth, name) for name in counted}
    assert {row["line"]: row["why"] for row in found["skipped"]} == truth.skipped
    assert found["rows"] == truth.rows


def test_of_an_export_the_lost_deals_alone_are_kept_as_they_are(imports, run, export):
    path, truth = export
    imports(path, truth.options)
    losses = run("list --json").json["losses"]
    assert told(losses) == truth.losses
    for one in losses:
        assert one["real"] is one["said"] is one["next"] is one["won"] is None


def test_an_export_again_adds_and_changes_nothing(imports, db, export):
    path, truth = export
    imports(path, truth.options)
    before = db.read_bytes()
    again = imports(path, truth.options)
    assert (again["added"], again["updated"]) == (0, 0)
    assert again["duplicates"] == truth.added + truth.duplicates
    assert db.read_bytes() == before


def test_the_reasons_of_an_export_are_counted_under_their_codes(imports, export):
    path, truth = export
    found = {(one["words"], one["code"]) for one in imports(path, truth.options)["reasons"]}
    assert found == {(words, code) for *_, code, words in truth.losses if code}


@pytest.mark.parametrize("encode", [gzip.compress, "utf-8-sig", "utf-16"])
def test_an_export_that_is_packed_or_encoded_otherwise_is_the_same(
    imports, run, written, export, encode
):
    path, truth = export
    imports(path, truth.options)
    text = path.read_text(encoding="utf-8")
    content = text.encode(encode) if isinstance(encode, str) else encode(text.encode())
    again = imports(written(content, path.name), truth.options)
    assert (again["added"], again["updated"]) == (0, 0)
    assert len(run("list --json").json["losses"]) == truth.added


def test_a_view_of_lost_deals_is_taken_as_one_only_if_told_so(refuses, db):
    line = ["import", str(EXPORTS / "dynamics_lost_view.csv")]
    assert "--yes" in refuses(line, 1)
    assert not db.exists()


def test_of_a_view_of_lost_deals_those_that_were_won_or_go_on_are_left_out(imports, written, run):
    path = written(
        "Topic,Potential Customer,Actual Close Date,Est. Revenue,Status Reason\n"
        "a,Alder,2026-01-02,5,Canceled\n"
        "b,Birch,2026-01-03,5,Won\n"
        "c,Cedar,2026-01-04,5,In Progress\n"
    )
    assert imports(path, "--yes")["lost"] == 1
    assert [one["prospect"] for one in run("list --json").json["losses"]] == ["Alder"]


@pytest.mark.parametrize("reason", ["Canceled", "In Progress", "On Hold", ""])
def test_what_has_the_status_lost_is_lost_whatever_its_reason(imports, written, reason):
    path = written(
        "Topic,Potential Customer,Status,Status Reason,Actual Close Date,Est. Revenue\n"
        f"a,Alder,Lost,{reason},2026-01-02,5\n"
        "b,Birch,Lost,Out-Sold,2026-01-03,5\n"
        "c,Cedar,Won,Won,2026-01-03,5\n"
    )
    assert imports(path)["lost"] == 2


def test_the_footer_of_a_report_is_no_deal(imports, written, run):
    path = written((EXPORTS / "salesforce_report.csv").read_text())
    imports(path, "--lost-when all --undated 2026-01-01")
    prospects = {one["prospect"] for one in run("list --json").json["losses"]}
    assert prospects == {
        *("Alder Freight", "Birch Depot", "Cedar Stores", "Dogwood AG", "Elm - Gates"),
        "Fir Works",
    }


def test_a_subtotal_of_a_report_is_no_deal(imports, written):
    path = written(
        '"Stage","Opportunity Name","Close Date","Amount"\n'
        '"Closed Lost","Alder","2026-01-02","5"\n'
        '"Closed Lost (1 records)","","","5"\n'
        '"Grand Totals (1 records)","","","5"\n'
    )
    assert imports(path, "--undated 2026-01-01")["added"] == 1


@pytest.mark.parametrize("header", ["Associated Company (Primary)", "Associated Company"])
def test_a_company_of_hubspot_is_the_prospect(imports, written, run, header):
    path = written(
        f"Record ID,Deal Name,Deal Stage,Close Date,{header}\n"
        "1,Fleet renewal,Closed Lost,2026-01-02,Alder Freight\n"
    )
    imports(path)
    assert run("list --json").json["losses"][0]["prospect"] == "Alder Freight"


def test_an_export_with_one_more_column_is_known_again(imports, written):
    lines = ["Id,Name,Stage,Close Date", "1,Alder,Lost,2026-01-02", "2,Birch,Lost,2026-01-03"]
    imports(written("\n".join(lines)))
    for header, cells in (("Outcome", ["Lost", "Lost"]), ("Lost date", ["2026-01-02"] * 2)):
        more = [f"{line},{cell}" for line, cell in zip(lines, [header, *cells], strict=True)]
        assert imports(written("\n".join(more)))["added"] == 0


# Every way of writing


def deal(*rows, headers="Id,Name,Stage,Close Date,Amount,Reason"):
    return "".join(f"{row}\n" for row in (headers, *rows))


PLAIN = deal(
    '1,Café Zoë,Closed Lost,2026-07-05,18500.50,"Price,\nthey said"',
    "2,Birch,Won,2026-07-06,7,",
    "3,Cedar,Lost,2026-01-02,0,Zu teuer",
)
AS_SEMICOLONS = deal(
    '1;Café Zoë;Closed Lost;05.07.2026;"18.500,50";"Price,\nthey said"',
    "2;Birch;Won;06.07.2026;7;",
    "3;Cedar;Lost;02.01.2026;0,00;Zu teuer",
    headers="Id;Name;Stage;Close Date;Amount;Reason",
)
AS_TABS = AS_SEMICOLONS.replace(";", "\t")
WAYS = {
    "UTF-8": (PLAIN.encode(), "", "CSV"),
    "marked UTF-8": (PLAIN.encode("utf-8-sig"), "", "CSV"),
    "UTF-16": (PLAIN.encode("utf-16"), "", "CSV, UTF-16"),
    "big-endian UTF-16": (b"\xfe\xff" + PLAIN.encode("utf-16-be"), "", "CSV, UTF-16"),
    "Windows": (PLAIN.encode("cp1252"), "--encoding cp1252", "CSV, CP1252"),
    "semicolons": (AS_SEMICOLONS.encode(), "", "CSV, semicolons"),
    "semicolons from Windows": (
        AS_SEMICOLONS.encode("cp1252"),
        "--encoding cp1252",
        "CSV, semicolons, CP1252",
    ),
    "tabs": (AS_TABS.encode(), "", "CSV, tabs"),
    "tabs in UTF-16, as Excel writes": (AS_TABS.encode("utf-16"), "", "CSV, tabs, UTF-16"),
    "packed": (gzip.compress(PLAIN.encode()), "", "CSV"),
    "packed semicolons in UTF-16": (
        gzip.compress(AS_SEMICOLONS.encode("utf-16")),
        "",
        "CSV, semicolons, UTF-16",
    ),
    "blank rows at the end": (f"{PLAIN}\n\n,,,,,\n   \n".encode(), "", "CSV"),
    "no line end at the end": (PLAIN.rstrip("\n").encode(), "", "CSV"),
}


@pytest.fixture(params=WAYS)
def way(request):
    return WAYS[request.param]


def check_plain(found, losses):
    assert (found["rows"], found["lost"], found["added"], found["skipped"]) == (3, 2, 2, [])
    assert told(losses.values()) == [
        ("Cedar", "2026-01-02", "0.00", "USD", None, "price-value", "Zu teuer"),
        ("Café Zoë", "2026-07-05", "18500.50", "USD", None, "price-value", "Price,\nthey said"),
    ]


def test_a_file_is_read_however_it_is_written(imports, written, kept, way):
    content, options, form = way
    path = written(content, "deals.csv.gz" if content.startswith(b"\x1f\x8b") else "deals.csv")
    found = imports(path, options)
    assert found["format"] == form
    check_plain(found, kept())
    assert imports(path, options)["added"] == 0


def test_the_same_deals_in_any_way_of_writing_are_the_same(imports, written):
    imports(written(PLAIN))
    for content, options, _ in WAYS.values():
        again = imports(written(content, "again.csv"), options)
        assert (again["added"], again["updated"]) == (0, 0)


@pytest.fixture
def piped(db):
    """Import what is piped into a process; return what it printed and how it ended."""

    def piped(content, options=""):
        return subprocess.run(
            [sys.executable, "-m", "lostsale", "import", "-", *shlex.split(options)],
            input=content,
            capture_output=True,
            check=False,
            env={**os.environ, "LOSTSALE_DB": str(db), "PYTHONUTF8": "1"},
        )

    return piped


def test_a_file_is_read_from_standard_input(piped, kept, way):
    content, options, form = way
    ended = piped(content, f"{options} --json")
    assert (ended.returncode, ended.stderr) == (0, b"")
    found = json.loads(ended.stdout)["import"]
    assert (found["file"], found["format"]) == ("-", form)
    check_plain(found, kept())


@pytest.mark.parametrize("lost", [1, 100, 3000, 3500])
def test_standard_input_is_read_to_its_end(piped, lost):
    rows = (f"{n},Prospect {n:04},Lost,2026-01-02,5," for n in range(lost))  # 36 bytes each, or so
    ended = piped(deal(*rows).encode(), "--json")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert json.loads(ended.stdout)["import"]["lost"] == lost


@pytest.mark.parametrize(
    ("content", "code", "what"),
    [
        (b"", 2, "standard input has no columns"),
        (gzip.compress(PLAIN.encode())[:-9], 3, "standard input can't be read (it is broken)"),
        (PLAIN.encode("cp1252") + b"\x81", 2, "standard input isn't UTF-8 from byte"),
        (PLAIN.splitlines()[0].encode(), 2, "No row of standard input is a lost deal"),
    ],
    ids=["empty", "broken", "another encoding", "headers alone"],
)
def test_what_can_not_be_taken_from_standard_input_is_refused(piped, db, content, code, what):
    ended = piped(content)
    assert (ended.returncode, ended.stdout) == (code, b"")
    assert what in ended.stderr.decode()
    assert not db.exists()


@pytest.mark.parametrize(
    ("content", "code", "what"),
    [
        (gzip.compress(PLAIN.encode())[:-4], 3, "(it is broken)"),
        (b"\x1f\x8bno more", 3, "(it is broken)"),
        (PLAIN.encode("utf-16")[:-1], 2, "isn't UTF-16 from byte"),
        (PLAIN.encode("utf-16-le"), 2, "Say what it is with --encoding"),
        (b"\xff\xfe", 2, "has no columns"),
    ],
    ids=["cut off", "no gzip after all", "half a character", "no mark", "a mark alone"],
)
def test_a_broken_file_is_refused(refuses, written, db, content, code, what):
    assert what in refuses(["import", str(written(content))], code)
    assert not db.exists()


@pytest.mark.parametrize("options", ["", "--yes", "--lost-when all --undated 2026-01-01"])
@pytest.mark.parametrize("name", ["hubspot.csv", "salesforce_report.csv", "close.csv"])
def test_an_export_with_headers_alone_has_nothing_lost(refuses, written, db, name, options):
    header = (EXPORTS / name).read_text().splitlines()[0]
    line = ["import", str(written(header)), *options.split()]
    assert "No row of deals.csv is a lost deal" in refuses(line, 2)
    assert not db.exists()


# Amounts


def amounts(*cells, currency=None):
    """A file with a lost deal of each of these amounts, and in which currency they are."""
    also = f",{currency}" if currency else ""
    return deal(
        *(f'{n},A{n},Lost,2026-01-02,"{cell}"{also}' for n, cell in enumerate(cells, 1)),
        headers="Id,Name,Stage,Close Date,Amount" + (",Currency" if currency else ""),
    )


@pytest.mark.parametrize(
    ("cells", "options", "kept_as"),
    [
        (
            ["€ 2.900,00", "7.200,00", "64 900 €"],
            "",
            ["2900.00 EUR", "7200.00 USD", "64900.00 EUR"],
        ),
        (["64 900,50 €", "1.234"], "", ["64900.50 EUR", "1234.00 USD"]),
        (
            ["$10,000", "$1,234,567", "1,234.5"],
            "",
            ["10000.00 USD", "1234567.00 USD", "1234.50 USD"],
        ),
        (["10.000", "2,50"], "", ["10000.00 USD", "2.50 USD"]),
        (["10,000", "2.50"], "", ["10000.00 USD", "2.50 USD"]),
        (["1.234"], "--decimal ,", ["1234.00 USD"]),
        (["12,5", "0,00", "0"], "--decimal ,", ["12.50 USD", "0.00 USD", "0.00 USD"]),
        (["500", "£500", "500 CHF"], "--currency EUR", ["500.00 EUR", "500.00 GBP", "500.00 CHF"]),
        (["12\u202f345,67", "12\u00a0345"], "", ["12345.67 USD", "12345.00 USD"]),
        (["12'345.50", "CHF 12'345.50"], "", ["12345.50 USD", "12345.50 CHF"]),
        (["18070.3700", "500.0"], "", ["18070.37 USD", "500.00 USD"]),
        (["0.000", "0.00"], "", ["0.00 USD", "0.00 USD"]),
        (["", "0"], "", ["None None", "0.00 USD"]),
    ],
)
def test_an_amount_is_kept_to_the_cent(imports, written, kept, cells, options, kept_as):
    found = imports(written(amounts(*cells)), options)
    assert found["skipped"] == []
    assert [f"{one['amount']} {one['currency']}" for _, one in sorted(kept().items())] == kept_as


@pytest.mark.parametrize(
    ("currency", "code"),
    [("EUR", "EUR"), ("eur", "EUR"), ("€", "EUR"), ("Euro", "EUR"), ("US Dollar", "USD")],
)
def test_the_column_of_currencies_is_taken(imports, written, kept, currency, code):
    imports(written(amounts("2.900,00", currency=currency)))
    assert (kept()["1"]["amount"], kept()["1"]["currency"]) == ("2900.00", code)


@pytest.mark.parametrize(
    ("options", "code"), [("--currency GBP", "GBP"), ("--map currency=none", "USD")]
)
def test_what_the_user_says_of_the_currency_wins(imports, written, kept, options, code):
    imports(written(amounts("5", currency="EUR")), options)
    assert (kept()["1"]["amount"], kept()["1"]["currency"]) == ("5.00", code)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("(200)", "below zero"),
        ("($1,000.00)", "below zero"),
        ("-5", "below zero"),
        ("-$5", "below zero"),
        ("1.234", "it could be two amounts"),
        ("see offer", "not an amount"),
        ("#REF!", "not an amount"),
        ("9" * 5000, "not an amount"),
    ],
)
def test_an_amount_that_can_not_be_read_is_left_empty_and_named(imports, written, kept, cell, why):
    found = imports(written(amounts("5", cell, "7")))
    assert found["emptied"] == [{"line": 3, "field": "amount", "cell": cell, "why": why}]
    assert [one["amount"] for one in kept().values()].count(None) == 1
    assert set(kept()) == {"1", "2", "3"}


def test_the_decimal_sign_can_be_told_by_a_deal_that_is_not_lost(imports, written, kept):
    imports(written(f'{amounts("1.234")}2,B,Won,2026-01-03,"2.000,50"\n'))
    assert kept()["1"]["amount"] == "1234.00"


def test_the_decimal_sign_can_be_set_once_for_all(run, imports, written, kept):
    run("config decimal ,")
    imports(written(amounts("1.234")))
    assert kept()["1"]["amount"] == "1234.00"


def test_a_column_with_both_signs_settles_nothing(imports, written, kept):
    found = imports(written(amounts("1.234,50", "1,234.50", "1.234")))
    assert [row["line"] for row in found["emptied"]] == [4]
    assert {one["amount"] for one in kept().values()} == {"1234.50", None}


# Dates


def dated(*cells):
    """A file with a lost deal of each of these days."""
    return deal(
        *(f'{n:02},A{n},Lost,"{cell}"' for n, cell in enumerate(cells, 1)),
        headers="Id,Name,Stage,Close Date",
    )


DAYS = {
    "2026-07-05": "2026-07-05",
    "2026-07-09 07:43:21": "2026-07-09",
    "2024-07-05 10:22": "2024-07-05",
    "2024-07-05T23:30:00-08:00": "2024-07-05",
    "2024-07-05T10:22:31.512Z": "2024-07-05",
    "2026-03-01T09:00:00.000+0000": "2026-03-01",
    "30.11.2025": "2025-11-30",
    "1.2.2026": "2026-02-01",
    "05.01.2026, 10:22": "2026-01-05",
    "13/4/2026": "2026-04-13",
    "3/4/2026": "2026-04-03",
    "31-12-25": "2025-12-31",
    "03-04-26": "2026-04-03",
    "Mar 12, 2024": "2024-03-12",
    "12-Mar-2024": "2024-03-12",
    str(EPOCH): "2026-07-05",
    str(EPOCH + 86_399_999): "2026-07-05",
}


@pytest.mark.parametrize("cell", [cell for cell in DAYS if not re.match(r"(3/4|03-04)", cell)])
def test_a_day_is_read_as_it_is_written(imports, written, kept, cell):
    imports(written(dated(cell)))
    assert kept()["01"]["lost_on"] == DAYS[cell]


def test_a_column_may_have_days_in_every_form(imports, written, kept):
    found = imports(written(dated(*DAYS)))
    assert found["skipped"] == []
    assert [one["lost_on"] for _, one in sorted(kept().items())] == list(DAYS.values())


@pytest.mark.parametrize(
    ("cells", "options", "days"),
    [
        (["3/4/2025", "3/14/2025"], "", ["2025-03-04", "2025-03-14"]),
        (["3/4/2025 1:05 PM", "14/3/2025 23:05"], "", ["2025-04-03", "2025-03-14"]),
        (["3/4/2025"], "--dates dmy", ["2025-04-03"]),
        (["3/4/2025"], "--dates mdy", ["2025-03-04"]),
        (["03/03/2026", "5/5/2026"], "", ["2026-03-03", "2026-05-05"]),
        (["03-04-26", "3/4/2026"], "--dates mdy", ["2026-03-04", "2026-03-04"]),
    ],
)
def test_the_order_of_days_is_told_by_the_column_or_an_option(
    imports, written, kept, cells, options, days
):
    found = imports(written(dated(*cells)), options)
    assert found["skipped"] == []
    assert [one["lost_on"] for _, one in sorted(kept().items())] == days


@pytest.mark.parametrize(
    "cells",
    [
        ["3/4/2025"],
        ["3/4/2025", "2026-03-14", "Mar 14, 2025"],
        ["13/04/2026", "03-04-26"],
        ["3/4/2025", "13/13/2026"],  # which is no day
    ],
)
@pytest.mark.parametrize("options", ["", "--yes"])
def test_an_order_of_days_that_nothing_settles_is_never_guessed(
    refuses, written, db, cells, options
):
    told = refuses(["import", str(written(dated(*cells))), *options.split()], 2)
    assert "--dates dmy or --dates mdy" in told
    assert not db.exists()


@pytest.mark.parametrize(
    "cell",
    [
        *("2026-02-30", "31/02/2026", "2026", "2026-W05", "2026-13", "soon"),
    ],
)
def test_what_is_no_day_is_told_and_not_invented(imports, written, kept, cell):
    found = imports(written(dated(cell, "2026-01-02")), "--undated 2026-01-01")
    assert found["skipped"] == [{"line": 2, "why": f'I can\'t read "{cell}" as a date'}]
    assert set(kept()) == {"02"}


@pytest.mark.parametrize(
    "cell",
    [
        *("n/a", "-", "NULL", "(blank)", "0000-00-00", "0000-00-00 00:00:00", "01.01.1753"),
        *("1900-01-00", "#N/A", "TBD"),
    ],
)
def test_what_means_no_day_is_none(imports, written, kept, cell):
    path = written(dated(cell, "2026-01-02"))
    assert imports(path)["skipped"] == [{"line": 2, "why": UNDATED}]
    assert imports(path, "--undated 2026-01-01")["added"] == 1
    assert kept()["01"]["lost_on"] == "2026-01-01"


@pytest.mark.parametrize(
    ("cell", "why"),
    [("1989-12-31", "is before 1990"), ("2032-01-01", "is too far ahead")],
)
def test_a_day_far_from_now_is_named_and_none(imports, written, kept, cell, why):
    path = written(dated(cell, "2026-01-02"))
    assert imports(path)["skipped"] == [{"line": 2, "why": f'"{cell}" {why}'}]
    imports(path, "--undated 2026-01-01")
    assert kept()["01"]["lost_on"] == "2026-01-01"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-10", "2024-10-31"),
        ("02/2024", "2024-02-29"),
        ("Oct 2024", "2024-10-31"),
        ("Oktober 2024", "2024-10-31"),
        ("2024年10月", "2024-10-31"),
    ],
)
def test_a_month_is_taken_as_its_last_day_and_said(imports, run, written, kept, cell, day):
    path = written(dated(cell, "2026-01-02"))
    assert imports(path)["months"] == 1
    assert kept()["01"]["lost_on"] == day
    assert "1 loss with only a month" in run(["import", str(path)]).out


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026年02月10日", "2026-02-10"),
        ("10 févr. 2026", "2026-02-10"),
        ("10 de febrero de 2026", "2026-02-10"),
        ("10. März 2026", "2026-03-10"),
        ("10 sierpnia 2026", "2026-08-10"),
        ("10 мая 2026", "2026-05-10"),
        ("mar. 10 juil. 2026", "2026-07-10"),
        ("10.02.2026 10:00:00", "2026-02-10"),
    ],
)
def test_a_day_is_read_in_ten_languages(imports, written, kept, cell, day):
    imports(written(dated(cell, "2026-01-02")))
    assert kept()["01"]["lost_on"] == day


def test_losses_without_a_day_are_given_one_only_deliberately(imports, written, kept):
    path = written(dated("", "2026-01-02"))
    found = imports(path)
    assert (found["added"], found["undated"]) == (1, 1)
    found = imports(path, "--undated 2025-12-31")
    assert (found["added"], found["undated"], found["skipped"]) == (1, 1, [])
    assert {record: one["lost_on"] for record, one in kept().items()} == {
        "01": "2025-12-31",
        "02": "2026-01-02",
    }
    assert imports(path, "--undated 2025-12-31")["added"] == 0


# Options


def test_columns_found_by_their_content_alone_are_a_guess(refuses, imports, written, db):
    path = written("Kunde,Verbleib,Ende\nAlder,Lost,2026-01-02\nBirch,Won,2026-01-03\n")
    line = ["import", str(path)]
    assert "status=Verbleib" in refuses(line, 1)
    assert not db.exists()
    found = imports(path, "--yes")
    assert (found["lost"], found["columns"]["lost_on"]) == (1, ["Ende"])


@pytest.mark.parametrize(
    ("options", "lost"),
    [
        ("--lost-when verloren", 1),
        ("--lost-when VERLOREN --lost-when abgesagt", 2),
        ("--lost-when all", 3),
        ("--lost-when ALL", 3),
    ],
)
def test_values_that_mean_lost_are_named(imports, written, options, lost):
    path = written(
        "Record ID,Deal Name,Deal Stage,Close Date\n"
        "1,Alder,Verloren,2026-01-02\n2,Birch,Abgesagt,2026-01-03\n3,Cedar,Gewonnen,2026-01-04\n"
    )
    assert imports(path, options)["lost"] == lost


def test_a_value_is_named_whole_so_that_it_can_be_said_back(refuses, imports, written):
    path = written(
        "Record Id,Deal Name,Stage,Closing Date\nzcrm_1,Alder,Aussortiert (weg),2026-01-02\n"
    )
    told = refuses(["import", str(path)], 2)
    named = re.search(r'has "(.*?)"', told)[1]
    assert imports(path, f"--lost-when '{named}'")["lost"] == 1


def test_what_was_said_of_a_file_is_answered_by_the_command_that_says_it_again(run, written):
    headers = "Nr,Kunde,Ergebnis,Das Ende,Wert,Grund"
    path = written(deal('1,Alder,weg,03/04/2026,"1.234",Zu teuer', headers=headers))
    said = (
        "--map record=Nr --map prospect=Kunde --map status=Ergebnis --map 'lost_on=Das Ende'"
        " --map amount=Wert --map reason=Grund --lost-when weg --dates dmy --decimal ,"
        " --currency EUR"
    )
    again = f"lostsale import {path} {said}"
    assert run(f"import {path} {said}").lines[-1] == f"To read the next file the same way: {again}"
    assert "1 already there" in run(again.removeprefix("lostsale ")).out


def test_the_command_to_repeat_names_the_journal_and_what_was_only_guessed(run, written, tmp_path):
    path = written("Id,Name,Final outcome,Close date\n1,Alder,Lost,2026-01-02\n")
    own = f"--db {tmp_path}/own.db"
    again = (
        f"lostsale {own} import {path} --map record=Id --map 'status=Final outcome'"
        " --map 'lost_on=Close date' --map prospect=Name"
    )
    assert run(f"{own} import {path} --yes").lines[-1].endswith(again)


def test_where_nothing_was_said_no_command_is_repeated(run):
    assert "same way" not in run(["import", str(EXPORTS / "hubspot.csv")]).out


def test_an_imported_loss_has_a_step_only_if_asked_for(imports, kept):
    path = EXPORTS / "hubspot.csv"
    assert imports(path)["steps"] == 0
    assert {one["next"] for one in kept().values()} == {None}
    assert imports(path, "--follow-up")["steps"] == 3
    assert None not in {one["next"] and one["next"]["on"] for one in kept().values()}


# Reasons


def test_words_that_are_given_a_reason_mean_it_in_the_past_and_from_then_on(run, imports, kept):
    imports(EXPORTS / "pipedrive_prefixed.csv")
    assert kept()["11"]["guess"]["code"] == "price-value"
    run(["reasons", "alias", "Zu teuer", "no-money"])
    assert kept()["11"]["guess"] == {"code": "no-money", "words": "Zu teuer", "suggested": []}
    found = imports(EXPORTS / "pipedrive_prefixed.csv")
    assert (found["added"], found["updated"]) == (0, 0)
    assert found["reasons"] == [{"words": "Zu teuer", "code": "no-money", "lost": 1}]


def test_words_that_are_given_another_reason_mean_it_in_all_losses(run, imports, written, kept):
    imports(written(deal("1,Alder,Lost,2026-01-02,5,Zu teuer")))
    run(["reasons", "alias", "Zu teuer", "price-value"])
    imports(written(deal("2,Birch,Lost,2026-01-02,5,Zu teuer")))
    run(["reasons", "alias", "Zu teuer", "no-money"])
    assert {record: one["guess"]["code"] for record, one in kept().items()} == {
        "1": "no-money",
        "2": "no-money",
    }


def test_a_long_reason_is_shown_in_short(run, written):
    path = written(deal(f'1,Alder,Lost,2026-01-02,5,"{"Zu teuer, " * 1000}"'))
    assert max(map(len, run(["import", str(path)]).lines)) < 300


# On a terminal


NO_STATUS = deal(
    "1,Alder,weg,2026-01-02", "2,Birch,da,2026-01-03", headers="Nr,Kunde,Verbleib,Close Date"
)


def test_the_column_that_says_what_became_of_a_deal_is_asked_for_and_then_the_value(
    terminal, written, run
):
    child = terminal("import", written(NO_STATUS))
    child.expect_exact("says what became of a deal")
    child.expect_exact("3) Verbleib")
    for answer in ("0", "9", "weg"):
        child.expect_exact("Which one does?")
        child.sendline(answer)
    child.expect_exact("Which one does?")
    child.sendline("3")
    child.expect_exact('"Verbleib" has "weg", "da"')
    child.expect_exact("1) weg")
    child.expect_exact("Which one means lost?")
    child.sendline("1")
    child.expect_exact("Import 1 lost deal?")
    child.sendline("y")
    child.expect_exact("1 added")
    assert ended(child) == 0
    assert [one["lost_on"] for one in run("list --json").json["losses"]] == ["2026-01-02"]


def test_every_row_may_be_lost(terminal, written, run):
    child = terminal("import", written(NO_STATUS))
    child.expect_exact("all if every row is lost")
    child.sendline("all")
    child.expect_exact("Import 2 lost deals?")
    child.sendline("y")
    assert ended(child) == 0
    assert len(run("list --json").json["losses"]) == 2


def test_the_value_that_means_lost_is_asked_for(terminal, written, run):
    path = written(deal("1,Alder,Aussortiert,2026-01-02,5,", "2,Birch,Gewonnen,2026-01-02,5,"))
    child = terminal("import", path)
    child.expect_exact('"Stage" has "Aussortiert", "Gewonnen"')
    child.expect_exact("Which one means lost?")
    child.sendline("1")
    child.expect_exact("Import 1 lost deal?")
    child.sendline("")
    assert ended(child) == 0
    assert [one["prospect"] for one in run("list --json").json["losses"]] == ["Alder"]


def test_the_column_of_the_day_is_asked_for(terminal, written, run):
    path = written(deal("1,Alder,Lost,never,2026-01-02", headers="Id,Name,Stage,When,Created"))
    child = terminal("import", path)
    child.expect_exact("says when a deal was lost")
    child.expect_exact("Which one does?")
    child.sendline("5")
    child.expect_exact("Import 1 lost deal?")
    child.sendline("y")
    assert ended(child) == 0
    assert run("list --json").json["losses"][0]["lost_on"] == "2026-01-02"


@pytest.mark.parametrize(("key", "code"), [("\r", 1), ("\x03", 130), ("\x04", 130)])
@pytest.mark.parametrize("content", [NO_STATUS, deal("1,Alder,Aussortiert,2026-01-02,5,")])
def test_no_answer_imports_nothing(terminal, written, db, content, key, code):
    child = terminal("import", written(content))
    child.expect_exact("Enter for none]")
    child.send(key)
    assert ended(child) == code
    assert not db.exists()


def test_a_view_of_lost_deals_is_agreed_to(terminal, run):
    child = terminal("import", EXPORTS / "dynamics_lost_view.csv")
    child.expect_exact("Import 4 of 5 lost deals? [y/N")
    child.sendline("y")
    child.expect_exact("4 added")
    assert ended(child) == 0
    assert len(run("list --json").json["losses"]) == 4


def test_answers_are_in_the_command_to_repeat(terminal, written, run):
    path = written(NO_STATUS)
    child = terminal("import", path, columns=300)
    child.expect_exact("Which one does?")
    child.sendline("3")
    child.expect_exact("Which one means lost?")
    child.sendline("1")
    child.expect_exact("Import 1 lost deal?")
    child.sendline("y")
    child.expect(r"same way: lostsale (import .*--lost-when \w+)")
    again = child.match[1]
    assert ended(child) == 0
    assert "1 already there" in run(again).out
