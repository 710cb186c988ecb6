import ArgumentParser
import Glibc
import Scripting

// A validator worker is this program started again. It must confine itself before anything here starts a thread.
if CommandLine.arguments.dropFirst().first == ValidatorWorker.command {
  ValidatorWorker.run(requiring: CommandLine.arguments.dropFirst(2).first)
}
// A file that may not grow any further is an error of whoever writes it, and not the end of the program.
signal(SIGXFSZ, SIG_IGN)
Moongate.main()
