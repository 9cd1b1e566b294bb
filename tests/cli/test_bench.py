"""`pellucid bench`: runs, and says when the systems disagree."""

from pellucid.cli import bench, main


def run(monkeypatch, *arguments):
    monkeypatch.setattr(bench, "NETS", [("a net", (3, 2), 4, "Adam")])
    parsed = main.parser().parse_args(["bench", "--alone", *arguments])
    return parsed.run(parsed)


def test_a_table_is_printed(monkeypatch, capsys):
    assert run(monkeypatch, "--seconds", "0.001") == 0
    out = capsys.readouterr().out.splitlines()
    assert "NumPy" in out[0] and out[2].split()[:4] == ["one", "training", "step", "pellucid"]
    assert out[3].startswith("a net ") and out[3].endswith(" us")


def test_losses_that_differ_are_told(monkeypatch, capsys):
    numbers = iter(range(1000))
    monkeypatch.setattr(bench, "_step", lambda *args: lambda: float(next(numbers)))
    monkeypatch.setattr(bench, "_systems", lambda alone: {"a": (0, 0), "b": (0, 0)})
    assert run(monkeypatch, "--seconds", "1e-9") == 1
    assert "losses differ" in capsys.readouterr().err


def test_no_time_is_refused(monkeypatch, capsys):
    assert run(monkeypatch, "--seconds", "0") == 1
    assert "must be positive" in capsys.readouterr().err
