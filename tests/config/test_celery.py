"""Work is not lost with its worker, and every planned task exists."""

from config.celery import app


def test_every_planned_task_exists():
    app.loader.import_default_modules()
    planned = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert planned <= set(app.tasks)


def test_work_outlives_its_worker():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    options = app.conf.broker_transport_options
    # A task that ran longer than this would be started a second time.
    assert options["visibility_timeout"] > app.conf.task_time_limit
    assert options["unacked_restore_throttle"] == 1
