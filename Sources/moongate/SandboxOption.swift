import ArgumentParser

/// What is asked of the validators' sandbox, by every command that runs scripts.
struct SandboxOption: ParsableArguments {
  @Flag(
    name: .customLong("require-sandbox"),
    help: "Run no script unless every layer of its sandbox holds: a policy with scripts does not load then.")
  var isRequired = false
}
