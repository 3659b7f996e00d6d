"""Which deal of a file is which: by its id where that is one, else by its name, day and amount; and
what an update leaves alone. The files are synthetic."""

import pytest

HEADERS = "Id,Account,Product,Stage,Close date,Amount"


@pytest.fixture
def imports(run, tmp_path):
    """Import a file of these lines and return what its JSON says."""

    def imports(*lines, headers=HEADERS):
        path = tmp_path / "deals.csv"
        path.write_text("\n".join([headers, *lines]) + "\n")
        return run(["import", str(path), "--json"]).json["import"]

    return imports


@pytest.fixture
def listed(run):
    """Return all losses, the first one first."""

    def listed():
        return sorted(run("list --json").json["losses"], key=lambda loss: loss["number"])

    return listed


@pytest.mark.parametrize(
    "record", ["1.23E+11", "1,23E+11", "0", "N/A", "-", "123456789012345000", "NULL"]
)
def test_what_a_spreadsheet_makes_of_an_id_is_none(imports, listed, record):
    found = imports(
        f'"{record}",Acme,Lathe,Lost,2026-01-02,5', f'"{record}",Bolt,Mill,Lost,2026-01-03,6'
    )
    assert (found["added"], found["clashes"]) == (2, [])
    assert [one["prospect"] for one in listed()] == ["Acme", "Bolt"]


def test_rows_of_one_id_that_differ_are_named_with_their_lines(imports, run, listed, tmp_path):
    lines = (
        "7,Acme,Lathe,Lost,2026-01-02,5",
        "8,Bolt,,Lost,2026-01-02,5",
        "7,Cord,,Lost,2026-01-04,9",
    )
    found = imports(*lines)
    assert (found["added"], found["duplicates"]) == (2, 1)
    assert found["clashes"] == [{"record": "7", "lines": [2, 4]}]
    assert [one["prospect"] for one in listed()] == ["Acme", "Bolt"]
    said = run(["import", str(tmp_path / "deals.csv")]).out
    assert "Lines 2, 4 have the id 7 and differ" in said


@pytest.mark.parametrize(
    ("amounts", "kept"), [(("5", "6"), "11.00"), (("11", "11"), "11.00"), (("5", ""), "5.00")]
)
def test_the_products_of_one_deal_are_one_loss(imports, listed, amounts, kept):
    lines = [
        f"7,Acme,{product},Lost,2026-01-02,{amount}"
        for product, amount in zip(("Lathe", "Mill"), amounts, strict=True)
    ]
    found = imports(*lines)
    assert (found["added"], found["duplicates"], found["clashes"]) == (1, 1, [])
    assert [(one["product"], one["amount"]) for one in listed()] == [("Lathe, Mill", kept)]
    again = imports(*lines)
    assert (again["added"], again["updated"], again["duplicates"]) == (0, 0, 2)


def test_ids_of_salesforce_are_one_with_their_checksum_and_without(imports, listed):
    assert imports("0065g00000AbCdE,Acme,,Lost,2026-01-02,5")["added"] == 1
    again = imports("0065g00000AbCdEAAV,Acme,,Lost,2026-01-02,6")
    assert (again["added"], again["updated"]) == (0, 1)
    other = imports("0065g00000ABCDE,Acme,,Lost,2026-01-02,7")
    assert (other["added"], len(listed())) == (1, 2)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Account,Stage,Close date,Amount", "Account,Stage,Close date,Amount,Region"),
        ("Account,Stage,Close date,Amount,Region", "Account,Stage,Close date,Amount"),
        ("Account,Stage,Close date,Amount", "Id,Account,Stage,Close date,Amount"),
        ("Id,Account,Stage,Close date,Amount", "Account,Stage,Close date,Amount"),
    ],
)
def test_whatever_columns_came_or_went_the_same_name_day_and_amount_is_the_same_deal(
    imports, listed, first, then
):
    cells = {"Stage": "Lost", "Close date": "2026-01-02", "Amount": "5", "Region": "North"}

    def lines(headers):
        return [
            ",".join({**cells, "Account": name, "Id": record}[of] for of in headers.split(","))
            for name, record in (("Acme", "1"), ("Acme", "2"), ("Bolt", "3"))
        ]

    imports(*lines(first), headers=first)
    assert (imports(*lines(then), headers=then)["added"], len(listed())) == (0, 3)
    assert (imports(*lines(first), headers=first)["added"], len(listed())) == (0, 3)


def test_another_amount_or_day_is_another_deal_where_there_are_no_ids(imports):
    headers = "Account,Stage,Close date,Amount"
    imports("Acme,Lost,2026-01-02,5", headers=headers)
    assert imports("Acme,Lost,2026-01-02,6", headers=headers)["added"] == 1
    assert imports("Acme,Lost,2026-01-03,5", headers=headers)["added"] == 1


@pytest.mark.parametrize(
    "line",
    [
        "won 1 --on 2026-02-01",
        "touch 1 hello --on 2026-02-01",
        "why 1 price-value --on 2026-02-01",
        "move-on 1 --on 2026-02-01",
    ],
)
def test_an_update_puts_no_loss_after_what_was_done_about_it(imports, run, loss, line, tmp_path):
    imports("7,Acme,,Lost,2026-01-02,")
    run(line)
    found = imports("7,Acme,Lathe,Lost,2026-03-01,")
    assert found["stayed"] == [{"number": 1, "field": "lost_on"}]
    assert (loss()["lost_on"], loss()["product"]) == ("2026-01-02", "Lathe")
    said = run(["import", str(tmp_path / "deals.csv")]).out
    assert "lost_on of 1 stays" in said
    assert "all intact" in run("verify").out


def test_what_a_win_was_worth_stays(imports, run, loss):
    imports("7,Acme,,Lost,2026-01-02,500")
    run("won 1")
    found = imports("7,Acme,,Lost,2026-01-02,900")
    assert found["stayed"] == [{"number": 1, "field": "amount"}]
    assert (loss()["won"]["amount"], loss()["amount"]) == ("500.00", "500.00")


def test_a_short_row_is_taken_if_what_is_missing_is_not_needed(imports, listed):
    assert imports("7,Acme,Lathe,Lost,2026-01-02")["added"] == 1
    assert listed()[0]["amount"] is None


def test_a_row_that_lacks_a_cell_in_the_middle_is_named_and_not_taken(imports):
    headers = "Id,Account,Stage,Amount,Currency,Close date"
    found = imports("1,Acme,Lost,5,EUR,2026-01-02", "2,Bolt,Lost,5,2026-01-03", headers=headers)
    assert found["added"] == 1
    why = 'cells are missing, and "2026-01-03" is under Currency'
    assert found["skipped"] == [{"line": 3, "why": why}]


def test_entities_and_links_are_read(imports, listed):
    headers = "Id,Account,Stage,Close date,Notes"
    imports(
        "1,O&#039;Neill &amp; Sons (https://www.notion.so/x-1),Lost,2026-01-02,see (https://x.y)",
        headers=headers,
    )
    assert listed()[0]["prospect"] == "O'Neill & Sons"
    assert listed()[0]["note"] == "see (https://x.y)"
