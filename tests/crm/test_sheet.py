"""A table, however it is written: its encoding, its delimiter, its rows; and what is none."""

import codecs
import zipfile
from contextlib import ExitStack, closing, nullcontext
from datetime import date

import pytest
from openpyxl import Workbook

from lostsale.crm.sheet import CELL_LIMIT, Sheet, tables
from lostsale.errors import BadInput, CannotOpen

CHUNK = 1 << 16


@pytest.fixture
def sheet(tmp_path):
    """Open a file that holds this text, or these bytes."""

    def sheet(content, encoding="", **options):
        path = tmp_path / "deals.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return opened.enter_context(closing(Sheet(path, encoding, **options)))

    with ExitStack() as opened:
        yield sheet


def rows(sheet):
    return [row.cells for row in sheet.rows()]


@pytest.mark.parametrize(
    ("delimiter", "dialect"), [(",", ""), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
def test_the_delimiter_is_found_and_named(sheet, delimiter, dialect):
    found = sheet(f"Id{delimiter}Name{delimiter}Stage\n1{delimiter}Acme{delimiter}Lost\n")
    assert found.headers == ["Id", "Name", "Stage"]
    assert rows(found) == [["1", "Acme", "Lost"]]
    assert found.dialect == dialect


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ('"Amount, net";Stage\n1;Lost\n', ["Amount, net", "Stage"]),
        ('"Name; place",Stage\nAcme,Lost\n', ["Name; place", "Stage"]),
        ("Id;Name;Price, net\n1;Acme;5\n", ["Id", "Name", "Price, net"]),
        ('"Who\nsaid no",Stage\nAcme,Lost\n', ["Who\nsaid no", "Stage"]),
        ("\n\n  \n,,\nId,Stage\n1,Lost\n", ["Id", "Stage"]),
        (" Id , Stage \n1,Lost\n", ["Id", "Stage"]),
    ],
)
def test_the_first_line_that_is_not_blank_names_the_columns(sheet, text, headers):
    assert sheet(text).headers == headers


@pytest.mark.parametrize(
    ("encoding", "named", "dialect"),
    [
        ("utf-8", None, ""),
        ("utf-8-sig", None, ""),
        ("utf-16", None, "UTF-16"),
        ("utf-16-le", "utf-16-le", "UTF-16-LE"),
        ("cp1252", "cp1252", "CP1252"),
    ],
)
def test_the_encoding_is_told_by_the_mark_or_by_hand(sheet, encoding, named, dialect):
    found = sheet("Id,Name\n1,Café Zoë €\n".encode(encoding), named)
    assert (found.headers, rows(found)) == (["Id", "Name"], [["1", "Café Zoë €"]])
    assert found.dialect == dialect


def test_utf_16_is_read_from_either_end(sheet):
    text = "Id,Name\n1,Łódź\n"
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        assert rows(sheet(mark + text.encode(encoding))) == [["1", "Łódź"]]


def test_what_is_unusual_about_a_file_is_named_together(sheet):
    assert sheet("Id;Name\n1;Acme\n".encode("utf-16")).dialect == "semicolons, UTF-16"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way(sheet, end):
    found = sheet(end.join(["Id,Name", "1,Acme", "2,Bolt", ""]))
    assert [tuple(row) for row in found.rows()] == [(2, ["1", "Acme"]), (3, ["2", "Bolt"])]


def test_the_last_line_needs_no_end(sheet):
    assert rows(sheet("Id,Name\n1,Acme")) == [["1", "Acme"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_cell_in_quotes_keeps_its_lines_and_the_next_row_its_line_number(sheet, end):
    text = f'Id,Name{end}1,"over{end}two{end}lines"{end}2,Bolt{end}'
    found = [tuple(row) for row in sheet(text).rows()]
    assert found == [(2, ["1", f"over{end}two{end}lines"]), (5, ["2", "Bolt"])]


def test_blank_rows_are_left_out_and_counted_as_lines(sheet):
    found = sheet('Id,Name\n\n1,Acme\n,\n  , \t\n"",""\n2,Bolt\n\n\n').rows()
    assert [tuple(row) for row in found] == [(3, ["1", "Acme"]), (7, ["2", "Bolt"])]


def test_a_short_row_lacks_its_last_cells(sheet):
    assert rows(sheet("Id,Name,Stage\n1\n2,Bolt\n")) == [["1", "", ""], ["2", "Bolt", ""]]


def test_empty_cells_beyond_the_last_column_are_nothing(sheet):
    assert rows(sheet("Id,Name\n1,Acme,,\n2,Bolt, \n")) == [["1", "Acme"], ["2", "Bolt"]]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"a, b"', "a, b"),
        ('"say ""no"""', 'say "no"'),
        ('5" screen', '5" screen'),
        ("it's", "it's"),
        ('""', ""),
        ("  spaced  ", "spaced"),
        ('"  in quotes "', "in quotes"),
        ("a\x1b[2Jb\u202ec", "a\x1b[2Jb\u202ec"),
        ("0044 20", "0044 20"),
        ("a\u2028b\x0bc\x85d", "a\u2028b\x0bc\x85d"),
        ("[red]x[/]", "[red]x[/]"),
    ],
)
def test_a_cell_is_kept_to_the_letter_without_the_space_around_it(sheet, written, meant):
    assert rows(sheet(f"Id,Name\n1,{written}\n")) == [["1", meant]]


