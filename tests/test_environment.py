"""The ground that the other tests stand on."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.template import engines

from core.audit import Actor, record
from core.models import AuditEvent
from tests import environment
from tests.support.html import NotHtml, check_html
from tests.support.templates import UnknownVariable

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


def test_database_is_the_one_asked_for(db):
    wanted = "sqlite" if environment.ON_SQLITE else "postgresql"
    assert connection.vendor == wanted


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_append_only_tables_are_empty_for_each_test(run):
    assert not AuditEvent.objects.exists()
    with transaction.atomic():
        record(
            clinic_id="none",
            kind="TEST",
            by=Actor.system("test"),
            at=AT,
            object_type="test",
            object_id="1",
        )
    assert AuditEvent.objects.count() == 1
    # And still nobody may edit them.
    with pytest.raises(DatabaseError):
        AuditEvent.objects.all()._raw_delete("default")


def test_unknown_template_variable_fails():
    template = engines["django"].from_string("{{ given }} {{ nobody_gave_this }}")
    with pytest.raises(UnknownVariable, match="nobody_gave_this"):
        template.render({"given": 1})


@pytest.mark.parametrize(
    "page", ["<!doctype html><title>x</title></p>", "<ul><li</ul>"]
)
def test_broken_page_is_refused(page):
    with pytest.raises(NotHtml, match="line 1"):
        check_html(page)


def test_good_page_is_accepted():
    fits = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    check_html(
        f"<!doctype html><html lang=en><title>x</title>{fits}<h1>y</h1><p>z</p></html>"
    )
