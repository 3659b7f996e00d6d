"""A team's numbers: who sees what, and that they add up."""

import json
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from random import Random

import pytest

psycopg = pytest.importorskip("psycopg")

SECRETS = ("Oakfield", "Ana Ruiz", "555-0134", "partners froze", "brother in law", "my-own-code")
REASONS = ("price-value", "no-money", "relationship", "circumstance", "too-slow")


@pytest.fixture
def team(machines, database, as_rep, tmp_path):
    """Make machines of reps and managers on a server, each under a role of its name."""
    (owner,) = machines(database, "owner")

    def team(*reps, manager="kim"):
        made = []
        for name in (*reps, manager):
            one = type(owner)(tmp_path, name, owner.capsys)
            one.address = as_rep(name)
            made.append(one)
            if name != manager:
                one(["sync", one.address, "--init"])
                one("config share on")
                one("sync")
        with psycopg.connect(database, autocommit=True) as opened:
            for line in owner(f"team roles --manager {manager}").splitlines():
                if line.startswith("INSERT"):
                    opened.execute(line)
        made[-1](["team", "reasons", "--server", made[-1].address])
        return made

    team.owner = owner
    return team


def lose(machine, count, *, seed, month=None, record="", currency="USD", reasons=REASONS):
    """Have a machine import so many lost deals of 2026, some of them asked about, and won."""
    chance = Random(seed)
    lines = ["Deal ID,Account,Stage,Close Date,Amount,Currency,Lost reason,Lost to"]
    for place in range(count):
        day = f"2026-{month or chance.randint(1, 10):02}-{chance.randint(1, 28):02}"
        name = record or f"{machine.home.name}-{seed}-"
        lines.append(
            f"{name}{place},Acme {place},Closed Lost,{day},{chance.randint(100, 90_000)}.{place:02}"
            f",{currency},,{chance.choice(('Ricoh', 'Canon', ''))}"
        )
    file = machine.home / "deals.csv"
    file.write_text("\n".join(lines) + "\n")
    machine(["import", str(file), "--yes"])
    listed = json.loads(machine("list all --json"))["losses"]
    for loss in listed:
        number = str(loss["number"])
        if chance.random() < 0.6:
            machine(["why", number, chance.choice(reasons)])
        if chance.random() < 0.2:
            machine(["won", number], code=None)


def stats(machine, *args):
    return json.loads(machine(["team", "stats", *args, "--json"]))


def test_reps_share_at_their_sync_and_only_what_changed(team):
    jo, _, _ = team("jo", "ana")
    jo("log Oakfield 12k budget")
    assert jo("sync") == "1 sent, 0 received · 1 to the team\n"
    assert jo("sync") == "0 sent, 0 received\n"
    jo("log Pike 9k price")
    assert "1 to the team" in jo("sync")
    jo("why 1 too-slow")
    assert "1 to the team" in jo("sync")
    jo("touch 1 called them")
    assert "1 to the team" in jo("sync")  # tried once
    jo("edit 1 --note 'nothing of the team`s'")
    assert jo("sync") == "1 sent, 0 received\n"
    jo("forget 1 --yes")
    assert "1 to the team" in jo("sync")


def shared(database):
    with psycopg.connect(database) as owner:
        rows = owner.execute(
            "SELECT to_jsonb(s) FROM lostsale_shared s ORDER BY lost_on"
        ).fetchall()
    return [row for (row,) in rows]


