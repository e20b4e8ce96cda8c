"""PeriodicJob: when a job of the schedule was last asked for, and when it last ended well.

When one is due is in jobs.py.
"""

from django.db import models


class PeriodicJob(models.Model):
    """One job, by its task's name; the row ASK_FOR_JOBS of jobs.py is the schedule's own question. Times are UTC."""

    name = models.CharField(primary_key=True, max_length=80)
    asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
