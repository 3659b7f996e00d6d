"""The JSON that is promised: fields are always there, null when empty, never removed or renamed.

The promises stand here as the documentation has them. A field may be added; then `PROMISED` stays
as it is, or grows.
"""

import json
import re
import sqlite3
from contextlib import closing

import pytest

LOSS = """
    number uid prospect contact email phone product amount currency lost_on stage outcome lost_to
    said{code,words,suggested[]} signals[] guess{code,words,suggested[]}
    real{code,words,suggested[],source,on} asked_on way_in weakness
    lesson note next{kind,on,time,late_days,plan_step,marked}
    contacts[{uid,kind,on,answered,marked,note}]
    referrals[{uid,name,phone,email,on,note,called_on,dropped_on,result}]
    won{on,amount,note} rested_on logged_at source{system,record} again{on,what}
"""
STATS = """
    period{label,from,to,as_of} lost asked told heard guessed not_asked asked_within_3_days
    told_within_3_days guess_right{right,of} tried attempts won_back won_back_rate won_back_tried
    won_in_period still_open at_rest mistakes amounts{CUR:{lost,won_back,won_in_period}}
    without_amount
    months[{month,lost,asked,told,tried,won_back,won_back_rate,won_in_month,early,amounts}]
    said[{code,lost}]
    reasons[{code,weakness,lost,told,heard,guessed,won_back,amounts,quote}]
    truth[{said,real,lost}] weaknesses[{weakness,lost,told,won_back,amounts}]
    lost_to[{name,lost,won_back,amounts}] signals[{code,lost}]
    promises{marked{kept,of},unmarked{kept,of},unnoted} referrals{asked,received}
    target{rate,wins,to_go} pace{lost_a_month,lost_a_year,won_back_a_year}
    wins_by{kind[],contacts[],days[],reason[]}
    previous{label,from,to,lost,won_back,won_back_rate,amounts}
    under_other unclear[{words,kind,lost}] lesson{kind,share{part,of},code,better{part,of}}
    learned[{number,prospect,text}] coming_up{losses,amounts,months[{month,losses,amounts}]}
"""
FULL = (
    "log Acme 12k --product lathe --said 'price: too dear' --guess 'product-gap: no app'"
    " --real 'too-slow: you came late' --contact 'Ana Ruiz 555-0134 a@b.c' --way-in 'a lease'"
    " --signal silence --lost-to Kyolab --lesson 'call first' --note 'met twice' --on yesterday"
)


def promise(tokens):
    """Read a promise up to its closing bracket: {field: what it holds, if it is no plain value}."""
    fields, last = {}, ""
    while tokens and (token := tokens.pop(0)) != "}":
        if token == "{":
            fields[last] = promise(tokens)
        elif token == "[":
            fields[last] = [promise(tokens[1:])] if tokens[0] == "{" else []
            while tokens.pop(0) != "]":
                pass
        elif token not in {",", ":"}:
            last = token
            fields[last] = None
    return fields


def broken(promised, value, path=""):
    """Return the fields that are not there, or hold something of another shape."""
    if isinstance(promised, list):
        if not isinstance(value, list):
            return [path]
        return [
            fault
            for place, item in enumerate(value if promised else ())
            for fault in broken(promised[0], item, f"{path}[{place}]")
        ]
    if not isinstance(promised, dict) or value is None:
        return []
    if "CUR" in promised:
        promised = dict.fromkeys(value, promised["CUR"])
    if not isinstance(value, dict):
        return [path]
    return [
        fault
        for name, inner in promised.items()
        for fault in (
            broken(inner, value[name], f"{path}.{name}") if name in value else [f"{path}.{name}"]
        )
    ]


PROMISED_LOSS, PROMISED_STATS = (
    promise(re.findall(r"\w+|[{}\[\]]", text)) for text in (LOSS, STATS)
)


def complete(run, tmp_path):
    """Keep a loss that has everything."""
    run(FULL)
    run("done 1 sent the offer")
    run("referral 1 Jo Stern 555-0160 j@b.c --note 'her sister'")
    run("move-on 1")
    run("won 1 9500 --note 'the lease did it'")
    export = tmp_path / "deals.csv"
    export.write_text(
        "id,company,status,lost at stage,close date\n7,Acme,Lost,proposal,2026-11-23\n"
    )
    run(["import", str(export)])


def test_the_promise_itself_is_read_whole():
    assert len(PROMISED_LOSS) == 30
    assert list(PROMISED_LOSS["next"]) == "kind on time late_days plan_step marked".split()
    assert list(PROMISED_LOSS["contacts"][0]) == "uid kind on answered marked note".split()
    assert PROMISED_STATS["amounts"] == {
        "CUR": dict.fromkeys(("lost", "won_back", "won_in_period"))
    }
    assert broken({"a": None, "b": [{"c": None}]}, {"b": [{}]}) == [".a", ".b[0].c"]