def test_nobody_s_words_are_on_the_server_and_codes_only_that_the_team_has(team, database):
    jo, _, kim = team("jo", "ana")
    jo("reasons add my-own-code --kind real --weakness none")
    jo("reasons rename relationship brother-knows")
    jo(
        "log Oakfield 12k 'the partners froze it' --contact 'Ana Ruiz 555-0134' --product Copier"
        " --guess selling --lost-to Ricoh --note 'brother in law'"
    )
    jo("log Pike 9k price --guess my-own-code")
    jo("log Mill 9k price --guess brother-knows")
    jo("sync")
    first, *others = shared(database)
    assert not [secret for secret in SECRETS if secret in json.dumps([first, *others])]
    rows = {row["amount"]: row for row in (first, *others)}
    assert {row["guess_code"] for row in (first, *others)} == {"other", "relationship"}
    assert (rows[1200000]["lost_to"], rows[1200000]["product"]) == ("Ricoh", None)
    assert {row["weakness"] for row in (first, *others)} == {None, "relationship"}
    kim(["team", "reasons", "--add", "my-own-code", "--kind", "real"])
    jo("config share-products on")
    jo("config share-personal on")
    jo("sync")
    after = shared(database)
    assert {row["guess_code"] for row in after} == {"selling", "my-own-code", "relationship"}
    assert {row["weakness"] for row in after} == {"personal", None, "relationship"}
    assert {row["product"] for row in after} == {"Copier", None}


def test_a_guess_that_is_hidden_is_not_taken_for_right(team, database):
    jo, _, _ = team("jo", "ana")
    jo("log Oakfield 12k budget --guess selling")
    jo("why 1 no-access")
    jo("sync")
    (row,) = shared(database)
    assert (row["guess_code"], row["real_code"], row["real_source"]) == (None, "other", "told")


def test_share_off_takes_everything_back(team, database):
    jo, ana, _ = team("jo", "ana")
    for rep in (jo, ana):
        rep("log Oakfield 12k budget")
        rep("sync")
    jo("config share off")
    assert "1 to the team" in jo("sync")
    assert [row["owner"] for row in shared(database)] == ["ana"]
    assert jo("sync") == "0 sent, 0 received\n"


def test_what_was_shared_and_lost_on_the_server_comes_back_with_share(team, database):
    jo, _, _ = team("jo", "ana")
    jo("log Oakfield 12k budget")
    jo("sync")
    jo("config share off")
    jo("sync")
    jo("config share on")
    jo("sync")
    assert len(shared(database)) == 1


def test_a_machine_without_the_server_shares_through_one_that_has_it(team, database, tmp_path):
    jo, _, _ = team("jo", "ana")
    folder = tmp_path / "stick"
    folder.mkdir()
    jo(["sync", str(folder), "--init"])
    desktop = type(jo)(tmp_path, "desktop", jo.capsys)
    desktop(["sync", str(folder), "--key", jo("sync --show-key").strip()])
    desktop("log Oakfield 12k budget")
    desktop("sync")
    assert shared(database) == []
    jo("sync")
    jo(["sync", jo.address])
    assert len(shared(database)) == 1
    desktop("config share off")
    desktop("sync")
    jo(["sync", str(folder)])
    jo(["sync", jo.address])
    assert shared(database) == []


UNSHARED = {"mistakes", "under_other"}


def added(numbers):  # noqa: C901 - each part of STATS once
    """The sum of some reps' own numbers, without rates and what isn't shared."""
    total = Counter()
    for one in numbers:
        for key, value in one.items():
            if key not in UNSHARED and type(value) is int:
                total[key] += value
        for currency, sums in one["amounts"].items():
            for what, amount in sums.items():
                total[currency, what] += Decimal(amount)
        for month in one["months"]:
            for what in ("lost", "asked", "told", "tried", "won_back", "won_in_month"):
                total[month["month"], what] += month[what]
        for reason in one["reasons"]:
            for what in ("lost", "told", "heard", "guessed", "won_back"):
                total[reason["code"], what] += reason[what]
            for currency, sums in reason["amounts"].items():
                total[reason["code"], currency] += Decimal(sums["lost"])
        for rival in one["lost_to"]:
            total[rival["name"], "rival"] += rival["lost"]
        for days in one["wins_by"]["days"]:
            total[days["days"], "days"] += days["won_back"]
        total["guess", "right"] += one["guess_right"]["right"]
    return {key: value for key, value in total.items() if value}


