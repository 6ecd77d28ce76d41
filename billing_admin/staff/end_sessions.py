"""Ending the sessions of somebody, so that none of them ever goes on."""

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone

from billing_admin.models import StaffSession


def end_sessions(person: User) -> int:
    """Sign a person out everywhere; returns of how many sessions."""
    theirs = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator()
        if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    ended = Session.objects.filter(pk__in=theirs).delete()[0]
    return ended + StaffSession.objects.filter(person=person).delete()[0]
