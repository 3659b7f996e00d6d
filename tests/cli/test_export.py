"""`export`: losses for other programs, and back again without a difference."""

import copy
import csv
import io
import json
import re
import shlex
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from conftest import is_private, on_unix
from door import door
from test_terminal_safety import FIELDS, HOSTILE, LATER, with_text

TODAY = "2026-11-24"
ALL = pytest.mark.parametrize("ending", ["json", "csv", "ics"])


def without_numbers(raw):
    return re.sub(rb'"number": [0-9]+', b'"number": 0', raw)


def table(raw):
    """The rows of a CSV, each a dict of its cells by their header."""
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))


def names(raw):
    """The prospects in a JSON export, in alphabetical order."""
    return " ".join(sorted(loss["prospect"] for loss in json.loads(raw)["losses"]))


@pytest.fixture
def use(monkeypatch, tmp_path):
    """Go on with another journal: one of that name, or at that path."""
    return lambda journal: monkeypatch.setenv("LOSTSALE_DB", str(tmp_path / journal))


@pytest.fixture
def exported(run, tmp_path):
    """What `export` writes: `exported("json", "--won")`."""

    def exported(ending, *options, **more):
        path = tmp_path / f"exported.{ending}"
        result = run(["export", str(path), *options, "--force", "--json"], **more)
        raw = path.read_bytes()
        assert result.json["export"]["file"] == str(path)
        assert result.json["export"]["bytes"] == len(raw)
        return raw

    return exported


@pytest.fixture
def brought(run, tmp_path):
    """What `import` says of a file of these contents."""

    def brought(ending, contents, **more):
        path = tmp_path / f"brought.{ending}"
        path.write_bytes(contents)
        return run(["import", str(path), "--json"], **more).json["import"]

    return brought


@pytest.fixture
def no_disk_left():
    """Let no file grow beyond a few bytes, inside a `with`."""
    resource = pytest.importorskip("resource", reason="Windows has no limits of a process")

    @contextmanager
    def no_disk_left():
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, usual[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)

    return no_disk_left


# Which losses.

CHOICE = (
    ("2026-10-05", "log Cold --guess price-value --lost-to Kyolab"),
    ("2026-10-06", "log Won 12k --said budget --product 'Copier lease'"),
    ("2026-10-07", "log Rest --real too-slow --said board"),
    ("2026-10-07", "log Ready --real too-slow --way-in dead --also thanks,referral"),
    (TODAY, "log Fresh --said budget --lost-to nobody --product scanner"),
    (TODAY, "log Mistake --said budget --guess price-value --product lease --outcome mistake"),
    (TODAY, "won 2"),
    (TODAY, "move-on 3"),
)


@pytest.fixture(scope="module")
def choice(tmp_path_factory):
    """The path of a journal with losses to choose from; nobody changes it."""
    path = tmp_path_factory.mktemp("choice") / "choice.db"
    with door(path) as tell:
        assert [line for day, line in CHOICE if tell(day, *shlex.split(line))[0]] == []
    return path


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        ("", "Cold Fresh Mistake Ready Rest Won"),
        ("all", "Cold Fresh Mistake Ready Rest Won"),
        ("2026-10", "Cold Ready Rest Won"),
        ("this-month", "Fresh Mistake"),
        ("2026q3", ""),
        ("2026-10-06..2026-10-07", "Ready Rest Won"),
        ("--open", "Cold Fresh Mistake Ready"),
        ("--won", "Won"),
        ("--at-rest", "Rest"),
        ("--not-asked", "Cold Fresh Mistake Won"),
        ("--cold", "Cold"),
        ("--ready", "Ready"),
        ("--said budget", "Fresh Mistake Won"),
        ("--reason price-value", "Cold Mistake"),
        ("--weakness personal", "Ready Rest"),
        ("--lost-to kyolab", "Cold"),
        ("--lost-to nobody", "Fresh"),
        ("--prospect WON", "Won"),
        ("--product lease", "Mistake Won"),
        ("2026-11 --said budget --product scanner", "Fresh"),
        ("2026-10 --said budget --product scanner", ""),
    ],
)
def test_an_export_holds_the_losses_asked_for_mistakes_included(
    use, exported, choice, options, chosen
):
    use(choice)
    assert names(exported("json", *shlex.split(options))) == chosen
    rows = table(exported("csv", *shlex.split(options)))
    assert " ".join(sorted(row["prospect"] for row in rows)) == chosen