def test_the_team_s_numbers_are_the_sum_of_the_reps_own(team):
    *reps, kim = team("jo", "ana", "bo")
    for seed, rep in enumerate(reps):
        rep("config share-personal on")
        lose(rep, 60, seed=seed, reasons=REASONS[:2])
        rep("sync")
    own = [json.loads(rep("stats 2026 --json"))["stats"] for rep in reps]
    whole = stats(kim, "2026", "--by", "rep")
    theirs, counted = added(own), added([whole["stats"]])
    # Small groups are counted without their keys, and none with another's.
    assert {key: n for key, n in theirs.items() if type(key) is str or key[0] == "USD"} == {
        key: n for key, n in counted.items() if type(key) is str or key[0] == "USD"
    }
    lost = {key for key in theirs if counted.get(key, 0) != theirs[key] and key[0]}
    assert all(counted.get(key, 0) < theirs[key] for key in lost)
    assert len(lost) < len(theirs) / 3
    assert {one["name"]: one["lost"] for one in whole["by"]} == {
        rep.home.name: one["lost"] for rep, one in zip(reps, own, strict=True)
    }
    assert {one["name"]: one["amounts"]["USD"] for one in whole["by"]} == {
        rep.home.name: {k: one["amounts"]["USD"][k] for k in ("lost", "won_back")}
        for rep, one in zip(reps, own, strict=True)
    }


def test_a_deal_that_two_imported_counts_once_until_the_first_leaves(team):
    jo, ana, kim = team("jo", "ana")
    for rep in (jo, ana):
        lose(rep, 8, seed=1, month=3, record="crm-")
        rep("sync")
    assert stats(kim, "2026")["stats"]["lost"] == 8
    jo("config share off")
    jo("sync")
    ana("sync")
    assert stats(kim, "2026")["stats"]["lost"] == 8


def by_rep(machine):
    return {one["name"]: one["lost"] for one in stats(machine, "2026", "--by", "rep")["by"]}


def test_small_groups_are_left_out_and_a_rep_sees_the_own_row_alone(team):
    jo, ana, bo, kim = team("jo", "ana", "bo")
    lose(jo, 6, seed=1, month=3)
    lose(ana, 4, seed=2, month=3)
    lose(bo, 7, seed=3, month=3)
    for rep in (jo, ana, bo):
        rep("sync")
    # Ana has fewer than 5, and the total less the others would tell: the smallest goes, too.
    assert by_rep(kim) == {None: 10, "bo": 7}
    assert by_rep(ana) == {None: 13, "ana": 4}
    assert stats(ana, "2026")["stats"]["lost"] == 17
    bo("config share off")
    bo("sync")
    assert stats(kim, "2026")["stats"]["lost"] == 10
    assert stats(ana, "2026")["stats"]["lost"] == 0  # all that isn't Ana's is Jo's
    assert stats(jo, "2026")["stats"]["lost"] == 0  # 4 are Ana's


def sums(machine, *args):
    with psycopg.connect(machine.address, autocommit=True) as opened:
        return opened.execute("SELECT * FROM lostsale_sums(%s, %s, %s)", args).fetchall()


def test_no_two_answers_differ_by_less_than_a_group(team):
    jo, ana, bo, _ = team("jo", "ana", "bo")
    for seed, rep in enumerate((jo, ana, bo)):
        lose(rep, 40, seed=seed)
        rep("sync")
    one_year, many = sums(jo, 2026, 2026, None), sums(jo, 1900, 9999, None)
    assert sorted(map(repr, one_year)) == sorted(map(repr, many))
    assert sums(jo, 2027, 2026, None) == sums(jo, None, None, None) == []
    # Padding with one's own losses brings nothing to light.
    jo("config share off")
    jo("sync")
    shown = {row[:10] for row in sums(jo, 2026, 2026, None)}
    jo("config share on")
    lose(jo, 90, seed=9)
    jo("sync")
    assert {row[:10] for row in sums(jo, 2026, 2026, None)} == shown
    # What has no key in a cut is nothing, or a group itself.
    for cut, key in (("lost", 2), ("won", 2), ("reason", 3)):
        nameless = [row for row in sums(ana, 2026, 2026, None) if row[0] == cut and not row[key]]
        assert all(row[10] >= 5 for row in nameless), cut


