"""How Celery works here: nothing that safety rests on, and no work lost with its worker."""

from typing import Any


def settings(redis: str) -> dict[str, Any]:
    """All of Celery's settings, for a broker at this address."""
    return {
        "CELERY_BROKER_URL": redis,
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TASK_TIME_LIMIT": 600,
        "CELERY_TASK_SOFT_TIME_LIMIT": 540,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_WORKER_HIJACK_ROOT_LOGGER": False,
        "CELERY_TIMEZONE": "UTC",
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            # Longer than the longest task, or a slow one runs twice; looked at often, or
            # the task of a dead worker waits a minute and a half.
            "visibility_timeout": 900,
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 2,
            "socket_timeout": 10,
        },
        "CELERY_BEAT_SCHEDULE": {
            "tidy-sessions": {
                "task": "core.tasks.tidy_sessions",
                "schedule": 24 * 3600.0,
            },
            # The doorbell of results that leave, for where "manage.py deliver" does not run.
            "deliver": {
                "task": "records.tasks.deliver",
                "schedule": 30.0,
                "options": {"expires": 30},
            },
            # What a worker left behind, or what waited for a pause.
            "pick-up-wordings": {
                "task": "screening.tasks.pick_up_wordings",
                "schedule": 60.0,
            },
        },
    }
