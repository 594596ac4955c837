"""The commands say what is wrong before they have worked for a minute, and in one line."""

import os
import socket
import subprocess

import pytest

from fftia_lab.bench import __main__ as bench
from fftia_lab.learn import __main__ as learn
from fftia_lab.publish import __main__ as publish


@pytest.fixture(params=[(bench, "run fft"), (learn, "flow")], ids=["bench", "learn"])
def command(request, monkeypatch):
    """A command whose work fails the test: it must not have begun."""
    module, name = request.param
    work = "run" if module is bench else "flow"
    monkeypatch.setattr(module, work, lambda *_, **__: pytest.fail("the work has begun"))
    monkeypatch.setattr(module.machine, "threads", lambda: 1)
    return lambda place: module.main([*name.split(), "--quick", "--output", str(place)])


def test_a_folder_is_no_place_for_a_record(command, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        command(tmp_path)
    assert ended.value.code == 2
    assert f"--output: {tmp_path} is a folder; name a file, such as" in capsys.readouterr().err


def test_nor_is_a_place_inside_a_file(command, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit):
        command(tmp_path / "file" / "record.json")
    assert f"nothing can be written into {tmp_path / 'file'}" in capsys.readouterr().err


def test_a_run_without_a_name_goes_over_no_other(tmp_path, monkeypatch):
    """As from a wheel in an empty folder, or in a clone beside the recorded runs."""
    went = []
    monkeypatch.setattr(bench, "run", lambda name, cases, path, **_: went.append(path.name))
    monkeypatch.setattr(bench.machine, "threads", lambda: 1)
    monkeypatch.chdir(tmp_path)
    for taken, more, name in (
        (None, [], "fft.json"),
        ("fft.json", [], "fft-2.json"),
        ("fft-2.json", [], "fft-3.json"),
        (None, ["--resume"], "fft.json"),
    ):
        if taken:
            (tmp_path / taken).write_text("kept")
        assert bench.main(["run", "fft", "--quick", *more]) == 0
        assert went.pop() == name
    assert (tmp_path / "fft.json").read_text() == "kept"


def test_a_port_that_is_taken_or_impossible(tmp_path, capsys):
    (tmp_path / "index.html").write_text("")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for port in (taken.getsockname()[1], 99_999):
            assert publish.serve(tmp_path, port) == 1
            said = capsys.readouterr().err
            assert said.startswith(f"Port {port} cannot be had") and "--port 8001" in said


def test_a_folder_without_a_book(tmp_path, capsys):
    with pytest.raises(SystemExit):
        publish.main(["build", "--root", str(tmp_path)])
    assert f"--root: {tmp_path} has no _config.yml" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["build", "serve", "zip"])
def test_an_edition_that_nobody_made(command, root, monkeypatch, capsys):
    for work in ("build", "serve", "zip_book"):
        monkeypatch.setattr(publish, work, lambda *_: pytest.fail("the work has begun"))
    with pytest.raises(SystemExit):
        publish.main([command, "--root", str(root), "--edition", "teacher"])
    said = "--edition: there is no edition 'teacher'; take full, or student, which has no solutions"
    assert said in capsys.readouterr().err


def make(root, *wanted):
    """What make says; inside of `make test` it would say in which folder it is, too."""
    command = ["make", "-s", "--no-print-directory", *wanted]
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.check_output(command, cwd=root, env=environment, text=True)


def test_make_says_before_it_begins_what_a_first_time_takes(root, tmp_path):
    given = (f"OUTPUT={tmp_path}", f"VENV={tmp_path}")
    first = make(root, "-n", "book", *given).splitlines()[0]
    assert "The first time takes" in first, "before anything is installed"
    said = make(root, "announce", *given)
    assert said.count("\n") == 1
    assert all(f"about {what}" in said for what in ("2 minutes on two cores", "3 GB")), said
    (tmp_path / "installed").touch()
    (tmp_path / "_build" / "html").mkdir(parents=True)
    (tmp_path / "_build" / "html" / "index.html").touch()
    assert make(root, "announce", *given) == ""


def test_make_hands_the_edition_on(root, tmp_path):
    given = ("-n", "zip", "EDITION=student", f"VENV={tmp_path}")
    ran = [line for line in make(root, *given).splitlines() if "fftia_lab.publish" in line]
    assert [line.partition("publish ")[2] for line in ran] == [
        "build --output . --edition student",
        "zip --output . --edition student",
    ]


def test_make_help_lists_what_packs_the_book(root):
    assert "make zip" in make(root, "help") and "EDITION=student" in make(root, "help")
