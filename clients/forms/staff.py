"""People of the staff: inviting them, their roles, and what they type when they join or forgot a password."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group, User

from billing_admin.rights import SECTIONS, names
from billing_admin.staff.rights import rights_of_people
from billing_admin.staff.roles import roles_to_give
from billing_admin.staff.sign_in.forms import PASSWORD_HELP
from billing_admin.web.seen_form import SeenForm
from clients.services.staff.people import role_ids
from clients.services.staff.roles import LONGEST_NAME, role_fields

_NO_NAME = {"required": "Give a name to sign in with."}


class _RolesField(forms.TypedMultipleChoiceField):
    """Roles by their ids, of those that who asks may give. Gives the ids in order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> list[int]:
        return sorted(super().clean(value))

    def offer(self, by: User) -> None:
        """Offer what this person may give."""
        self.choices = [(role.pk, role.name) for role in roles_to_give(by)]
        self.help_text = "A role that may do more than you may is not offered."


class _WithRoles(forms.Form):
    roles = _RolesField()

    @property
    def groups(self) -> list[Group]:
        """The roles that are ticked."""
        return list(Group.objects.filter(pk__in=self.cleaned_data["roles"]).order_by("name"))

    def _offer(self, by: User) -> None:
        field = self.fields["roles"]
        assert isinstance(field, _RolesField)
        field.offer(by)


class InviteForm(_WithRoles):
    """Whom to invite, to what, and on which way."""

    email = forms.EmailField(
        label="E-mail", max_length=254, error_messages={"required": "Give an e-mail address."},
        help_text="It becomes that of the account.",
    )  # fmt: skip
    how = forms.ChoiceField(
        label="How", initial="mail", widget=forms.RadioSelect,
        choices=[("mail", "By mail"), ("link", "By a link that I hand over")],
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, no_mail: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(by)
        self.order_fields(["email", "roles", "how"])
        if no_mail:
            field = self.fields["how"]
            assert isinstance(field, forms.ChoiceField)
            field.choices, field.initial = [("link", "By a link that I hand over")], "link"
            field.help_text = no_mail


class InviteAgainForm(forms.Form):
    """On which way the new link goes."""

    how = InviteForm.base_fields["how"]

    def __init__(self, *args: Any, no_mail: str, by_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["how"]
        assert isinstance(field, forms.ChoiceField)
        field.initial = "mail" if by_mail and not no_mail else "link"
        if no_mail:
            field.choices, field.help_text = [("link", "By a link that I hand over")], no_mail


class PersonForm(_WithRoles, SeenForm):
    """The roles of somebody."""

    def __init__(self, *args: Any, person: User, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(by)
        self.show_stored(role_ids(person))


class RoleForm(SeenForm):
    """A role of one's own: what it is called, and what it may do."""

    name = forms.CharField(max_length=LONGEST_NAME, error_messages={"required": "Give the role a name."})
    note = forms.CharField(required=False, max_length=500, help_text="For whom it is. It stands on the page of roles.")
    rights = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, by: User, group: Group | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = set(names()) if by.is_superuser else rights_of_people([by])[by.pk]
        field = self.fields["rights"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(names().items())
        if group is not None:
            self.show_stored(role_fields(group))

    def clean_rights(self) -> list[str]:
        """In the order of the table, as they are stored."""
        ticked = set(self.cleaned_data["rights"])
        return [right for rights in SECTIONS.values() for right in rights if right in ticked]

    @property
    def sections(self) -> list[tuple[str, list[tuple[str, str, bool, bool]]]]:
        """Heading → code, name, whether it is ticked, and whether it can be given, of each right."""
        ticked = set(self["rights"].value() or [])
        return [
            (heading, [(right, names()[right], right in ticked, right in self.held) for right in rights])
            for heading, rights in SECTIONS.items()
        ]


class JoinForm(forms.Form):
    """The account of who was invited. The address and the roles are not theirs to say."""

    first_name = forms.CharField(max_length=150, error_messages={"required": "Give your first name."})
    last_name = forms.CharField(max_length=150, error_messages={"required": "Give your last name."})
    username = forms.CharField(
        label="User name", max_length=150, error_messages=_NO_NAME, help_text="To sign in with.",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(
        max_length=128, strip=False, error_messages={"required": "Choose a password."},
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class NewPasswordForm(forms.Form):
    """A new password for who forgot theirs."""

    password = JoinForm.base_fields["password"]


class ForgottenForm(forms.Form):
    """Who forgot a password."""

    name = forms.CharField(
        label="User name or e-mail", max_length=254, error_messages={"required": "Give your user name or e-mail."},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class OwnEmailForm(forms.Form):
    """The address that somebody wants for their account."""

    address = forms.EmailField(
        label="New e-mail", max_length=254, error_messages={"required": "Give an e-mail address."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
