"""The audit log refuses edits, and shows those that were made all the same."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit
from core.audit import Actor, ChainLink, proof
from core.models import AuditChain, AuditEvent, AuditHead, append_only
from tests.core.people import AT

BY = Actor.system("test")
TABLES = ["core_auditevent", "core_audithead"]


def record(kind="something", clinic="one", at=AT, **detail):
    with transaction.atomic():
        return audit.record(
            clinic_id=clinic,
            kind=kind,
            by=BY,
            at=at,
            object_type="thing",
            object_id="1",
            detail=detail,
        )


def tamper(sql, *values):
    """What somebody does who owns the database."""
    with connection.cursor() as cursor:
        for table in TABLES:
            append_only.remove(cursor, connection.vendor, table)
        cursor.execute(sql, values)
        for table in TABLES:
            append_only.install(cursor, connection.vendor, table)


@pytest.mark.django_db
def test_record_chains_lines():
    first, second = record(), record(note="x", counts=[1, 2], flag=True, none=None)
    assert (second.seq, second.prev_hash) == (2, first.hash)
    assert AuditChain.objects.get().head == second.hash
    assert audit.verify("clinic:one") == []
    assert audit.verify_all() == []


@pytest.mark.django_db
def test_append_advances_a_link_kept_elsewhere():
    link = ChainLink("screening:1")
    for _ in range(3):
        link = audit.append(
            link, kind="k", by=BY, at=AT, object_type="t", object_id="1"
        )
    assert link.seq == 3
    assert audit.verify("screening:1", ends_at=link) == []
    for seq in (2, 4):
        ends_at = ChainLink("screening:1", seq, "x")
        assert audit.verify("screening:1", ends_at=ends_at) != []


@pytest.mark.django_db
def test_append_asks_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        audit.append(
            ChainLink("s"), kind="k", by=BY, at=AT, object_type="t", object_id="1"
        )


@pytest.mark.django_db(transaction=True)
def test_record_refuses_to_stand_alone():
    with pytest.raises(RuntimeError):
        audit.record(
            clinic_id="one", kind="k", by=BY, at=AT, object_type="t", object_id="1"
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "detail", [{"x": 0.5}, {"x": object()}, {"x": {1: 2}}, {"x": [1.0]}]
)
def test_record_refuses_details_that_would_not_come_back_the_same(detail):
    with pytest.raises(TypeError):
        record(**detail)


@pytest.mark.django_db
@pytest.mark.parametrize("write", ["update", "delete"])
def test_lines_refuse_edits(write):
    record()
    rows = AuditEvent.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(kind="other") if write == "update" else rows.delete()
    assert AuditEvent.objects.get().kind == "something"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE core_auditevent SET kind = 'x' WHERE seq = 2", "line 2 was changed"),
        ("DELETE FROM core_auditevent WHERE seq = 2", "line 2 is missing"),
        ("DELETE FROM core_auditevent WHERE seq = 3", "its owner says 3"),
        ("DELETE FROM core_auditevent", "lines are missing"),
    ],
)
def test_verify_finds_what_the_owner_of_the_database_did(sql, fault):
    for _ in range(3):
        record()
    tamper(sql)
    assert any(fault in sentence for sentence in audit.verify_all())


def while_reading(monkeypatch, write):
    """Lets something be written after the owners were read, before the lines are."""
    read = proof._all_owned

    def owners():
        found = list(read())
        write()
        return iter(found)

    monkeypatch.setattr(proof, "_all_owned", owners)


@pytest.mark.django_db
def test_line_written_while_the_proof_reads_is_no_fault(monkeypatch):
    record()
    while_reading(monkeypatch, lambda: (record(), record(clinic="new")))
    assert audit.verify_all() == []


@pytest.mark.django_db
def test_chain_that_grows_on_while_it_is_looked_at_again_is_no_fault(monkeypatch):
    record()
    look = proof._owner_now
    again = iter([record])

    def owner(chain):
        next(again)()
        return look(chain)

    monkeypatch.setattr(proof, "_owner_now", owner)
    while_reading(monkeypatch, record)
    assert audit.verify_all() == []


@pytest.mark.django_db
@pytest.mark.parametrize("seq", [0, 1])
def test_forged_line_that_no_owner_knows_is_a_fault(seq):
    first, second = record(), record()
    AuditChain.objects.update(seq=seq, head=first.hash if seq else "")
    [fault] = audit.verify_all()
    assert fault == f"clinic:one: ends at line {second.seq}, its owner says {seq}."


@pytest.mark.django_db
def test_close_day_joins_the_chains_once():
    record(clinic="one"), record(clinic="two")
    head = audit.close_day(AT + timedelta(hours=1))
    assert set(head.links) == {"clinic:one", "clinic:two"}
    assert audit.close_day(AT + timedelta(hours=2)) == head
    assert audit.verify_heads() == []


@pytest.mark.django_db
def test_close_day_names_only_the_chains_that_moved():
    record(clinic="one")
    first = audit.close_day(AT + timedelta(hours=2))
    record(clinic="two", at=AT + timedelta(days=1))
    second = audit.close_day(AT + timedelta(days=1))
    assert set(second.links) == {"clinic:two"}
    assert second.prev_hash == first.hash
    assert audit.verify_all() == []


@pytest.mark.django_db
def test_daily_heads_find_a_cut_tail_that_the_owner_row_hides():
    first, _second = record(), record()
    audit.close_day(AT)
    tamper("DELETE FROM core_auditevent WHERE seq = 2")
    AuditChain.objects.update(seq=1, head=first.hash)
    assert audit.verify("clinic:one") == []
    assert audit.verify_all() == [
        "2025-05-12: line 2 of clinic:one is not what it was that day."
    ]


@pytest.mark.django_db
def test_daily_heads_find_a_changed_head():
    record()
    audit.close_day(AT)
    tamper("UPDATE core_audithead SET chain_count = 9, prev_hash = 'x'")
    assert AuditHead.objects.count() == 1
    assert "does not follow" in audit.verify_heads()[0]
