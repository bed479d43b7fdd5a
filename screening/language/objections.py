"""What plain rules hold against an option that a model read out of a reply.

They could not read the reply, but they can tell whether its words turn a frequency
round. So the option's own official words are said beside the reply, in front and
behind: the rules must then read that very option and nothing else. A "not", a "fine",
somebody else or an "I don't know" is reason enough to ask instead.

Beside any other word the rules never read "not at all", so a model alone never
proposes a zero: nothing wrong is the one answer that nobody follows up.
"""

from screening.domain.instruments import Instrument, Item
from screening.language import interpret


def objection(reply: str, value: int, item: Item, instrument: Instrument) -> str:
    """Return why this option may be the wrong way round, or "" if nothing says so."""
    option = item.option(value).text
    words = reply.strip(" .!?¡¿;,\n")
    for said in (f"{words} {option}", f"{option} {words}"):
        if reason := _against(said, value, item, instrument):
            return reason
    return ""


def _against(said: str, value: int, item: Item, instrument: Instrument) -> str:
    match interpret.interpret(said, instrument, item):
        case interpret.Proposed(value=read):
            return "" if read == value else "other_option"
        case interpret.AskBack(reason_code=reason):
            return reason
        case interpret.Declined():
            return "declined"
        case interpret.Unclear():
            return "unclear"
