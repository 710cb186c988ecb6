import ArgumentParser
import Scripting

// A validator worker is this program started again. It must confine itself before anything here starts a thread.
if CommandLine.arguments.dropFirst().first == ValidatorWorker.command {
  ValidatorWorker.run(requiring: CommandLine.arguments.dropFirst(2).first)
}
Moongate.main()