def test_rows_can_be_read_again(sheet):
    found = sheet("Id,Name\n1,Acme\n2,Bolt\n")
    assert rows(found) == rows(found) == [["1", "Acme"], ["2", "Bolt"]]


def test_who_watches_is_told_after_every_thousand_rows_and_at_the_end(sheet):
    told = []
    found = sheet("Id,Name\n" + "1,Acme\n" * 2500, watch=told.append)
    assert len(rows(found)) == 2500
    assert told == [1000, 2000, 0]


def test_a_cell_of_one_mebibyte_is_kept_whole(sheet):
    assert len(rows(sheet(f"Id,Name\n1,{'x' * CELL_LIMIT}\n"))[0][1]) == CELL_LIMIT


# What is wrong, and in which line.
MALFORMED = {
    "a quote that never ends": ('Id,Name\n1,Acme\n2,"Bolt\n3,Cord\n', "Line 3 opens a quote"),
    "a quote that ends too early": ('Id,Name\n1,"Acme" Ltd\n', "Line 2 is malformed"),
    "a quote after lines in quotes": (
        'Id,Name\n1,"a\nb\nc"\n2,"Bolt\n',
        "Line 5 opens a quote",
    ),
    "a cell too many": ("Id,Name\n1,Acme\n2,Bolt,x\n", "Line 3 has 3 cells, and there are 2"),
    "a cell too many in a blank place": ("Id,Name\n1,Acme,,,x\n", "Line 2 has 5 cells"),
    "a NUL": ("Id,Name\n1,Acme\n2,Bo\0lt\n", "Line 3 has a NUL"),
    "a NUL in the headers": ("Id,Na\0me\n1,Acme\n", "Line 1 has a NUL"),
    "a cell of ten megabytes": (f"Id,Name\n1,{'x' * 10**7}\n", "Line 2 has a cell of over 1,048"),
    "a cell just too long": (f"Id,Name\n1,{'x' * (CELL_LIMIT + 1)}\n", "Line 2 has a cell of over"),
    "a quote open over megabytes": (
        'Id,Name\n1,Acme\n2,"Bolt\n' + "3,Cord\n" * 200_000,
        "Line 3 has a cell of over 1,048,576 characters",
    ),
}


@pytest.mark.parametrize(("text", "what"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_file_is_refused_with_its_line(sheet, text, what):
    with pytest.raises(BadInput, match=what):
        rows(sheet(text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "deals.csv has no columns"),
        ("\n\n\r\n", "deals.csv has no columns"),
        ("\ufeff", "deals.csv has no columns"),
        ("Id\n1\n2\n", "deals.csv has no columns"),
        ("lost sales of the year\n", "deals.csv has no columns"),
    ],
)
def test_headers_that_do_not_name_the_columns_are_refused(sheet, text, what):
    with pytest.raises(BadInput, match=what):
        sheet(text)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ("Id,Name,Id", ["Id", "Name", "Id (2)"]),
        ("Id,NAME,Stage,name", ["Id", "NAME", "Stage", "name (2)"]),
        ("Id,,Name,", ["Id", "Column 2", "Name", "Column 4"]),
    ],
)
def test_headers_that_are_the_same_or_empty_are_numbered(sheet, headers, found):
    assert sheet(f"{headers}\n1,2,3,4\n".replace(",4" * (len(found) < 4), "")).headers == found


@pytest.mark.parametrize(
    "above",
    ["Deals,,,\n,,,\nActive,,,\n", "Report,Lost deals\n\n", '"Lost deals, by month"\n'],
)
def test_titles_above_the_headers_are_left_out(sheet, above):
    found = sheet(f"{above}Name,Stage,Amount,Close date\nAcme,Lost,5,2026-01-02\n")
    assert found.headers == ["Name", "Stage", "Amount", "Close date"]
    assert rows(found) == [["Acme", "Lost", "5", "2026-01-02"]]


def test_headers_that_come_again_are_no_row(sheet):
    assert rows(sheet("Id,Name\n1,Acme\nId,Name\n2,Bolt\n")) == [["1", "Acme"], ["2", "Bolt"]]


@pytest.mark.parametrize("text", ['Id, "Na, me" ,Stage\n1 , "Ac, me" , Lost\n'])
def test_spaces_around_quotes_are_the_dialects(sheet, text):
    assert rows(sheet(text)) == [["1", "Ac, me", "Lost"]]


