"""What axe finds on a page that keeps somebody out."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

# What passed is not told in full: that takes twice as long as looking.
FOUND = {"resultTypes": ["violations"]}
# In the dark theme only the colours are others.
COLOURS = {**FOUND, "runOnly": ["color-contrast", "link-in-text-block"]}


# At once: colours half-way through are nobody's to read, nor a dialog that is still appearing.
CHANGE_THEME = """theme => {
    document.documentElement.dataset.theme = theme;
    for (const each of document.getAnimations()) if (each.effect.getComputedTiming().endTime < Infinity) each.finish();
}"""


def assert_nothing_found(page: Page, *themes: str) -> None:
    """Looks at the page in each theme as the menu would change it; loading page and axe takes longer than looking."""
    for theme in themes or ("light", "dark"):
        page.evaluate(CHANGE_THEME, theme)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        options = COLOURS if theme == "dark" else FOUND
        found = AxeResults(page.evaluate("options => axe.run(document, options)", options))
        assert found.violations_count == 0, f"{page.url}, {theme}: {found.generate_report()}"
