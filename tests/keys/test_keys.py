"""The keys: told on a page, carried by the controls of the pages, and switched off."""

import re

import pytest

from webapp.keys.keymap import EVERYWHERE, ISSUE, KEYMAP, LIST, PROJECT

URL = "/projects/WALL/issues"
# Where all controls of a group are to be seen.
SHOWN = {
    "Everywhere": URL,
    "In a project": URL,
    "In a list": URL,
    "On an issue": f"{URL}/2?q=is:open",
}
CARRIED = re.compile(r'data-key="([^"]+)"')


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    for _ in range(3):
        make.issue(project, ada)
    return project


def keys_of(*groups):
    return {key.keys for group in groups for key in group.keys if not key.native}


@pytest.mark.parametrize("group", [group for group in KEYMAP if group.name in SHOWN], ids=lambda group: group.name)
def test_every_key_is_carried_by_a_control(browser, ada, project, group):
    carried = set(CARRIED.findall(browser(ada).get(SHOWN[group.name]).text))
    assert keys_of(group) <= carried


@pytest.mark.parametrize(
    ("address", "groups"),
    [
        ("/", [EVERYWHERE]),
        (URL, [EVERYWHERE, PROJECT, LIST]),
        ("/projects/WALL/board", [EVERYWHERE, PROJECT, LIST]),
        (f"{URL}/2?q=is:open", [EVERYWHERE, PROJECT, ISSUE]),
    ],
)
def test_no_control_carries_another_key_or_the_same(browser, ada, project, address, groups):
    carried = CARRIED.findall(browser(ada).get(address).text)
    assert len(carried) == len(set(carried))
    assert set(carried) <= keys_of(*groups)


def test_screen_readers_hear_of_each_key(browser, ada, project):
    text = browser(ada).get(f"{URL}/2?q=is:open").text
    single = [key for key in CARRIED.findall(text) if " " not in key]  # a blank would mean either of two keys
    assert single == re.findall(r'aria-keyshortcuts="([^"]+)"', text)


def test_all_of_them_are_told(api, browser):
    told = {key["keys"]: key["does"] for group in api().get("/keys")["items"] for key in group["keys"]}
    assert told["g b"] == "Board"
    page = browser().get("/keys")
    assert page.says("Copy the link")
    assert "<kbd>Shift</kbd> <kbd>x</kbd>" in page.text


def test_single_keys_can_be_switched_off(browser):
    here = browser()
    assert 'data-keys="off"' not in here.get("/").text
    here.post("/keys", {"keys": "off"})
    assert 'data-keys="off"' in here.get("/").text
    here.post("/keys", {"keys": "on"})
    assert 'data-keys="off"' not in here.get("/").text
    assert here.post("/keys", {"keys": "x"}, status=422).says("Single keys in this browser must be")
