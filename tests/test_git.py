"""A revision is read as it is, whatever lies in the folder; what is staged as it will be."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from blastlint.git import Repository
from blastlint.inventory.discovery import places, places_in
from blastlint.inventory.loading import load, load_places
from blastlint.source import InputError, Root
from checkout import Checkout

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

AGENT = "version: 1\nname: {}\nagents: {{agent: {{}}}}\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A repository with one inventory, in which the test stands."""
    found = Checkout(tmp_path / "shop")
    found.file("inventory.yaml", AGENT.format("shop"))
    found.file("people/teams.yaml", "teams: {payments: {}}\n")
    found.commit()
    monkeypatch.chdir(found.folder)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    return found


def read(root: Root, name: str) -> str:
    """Return a file's text."""
    return root.read_bytes(name, 1_000_000).decode()


def refusal(root: Root, name: str) -> str:
    """Return why a file is not read."""
    with pytest.raises(InputError) as caught:
        root.read_bytes(name, 1_000)
    return str(caught.value.problems[0])


def test_a_revision_is_read_as_it_was(shop: Checkout) -> None:
    """What was changed, added or deleted since then plays no part."""
    shop.file("inventory.yaml", AGENT.format("other"))
    shop.file("more.yaml", "teams: {}\n")
    (shop.folder / "people" / "teams.yaml").unlink()
    with Repository().revision("HEAD") as tree:
        (inventory,) = load_places(places_in(tree, ["."]))
    assert inventory.name == "shop"
    assert [document.file for document in inventory.documents] == [
        "inventory.yaml",
        "people/teams.yaml",
    ]


def test_reading_leaves_no_trace(shop: Checkout) -> None:
    """The folder, the index and git's own store stay as they are."""
    shop.file("more.yaml", "teams: {}\n")
    before = {path: path.stat().st_mtime_ns for path in shop.folder.rglob("*")}
    with Repository().revision("HEAD") as tree, Repository().staged() as staged:
        load_places([*places_in(tree, []), *places_in(staged, [])])
    assert {path: path.stat().st_mtime_ns for path in shop.folder.rglob("*")} == before


def test_what_is_staged_is_what_will_be_committed(shop: Checkout) -> None:
    """Neither untracked files nor changes that are not added count; deletions do."""
    shop.file("noise.yaml", "teams: {noise: {}}\n")
    shop.file("inventory.yaml", AGENT.format("staged"))
    shop.git("add", "inventory.yaml")
    shop.file("inventory.yaml", AGENT.format("later"))
    shop.git("rm", "-q", "--cached", "people/teams.yaml")
    with Repository().staged() as tree:
        (inventory,) = load_places(places_in(tree, []))
    assert inventory.name == "staged"
    assert [document.file for document in inventory.documents] == ["inventory.yaml"]


def test_a_file_that_is_only_intended_to_be_added_is_not_staged(shop: Checkout) -> None:
    """Git notes its name, and commits nothing of it; an empty file that is added counts."""
    shop.file("later.yaml", "teams: {later: {}}\n")
    shop.git("add", "--intent-to-add", "later.yaml")
    shop.file("empty.yaml", "")
    shop.git("add", "empty.yaml")
    with Repository().staged() as tree:
        assert sorted(tree.files) == ["empty.yaml", "inventory.yaml", "people/teams.yaml"]


