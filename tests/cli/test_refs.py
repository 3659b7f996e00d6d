"""Naming a loss: by number or by words, and never guessed."""

import pytest

ONE = ("why 9 too-slow", "touch 9 hello", "won 9", "show 9")
ONE += ("meet 9 friday 10am", "referral 9 Bea Kim", "edit 9 --amount 5")
MANY = ("no-answer 9", "done 9", "snooze 9 friday", "skip 9", "move-on 9")


@pytest.fixture
def shop(run):
    """Keep five losses whose names share words."""
    run("log 'Oakfield Dental' 12k --contact 'Ana Ruiz' --product chair")
    run("log 'Oakfield Labs' --contact 'Jo Stern' --product lathe")
    run("log Oakfield --contact 'Tom Pike'")
    run("log 'Pike & Sons' --contact 'Sven Nordby'")
    run("log Łódź --contact 'Ana Öst'")


def named(run, ref, command="show"):
    return run([command, ref, "--json"]).json["loss"]["number"]


@pytest.mark.parametrize("line", [*ONE, *MANY])
def test_a_number_that_does_not_exist_is_not_found(run, refuses, line):
    run("log Acme")
    assert "There's no loss 9" in refuses(line, 1)


@pytest.mark.parametrize("line", [*ONE, *MANY])
def test_without_a_journal_no_number_exists(refuses, db, line):
    assert "There's no loss 9" in refuses(line, 1)
    assert not db.exists()


@pytest.mark.parametrize("line", [*ONE, *MANY])
@pytest.mark.parametrize("number", ["0", "9" * 12, "9" * 13, "9" * 5000])
def test_a_number_of_any_size_is_only_not_found(run, refuses, line, number):
    run("log Acme")
    refuses(line.replace("9", number), 1)


@pytest.mark.parametrize("line", [*ONE, *MANY])
def test_a_name_that_fits_no_loss_is_not_found(run, refuses, line):
    run("log Acme")
    refuses(line.replace("9", "Brandt"), 1)


@pytest.mark.parametrize("line", [*ONE, *MANY])
def test_a_missing_ref_says_that_losses_are_named_by_number_without_a_hash(run, refuses, line):
    run("log Acme")
    said = refuses(line.split()[0], 2)
    assert "REF" in said
    assert "42" in said


@pytest.mark.parametrize("line", [*ONE, *MANY])
@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_ref_is_refused(run, refuses, line, empty):
    run("log Acme")
    command, _, *rest = line.split()
    refuses([command, empty, *rest], 2)


@pytest.mark.parametrize("line", ONE)
@pytest.mark.parametrize("refs", ["1,2", "1-2", "1,2-3"])
def test_a_list_where_one_is_taken_is_refused(run, refuses, line, refs):
    run("log Acme")
    run("log Brandt")
    assert f"{refs} is a list" in refuses(line.replace("9", refs), 2)


@pytest.mark.parametrize("line", [*ONE, *MANY])
def test_the_json_is_the_loss_as_it_is_now_also_when_it_is_named_by_words(run, loss, line):
    run("log Acme 12k --contact 'Ana Ruiz' --on yesterday")
    run("log Brandt")
    found = run([*line.replace("9", "ruiz").split(), "--json"]).json
    assert found == {"schema": 1, "loss": loss(1)}


@pytest.mark.parametrize(
    ("ref", "number"),
    [
        ("1", 1),
        ("01", 1),
        ("dental", 1),
        ("OAKFIELD dental", 1),
        ("dental oakfield", 1),
        ("oak lab", 2),
        ("labs lathe", 2),
        ("oakfield jo", 2),
        ("ruiz", 1),
        ("chair", 1),
        ("pike & sons", 4),
        ("łódź", 5),
        ("ŁÓDŹ", 5),
        ("öst", 5),
        ("  labs  ", 2),
    ],
)
@pytest.mark.usefixtures("shop")
def test_all_words_must_match_in_prospect_contact_or_product(run, ref, number):
    assert named(run, ref) == number