def test_a_calendar_holds_the_open_steps_of_the_losses_asked_for(use, exported, choice):
    use(choice)
    assert summaries(exported("ics")) == ["Ask why: Fresh", "Get a referral: Cold"]
    assert summaries(exported("ics", "2026-11")) == ["Ask why: Fresh"]
    assert summaries(exported("ics", "--won")) == []


@pytest.mark.parametrize(
    "options",
    [
        "2026-13",
        "--said too-slow",
        "--reason budget",
        "--weakness bold",
        "--lost-to ''",
        "--prospect ' '",
        "--product ''",
    ],
)
def test_a_filter_that_means_nothing_is_refused(run, refuses, tmp_path, options):
    run("log Acme")
    refuses(["export", str(tmp_path / "x.json"), *shlex.split(options)], 2)
    assert not (tmp_path / "x.json").exists()


def test_it_says_what_it_wrote(run, tmp_path):
    run("log Acme")
    run("log Brandt")
    run("won 2")
    for ending, said in (("json", "2 losses"), ("csv", "2 losses"), ("ics", "1 step")):
        path = tmp_path / f"x.{ending}"
        result = run(["export", str(path)])
        private = ", which only you can read" * (sys.platform != "win32")
        assert result.lines == [f"Wrote {said} to {path}{private}."]
    path = tmp_path / "won.JSON"
    result = run(["export", str(path), "--won", "--json"]).json
    made = {"file": str(path), "losses": 1, "bytes": path.stat().st_size}
    assert result == {"schema": 1, "export": made}


def test_without_a_journal_an_export_is_empty_and_none_is_made(run, db, tmp_path):
    path = tmp_path / "x.json"
    result = run(["export", str(path)])
    assert result.err == f"lostsale: there's no journal yet; lostsale log starts one at {db}\n"
    assert json.loads(path.read_text()) == {
        "schema": 1,
        "settings": {},
        "reasons": [],
        "losses": [],
    }
    assert not db.exists()


# The file.


@ALL
def test_an_export_is_for_its_owner_alone(run, tmp_path, ending):
    run("log Acme")
    path = tmp_path / f"x.{ending}"
    run(["export", str(path)])
    assert is_private(path)
    path.chmod(0o666)
    run(["export", str(path), "--force"])
    assert is_private(path)


@pytest.mark.parametrize("name", ["x", "x.xlsx", "x.json.gz", ".csv", "json", "x.ics ", ""])
def test_another_ending_is_refused(run, refuses, tmp_path, name):
    run("log Acme")
    before = sorted(tmp_path.iterdir())
    line = refuses(["export", str(tmp_path / name) if name else ""], 2)
    assert line.endswith("End the name in .json, .csv or .ics.\n")
    assert sorted(tmp_path.iterdir()) == before


@ALL
def test_a_file_that_is_there_stands_unless_told_to_replace_it(run, refuses, tmp_path, ending):
    run("log Acme")
    path = tmp_path / f"x.{ending}"
    path.write_text("mine")
    line = refuses(["export", str(path)], 3)
    assert line == (
        f"lostsale: There's already a file at {path}. Nothing was changed."
        " Choose another, or add --force.\n"
    )
    assert path.read_text() == "mine"
    run(["export", str(path), "--force"])
    assert path.read_text() != "mine"


@ALL
def test_a_missing_folder_is_not_made(run, refuses, tmp_path, ending):
    run("log Acme")
    refuses(["export", str(tmp_path / "folder" / f"x.{ending}")], 3)
    assert not (tmp_path / "folder").exists()


def test_a_folder_is_no_file_to_replace(run, refuses, tmp_path):
    run("log Acme")
    (tmp_path / "x.json").mkdir()
    refuses(["export", str(tmp_path / "x.json"), "--force"], 3)
    assert (tmp_path / "x.json").is_dir()


def test_a_path_that_is_none_is_refused(run, refuses, tmp_path):
    run("log Acme")
    refuses(["export", str(tmp_path / f"{'x' * 300}.json")], 3)
    refuses(["export", str(tmp_path / "x\0.json")], 2)


def test_the_journal_is_never_written_over(run, use, refuses, tmp_path, monkeypatch):
    journal = tmp_path / "journal.json"
    use(journal)
    run("log Acme")
    before = journal.read_bytes()
    (tmp_path / "linked.json").symlink_to(journal)
    (tmp_path / "same.json").hardlink_to(journal)
    monkeypatch.chdir(tmp_path)
    for name in ("journal.json", str(journal), "./journal.json", "linked.json", "same.json"):
        assert "is the journal" in refuses(["export", name, "--force"], 3)
        assert journal.read_bytes() == before


