"""Runs a command as if the kernel lacked something: python3 lacking.py LAYER COMMAND [ARGUMENT ...].

A seccomp filter answers the system calls that the layer is made with as such a kernel would; the command inherits it.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

NUMBERS = {
    "x86_64": {"landlock": 444, "close_range": 436, "prctl": 157, "prlimit64": 302},
    "aarch64": {"landlock": 444, "close_range": 436, "prctl": 167, "prlimit64": 261},
}[platform.machine()]
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38

# The call, its first argument if only that is meant, and the answer.
LAYERS = {
    "landlock": ("landlock", None, errno.ENOSYS),
    "seccomp": ("prctl", PR_SET_SECCOMP, errno.EINVAL),
    "no new privileges": ("prctl", PR_SET_NO_NEW_PRIVS, errno.EINVAL),
    "resource limits": ("prlimit64", None, errno.EPERM),
    "descriptors": ("close_range", None, errno.ENOSYS),
}


def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def program(number: int, argument: int | None, error: int) -> bytes:
    load, jump_if_equal, answer = 0x20, 0x15, 0x06
    refuse = instruction(answer, 0x00050000 | error)
    allow = instruction(answer, 0x7FFF0000)
    if argument is None:
        return instruction(load, 0) + instruction(jump_if_equal, number, 0, 1) + refuse + allow
    return (instruction(load, 0) + instruction(jump_if_equal, number, 0, 3)
            + instruction(load, 16) + instruction(jump_if_equal, argument, 0, 1) + refuse + allow)


def lack(layer: str) -> None:
    call, argument, error = LAYERS[layer]
    code = ctypes.create_string_buffer(program(NUMBERS[call], argument, error))
    libc = ctypes.CDLL(None, use_errno=True)

    class Program(ctypes.Structure):
        _fields_ = [("count", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    filter_program = Program(len(code) // 8, ctypes.cast(code, ctypes.c_void_p))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(filter_program)):
        raise OSError(ctypes.get_errno(), "no filter")


lack(sys.argv[1])
os.execvp(sys.argv[2], sys.argv[2:])