def test_a_rep_s_role_gets_at_nothing_of_others(team, database):
    jo, ana, _ = team("jo", "ana")
    for rep in (jo, ana):
        rep("log Oakfield 12k budget --lost-to Ricoh")
        rep("sync")
    row = "(uid, lost_on, outcome, rested, tried) VALUES ('x', '2026-03-01', 'unknown', false, 0)"
    forged_row = row.replace("(uid", "(owner, uid").replace("('x'", "('jo', 'x'")
    with psycopg.connect(ana.address, autocommit=True) as eve:
        assert {owner for (owner,) in eve.execute("SELECT owner FROM lostsale_shared")} == {"ana"}
        assert eve.execute("DELETE FROM lostsale_shared WHERE owner = 'jo'").rowcount == 0
        assert eve.execute("UPDATE lostsale_shared SET amount = 1 WHERE owner = 'jo'").rowcount == 0
        assert eve.execute("DELETE FROM lostsale_codes").rowcount == 0
        eve.execute("CREATE TEMP TABLE lostsale_managers (name text)")
        eve.execute("INSERT INTO lostsale_managers VALUES ('ana')")
        eve.execute("SET search_path = pg_temp, public")
        eve.execute(
            "CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001"
            " AS $$BEGIN RAISE EXCEPTION 'leaked %', $1; END$$"
        )
        query = "SELECT * FROM lostsale_sums(2026, 2026, 'rep') WHERE cut = 'part'"
        own = eve.execute(query).fetchall()
        assert [one[7] for one in own] == ["ana"]
        with pytest.raises(psycopg.Error, match="leaked ana"):
            eve.execute(f"{query} AND pg_temp.leak(name)")
        plan = eve.execute(f"EXPLAIN (ANALYZE, VERBOSE) {query}").fetchall()
        assert "lostsale_shared" not in repr(plan)
        for forged in (
            f"INSERT INTO lostsale_shared {forged_row}",
            "UPDATE lostsale_shared SET owner = 'jo'",
            "UPDATE lostsale_shared SET shared_at = '2020-01-01'",
            "UPDATE lostsale_shared SET counts = true",
            "INSERT INTO public.lostsale_managers VALUES ('ana')",
            "INSERT INTO lostsale_codes VALUES ('mine', 'real', NULL)",
            "UPDATE lostsale_team SET salt = ''",
            "ALTER TABLE lostsale_shared DISABLE ROW LEVEL SECURITY",
            "DROP POLICY lostsale_own ON lostsale_shared",
            "ALTER FUNCTION lostsale_sums SECURITY INVOKER",
            "DROP FUNCTION lostsale_settle",
            "SET ROLE jo",
            "SET SESSION AUTHORIZATION jo",
            "TRUNCATE lostsale_shared",
        ):
            with pytest.raises(psycopg.Error):
                eve.execute(forged)
        eve.execute(f"INSERT INTO lostsale_shared {row}")
    assert Counter(one["owner"] for one in shared(database)) == {"ana": 2, "jo": 1}


def test_no_row_of_a_rep_breaks_everybody_s_sums(team, database):
    jo, ana, kim = team("jo", "ana")
    jo(["log", "Oakfield", "12k", "budget", "--lost-to", "W" * 900])
    jo("sync")
    assert [len(row["lost_to"]) for row in shared(database)] == [200]
    row = {"uid": "x", "lost_on": "2026-03-01", "outcome": "unknown", "rested": False, "tried": 0}
    with psycopg.connect(ana.address, autocommit=True) as eve:
        for broken in (
            *({day: "infinity"} for day in ("lost_on", "asked_on", "real_on", "won_on")),
            {"lost_on": "5874897-12-31"},
            {"won_on": "0001-01-01 BC"},
            *({key: "usd"} for key in ("currency", "won_currency")),
            {"tried": -1},
            {"again_month": 2**31 - 1},
            *({key: "W" * 201} for key in ("lost_to", "product", "said_code", "outcome")),
        ):
            values = row | broken
            query = f"INSERT INTO lostsale_shared ({', '.join(values)}) VALUES ("
            with pytest.raises(psycopg.Error):
                eve.execute(f"{query}{', '.join(['%s'] * len(values))})", [*values.values()])
    assert stats(kim, "all")["stats"]["lost"] == 0
    assert len(shared(database)) == 1