def test_the_place_of_a_journal_that_is_still_to_come_is_kept_free(run, use, tmp_path):
    use("journal.json")
    run(["export", str(tmp_path / "journal.json")], code=3)
    assert not (tmp_path / "journal.json").exists()


@ALL
def test_where_writing_fails_the_earlier_file_stands_and_no_part_of_another(
    run, refuses, tmp_path, no_disk_left, ending
):
    run("log Acme")
    path = tmp_path / f"x.{ending}"
    before = sorted(tmp_path.iterdir())
    with no_disk_left():
        refuses(["export", str(path)], 3)
    assert sorted(tmp_path.iterdir()) == before
    path.write_text("mine")
    with no_disk_left():
        refuses(["export", str(path), "--force"], 3)
    assert path.read_text() == "mine"
    assert sorted(tmp_path.iterdir()) == [*before, path]


@on_unix("Windows has no files with such names")
@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_the_name_of_the_file_steers_nothing(run, tmp_path, text, shown):
    run("log Acme")
    path = tmp_path / f"x{text}y.json".replace("/", "|")
    result = run(["export", str(path)])
    assert path.exists()
    assert f"x{shown}y".replace("/", "|") in result.out


def test_an_export_changes_nothing_in_the_journal(run, db, exported):
    run("log Acme")
    before = db.read_bytes()
    for ending in ("json", "csv", "ics"):
        exported(ending)
    assert db.read_bytes() == before


# JSON, and back.

EVERYTHING = (
    ("2026-06-01", "config currency EUR"),
    ("2026-06-01", "config decimal ."),
    ("2026-06-01", "config name 'Jo Stern'"),
    ("2026-06-01", "config email jo@example.com"),
    ("2026-06-01", "config workdays mon-thu"),
    ("2026-06-01", "config portion 7"),
    ("2026-06-01", "config target-rate 7.5"),
    ("2026-06-01", "config date-order dmy"),
    ("2026-06-01", "reasons add bad-timing --kind real --weakness none"),
    ("2026-06-01", "reasons add gone-quiet --kind said"),
    (
        "2026-06-02",
        (
            "log 'Oakfield Dental' 12000.50 --on yesterday --contact 'Ana Ruiz 0044123 a@b.c'"
            " --product 'Copier lease' --said 'price: too much' --guess 'product-gap: no app'"
            " --signal silence --signal budget --way-in 'in May' --lost-to Kyolab"
            " --outcome cancelled --weakness company --lesson 'call first' --note 'met twice'"
            " --also thanks --next 2026-09-01"
        ),
    ),
    ("2026-06-02", "log Pike 1234567JPY --real 'no-access: they sign' --weakness none"),
    ("2026-06-02", "log Brandt 12.345KWD --heard bad-timing --said gone-quiet --lost-to nobody"),
    ("2026-06-02", "log Corvo 0 --guess other --way-in dead"),
    ("2026-06-02", "log Duplicate 5k --outcome mistake"),
    ("2026-06-02", "log Halden 99999999999.99USD --said 'other: Zu teuer'"),
    ("2026-06-02", "log Sella --outcome no-decision --lost-to Ostra"),
    ("2026-06-02", "log Tarn 500"),
    ("2026-06-02", "log Nordby 7k"),
    ("2026-06-02", "log Marlow 8k"),
    ("2026-06-03", "why 1 --heard 'too-slow: we came late'"),
    ("2026-06-03", "why 4 --would-not-say"),
    ("2026-06-04", "done 2 went back --also thanks"),
    ("2026-06-04", "no-answer 3 rang twice"),
    ("2026-06-04", "no-answer 3"),
    ("2026-06-05", "snooze 6 2026-07-01"),
    ("2026-06-05", "snooze 7 '2026-07-02 9am'"),
    ("2026-06-05", "skip 8"),
    ("2026-06-05", "touch 8 still happy with us --next 2mo"),
    ("2026-06-05", "meet 9 '2026-12-01 10:00' --minutes 45 --where 'their office; 2nd' --marked"),
    ("2026-06-05", "meet 10 2026-12-02"),
    ("2026-06-06", "referral 1 Bea Kim 0044555 b@k.c --note 'ask her first'"),
    ("2026-06-06", "referral 1 'Cy'"),
    ("2026-06-07", "won 2 900000JPY --note 'the lease did it'"),
    ("2026-06-07", "won 3 40.5USD --on yesterday"),
    ("2026-06-07", "won 8"),
    ("2026-06-08", "move-on 4 enough"),
    ("2026-06-08", "move-on 9"),
    ("2026-06-08", "won 9 1"),
    ("2026-06-09", "edit 7 --note 'they merged'"),
    ("2026-06-09", "edit 7 --product lathe --amount 11k --contact 'Di 0177'"),
    ("2026-06-09", "edit 10 --outcome mistake"),
    ("2026-06-10", "reasons rename no-access never-met-them"),
    ("2026-06-10", "reasons rename budget no-cash"),
    ("2026-06-10", "reasons rename bad-timing circumstance --yes"),
    ("2026-06-10", "reasons weakness no-money company"),
    ("2026-06-10", "reasons alias 'Zu teuer' price"),
    ("2026-06-11", "log Later 5 --guess no-money"),
    ("2026-06-11", "undo"),
    ("2026-06-11", "log Last --guess no-money --real never-met-them"),
)
PLAN = "2 why\n    Ask them: what was it?\n5 save\n6 thanks\n45 touch\n"


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """The path of a journal in which each command was used; nobody changes it."""
    folder = tmp_path_factory.mktemp("everything")
    (folder / "plan.txt").write_text(PLAN)
    with door(folder / "everything.db") as tell:
        lines = [(day, shlex.split(line)) for day, line in EVERYTHING]
        lines.insert(10, ("2026-06-01", ["plan", "set", str(folder / "plan.txt")]))
        assert [line for day, line in lines if tell(day, *line)[0]] == []
    return folder / "everything.db"