def test_an_empty_loss_has_every_field(run, loss):
    run("log Acme --outcome mistake")
    assert broken(PROMISED_LOSS, loss()) == []
    filled = {name for name, value in loss().items() if value not in (None, [])}
    assert filled == {"number", "uid", "prospect", "lost_on", "outcome", "logged_at"}


def test_log_says_beside_the_loss_what_is_unclear(run):
    found = run("log Acme 8-10k price --json").json
    assert found.keys() == {"schema", "loss", "unsure", "suggested"}
    assert (found["unsure"], found["suggested"]) == (["amount"], [])
    assert broken(PROMISED_LOSS, found["loss"]) == []


def test_a_whole_loss_has_every_field(run, tmp_path, loss):
    complete(run, tmp_path)
    found = loss()
    assert broken(PROMISED_LOSS, found) == []
    assert {name for name, value in found.items() if value in (None, [])} == {"next", "again"}
    (name,) = found["referrals"]
    assert {key: name[key] for key in name if key != "uid"} == {
        "name": "Jo Stern",
        "phone": "555-0160",
        "email": "j@b.c",
        "on": "2026-11-24",
        "note": "her sister",
        "called_on": None,
        "dropped_on": None,
        "result": None,
    }
    assert found["source"] == {"system": "id+closedate+status", "record": "7"}
    assert found["stage"] == "proposal"


def test_the_next_step_has_every_field(run, loss):
    run("log Acme --on yesterday")
    assert loss()["next"] == {
        "kind": "why",
        "on": "2026-11-24",
        "time": None,
        "late_days": 0,
        "plan_step": "why",
        "marked": None,
        "minutes": None,
        "where": None,
    }


def test_days_are_iso_and_amounts_decimal_strings(run, loss):
    run(FULL)
    run("done 1")
    run("won 1 9500.5")
    found = loss()
    assert (found["amount"], found["currency"]) == ("12000.00", "USD")
    assert found["won"]["amount"] == "9500.50"
    days = [found["lost_on"], found["asked_on"], found["real"]["on"], found["won"]["on"]]
    assert days == ["2026-11-23", "2026-11-23", "2026-11-23", "2026-11-24"]
    assert found["contacts"][0]["on"] == "2026-11-24"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00", found["logged_at"])


def test_an_empty_tally_has_every_field(run):
    stats = run("stats --json").json["stats"]
    assert broken(PROMISED_STATS, stats) == []
    assert stats["won_back_rate"] is None
    assert (stats["lost"], stats["months"], stats["amounts"]) == (0, [], {})


def test_a_whole_tally_has_every_field(run):
    run(FULL)
    run("log Acme 5kEUR --said budget --heard too-slow --on 2025-11-01")
    run("log Brandt --guess no-money")
    run("done 1")
    run("won 1")
    stats = run("stats --json").json["stats"]
    assert broken(PROMISED_STATS, stats) == []
    lists = "months said reasons truth weaknesses lost_to signals".split()
    assert [name for name in lists if not stats[name]] == []
    assert all(stats["wins_by"][name] for name in ("kind", "contacts", "days", "reason"))
    assert stats["previous"]["amounts"]["EUR"]["lost"] == "5000.00"
    assert stats["amounts"]["USD"] == {
        "lost": "12000.00",
        "won_back": "12000.00",
        "won_in_period": "12000.00",
    }
    assert stats["months"][0]["month"] == "2026-11"
    assert (stats["won_back_rate"], stats["target"]["rate"]) == (0.5, 0.05)


@pytest.mark.parametrize(
    "line",
    [
        "show 1",
        "done 1",
        "no-answer 1",
        "snooze 1 friday",
        "skip 1",
        "why 1 too-slow",
        "touch 1 hello",
        "meet 1 friday 10am --marked --minutes 30 --where there",
        "referral 1 Bea Kim",
        "won 1",
        "move-on 1",
        "edit 1 --amount 6",
    ],
)
def test_a_command_about_one_loss_prints_one_loss(run, line):
    run("log Acme 5")
    found = run(f"{line} --json").json
    assert set(found) == {"schema", "loss"}
    assert found["schema"] == 1
    assert broken(PROMISED_LOSS, found["loss"]) == []


@pytest.mark.parametrize("line", ["done 1,2", "snooze 1-2 friday", "skip 1,2", "move-on 1,2"])
def test_a_command_about_several_prints_losses(run, line):
    run("log Acme 5")
    run("log Brandt 6")
    found = run(f"{line} --json").json
    assert set(found) == {"schema", "losses"}
    assert [broken(PROMISED_LOSS, loss) for loss in found["losses"]] == [[], []]


