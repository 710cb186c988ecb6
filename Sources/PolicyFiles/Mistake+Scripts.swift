// Scripts: MG4.
extension Mistake.Entry {
  static let missingScript = Mistake.Entry(
    "A script that is not there",
    cause: "No file lies at the path, which begins in the folder of the policy.",
    cure: "Check the spelling of the path.")

  static let unreadableScript = Mistake.Entry(
    "A script that cannot be read",
    cause: "The path leads to a folder or a device, the file has more than 1 MiB, or may not be read by this user.",
    cure: "Name a file of Lua text.")

  static let scriptIsNoText = Mistake.Entry(
    "A script that is no text",
    cause: "The file holds bytes that are no UTF-8.",
    cure: "Save it as UTF-8.")

  static let scriptIsBytecode = Mistake.Entry(
    "A script that is bytecode",
    cause: "The file is compiled Lua, which can break out of any sandbox.",
    cure: "Name the Lua source.")

  static let inlineScriptShape = Mistake.Entry(
    "An inline script whose lines would be lost",
    cause: "Only a literal block keeps the lines of a script as they are.",
    cure: "Write `lua: |` and indent the script below it.")

  static let missingModule = Mistake.Entry(
    "A module that is not there",
    cause: "`require(\"lib.hosts\")` names the file `lib/hosts.lua` in the script's folder, and there is none.",
    cure: "Check the spelling. Names begin in the folder of the script, wherever the module that requires lies.")

  static let badModuleName = Mistake.Entry(
    "Not a module's name",
    cause: "A module's name is letters, digits, `_` and `-`, in parts with dots between them: no path.",
    cure: "Write `require(\"lib.hosts\")` for the file `lib/hosts.lua`. Nothing leads out of the script's folder.")

  static let moduleOutside = Mistake.Entry(
    "A module that lies elsewhere",
    cause: "A symbolic link leads out of the script's folder.",
    cure: "Put the module itself into the folder.")

  static let moduleCycle = Mistake.Entry(
    "Modules that require each other",
    cause: "Each waits for the other to be loaded first.",
    cure: "Move what both need into a third one, or require it inside the function that needs it.")

  static let scriptDoesNotLoad = Mistake.Entry(
    "A script that does not load",
    cause: "The script, or a module of it, has a syntax error or fails at its top level; or there is no `check`.",
    cure: "Mend the line that the message names.")

  static let sandboxIncomplete = Mistake.Entry(
    "A sandbox with holes",
    cause:
      "`--require-sandbox` was given, and the kernel or the container lacks layers of the validators' sandbox.",
    cure: "Use Linux 5.13 or later with Landlock and seccomp, in a container that allows both; or omit the flag.")
}