@pytest.fixture(params=["demo", "everything"])
def full(request, use):
    """The path of a journal with much in it, which is the one in use."""
    path = request.getfixturevalue(request.param)
    use(path)
    return path


@pytest.mark.usefixtures("full")
def test_json_makes_the_same_journal_of_an_empty_one(run, use, exported, brought):
    raw = exported("json")
    use("new.db")
    came = brought("json", raw)
    assert came["added"] == came["rows"] == len(json.loads(raw)["losses"])
    assert without_numbers(exported("json")) == without_numbers(raw)
    assert run("verify --json").json["verify"]["ok"]


@pytest.mark.usefixtures("full")
def test_where_the_losses_are_an_import_adds_none_and_changes_nothing(
    use, exported, brought, tmp_path, full
):
    use("copy.db")
    (tmp_path / "copy.db").write_bytes(full.read_bytes())
    raw = exported("json")
    came = brought("json", raw)
    assert (came["added"], came["updated"]) == (0, 0)
    assert came["duplicates"] == came["rows"] > 0
    assert exported("json") == raw


def test_what_was_changed_since_the_export_stays(run, exported, brought):
    run("log Acme 12k")
    run("config currency EUR")
    raw = exported("json")
    run("edit 1 --amount 5k --product lathe")
    run("config currency CHF")
    now = exported("json")
    assert brought("json", raw)["added"] == 0
    assert exported("json") == now


def test_an_import_of_an_export_is_undone_whole(run, use, exported, brought, everything):
    use(everything)
    raw = exported("json")
    use("new.db")
    brought("json", raw)
    run("undo")
    assert json.loads(exported("json")) == {
        "schema": 1,
        "settings": {},
        "reasons": [],
        "losses": [],
    }
    assert brought("json", raw)["added"] == len(json.loads(raw)["losses"])


def test_a_dry_run_keeps_nothing(run, use, exported, tmp_path):
    run("log Acme")
    exported("json")
    use("new.db")
    came = run(["import", str(tmp_path / "exported.json"), "--dry-run", "--json"]).json
    assert came["import"]["added"] == 1
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize(("text", "_shown"), HOSTILE)
def test_a_hostile_text_in_any_field_comes_back_to_the_letter(
    run, use, exported, brought, text, _shown
):
    options = [option for line in FIELDS.values() for option in line[2:]]
    for line in (["log", "{}", *options], *LATER.values(), ["log", "{}"]):
        run(with_text(line, text))
    raw = exported("json")
    use("new.db")
    brought("json", raw)
    assert without_numbers(exported("json")) == without_numbers(raw)


@pytest.mark.parametrize("size", [1024 * 1024, 300_000])
def test_a_long_note_comes_back_whole(run, use, exported, brought, size):
    note = ("x" if size > 500_000 else "\u65e5") * size
    run("log Acme")
    run(["touch", "1", note])
    raw = exported("json")
    use("new.db")
    brought("json", raw)
    assert run("show 1 --json").json["loss"]["contacts"][0]["note"] == note


def test_csv_has_the_columns_and_cells_of_list(run, exported, use, everything):
    use(everything)
    listed = {row["uid"]: row for row in table(run("list --csv").out.encode())}
    written = {row["uid"]: row for row in table(exported("csv"))}
    assert listed
    assert {uid: written[uid] for uid in listed} == listed


