"""The commands say what is wrong before they have worked for a minute, and in one line."""

import socket

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
