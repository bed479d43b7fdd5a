"""Makes a template that prints a variable nobody gave it fail its test."""


class UnknownVariable(AssertionError):
    """A template printed a variable that its view does not pass."""


class RefuseUnknown(str):
    """Stands in string_if_invalid; Django fills the name into it by %."""

    __slots__ = ()

    def __new__(cls) -> "RefuseUnknown":
        return super().__new__(cls, "unknown variable: %s")

    def __mod__(self, name: object) -> str:
        raise UnknownVariable(f"A template printed {name}, which is not there.")