def test_lostsale_s_own_csv_is_refused_with_the_file_to_import_instead(
    run, exported, refuses, tmp_path
):
    run("log Acme 12k")
    exported("csv")
    told = refuses(["import", str(tmp_path / "exported.csv")], 2)
    assert "exported.csv is lostsale's own CSV, for spreadsheets" in told
    assert "Import the .json of the same losses" in told


def test_json_holds_a_loss_as_show_has_it_with_the_settings_and_reasons(run, exported, loss):
    run("log Acme 12k --real bad --weakness none")
    run("config currency EUR")
    run("reasons add bad-timing --kind real --weakness personal")
    found = json.loads(exported("json"))
    assert list(found) == ["schema", "settings", "reasons", "losses"]
    assert found["settings"] == {"currency": "EUR"}
    assert [own["code"] for own in found["reasons"]] == ["bad-timing"]
    (exported_loss,) = found["losses"]
    assert exported_loss.pop("as_kept")["weakness"] == "none"
    assert exported_loss == loss()


# Any text (a property).

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        st.sampled_from("\r\n\t\"',;=+-@0 \\1e\u2028\x85"),
    ),
    max_size=12,
)
KEPT = TEXTS.map(str.strip).filter(bool)  # as lostsale keeps what is typed
_UID = "0123456789ab"


def loss_of(texts):
    """LOSS with a text in each field that holds one."""
    text = iter(texts)
    return {
        "uid": f"{_UID}{_UID}",
        "prospect": next(text),
        "lost_on": "2026-11-20",
        **{name: next(text) for name in ("contact", "email", "phone", "product", "stage")},
        **{name: next(text) for name in ("lost_to", "way_in", "lesson", "note")},
        "said": {"code": "budget", "words": next(text)},
        "guess": {"code": "other", "words": next(text)},
        "real": {"code": "selling", "words": next(text), "source": "told", "on": "2026-11-21"},
        "asked_on": "2026-11-21",
        "next": {"kind": "meet", "on": "2026-12-01", "plan_step": "save", "where": next(text)},
        "contacts": [{"uid": "c" * 24, "kind": "touch", "on": "2026-11-22", "note": next(text)}],
        "referrals": [
            {
                "uid": "d" * 24,
                "on": "2026-11-22",
                **{name: next(text) for name in ("name", "phone", "email", "note")},
            }
        ],
        "won": {"on": "2026-11-23", "note": next(text)},
        "source": {"system": next(text), "record": next(text)},
        "logged_at": "2026-11-20T10:00:00.000000+00:00",
    }