def test_what_a_rep_puts_into_rows_is_shown_as_harmless_text(team):
    jo, ana, kim = team("jo", "ana")
    evil = "\x1b[2J\x07<script>x</script>\n\u202e"
    texts = ("said_code", "guess_code", "real_code", "weakness", "outcome", "lost_to", "product")
    rows = (
        {**dict.fromkeys(texts, evil), "won_on": "1900-01-01", "real_source": "told"},
        {"amount": 2**63 - 1, "currency": "ZZZ", "won_amount": -(2**63), "won_on": "9998-12-31"},
        {"lost_on": "9998-12-31", "again_month": 9999 * 12, "tried": 10**6},
        dict.fromkeys(texts, ""),
    )
    row = {"lost_on": "2026-03-01", "outcome": "unknown", "rested": False, "tried": 0}
    with psycopg.connect(jo.address, autocommit=True) as eve:
        for number in range(5 * len(rows)):
            values = row | rows[number % len(rows)] | {"uid": str(number)}
            query = f"INSERT INTO lostsale_shared ({', '.join(values)}) VALUES ("
            eve.execute(f"{query}{', '.join(['%s'] * len(values))})", [*values.values()])
    page = kim.home / "team.html"
    for machine in (kim, ana):
        for line in (
            "all --all",
            "2026 --by rep",
            "2026 --by product",
            f"all --save {page} --force",
        ):
            said = machine(f"team stats {line}")
            assert not {"\x1b", "\x07", "\u202e"} & set(said)
    assert stats(kim, "all")["stats"]["lost"] == 20
    assert "<script>x" not in page.read_text()


def test_a_copy_of_another_s_deal_does_not_stand_in_for_it(team, database):
    jo, ana, _ = team("jo", "ana")
    jo("log Oakfield 12k budget")
    jo("sync")
    (uid,) = [row["uid"] for row in shared(database)]
    with psycopg.connect(ana.address, autocommit=True) as eve:
        eve.execute(
            "INSERT INTO lostsale_shared (uid, lost_on, outcome, rested, tried)"
            " VALUES (%s, '2026-03-01', 'unknown', false, 0)",
            (uid,),
        )
        eve.execute("SELECT lostsale_settle(%s)", ([uid],))
    jo("sync")
    assert {row["owner"]: row["counts"] for row in shared(database)} == {"jo": True, "ana": False}


def test_the_screens_and_pages_of_a_team(team):
    jo, ana, kim = team("jo", "ana")
    for seed, rep in enumerate((jo, ana)):
        lose(rep, 30, seed=seed)
        for number in (1, 2, 3):
            rep(f"edit {number} --again 2027-03-01")
        rep("sync")
    coming = stats(kim, "2026-03")["stats"]["coming_up"]
    assert coming["losses"] == 6
    said = kim("team stats 2026 --by rep")
    assert "60 lost" in said
    assert "\njo\t" in said
    page = kim.home / "team.html"
    assert "Saved in" in kim(["team", "stats", "2026", "--save", str(page)])
    text = page.read_text()
    assert "Ricoh" in text
    assert "The team: everyone who shares" in text
    assert "Appointments" not in text
    assert "Names given" not in text
    assert "days after the loss" in kim("team stats 2026 --all")
    assert not kim.db.exists()
    assert "no journal" not in said
    assert "whole months" in kim("team stats last-90-days", code=2)
    assert "whole years" in kim("team stats 2026-03 --by rep", code=2)
    assert "lost" in kim("team stats 2026q1 --by month")
    assert stats(kim, "2026-03")["stats"]["reasons"] == []
    assert "can't be saved" in kim(["team", "stats", "--by", "rep", "--save", "x.html"], code=2)
    assert stats(kim, "all")["stats"]["lost"] == 60


