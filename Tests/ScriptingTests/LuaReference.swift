import Scripting

/// The reference of ``HostFunctions`` and ``HostClass``, for editors and for people.
enum LuaReference {
  /// The names that functions share before their dot, in order; the empty one first, for those without.
  private static var modules: [String] {
    var modules = [""]
    for function in HostFunctions.all {
      let module = LuaReference.module(of: function)
      if !modules.contains(module) { modules.append(module) }
    }
    return modules
  }

  private static func module(of function: HostFunction) -> String {
    function.name.contains(".") ? String(function.name.prefix { $0 != "." }) : ""
  }

  private static func functions(of module: String) -> [HostFunction] {
    HostFunctions.all.filter { LuaReference.module(of: $0) == module }
  }

  /// `rules/library/moongate.lua`.
  static var library: String {
    var text = """
      ---@meta

      -- What a validator has beside Lua's own libraries, for the Lua language server. Made from the table of functions by
      -- `MOONGATE_RECORD=1 swift test --filter LuaReferenceTests`.

      """
    for type in HostClass.all {
      text += "\n--- \(type.text)\n---@class \(type.name)\n"
      for field in type.fields { text += "---@field \(field.name) \(field.type) \(field.text)\n" }
    }
    text += """

      --- What `check` returns first.
      ---@alias moongate.answer boolean|moongate.ask|moongate.replace

      --- What a script defines under the name `check`. Above it, `---@type moongate.check` tells the editor so.
      ---@alias moongate.check fun(call: moongate.call, params: moongate.params): moongate.answer?, string?

      """
    for module in modules {
      if !module.isEmpty { text += "\n\(module) = {}\n" }
      for function in functions(of: module) {
        text +=
          "\n"
          + function.documentation.map { line in
            line.hasPrefix("@") ? "---\(line)\n" : "--- \(line)\n"
          }.joined()
        if let signature = function.signature {
          text += "function \(signature) end\n"
        } else {
          text += "\(function.name) = {}\n"
        }
      }
    }
    return text
  }

  /// The last part of `docs/scripts.md`.
  static var page: String {
    var text = "## Reference\n"
    for module in modules {
      text += "\n### \(module.isEmpty ? "Global functions and values" : "The table " + module)\n"
      for function in functions(of: module) { text += "\n" + entry(function) }
    }
    text += "\n### Tables that a script is given\n"
    for type in HostClass.all where !type.fields.isEmpty {
      text += "\n`\(type.name)`: \(type.text)\n\n| field | | |\n| --- | --- | --- |\n"
      for field in type.fields { text += row([code(field.name), code(field.type), field.text]) }
    }
    text += "\n### Lua's own\n\n"
    for library in HostFunctions.libraries {
      let names = library.members.map { code(library.name.isEmpty ? $0 : "\(library.name).\($0)") }
      text += wrapped("- " + names.joined(separator: ", ") + "\n", indent: "  ")
    }
    return text
  }

  private static func entry(_ function: HostFunction) -> String {
    let prose = function.documentation.filter { !$0.hasPrefix("@") }.joined(separator: " ")
    var text = "#### `\(function.signature ?? function.name)`\n\n\(wrapped(prose + "\n"))"
    let notes = function.documentation.compactMap { Annotation($0) }
    if !notes.isEmpty {
      text += "\n| | | |\n| --- | --- | --- |\n"
      for note in notes { text += row([note.label, code(note.type), note.text]) }
    }
    if !function.examples.isEmpty {
      text += "\n```lua\n" + function.examples.map { "assert(\($0))\n" }.joined() + "```\n"
    }
    return text
  }

  private static func code(_ text: String) -> String { "`\(text)`" }

  private static func row(_ cells: [String]) -> String {
    "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n"
  }

  /// Lines of at most 120 characters.
  private static func wrapped(_ text: String, indent: String = "") -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + word.count + 1 > 120 {
        lines.append(indent + word)
      } else {
        lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
      }
    }
    return lines.joined(separator: "\n")
  }
}

/// A line such as `@param text string what it is` in its parts.
private struct Annotation {
  /// The parameter's name, or that it is what comes back.
  var label: String
  var type: String
  var text: String

  init?(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return nil }
    switch words[0] {
    case "@param":
      let rest = words[1].split(separator: " ", maxSplits: 1)
      guard rest.count == 2 else { return nil }
      (type, text) = Annotation.divided(rest[1])
      let name = rest[0].hasSuffix("?") ? "`\(rest[0].dropLast())`, optional" : "`\(rest[0])`"
      label = name
    case "@return":
      (type, text) = Annotation.divided(words[1])
      label = "returns"
    default: return nil
    }
  }

  /// A type, in which spaces stand only between brackets, and what follows it.
  private static func divided(_ text: Substring) -> (String, String) {
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case "{", "(", "<": depth += 1
      case "}", ")", ">": depth -= 1
      case " " where depth == 0: return (String(text[..<index]), String(text[index...].dropFirst()))
      default: break
      }
    }
    return (String(text), "")
  }
}