@given(texts=st.lists(KEPT, min_size=22, max_size=22))
@example(texts=["'=x"] * 22)
@example(texts=["''"] * 22)
@example(texts=["0044"] * 22)
@example(texts=['"'] * 22)
@example(texts=["a\nb"] * 22)
def test_any_text_in_any_field_comes_back(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("any")
    files = {name: folder / name for name in ("made.json", "1.json", "2.json")}
    made = {"schema": 1, "settings": {}, "reasons": [], "losses": [loss_of(texts)]}
    files["made.json"].write_text(json.dumps(made))
    with door(folder / "1.db") as tell:
        for command, name in (("import", "made.json"), ("export", "1.json")):
            assert tell(TODAY, command, files[name])[0] == 0
    with door(folder / "2.db") as tell:
        assert tell(TODAY, "import", files["1.json"])[0] == 0
        assert tell(TODAY, "export", files["2.json"])[0] == 0
    assert files["2.json"].read_bytes() == files["1.json"].read_bytes()
    (kept,) = json.loads(files["1.json"].read_text())["losses"]
    assert kept["prospect"] == texts[0]
    assert kept["contacts"][0]["note"] == made["losses"][0]["contacts"][0]["note"]


# Spreadsheets (faults 27 and 28).

COMPUTED = ("=HYPERLINK(x)", "+cmd", "@SUM(A1)", "-1", "-1+1|' /C calc'!A0", "'=1", "''+1")
NUMBERLIKE = ("00442079460018", "01234", "00", "1e5", "12345678901234567", "'01234")
# What LibreOffice makes another text of, on opening the file: 1.1, 555.01, 100000, 0.5, 1234.
MORE_NUMBERLIKE = ("1.10", "555.0100", "1E+5", "1.5e3", ".5", "1,234")


@pytest.mark.parametrize("text", [*COMPUTED, *NUMBERLIKE, *MORE_NUMBERLIKE])
def test_a_text_that_a_spreadsheet_would_change_is_a_text_in_csv(run, exported, text):
    run(["log", "Acme", "12000", f"--product={text}"])
    json_row = json.loads(exported("json"))["losses"][0]
    raw = exported("csv")
    (row,) = table(raw)
    assert row["product"] == f"'{text}"
    assert (row["amount"], row["lost_on"]) == ("12000.00", TODAY)
    assert json_row["product"] == text


def test_27_phones_and_postcodes_come_back_and_are_not_added_again(
    run, use, exported, brought, loss
):
    run(["log", "Acme", "--contact", "Ana 00442079460018", "--product", "01234"])
    raw = exported("json")
    assert brought("json", raw)["added"] == 0
    use("new.db")
    assert brought("json", raw)["added"] == 1
    assert (loss()["phone"], loss()["product"]) == ("00442079460018", "01234")
    assert brought("json", raw)["added"] == 0


# Files that are not as lostsale wrote them.


TWO = (
    "log Acme 12kEUR --said budget --contact Ana --real too-slow --on 3d",
    "touch 1 hello",
    "referral 1 Bea",
    "log Brandt 5k",
    "meet 2 'friday 10am'",
    "won 1 5",
)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A journal of two losses; nobody changes it."""
    path = tmp_path_factory.mktemp("two") / "two.db"
    with door(path) as tell:
        assert [line for line in TWO if tell(TODAY, *shlex.split(line))[0]] == []
    return path


@pytest.fixture
def written(use, exported, two):
    """A JSON export of two losses, as an object."""
    use(two)
    return json.loads(exported("json"))


def short(value):
    """A value as the name of a test's case."""
    return value[:24] if isinstance(value, str) and value.isprintable() else ascii(value)[:24]


DEEP = "DEEP"  # stands for lists in lists, as deep as is read at all


def put(whole, path, value):
    """The JSON of an object in which `value` stands at a path."""
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = whole
    for part in way:
        place = place[part]
    place[last] = value
    return json.dumps(whole).replace(f'"{DEEP}"', "[" * 900 + "]" * 900).encode()


TEXT_FIELDS = (
    *("prospect", "contact", "email", "phone", "product", "stage", "lost_to", "way_in", "lesson"),
    *("note", "said.code", "said.words", "guess", "real.words", "real.source", "currency"),
    *("amount", "lost_on", "outcome", "weakness", "logged_at", "uid", "asked_on", "rested_on"),
    *("contacts.0.kind", "contacts.0.note", "contacts.0.on", "contacts.0.uid", "won.on"),
    *("referrals.0.name", "referrals.0.phone", "as_kept.step.kind", "as_kept.won.amount"),
    *("as_kept.won.currency", "as_kept.step.on", "source", "next"),
)


@pytest.mark.parametrize(
    "value", [5, 1.5, True, [5], {"a": 1}, [], "", DEEP, "a\0b", "\ud800"], ids=short
)
def test_a_value_that_no_field_can_have_is_refused(written, refuses, tmp_path, subtests, value):
    for field in TEXT_FIELDS:
        is_object = field in {"guess", "source", "next"} and value == {"a": 1}
        bad = {"code": 5, "system": 5, "kind": 5} if is_object else value
        raw = put(copy.deepcopy(written), f"losses.0.{field}", bad)
        with subtests.test(field):
            refuses_json(refuses, tmp_path, raw, new_uids=True)


def refuses_json(refuses, folder, raw, *, new_uids=False):
    if new_uids:  # so that the losses would be new
        raw = re.sub(rb'"uid": "([0-9a-f]{12})', rb'"uid": "new', raw)
    (folder / "x.json").write_bytes(raw)
    return refuses(["import", str(folder / "x.json")], 2)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema", 2),
        ("schema", None),
        ("losses", 5),
        ("losses", {}),
        ("losses", [5]),
        ("losses", [None]),
        ("losses", [{}]),
        ("losses", DEEP),
        ("settings", ["a"]),
        ("settings", "x"),
        ("settings", {"currency": 5}),
        ("settings", {"currency": "XXX"}),
        ("settings", {"portion": "abc"}),
        ("settings", {"portion": "0"}),
        ("settings", {"workdays": "xyz"}),
        ("settings", {"workdays": ","}),
        ("settings", {"target-rate": "%"}),
        ("settings", {"decimal": "x"}),
        ("settings", {"date-order": "x"}),
        ("settings", {"email": "a@b.c\r\nX:1"}),
        ("settings", {"plan": "junk"}),
        ("settings", {"\ud800": "x"}),
        ("reasons", 5),
        ("reasons", [5]),
        ("reasons", [{}]),
        ("reasons", [{"code": "mine", "kind": "bold"}]),
        ("reasons", [{"code": "mine", "kind": "real", "weakness": "bold"}]),
        ("reasons", [{"code": "a b:\x1b", "kind": "real", "weakness": "none"}]),
        ("reasons", [{"code": "\ud800", "kind": "real", "weakness": "none"}]),
        ("reasons", [{"code": "mine", "kind": "real", "alias_of": "mine"}]),
        ("losses.0.signals", [5]),
        ("losses.0.signals", ["a b"]),
        ("losses.0.signals", [DEEP]),
        ("losses.0.currency", None),  # an amount of nothing
        ("losses.0.amount", "-5"),
        ("losses.0.amount", "1e5"),
        ("losses.0.amount", "9" * 5000),
        ("losses.0.amount", "12.345"),
        ("losses.0.lost_on", "2026-02-30"),
        ("losses.0.lost_on", "03/04/2026"),
        ("losses.0.lost_on", "0001-01-01"),
        ("losses.0.lost_on", "9999-12-31"),
        ("losses.0.real.code", "a b"),
        ("losses.0.real.on", "soon"),
        ("losses.0.note", "x" * (1024 * 1024 + 1)),
        ("losses.0.note", "x" * 10_000_000),
        ("losses.0.contacts.0.note", "x" * 10_000_000),
        ("losses.0.contacts.0.answered", "maybe"),
        ("losses.0.contacts.0.kind", "dance"),
        ("losses.0.contacts.0.on", None),
        ("losses.0.referrals.0.name", None),
        ("losses.0.won.on", None),
        ("losses.1.next.time", "25:00"),
        ("losses.1.next.kind", "dance"),
        ("losses.1.next.minutes", "x"),
        ("losses.1.next.minutes", -5),
        ("losses.1.next.marked", "maybe"),
        ("losses.1.prospect", None),
        ("losses.1.lost_on", None),
        ("losses.1.logged_at", "yesterday"),
        ("losses.1.logged_at", "2026-11-24"),
    ],
    ids=short,
)
def test_json_that_is_not_as_lostsale_wrote_it_is_refused_whole(
    written, refuses, tmp_path, path, value
):
    refuses_json(refuses, tmp_path, put(written, path, value), new_uids=True)