@pytest.mark.parametrize("ref", ["dental labs", "oakfield sven", "oakfieldd"])
@pytest.mark.usefixtures("shop")
def test_a_name_of_which_a_word_fits_nothing_is_not_found(refuses, ref):
    assert "No loss matches" in refuses(["show", ref], 1)


@pytest.mark.parametrize(("ref", "number"), [("oakfield", 3), ("tom pike", 3), ("ana ruiz", 1)])
@pytest.mark.usefixtures("shop")
def test_an_exact_name_beats_a_part(run, ref, number):
    assert named(run, ref) == number


def test_digits_are_always_a_number(run, refuses):
    run("log 42")
    run("log '7 Elms 42'")
    assert "There's no loss 42" in refuses("show 42", 1)
    assert named(run, "elms") == 2


@pytest.mark.parametrize("line", [*ONE, *MANY])
def test_several_that_fit_are_listed_and_never_guessed(run, refuses, line):
    run("log 'Acme East' 5 --contact Ana --on 3d")
    run("log 'Acme West' 6 --product lathe --on 2d")
    assert refuses(line.replace("9", "acme"), 1) == (
        'lostsale: 2 losses match "acme": 2 Acme West, lathe, 2026-11-22; 1 Acme East, Ana,'
        " 2026-11-21. Nothing was changed. Pick one by its number.\n"
    )


def test_no_more_than_ten_are_listed(run, refuses):
    for number in range(12):
        run(f"log 'Acme {number}'")
    said = refuses("show acme", 1)
    assert '12 losses match "acme": 12 Acme 11, ' in said
    assert said.count("; ") == 9
    assert " and 2 more." in said


@pytest.mark.parametrize(
    ("line", "close"),
    [
        *((line, "won 1") for line in (*MANY, "won 9")),
        *((line, "move-on 1") for line in ("done 9", "skip 9", "no-answer 9", "move-on 9")),
    ],
)
def test_only_losses_that_the_command_applies_to_count(run, line, close):
    run("log Acme 5")
    run(close)
    run("log Acme 6 --on 31d")
    assert run([*line.replace("9", "acme").split(), "--json"]).json["loss"]["number"] == 2


@pytest.mark.parametrize("line", ["why acme too-slow", "show acme", "touch acme hello"])
def test_a_loss_that_ended_still_counts_where_it_can(run, refuses, line):
    run("log Acme 5 --on 31d")
    run("won 1")
    run("log Acme 6")
    assert "2 losses match" in refuses(line, 1)


def test_an_exact_name_that_the_command_does_not_apply_to_gives_way(run):
    run("log Acme")
    run("won 1")
    run("log 'Acme West'")
    assert run("done acme --json").json["loss"]["number"] == 2


@pytest.mark.parametrize("line", MANY)
def test_lists_take_numbers_and_ranges_each_once(run, line):
    for name in "ABCDE":
        run(f"log {name}")
    found = run([*line.replace("9", "4,1-2,2,1").split(), "--json"]).json["losses"]
    assert [loss["number"] for loss in found] == [4, 1, 2]


@pytest.mark.parametrize("line", MANY)
@pytest.mark.parametrize("listed", ["4, 1, 2", "4 1 2", "4,1, 2", "4,1 ,2"])
def test_a_list_may_have_spaces(run, line, listed):
    for name in "ABCD":
        run(f"log {name}")
    found = run([*line.split()[:1], *listed.split(), "--json"]).json["losses"]
    assert [loss["number"] for loss in found] == [4, 1, 2]


def test_what_follows_a_list_with_spaces_is_the_note(run, loss):
    run("log A")
    run("log B")
    run("done 1, 2 3 cards sent")
    assert [loss(n)["contacts"][0]["note"] for n in (1, 2)] == ["3 cards sent"] * 2
    run("done 1 2 more cards")
    assert loss(1)["contacts"][1]["note"] == "2 more cards"