def test_a_line_of_over_a_megabyte_is_refused(sheet):
    cells = ",".join(["x" * 9000] * 200)
    with pytest.raises(BadInput, match="longer than 1 MB"):
        rows(sheet(f"Id,Name\n1,{cells}\n"))


@pytest.mark.parametrize("before", [0, 30, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK + 17])
def test_the_byte_that_is_no_text_is_named(sheet, before):
    start = b"Id,Name\n"
    lines = b"1,Acme\n" * (before // 7 + 1)
    content = start + lines[:before] + b"\xe9,x\n"
    with pytest.raises(BadInput, match=rf"isn't UTF-8 from byte {len(start) + before}\.") as error:
        rows(sheet(content))
    assert "--encoding" in error.value.hint


@pytest.mark.parametrize("shift", range(4))
def test_a_letter_on_the_border_of_two_pieces_does_not_hide_the_wrong_byte(sheet, shift):
    letters = "€" * (2 * CHUNK // 3)
    content = ("Id,Name\n" + "x" * shift + letters).encode() + b"\xff"
    with pytest.raises(BadInput, match=rf"from byte {len(content) - 1}\."):
        rows(sheet(content))


def test_a_wrong_byte_of_utf_16_is_named_too(sheet):
    content = "Id,Name\n1,Acme\n".encode("utf-16") + b"\x00\xd8,\x00"  # half of a pair
    with pytest.raises(BadInput, match=rf"isn't UTF-16 from byte {len(content) - 4}\."):
        rows(sheet(content))


def test_a_file_that_breaks_off_in_a_letter_is_refused(sheet):
    content = "Id,Name\n1,Zoë".encode()[:-1]
    with pytest.raises(BadInput, match=rf"from byte {len(content) - 1}\."):
        rows(sheet(content))


def test_a_binary_file_is_refused(sheet):
    with pytest.raises(BadInput, match="isn't UTF-8 from byte"):
        sheet(bytes(range(256)) * 100)


def test_an_unknown_encoding_is_refused(sheet):
    with pytest.raises(BadInput, match='I don\'t know the encoding "klingon"'):
        sheet("Id,Name\n", "klingon")


def test_a_folder_and_a_missing_file_can_not_be_read(tmp_path):
    with pytest.raises(CannotOpen, match="isn't a regular file"):
        Sheet(tmp_path)
    with pytest.raises(CannotOpen, match=r"gone.csv can't be read \((No such file|File not found)"):
        Sheet(tmp_path / "gone.csv")


def in_workbook(path):
    """Return the headers and the rows of the one table in a workbook."""
    (table,), close = tables(path, "", "", lambda _: None, lambda _: nullcontext())
    with ExitStack() as opened:
        opened.callback(close)
        return table.headers, list(table.rows())


def test_a_large_workbook_is_read_as_any_other(tmp_path, monkeypatch):
    book = Workbook()
    sheet = book.active
    sheet.title = "Deals & more"
    rows = [["Customer", "Status", "Lost on", "Amount"]]
    rows += [[f"Acme {n}", "Lost", date(2026, 1, 1 + n % 28), n / 4] for n in range(1, 60)]
    for place, row in enumerate(rows):  # below two empty rows, with others among them
        for column, value in enumerate(row, 2):
            sheet.cell(3 + place + place // 10, column, value)
    sheet.cell(40, 1, "seen late")  # the first column is empty above
    sheet.merge_cells("C41:C43")
    book.save(tmp_path / "deals.xlsx")

    whole = in_workbook(tmp_path / "deals.xlsx")
    monkeypatch.setattr("lostsale.crm.workbook._LARGE", 0)
    for lot in (1000, 4000, 1 << 20):
        monkeypatch.setattr("lostsale.crm.workbook._LOT", lot)
        assert in_workbook(tmp_path / "deals.xlsx") == whole
    assert whole[1][0] == (4, ["", "Acme 1", "Lost", "2026-01-02", "0.25"])
    assert [line for line, _ in whole[1]][-1] == 3 + 59 + 5


def test_a_large_workbook_that_is_cut_off_is_refused(tmp_path, monkeypatch):
    book = Workbook()
    for n in range(500):
        book.active.append(["Customer", "Status", "Lost on", n])
    book.save(tmp_path / "deals.xlsx")
    monkeypatch.setattr("lostsale.crm.workbook._LARGE", 0)
    monkeypatch.setattr("lostsale.crm.workbook._LOT", 4000)
    with zipfile.ZipFile(tmp_path / "deals.xlsx") as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    with zipfile.ZipFile(tmp_path / "cut.xlsx", "w") as cut:
        for name, content in parts.items():
            is_sheet = name.startswith("xl/worksheets/sheet")
            cut.writestr(name, content[:15_000] + b"</row><row r=><" if is_sheet else content)
    with pytest.raises(BadInput, match="can't be read"):
        in_workbook(tmp_path / "cut.xlsx")
