"""`make setup` finds a Python, hands pip's settings to uv, and says in a sentence what stopped it."""

import re
import runpy
import shutil
import sys
import tomllib

import pytest

from tests.setup.test_sentences import PROJECT, run

WITH_PYTHON = PROJECT / "scripts" / "with-python.sh"
LOCKS = (PROJECT / "requirements.lock", PROJECT / "requirements-tools.lock")


def test_set_up_refuses_a_python_that_does_not_run(tmp_path):
    # A copy, which has no environment yet and so looks for a Python.
    shutil.copytree(PROJECT / "scripts", tmp_path / "scripts")
    outcome = run(tmp_path / "scripts" / "with-python.sh", tmp_path / "scripts" / "bootstrap.py", PYTHON="/bin/false")
    assert outcome.returncode == 1
    assert outcome.stderr == (
        "Set-up stopped: PYTHON=/bin/false is not a Python of at least 3.12 with venv and ssl; choose another or unset "
        "it.\n"
    )
    assert not (tmp_path / ".venv").exists()


def test_a_shim_that_does_not_run_is_passed_over(tmp_path):
    works = tmp_path / "of pyenv" / "versions" / "3.13.0" / "bin" / "python3"
    works.parent.mkdir(parents=True)
    works.symlink_to(sys.executable)
    for name in ("python3.13", "python3.14", "python3.12", "python3"):
        shim = tmp_path / name
        shim.write_text('#!/bin/sh\necho "pyenv: version 3.99 is not installed" >&2\nexit 127\n')
        shim.chmod(0o755)
    question = "import sys; print(sys.version_info >= (3, 12), sys.prefix == sys.base_prefix)"
    outcome = run(WITH_PYTHON, "-c", question, PATH=f"{tmp_path}:/usr/bin:/bin", PYENV_ROOT=str(tmp_path / "of pyenv"))
    assert (outcome.stdout, outcome.stderr) == ("True True\n", "")


def test_uv_is_told_what_pip_is_told_and_keeps_its_own(tmp_path, monkeypatch):
    config = tmp_path / "pip.conf"
    config.write_text(
        """
        [global]
        index-url = https://user:secret@index.example/simple
        extra-index-url = https://a.example/simple
            https://b.example/simple
        trusted-host = a.example b.example
        """
    )
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    uv = runpy.run_path(str(PROJECT / "scripts" / "run_uv.py"))
    pip = uv["pip_settings"]()
    told = uv["uv_settings"](pip, {"UV_INSECURE_HOST": "mine.example"})
    assert {name: told[name] for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INSECURE_HOST")} == {
        "UV_DEFAULT_INDEX": "https://user:secret@index.example/simple",
        "UV_INDEX": "https://a.example/simple https://b.example/simple",
        "UV_INSECURE_HOST": "mine.example",
    }
    monkeypatch.setattr(sys, "argv", ["run_uv.py", "pip", "compile"])
    assert "UV_INDEX" not in uv["uv_settings"](pip, {})


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("error: No space left on device (os error 28)", "the disk of .* is full; free some space and run it again."),
        (
            "error: dns error: failed to lookup address",
            r"Installing the packages failed because the package index cannot be reached or lacks it; .*\nerror: dns.*",
        ),
        ("error: it broke", "Installing the packages failed.\nerror: it broke"),
    ],
)
def test_what_stopped_an_installation_is_said_in_a_sentence(said, sentence):
    set_up = runpy.run_path(str(PROJECT / "scripts" / "bootstrap.py"))
    with pytest.raises(set_up["SetupError"]) as stopped:
        set_up["run"]("Installing the packages", "sh", "-c", f"echo '{said}'; exit 2")
    assert re.fullmatch(sentence, str(stopped.value))


def test_the_locks_name_hashes_and_no_index():
    for lock in LOCKS:
        lines = lock.read_text().splitlines()
        pinned = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert pinned
        assert [line for line in pinned if "==" not in line or not line.endswith("\\")] == []
        assert [line for line in lines if "://" in line or "--index" in line or "--find-links" in line] == []


def test_the_locks_hold_all_that_the_project_declares():
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups = declared["dependency-groups"]
    for lock, names in zip(LOCKS, (declared["project"]["dependencies"] + groups["dev"], groups["tools"]), strict=True):
        pinned = set(re.findall(r"^([\w.-]+)(?:\[.*\])?==", lock.read_text(), re.MULTILINE))
        assert {re.match(r"[\w.-]+", name)[0] for name in names} <= pinned
