"""The server of the site: isolation, types, and nothing beyond the folder."""

import http.client

import pytest

from pellucid.cli.main import main
from pellucid.play import server, site


@pytest.fixture
def serving(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    for name in ("index.html", "page.mjs", "python.wasm", "package.whl", "style.css"):
        (tmp_path / "site" / name).write_text("x")
    running = server.start(tmp_path / "site")
    yield running
    running.shutdown()
    running.server_close()


def get(serving, path):
    connection = http.client.HTTPConnection("127.0.0.1", serving.server_port)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_it_listens_on_this_machine_alone(serving):
    assert serving.server_address[0] == "127.0.0.1"


def test_pages_are_isolated(serving):
    answer = get(serving, "/")
    assert answer.status == 200
    assert answer.getheader("Cross-Origin-Opener-Policy") == "same-origin"
    assert answer.getheader("Cross-Origin-Embedder-Policy") == "require-corp"
    assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"


@pytest.mark.parametrize("name, kind", [
    ("page.mjs", "text/javascript; charset=utf-8"), ("python.wasm", "application/wasm"),
    ("package.whl", "application/zip"), ("style.css", "text/css; charset=utf-8")])
def test_types_do_not_depend_on_the_machine(serving, name, kind):
    assert get(serving, f"/{name}").getheader("Content-Type") == kind


@pytest.mark.parametrize("path", ["/nothing", "/../secret.txt", "/%2e%2e/secret.txt"])
def test_what_is_not_in_the_folder_is_not_found(serving, path):
    assert get(serving, path).status == 404


def test_folders_are_not_listed(tmp_path, serving):
    (tmp_path / "site" / "inner").mkdir()
    assert get(serving, "/inner/").status == 404


def test_a_folder_without_a_site(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no built site"):
        server.start(tmp_path)


def test_the_site_of_a_checkout_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(site, "CHECKOUT", tmp_path)
    monkeypatch.setattr(site.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match=r"pip install 'pellucid\[play\]'"):
        site.find()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "build.py").write_text("")
    with pytest.raises(FileNotFoundError, match="make play"):
        site.find()
    (tmp_path / "build" / "site").mkdir(parents=True)
    (tmp_path / "build" / "site" / "index.html").write_text("")
    assert site.find() == tmp_path / "build" / "site"


def test_the_command_says_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(site, "CHECKOUT", tmp_path)
    monkeypatch.setattr(site.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as end:
        main(["play", "--no-browser"])
    assert end.value.code == 1
    assert "pellucid[play]" in capsys.readouterr().err