@pytest.mark.parametrize("line", MANY)
def test_a_range_of_no_loss_is_not_found(run, refuses, line):
    run("log Acme")
    refuses(line.replace("9", "5-8"), 1)


@pytest.mark.parametrize("line", MANY)
@pytest.mark.parametrize("refs", ["1--2", "1;2", "1-2-3", "#1"])
def test_what_is_neither_list_nor_name_is_not_found(run, refuses, line, refs):
    run("log Acme")
    refuses(line.replace("9", refs), 1)


def test_words_of_a_name_may_hold_a_comma(run):
    run("log 'Pike, Sons'")
    assert named(run, "pike, sons", "done") == 1


@pytest.fixture
def street(run):
    """Keep losses whose names go on where another one ends."""
    for name in ("Green Valley Dental", "Green Farm", "ABC Title", "St. Mark's Church", "St. Jude"):
        run(["log", name, "5k", "--contact", "Bo Kim"])
    run("log Green")


@pytest.mark.parametrize(
    ("line", "number", "rest"),
    [
        ("touch green valley dec 8", 1, "dec 8"),
        ("touch green valley dental they moved", 1, "they moved"),
        ("done abc title sent it", 3, "sent it"),
        ("no-answer abc - title left vm", 3, "left vm"),
        ("no-answer abc - left vm", 3, "- left vm"),
        ("move-on ABC closed", 3, "closed"),
        ("why st marks council chair hates us", 4, "council chair hates us"),
        ("touch green a call", 6, "a call"),  # an a is in Valley, too
        ("touch green val call", 6, "val call"),
        ("touch 'green farm' farm is sold", 2, "farm is sold"),
        ("touch 3 abc title", 3, "abc title"),
        ("touch abc bo kim called", 3, "bo kim called"),
    ],
)
@pytest.mark.usefixtures("street")
def test_a_name_is_as_many_words_as_stand_together_in_one(run, loss, line, number, rest):
    run(line)
    assert loss(number)["contacts"][-1]["note"] == rest


@pytest.mark.usefixtures("street")
def test_a_name_of_several_words_goes_before_a_date_an_amount_and_a_person(run, refuses, loss):
    run("meet green valley dec 8 9:30")
    assert (loss(1)["next"]["on"], loss(1)["next"]["time"]) == ("2026-12-08", "09:30")
    run("snooze abc title friday")
    assert loss(3)["next"]["on"] == "2026-11-27"
    run("referral abc title Jo Stern")
    assert loss(3)["referrals"][0]["name"] == "Jo Stern"
    run("won green farm 900")
    assert loss(2)["won"]["amount"] == "900.00"
    assert "WHEN is missing" in refuses("meet abc title", 2)


@pytest.mark.usefixtures("street")
def test_a_longer_name_never_stands_for_another_loss(run, refuses):
    run("log 'Green Valley Farm'")
    run("log 'ABC Tires'")
    run("won 'abc title'")
    assert '2 losses match "green valley"' in refuses("touch green valley they moved", 1)
    assert "3 is already won back" in refuses("done abc title sent it", 1)


@pytest.mark.parametrize(
    "line", ["forget all --yes", "move-on all", "snooze all friday", "won sh 5k"]
)
def test_neither_a_piece_within_a_word_nor_a_word_like_all_names_a_loss(run, refuses, line):
    for name in ("Canon Falls Clinic", "All Star Oshkosh"):
        run(["log", name, "9k"])
    refuses(line, 1)


def test_forgetting_says_whose_data_goes(run, refuses):
    run("log Canon Falls Clinic 9k price")
    assert "1 Canon Falls Clinic" in refuses("forget canon falls", 1)
    assert "forgotten (1 Canon Falls Clinic)" in run("forget canon falls --yes").out
