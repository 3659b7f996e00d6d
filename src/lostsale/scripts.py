"""The words to say."""

CLOSE = (
    "It's over, and that's fine. What could I have done better? It would help me next time.",
    "You've decided, and I won't try to change that. Would you help me see what I missed?",
    "No more selling from me, I promise. Just between us: what was the real reason?",
)


def close_sentence(turn: int) -> str:
    """Return one sentence that asks for the truth after the no, a different one each turn."""
    return CLOSE[turn % len(CLOSE)]
