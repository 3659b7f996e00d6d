"""lostsale: a salesperson's private journal of lost sales. `from lostsale import Journal`."""

TYPE_CHECKING = False  # as in typing, whose import takes time that a Ctrl-C would strike in
if TYPE_CHECKING:
    from lostsale.api import Journal

__all__ = ["Journal"]


def __getattr__(name: str) -> object:
    # Most runs need neither the installed version nor the whole journal, and both take time.
    if name == "__version__":
        from importlib.metadata import version

        return version("lostsale")
    if name == "Journal":
        from lostsale.api import Journal

        return Journal
    raise AttributeError(name)
