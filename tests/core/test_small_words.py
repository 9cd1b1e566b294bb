"""Cells, errors, devices, array libraries: the small words of the core."""

import pickle
import threading

import numpy as np
import pytest

from pellucid.core import arrays, devices, errors
from pellucid.core.cell import Cell, value_of
from pellucid.core.quiet import quietly

# -- cells ---------------------------------------------------------------------------------

def test_a_cell_holds_a_value():
    cell = Cell()
    assert not cell.is_set
    cell.value = 3
    assert cell.is_set
    assert cell.value == 3
    assert value_of(cell) == 3
    assert value_of(4) == 4


def test_an_empty_cell_names_itself():
    with pytest.raises(errors.FailedPreconditionError, match="uninitialized value weights"):
        Cell(name="weights").value


def test_the_first_value_is_made_once_on_first_use():
    calls = []
    cell = Cell(lambda: calls.append(1) or 5)
    assert not cell.is_set
    assert (cell.value, cell.value) == (5, 5)
    assert calls == [1]


def test_the_first_value_is_made_once_by_many_threads():
    calls, start = [], threading.Barrier(8)
    cell = Cell(lambda: calls.append(1) or len(calls))

    def read():
        start.wait()
        assert cell.value == 1

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [1]


def test_a_cell_has_nothing_else():
    with pytest.raises(AttributeError, match="other"):
        Cell().other


# -- errors --------------------------------------------------------------------------------

ERRORS = [e for e in vars(errors).values()
          if isinstance(e, type) and e.__base__ is errors.OpError]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: e.__name__)
def test_every_error_has_a_code_and_survives_pickling(error):
    made = error(None, None, "it broke")
    assert str(made) == made.message == "it broke"
    assert (made.op, made.node_def) == (None, None)
    again = pickle.loads(pickle.dumps(made))
    assert (type(again), again.message) == (error, "it broke")


def test_codes_are_tensorflows():
    assert sorted(e.error_code for e in ERRORS) == list(range(1, 17))
    assert errors.InvalidArgumentError.error_code == 3
    assert errors.UnauthenticatedError.error_code == 16
    assert errors.OpError(None, None, "x", 7).error_code == 7


# -- devices -------------------------------------------------------------------------------

@pytest.mark.parametrize("name, canonical", [
    ("", ""), ("/cpu:0", "/device:CPU:0"), ("/gpu:1", "/device:GPU:1"),
    ("/device:gpu:1", "/device:GPU:1"), ("/job:ps/task:1", "/job:ps/task:1"),
    ("/task:1/job:ps", "/job:ps/task:1"), ("/GPU:*", "/device:GPU:*"),
    ("/job:a/replica:0/task:1/device:CPU:0", "/job:a/replica:0/task:1/device:CPU:0"),
])
def test_device_names(name, canonical):
    assert devices.join(devices.parse(name)) == canonical


def test_inner_devices_override_part_by_part():
    assert devices.merge("/job:a/gpu:0", "/cpu:0") == "/job:a/device:CPU:0"
    assert devices.merge("", "/cpu:0") == "/device:CPU:0"


@pytest.mark.parametrize("name", ["cpu0", "/cup:0", "/job", "/cpu:x"])
def test_what_is_no_device_is_refused(name):
    with pytest.raises(ValueError, match="Unknown device part"):
        devices.parse(name)


# -- arrays --------------------------------------------------------------------------------

class Foreign:
    """Stands for another library's array."""

    def __array_namespace__(self):
        return "theirs"


def test_the_values_say_which_library_computes():
    assert arrays.array_namespace(np.zeros(2), np.float32(1), 1, 2.0, True, b"a") is np
    assert arrays.array_namespace(np.zeros(2), Foreign()) == "theirs"
    assert arrays.on_host(np.zeros(2))
    assert not arrays.on_host(Foreign())


@pytest.mark.parametrize("how, expected", [
    ("set", [9, 5, 3]), ("add", [1, 2 + 4 + 5, 3]), ("subtract", [1, 2 - 4 - 5, 3]),
    ("multiply", [1, 2 * 4 * 5, 3]), ("min", [1, 2, 3]), ("max", [1, 5, 3]),
])
def test_scatter_does_not_write_into_its_target(how, expected):
    target = np.array([1, 2, 3])
    index, updates = ([0, 1, 1], [9, 4, 5]) if how == "set" else ([1, 1], [4, 5])
    result = arrays.scatter(target, np.array(index), np.array(updates), how)
    assert result.tolist() == expected
    assert target.tolist() == [1, 2, 3]


def test_runs_are_quiet_and_leave_numpys_settings_alone():
    before = np.geterr()
    assert np.isneginf(quietly(lambda: quietly(np.log, np.float32(0))))
    assert np.geterr() == before
    with pytest.warns(RuntimeWarning):
        np.log(np.float32(0))
