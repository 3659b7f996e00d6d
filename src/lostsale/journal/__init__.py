"""The journal file: the only place that knows SQL."""