def test_the_team_s_reasons_are_kept_by_managers_alone(team):
    jo, _, kim = team("jo", "ana")
    assert "no codes" in jo("team reasons")
    assert "Only managers" in jo("team reasons --add bad-timing", code=3)
    assert "bad-timing\treal\tcompany" in kim("team reasons --add bad-timing --weakness company")
    assert "bad-timing" in jo("team reasons")
    assert "can't be a code" in kim("team reasons --add 'x;y'", code=2)
    assert "no codes" in kim("team reasons --drop bad-timing")


def test_roles_are_made_of_any_name(team, database):
    owner = team.owner
    names = ['o"neil', "d'arc; DROP TABLE lostsale_shared"]
    sql = owner(["team", "roles", names[0], "--manager", names[1]])
    with psycopg.connect(database) as opened:
        opened.execute(sql)
        found = opened.execute("SELECT rolname FROM pg_roles").fetchall()
        assert {(name,) for name in names} <= set(found)
        opened.rollback()
    assert "whose roles" in owner("team roles", code=2)


def test_faults_are_one_line_and_an_exit_code(team, database, as_rep):
    jo, _, _ = team("jo", "ana")
    new = type(jo)(jo.home.parent, "new", jo.capsys)
    for args, code, words in (
        (["team", "stats"], 2, "No server yet"),
        (["team", "stats", "--server", "/tmp"], 2, "No server yet"),
        (["team", "stats", "--server", "postgresql://jo@127.0.0.1:1/x"], 3, "127.0.0.1"),
        (["team", "stats", "--server", "postgresql://jo:hush@127.0.0.1/x"], 2, "PGPASSWORD"),
        (["team", "stats", "--server", as_rep("jo").replace("jo@", "nobody-here@")], 3, "nobody"),
    ):
        said = new(args, code=code)
        assert said.count("\n") == 1, said
        assert words in said
        assert "hush" not in said
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("REVOKE EXECUTE ON FUNCTION lostsale_sums FROM PUBLIC")
        said = jo("team stats", code=3)
        assert said.count("\n") == 1
        assert "permission denied" in said
        owner.execute("UPDATE lostsale_schema SET version = 99")
        assert "newer" in jo("team stats", code=6)
        assert "newer" in team.owner(["sync", database, "--init"], code=6)
        owner.execute("UPDATE lostsale_schema SET version = 1")
        assert "older lostsale" in jo("team stats", code=2)
        jo("log Oakfield 12k budget")
        assert "Nothing was shared" in jo("sync")
        team.owner(["sync", database, "--init"])
    jo("log Pike 12k budget")
    assert "2 to the team" in jo("sync")


def test_psycopg_is_loaded_by_sync_and_team_alone(team):
    jo, _, _ = team("jo", "ana")
    code = "import sys, lostsale.cli; lostsale.cli.run(sys.argv[1:]); print(*sorted(sys.modules))"
    for args, is_loaded in ((["stats"], False), (["team", "roles", "x"], False), (["sync"], True)):
        done = subprocess.run(
            [sys.executable, "-c", code, *args],
            env={**os.environ, **jo.env},
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = set(done.stdout.split())
        assert ("psycopg" in loaded) == is_loaded, args
        assert not {"asyncio", "email"} & loaded, args


def test_a_daily_sync_asks_the_server_eight_times(team, monkeypatch):
    jo, _, _ = team("jo", "ana")
    asked = []

    def counting(real):
        def ask(cursor, query, *given, **options):
            asked.append(query)
            return real(cursor, query, *given, **options)

        return ask

    for name in ("execute", "stream"):
        monkeypatch.setattr(psycopg.Cursor, name, counting(getattr(psycopg.Cursor, name)))
    jo("log Oakfield 12k budget")
    jo("sync")
    assert len(asked) == 8, asked
    assert not any(query.startswith("BEGIN") for query in asked)
    asked.clear()
    jo("sync")
    assert len(asked) == 6, asked


def test_without_psycopg_what_to_install_is_said(team, monkeypatch):
    jo, _, _ = team("jo", "ana")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = jo("team stats", code=2)
    assert "pipx inject lostsale psycopg[binary]" in said