def test_how_files_were_read_as_an_earlier_lostsale_kept_it_is_passed_on(
    written, run, use, exported, tmp_path
):
    written["settings"] = {"map old": "{}"}
    (tmp_path / "x.json").write_text(json.dumps(written))
    use("new.db")
    run(["import", str(tmp_path / "x.json")])
    assert json.loads(exported("json"))["settings"] == {"map old": "{}"}


def test_of_two_losses_that_name_one_entry_each_has_its_own(written, run, use, tmp_path):
    written["losses"][1]["contacts"] = written["losses"][0]["contacts"]
    (tmp_path / "x.json").write_text(json.dumps(written))
    use("new.db")
    run(["import", str(tmp_path / "x.json")])
    first, second = (one["contacts"] for one in run("list --json").json["losses"])
    assert first
    assert [entry["kind"] for entry in first] == [entry["kind"] for entry in second]
    assert not {entry["uid"] for entry in first} & {entry["uid"] for entry in second}
    assert "all intact" in run("verify").out


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 100,
        b"null",
        b"[]",
        b"{}",
        b"NaN",
        b"{",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"schema": 1, "losses": [' + b"9" * 10_000 + b"]}",
        b'{"schema": 1, "losses": [{"prospect": "\xe9"}]}',
        b"number,uid\n1,2\n",
    ],
)
def test_what_is_no_export_as_json_is_refused(run, refuses, tmp_path, raw):
    run("log Acme")
    assert "isn't a lostsale export" in refuses_json(refuses, tmp_path, raw)


# The calendar.


def events(raw):
    """The events of a calendar in which icalendar finds nothing wrong."""
    calendar = Calendar.from_ical(raw)
    assert [part.errors for part in calendar.walk()] == [[]] * len(calendar.walk())
    return calendar.walk("VEVENT")


def summaries(raw):
    return sorted(str(event["SUMMARY"]) for event in events(raw))


