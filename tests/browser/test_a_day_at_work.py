"""One person's day, with scripts and without: every page is used as a person uses it, and looked at."""

import pytest
from playwright.sync_api import expect

from tests.make import PASSWORD

PHONE = {"width": 390, "height": 844}


class Work:
    """Somebody at a phone, who speaks of fields and buttons by their names."""

    def __init__(self, page, url, email):
        self.page, self.url, self.email, self.complaints = page, url, email, []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def visit(self, path):
        self.page.goto(f"{self.url}{path}")

    def type(self, label, text):
        fields = self.page.locator("main input, main textarea")
        self.page.get_by_label(label).and_(fields).fill(text)

    def press(self, name):
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
        self.look()

    def follow(self, name):
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()
        self.look()

    def log_out(self):
        self.page.locator("summary", has_text="Grace").click()
        self.page.get_by_role("button", name="Log out").click()
        self.sees("You are logged out.")

    def sees(self, words):
        expect(self.page.get_by_role("main")).to_contain_text(words)
        self.look()

    def look(self):
        """No page is wider than the screen."""
        self.page.wait_for_load_state()
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], self.page.url


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def work(request, server, window):
    page = window(java_script_enabled=request.param, viewport=PHONE)
    work = Work(page, server.url, f"grace{request.param_index}@example.com")
    yield work
    told = [one for one in work.complaints if "status of 422" not in one]
    assert told == []


def test_a_day_at_work(work):
    register(work)
    work.log_out()
    log_in(work)
    create_a_project(work)
    create_an_issue_at_the_second_try(work)
    comment_and_close(work)
    reopen(work)
    edit(work)
    delete_a_comment(work)
    work.log_out()
    work.visit("/auth/me")
    work.sees("Log in to go on.")


def register(work):
    work.visit("/auth/register")
    work.type("Name", "Grace")
    work.type("E-mail", work.email)
    work.type("Password", PASSWORD)
    work.page.wait_for_timeout(2_000)  # nobody types faster (webapp/http/traps.py)
    work.press("Create account")
    work.sees("Welcome, Grace.")


def log_in(work):
    work.type("E-mail", work.email)
    work.type("Password", PASSWORD)
    work.press("Log in")
    work.sees("Your work")


def create_a_project(work):
    work.page.get_by_role("navigation", name="Cairn").get_by_role("link", name="Projects").click()
    work.follow("New project")
    work.type("Name", "Rockery")
    work.type("Description", "Stones, **stacked**.")
    work.press("Create project")
    work.sees("Project created.")


def create_an_issue_at_the_second_try(work):
    work.sees("Step 2 of 3")
    work.type("Description", "It *wobbles*.")
    work.press("Create issue")
    work.sees("There is a problem")
    expect(work.page.get_by_label("Description")).to_have_value("It *wobbles*.")
    work.type("Title", "A stone is loose")
    work.press("Preview")
    expect(work.page.get_by_role("region", name="Preview").locator("em")).to_have_text("wobbles")
    work.press("Create issue")
    work.sees("Step 3 of 3")
    work.follow("Skip to the project")
    work.follow("A stone is loose")


def comment_and_close(work):
    work.type("Comment", "Seen.")
    work.press("Comment")
    work.sees("Comment added.")
    work.type("Comment", "Mended with `mortar`.")
    work.press("Comment and close")
    work.sees("closed this as completed")


def reopen(work):
    work.press("Reopen issue")
    work.sees("reopened this")


def edit(work):
    work.page.get_by_role("article", name="Description").get_by_role("link", name="Edit").click()
    work.type("Title", "Two stones are loose")
    work.press("Save")
    work.sees("changed the title")


def delete_a_comment(work):
    work.follow("Delete comment of Grace")
    work.sees("Delete this comment?")
    work.press("Delete the comment")
    work.sees("Comment deleted.")
    expect(work.page.get_by_text("Seen.", exact=True)).to_have_count(0)