def test_before_the_first_commit_there_is_something_staged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first commit is judged like any other."""
    new = Checkout(tmp_path / "new")
    new.file("inventory.yaml", AGENT.format("new"))
    new.file("empty.yaml", "")
    new.git("add", "inventory.yaml")
    new.git("add", "--intent-to-add", "empty.yaml")
    monkeypatch.chdir(new.folder)
    with Repository().staged() as tree:
        assert list(tree.files) == ["inventory.yaml"]


def test_a_merge_that_is_not_finished_is_refused(shop: Checkout) -> None:
    """Nobody can say what will be committed."""
    shop.git("checkout", "-q", "-b", "side")
    shop.file("inventory.yaml", AGENT.format("side"))
    shop.commit()
    shop.git("checkout", "-q", "main")
    shop.file("inventory.yaml", AGENT.format("main"))
    shop.commit()
    with pytest.raises(AssertionError):
        shop.git("merge", "-q", "side")
    with pytest.raises(InputError, match=r"'inventory\.yaml' is not merged yet"):
        Repository().staged()


@pytest.mark.parametrize("name", ["nowhere", "--help", "HEAD~1", "HEAD:inventory.yaml", "", "@{"])
def test_an_unknown_revision_is_refused(name: str, shop: Checkout) -> None:
    """A name that looks like an option is a name."""
    assert shop.folder.is_dir()
    with pytest.raises(InputError, match="git knows no revision"):
        Repository().revision(name)


def test_outside_of_a_repository_git_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own words say what is wrong."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(InputError, match="not a git repository"):
        Repository()


def test_without_git_nothing_is_read(shop: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to do."""
    assert shop.folder.is_dir()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="git is not installed"):
        Repository()


