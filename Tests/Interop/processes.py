"""What the kernel says of processes."""

from pathlib import Path


def resident(pid: int) -> int:
    """How many bytes of memory it occupies."""
    return _status(pid, "VmRSS")


def most_resident(pid: int) -> int:
    """How many bytes of memory it has occupied at most."""
    return _status(pid, "VmHWM")


def _status(pid: int, key: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) << 10
    return 0


def processor_time(pid: int) -> int:
    """How long it has run, in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def children(pid: int) -> dict[int, str]:
    """The processes that it has started, with their command lines."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace")
        if command:  # none: it has ended, and is not collected yet
            found[int(child)] = command
    return found
