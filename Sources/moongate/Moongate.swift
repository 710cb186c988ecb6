import ArgumentParser

/// The program: what can be typed after `moongate`.
struct Moongate: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "moongate",
    abstract: "Stands between an AI agent and an MCP server, and decides every call.",
    usage: """
      moongate -c POLICY -- SERVER [ARGUMENT ...]
      moongate check POLICY ...
      moongate eval -c POLICY [--explain] [CALLS]
      """,
    discussion: """
      A policy is a YAML file that says which tool calls pass. Put moongate where the agent's settings name the \
      server, and the server's own command behind the two dashes:

        moongate -c policy.yaml -- uvx mcp-luma

      Is the policy valid, and does it mean what it should?

        moongate check policy.yaml
        echo '{"tool": "luma_generate_video", "arguments": {"prompt": "waves"}}' |
          moongate eval -c policy.yaml --explain -

      A policy to start from: every tool passes, but no more than 30 calls a minute.

        tools:
          "*":
            rules:
              - rate_limit: 30/minute
      """,
    version: "moongate \(version)",
    subcommands: [
      RunCommand.self, CheckCommand.self, EvalCommand.self, CountersCommand.self, VersionCommand.self,
    ],
    defaultSubcommand: RunCommand.self)
}

/// `moongate version`.
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  func run() {
    StandardStream.output.write("moongate \(Moongate.version)\n")
  }
}
