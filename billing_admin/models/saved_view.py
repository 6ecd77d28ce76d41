"""How somebody wants to see a list."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A list as somebody wants to see it: what it is filtered by and its order, for its owner or, `shared`, for all.

    The one without a name is the owner's own: the columns that they chose, and what the list opens with. The query is
    values per name, in words and not as an address has them: so the name of a client that is deleted is found in it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    listing = models.CharField(max_length=40)
    name = models.CharField(max_length=60, blank=True)
    query = models.JSONField(default=dict)
    columns = ArrayField(models.CharField(max_length=60), default=list)
    shared = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("owner", "listing", "name"), name="one_saved_view_of_a_name"),)
        indexes = (models.Index(fields=("listing",), name="saved_view_shared", condition=Q(shared=True)),)

    def __str__(self) -> str:
        return self.name