@pytest.mark.parametrize(
    ("line", "nouns"),
    [
        ("due", {"today", "due", "more", "cold", "ready_to_rest"}),
        ("stats", {"stats"}),
        ("undo", {"undone"}),
        ("config", {"settings"}),
        ("config currency EUR", {"settings"}),
        ("list", {"losses"}),
        ("find acme", {"losses"}),
        ("referrals", {"referrals"}),
        ("referrals called 1 hello", {"referral"}),
        ("referrals drop 1", {"referral"}),
        ("reasons", {"reasons"}),
        ("reasons add bad-timing --kind real", {"reasons"}),
        ("reasons rename price too-dear", {"reasons"}),
        ("reasons weakness no-money company", {"reasons"}),
    ],
)
def test_the_top_level_is_one_object_with_its_noun(run, line, nouns):
    run("log Acme 5")
    run("referral 1 Bea Kim")
    found = run(f"{line} --json").json
    assert found["schema"] == 1
    assert nouns | {"schema"} <= set(found)


def test_due_lists_whole_losses(run):
    run("log Acme 5 --on yesterday")
    found = run("due --json").json
    assert [broken(PROMISED_LOSS, loss) for loss in found["due"]] == [[]]
    counts = [found[name] for name in ("today", "more", "cold", "ready_to_rest")]
    assert counts == ["2026-11-24", 0, 0, 0]


@pytest.mark.parametrize("line", ["list", "find acme"])
def test_a_list_is_of_whole_losses(run, tmp_path, line):
    complete(run, tmp_path)
    found = run(f"{line} --json").json
    assert [broken(PROMISED_LOSS, loss) for loss in found["losses"]] == [[]]


def test_a_referral_names_its_loss(run, tmp_path):
    complete(run, tmp_path)
    (found,) = run("referrals --json").json["referrals"]
    assert set(found) == {
        *("uid", "name", "phone", "email", "on", "note", "called_on", "dropped_on", "result"),
        *("number", "loss", "prospect"),
    }
    assert (found["name"], found["loss"], found["prospect"]) == ("Jo Stern", 1, "Acme")


def test_a_reason_is_listed_with_what_it_shows_and_how_often(run):
    run("log Acme 5 budget --guess price-value")
    run("reasons rename price-value too-dear")
    listed = {reason["code"]: reason for reason in run("reasons --json").json["reasons"]}
    assert listed["too-dear"] == {
        "code": "too-dear",
        "kind": "real",
        "weakness": "competitive",
        "lost": 1,
        "aliases": ["price-value"],
        "meaning": "Someone was cheaper, or they didn't see what yours is worth",
        "example": "same machine, 40 a month less",
    }
    assert listed["budget"] == {
        "code": "budget",
        "kind": "said",
        "weakness": None,
        "lost": 1,
        "aliases": [],
        "meaning": "There's no money for it now, at any price",
        "example": "nothing left until the new fiscal year",
    }


def test_an_import_says_what_came_of_it(run, tmp_path):
    export = tmp_path / "deals.csv"
    export.write_text(
        "id,company,status,close date\n7,Acme,Lost,2026-11-23\n8,Bolt,Lost,\n9,C,Won,\n"
    )
    found = run(["import", str(export), "--json"]).json
    (first,) = found["import"].pop("first")
    assert broken(PROMISED_LOSS, {**first, "number": 1}) == []
    assert (first["number"], first["prospect"], first["lost_on"]) == (None, "Acme", "2026-11-23")
    assert found == {
        "schema": 1,
        "import": {
            "file": str(export),
            "format": "CSV",
            "rows": 3,
            "lost": 2,
            "added": 1,
            "updated": 0,
            "duplicates": 0,
            "linked": 0,
            "steps": 0,
            "forgotten": 0,
            "ahead": 0,
            "undated": 1,
            "months": 0,
            "skipped": [{"line": 3, "why": "no day of the loss"}],
            "emptied": [],
            "clashes": [],
            "stayed": [],
            "examples": {
                "record": "7",
                "status": "Lost",
                "lost_on": "2026-11-23",
                "prospect": "Acme",
            },
            "close": {},
            "day": "closed",
            "currency": "USD",
            "doubts": [],
            "unused": [],
            "columns": {
                "record": ["id"],
                "status": ["status"],
                "lost_on": ["close date"],
                "prospect": ["company"],
            },
            "reasons": [],
            "dry_run": False,
        },
    }


def test_an_export_says_where_it_is(run, tmp_path):
    run("log Acme 5")
    path = tmp_path / "all.json"
    made = run(["export", str(path), "--json"]).json["export"]
    assert made == {"file": str(path), "losses": 1, "bytes": path.stat().st_size}


