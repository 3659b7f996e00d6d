"""`log`: keeping a loss from arguments."""


def test_log_says_what_was_understood_and_what_comes_next(run):
    result = run(
        'log "Oakfield Dental" 12k the partners froze the budget'
        ' --contact "Ana Ruiz 555-0134" --guess "too dear" --lost-to nobody'
    )
    assert result.lines == [
        "1  Oakfield Dental, Ana Ruiz · 12,000 USD · lost Tue 24 Nov 2026",
        "      said budget · guess price-value · nobody got it",
        "      Next: ask why, Wed 25 Nov.  Wrong? lostsale undo",
    ]
    assert result.err == ""


def test_a_truth_told_at_once_skips_asking(run, loss):
    run("log Acme 5000 --real 'too-slow: you came late'")
    assert loss()["real"] == {
        "code": "too-slow",
        "words": "you came late",
        "source": "told",
        "on": "2026-11-24",
    }
    assert loss()["asked_on"] == "2026-11-24"
    assert loss()["next"]["kind"] == "save"
