"""Every pair of statuses for every part, against a table written by hand."""

import itertools

import pytest

from clinicians.workflow import (
    KEEPERS,
    MOVES,
    Keeper,
    MoveRefused,
    Part,
    Status,
    can_move,
    check_move,
)

# from, to: member, owner, proposer, supervisor, system
ALLOWED = """
OPEN         ACKNOWLEDGED  yes yes no  yes no
ACKNOWLEDGED IN_PROGRESS   no  yes no  no  no
ACKNOWLEDGED OPEN          no  yes no  yes yes
IN_PROGRESS  OPEN          no  yes no  yes yes
ACKNOWLEDGED CLOSED        no  yes no  yes no
IN_PROGRESS  CLOSED        no  yes no  yes no
ACKNOWLEDGED TO_CONFIRM    no  yes no  yes no
IN_PROGRESS  TO_CONFIRM    no  yes no  yes no
TO_CONFIRM   CLOSED        yes yes no  yes no
TO_CONFIRM   IN_PROGRESS   yes yes yes yes no
TO_CONFIRM   OPEN          no  no  no  no  yes
CLOSED       OPEN          no  yes no  yes no
"""


def table() -> dict[tuple[Status, Status, Part], bool]:
    found = dict.fromkeys(itertools.product(Status, Status, Part), False)
    for line in ALLOWED.strip().splitlines():
        from_, to, *said = line.split()
        for part, word in zip(Part, said, strict=True):
            found[Status(from_), Status(to), part] = word == "yes"
    return found


@pytest.mark.parametrize(
    ("from_", "to", "part"), list(itertools.product(Status, Status, Part))
)
def test_move_follows_the_table(from_, to, part):
    allowed = table()[from_, to, part]

    assert can_move(from_, to, part) is allowed
    if not allowed:
        with pytest.raises(MoveRefused, match=r"^[A-Z].*\.$"):
            check_move(from_, to, part)


def test_move_table_has_nothing_else():
    assert set(MOVES) == {(from_, to) for (from_, to, _), yes in table().items() if yes}


def test_every_status_has_one_keeper():
    assert set(KEEPERS) == set(Status)
    assert KEEPERS[Status.OPEN] is Keeper.TEAM
    assert KEEPERS[Status.CLOSED] is Keeper.NOBODY


def test_open_case_says_claim_first():
    with pytest.raises(MoveRefused, match="Claim this case"):
        check_move(Status.OPEN, Status.CLOSED, Part.OWNER)


def test_plain_refusal_names_both_statuses():
    with pytest.raises(MoveRefused, match="from in progress to acknowledged"):
        check_move(Status.IN_PROGRESS, Status.ACKNOWLEDGED, Part.OWNER)
