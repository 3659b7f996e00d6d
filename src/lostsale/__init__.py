"""lostsale: a salesperson's private journal of lost sales."""


def __getattr__(name: str) -> str:
    # Reading the installed version costs more than a whole command, so it is looked up on demand.
    if name == "__version__":
        from importlib.metadata import version

        return version("lostsale")
    raise AttributeError(name)