def test_a_step_is_an_entry_of_its_own_whole_day_late_or_not(run, exported, loss):
    run("log Acme 12k --contact 'Ana Ruiz 0044123'", today="2026-11-02")
    run("log Brandt")
    run("snooze 2 2027-03-01")
    late, ahead = sorted(events(exported("ics")), key=lambda event: event["DTSTART"].dt)
    assert (late["SUMMARY"], late["DTSTART"].dt) == ("Ask why: Acme, Ana Ruiz", date(2026, 11, 3))
    assert late["DTEND"].dt == date(2026, 11, 4)
    assert late["DTSTART"].params["VALUE"] == "DATE"
    assert late["UID"] == f"{loss(1)['uid']}-next"
    assert {"0044123", "12,000 USD", "Loss 1"} <= set(late["DESCRIPTION"].splitlines())
    assert late.walk("VALARM") == []
    assert ahead["DTSTART"].dt == date(2027, 3, 1)


def test_what_is_won_at_rest_a_mistake_or_through_has_no_entry(run, exported):
    run("log Won")
    run("log Rest")
    run("log Mistake --outcome mistake")
    run("log Through --real too-slow --way-in dead --also thanks,referral")
    run("won 1")
    run("move-on 2")
    assert events(exported("ics")) == []


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Europe/Berlin", "2026-12-01T09:00"),
        ("America/New_York", "2026-12-01T15:00"),
        ("Asia/Kolkata", "2026-12-01T04:30"),
        ("UTC", "2026-12-01T10:00"),
    ],
)
def test_an_appointment_has_its_time_in_this_zone_its_length_place_and_alarm(
    run, exported, zone, name, start
):
    zone(name)
    run("log Acme")
    run("meet 1 '2026-12-01 10:00' --minutes 45 --where 'their office; 2nd'")
    raw = exported("ics")
    (event,) = events(raw)
    assert event["DTSTART"].dt.astimezone(UTC) == datetime.fromisoformat(f"{start}Z")
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
    assert Calendar.from_ical(raw).walk("VTIMEZONE") == []
    assert event["LOCATION"] == "their office; 2nd"
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(minutes=-15)


def test_a_snooze_to_an_hour_is_an_entry_at_that_hour(run, exported, zone):
    zone("Europe/Berlin")
    run("log Acme")
    run("snooze 1 '2027-07-02 9am'")
    (event,) = events(exported("ics"))
    assert event["DTSTART"].dt.astimezone(UTC) == datetime(2027, 7, 2, 7, tzinfo=UTC)


def test_an_entry_keeps_its_uid_and_a_later_one_is_never_the_older(run, exported):
    run("log Acme")
    run("log Brandt")
    first = {event["UID"]: event for event in events(exported("ics"))}
    again = {event["UID"]: event for event in events(exported("ics"))}
    run("snooze 1 2w")
    run("done 2")
    later = {event["UID"]: event for event in events(exported("ics"))}
    assert first.keys() == again.keys() == later.keys()
    assert len(first) == 2
    for uid, event in first.items():
        assert event["SEQUENCE"] <= again[uid]["SEQUENCE"] <= later[uid]["SEQUENCE"] < 2**31
        assert event["DTSTAMP"].dt <= again[uid]["DTSTAMP"].dt <= later[uid]["DTSTAMP"].dt
        assert event["DTSTART"].dt < later[uid]["DTSTART"].dt


def properties(raw):
    lines = raw.replace(b"\r\n ", b"").decode().split("\r\n")
    return [re.split("[:;]", line)[0] for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "x\r\nATTENDEE:mailto:eve@example.com",
        "x\nX-EVIL:1\rX-EVIL:2",
        "x\r\nEND:VEVENT\r\nBEGIN:VEVENT",
        "x\\nX-EVIL:1",
        "a, b; c: d\\",
        'Ana "Queen"^n',
        "Łódź " * 40,
        "😀" * 80,
        *[param.values[0] for param in HOSTILE],
    ],
)
def test_28_a_text_in_the_calendar_is_a_text_and_its_lines_are_folded(run, exported, text):
    def line(text):
        everywhere = [option.replace("{}", text) for of in FIELDS.values() for option in of[2:]]
        return ["log", text, "12k", *everywhere, "--signal", "silence"]

    run(line("plain"))
    run(["meet", "1", "2026-12-01 10:00", "--where", "plain"])
    plain = exported("ics")
    run("undo 2")
    run(line(f"x{text}y"))
    run(["meet", "2", "2026-12-01 10:00", "--where", f"x{text}y"])
    raw = exported("ics")
    assert properties(raw) == properties(plain)
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert not [sign for sign in raw.replace(b"\r\n", b"") if sign < 32 or sign == 127]
    (event,) = events(raw)
    shown = "".join(sign if sign.isprintable() else " " for sign in f"x{text}y")
    assert shown.strip() in str(event["SUMMARY"])
    assert str(event["LOCATION"]) == shown
