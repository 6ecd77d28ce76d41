"""`{% url %}`, in every template: as Django's own, but each page's address is looked up once."""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch

from billing_admin.web.addresses import address
from billing_admin.web.markup import escaped

register = template.Library()


class _AddressNode(URLNode):
    def render(self, context: Context) -> str:
        if self.kwargs:
            return super().render(context)
        try:
            made = address(self.view_name.resolve(context), *[arg.resolve(context) for arg in self.args])
        except NoReverseMatch:
            if self.asvar is None:
                raise
            made = ""
        if self.asvar is None:
            return escaped(made)
        context[self.asvar] = made
        return ""


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """`{% url "clients:summary" client.number %}`, also with `as name`."""
    node: Any = django_url(parser, token)
    return _AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