def test_a_merge_says_what_came_and_what_differs(run, db, tmp_path):
    run("log Acme 5")
    other = tmp_path / "other.db"
    run(["backup", str(other)])
    run(["--db", str(other), "edit", "1", "--amount", "6"])
    run(["--db", str(other), "log", "Bolt"])
    run(["--db", str(other), "config", "currency", "EUR"])
    found = run(["merge", str(other), "--json"]).json["merge"]
    backup, added = found.pop("backup"), found["losses"][1]
    assert backup.startswith(f"{db}-backups")
    assert found == {
        "file": str(other),
        "changes": 3,
        "added": 1,
        "updated": 1,
        "removed": 0,
        "forgotten": 0,
        "settings": ["currency"],
        "losses": [
            {
                "number": 1,
                "uid": found["losses"][0]["uid"],
                "prospect": "Acme",
                "what": "updated",
                "fields": [{"field": "amount", "before": "5.00", "after": "6.00"}],
            },
            {**added, "number": 2, "prospect": "Bolt", "what": "added", "fields": []},
        ],
        "twice": [],
        "dry_run": False,
    }


def test_forgetting_says_what_went_and_where_from(run):
    run("log Acme 5 --contact Ana")
    run("touch 1 hello")
    run("referral 1 Acme Bea")
    run("log Bolt --note 'a friend of Acme'")
    found = run("forget acme --yes --json").json["forgotten"]
    assert found == {
        "losses": [1],
        "contacts": 2,
        "referrals": 1,
        "kept_count": False,
        "compact": True,
        "cleaned": [],
        "deleted": [],
        "left": [],
        "elsewhere": [2],
        "settings": [],
        "machines": [],
    }


def test_a_demo_says_where_it_is_and_how_to_look_at_it(run, tmp_path):
    path = str(tmp_path / "demo.db")
    made = run(["demo", path, "--json"]).json["demo"]
    assert (made["file"], made["lost"], made["won_back"]) == (path, 1200, 60)
    assert len(made["commands"]) == 3


def test_a_backup_says_where_it_is_and_going_back_what_is_there(run, tmp_path):
    run("log Acme 5")
    path = tmp_path / "copy.db"
    made = run(f"backup {path} --json").json["backup"]
    assert made == {"file": str(path), "bytes": path.stat().st_size}
    run("log Bolt 5")
    back = run(f"restore {path} --yes --json").json["restored"]
    assert (back["file"], back["losses"]) == (str(path), 1)
    assert back["replaced"].startswith(str(tmp_path))


def test_a_check_says_what_is_wrong(run, db):
    run("log Acme 5")
    assert run("verify --json").json["verify"] == {
        "ok": True,
        "losses": 1,
        "changes": 1,
        "file": [],
        "wrong": [],
        "backup": None,
        "repairable": False,
        "repaired": [],
        "replaced": None,
    }
    with closing(sqlite3.connect(db)) as journal, journal:
        journal.execute("UPDATE losses SET prospect = 'Acne'")
    result = run("verify --json", code=4)
    assert json.loads(result.out)["verify"]["wrong"] == [1]
    assert json.loads(result.err)["error"]["code"] == "damaged"


def test_undo_names_each_change(run):
    run("log Acme 5")
    (undone,) = run("undo --json").json["undone"]
    assert (undone["command"], undone["losses"]) == ("log", [1])
    assert re.match(r"\d{4}-\d\d-\d\dT", undone["at"])


def test_json_is_one_line_of_ascii(run):
    run("log Łódź 5")
    out = run("show 1 --json").out
    assert out.isascii()
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "exit_code", "code"),
    [
        ("show 9", 1, "not-found"),
        ("show acme", 1, "ambiguous"),
        ("move-on --cold", 1, "declined"),
        ("edit 1 --amount 1.234", 2, "bad-input"),
        ("frobnicate", 2, "bad-input"),
        ("show", 2, "bad-input"),
    ],
)
def test_an_error_is_json_on_stderr_with_the_same_exit_code(run, line, exit_code, code):
    run("log 'Acme East' 5", today="2026-11-03")
    run("log 'Acme West' 5")
    plain = run(line, code=exit_code)
    result = run(f"{line} --json", code=exit_code)
    assert result.out == ""
    error = result.json
    assert (set(error), error["schema"]) == ({"schema", "error"}, 1)
    assert error["error"]["code"] == code
    assert plain.err == f"lostsale: {error['error']['message']}\n"


@pytest.mark.parametrize(
    ("make", "exit_code", "code"),
    [
        (lambda path: path.mkdir(), 3, "cannot-open"),
        (lambda path: path.write_text("Acme said no"), 3, "not-a-journal"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(100)), 4, "damaged"),
    ],
    ids=["folder", "text", "damaged"],
)
def test_a_journal_that_can_not_be_opened_is_a_json_error_too(run, db, make, exit_code, code):
    make(db)
    assert run("due --json", code=exit_code).json["error"]["code"] == code