def test_paths_are_relative_to_where_people_are(
    shop: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with any other command, inside a repository's folder too."""
    shop.file("teams/search/inventory.yaml", AGENT.format("search"))
    shop.commit()
    monkeypatch.chdir(shop.folder / "teams")
    with Repository().revision("HEAD") as tree:
        names = [i.name for i in load_places(places_in(tree, []))]
        above = [i.documents[0].file for i in load_places(places_in(tree, [".."]))]
        with pytest.raises(InputError, match="lies outside of the repository"):
            places_in(tree, ["../.."])
    assert names == ["search"]
    assert above == ["../inventory.yaml", "search/inventory.yaml"]


def test_the_same_inventories_are_found_as_on_the_disk(shop: Checkout) -> None:
    """Hidden folders and evidence hold none, a nested one stands for itself, includes are read."""
    for folder in (".hidden", "evidence", "a/evidence/b", "a/b", "a.b"):
        shop.file(f"{folder}/inventory.yaml", AGENT.format("nested"))
    shop.file("a/inventory.yaml", AGENT.format("a") + "include: [../shared/systems.yaml]\n")
    shop.file("a/more.yml", "teams: {a: {}}\n")
    shop.file("shared/systems.yaml", "systems: {mail: {}}\n")
    shop.file("inventory.yaml", AGENT.format("shop") + "policy: {packs: [packs]}\n")
    shop.file("packs/rule.yaml", "id: rule\n")
    shop.commit()
    on_disk = [[d.file for d in i.documents] for i in load(["."])]
    with Repository().revision("HEAD") as tree:
        in_git = [[d.file for d in i.documents] for i in load_places(places_in(tree, ["."]))]
    assert sorted(in_git) == sorted(on_disk)
    assert ["a/inventory.yaml", "a/more.yml", "shared/systems.yaml"] in in_git
    assert len(places(["."])[0]) == len(in_git)


def test_a_single_file_is_an_inventory_by_itself(shop: Checkout) -> None:
    """As on the disk."""
    shop.file("one.yaml", AGENT.format("one"))
    shop.commit()
    with Repository().revision("HEAD") as tree:
        (inventory,) = load_places(places_in(tree, ["one.yaml"]))
    assert (inventory.name, len(inventory.documents)) == ("one", 1)


def test_what_is_no_file_is_refused(shop: Checkout) -> None:
    """A link, a submodule, a folder and a pointer to a file kept elsewhere are not read."""
    (shop.folder / "link.yaml").symlink_to("inventory.yaml")
    (shop.folder / "harmless").symlink_to("inventory.yaml")
    shop.file("large.json", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n")
    shop.commit()
    shop.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},other")
    with Repository().staged() as tree:
        root = tree.root("/", "")
        assert "'link.yaml' is a link" in refusal(root, "link.yaml")
        assert "'other' is a submodule" in refusal(root, "other")
        assert "is only a pointer to the file" in refusal(root, "large.json")
        assert "is a directory, expected a file" in refusal(root, "people")
        assert "does not exist in what is staged" in refusal(root, "people/team.yaml")
        assert "leads out of its directory" in refusal(root, "people/../inventory.yaml")
        with pytest.raises(InputError, match=r"'link.yaml' is a link"):
            list(root.walk())


def test_a_link_to_a_folder_hides_nothing(shop: Checkout) -> None:
    """What stands behind it would be missed, so it is refused."""
    (shop.folder / "more").symlink_to("people")
    shop.commit()
    with (
        Repository().revision("HEAD") as tree,
        pytest.raises(InputError, match="'more' is a link"),
    ):
        list(tree.root("/", "").walk())


def test_names_with_any_letter_are_read(shop: Checkout) -> None:
    """Git is not asked to quote them."""
    shop.file("équipe/tüv 1.yaml", "teams: {a: {}}\n")
    shop.commit()
    with Repository().revision("main") as tree:
        root = tree.root("/", "")
        assert read(root, "équipe/tüv 1.yaml") == "teams: {a: {}}\n"
        assert list(root.walk("équipe")) == ["équipe/tüv 1.yaml"]
        assert root.is_directory("équipe")
        assert not root.is_directory("équip")


def test_a_file_that_is_too_large_is_refused_and_the_next_one_is_read(shop: Checkout) -> None:
    """One answer of git does not run into the next."""
    shop.file("large.yaml", "x" * 5_000)
    shop.commit()
    with Repository().revision("HEAD") as tree:
        root = tree.root("/", "")
        assert "is larger than 1000 bytes" in refusal(root, "large.yaml")
        assert read(root, "people/teams.yaml") == "teams: {payments: {}}\n"


def test_an_object_that_git_does_not_hold_is_refused(shop: Checkout) -> None:
    """A partial clone is not completed behind people's backs."""
    shop.git("update-index", "--add", "--cacheinfo", f"100644,{'1' * 40},gone.yaml")
    with Repository().staged() as tree:
        assert "cannot be read" in refusal(tree.root("/", ""), "gone.yaml")


def test_files_that_hold_a_mark_are_listed_whatever_people_like_to_see(
    shop: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither colours nor attributes nor where people stand hide a file."""
    shop.file("people/é.yml", 'a: "\\x2e."\n')
    shop.file("people/odd.yaml", "include: [../a.yaml]\0\n")
    shop.file("people/two.txt", "..\n")
    shop.file(".gitattributes", "*.yaml binary\n")
    shop.commit()
    shop.git("config", "color.grep", "always")
    shop.git("config", "core.quotePath", "true")
    monkeypatch.chdir(shop.folder / "people")
    monkeypatch.setenv("GIT_GLOB_PATHSPECS", "1")
    marked = {"people/é.yml", "people/odd.yaml"}
    with Repository().revision("HEAD") as tree:
        assert tree.holding(("..", "\\"), (".yaml", ".yml")) >= marked
        assert "people/teams.yaml" not in tree.holding(("..", "\\"), (".yaml", ".yml"))
        assert "people/two.txt" not in tree.holding(("..", "\\"), (".yaml", ".yml"))
        assert not marked & tree.holding(("nobody",), (".yaml", ".yml"))


def test_a_file_that_git_does_not_hold_may_hold_any_mark(shop: Checkout) -> None:
    """What cannot be looked into is not passed over."""
    shop.git("update-index", "--add", "--cacheinfo", f"100644,{'1' * 40},gone.yaml")
    with Repository().staged() as tree:
        assert "gone.yaml" in tree.holding(("..",), (".yaml",))


def test_a_git_that_the_change_brings_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some systems look for programs in the folder where people are, and so does a path of `.`."""
    brought = tmp_path / "git"
    brought.write_text("#!/bin/sh\ntouch started\n", encoding="utf-8")
    brought.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(InputError) as refused:
        Repository()
    assert "git is not installed" in refused.value.problems[0].message
    assert not (tmp_path / "started").exists()
