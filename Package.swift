// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
]

func tests(_ module: String, _ others: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: module + "Tests", dependencies: [.byName(name: module), "Randomness"] + others, exclude: exclude,
    swiftSettings: strict)
}

let package = Package(
  name: "moongate",
  products: [.executable(name: "moongate", targets: ["moongate"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // C: only bridges. Debian's archives are linked by name, so that the program needs none of them at run time.
    .systemLibrary(name: "CLua"),
    .systemLibrary(name: "CYAML"),
    .systemLibrary(name: "CSQLite"),
    .target(
      name: "CLuaGuard", dependencies: ["CLua"],
      linkerSettings: [.linkedLibrary(":liblua5.4.a"), .linkedLibrary("m")]),
    .target(name: "CSandbox"),
    .target(name: "CProcess"),
    .target(
      name: "CRE2",
      linkerSettings: [.linkedLibrary(":libre2.a"), .linkedLibrary("stdc++")]),

    .target(name: "Wire", swiftSettings: strict),
    .target(
      name: "Policy",
      dependencies: ["Wire", "CRE2", .product(name: "BasicContainers", package: "swift-collections")],
      swiftSettings: strict),
    .target(
      name: "PolicyFiles", dependencies: ["Policy", "Wire", "CYAML"], swiftSettings: strict,
      linkerSettings: [.linkedLibrary(":libyaml.a")]),
    .target(
      name: "Counters",
      dependencies: ["Policy", "Wire", "CSQLite", .product(name: "NIOSSL", package: "swift-nio-ssl")] + nio,
      swiftSettings: strict,
      linkerSettings: [.linkedLibrary(":libsqlite3.a"), .linkedLibrary("m")]),
    .target(
      name: "Scripting",
      dependencies: ["Policy", "Wire", "CLuaGuard", "CSandbox", "CProcess"] + nio,
      swiftSettings: strict),
    .target(
      name: "Proxy",
      dependencies: ["Policy", "Wire", "CProcess", .product(name: "DequeModule", package: "swift-collections")] + nio,
      swiftSettings: strict),
    .target(
      name: "Workbench", dependencies: ["PolicyFiles", "Scripting", "Counters", "Policy", "Wire"] + nio,
      swiftSettings: strict),
    .executableTarget(
      name: "moongate",
      dependencies: [
        "Wire", "Policy", "PolicyFiles", "Scripting", "Counters", "Proxy", "Workbench",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ] + nio,
      swiftSettings: strict),

    // What `make bench` measures deciding with; it counts every allocation of its own process.
    .target(name: "CBench", path: "Benchmarks/CBench"),
    .executableTarget(
      name: "deciding",
      dependencies: [
        "CBench", "Counters", "Policy", "PolicyFiles", "Wire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Deciding", swiftSettings: strict),
    .executableTarget(
      name: "counting",
      dependencies: [
        "CProcess", "Counters", "Policy", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ] + nio, path: "Benchmarks/Counting", swiftSettings: strict),

    .target(name: "Randomness", path: "Tests/Randomness", swiftSettings: strict),
    tests("Wire"),
    tests("Policy", ["Wire"]),
    tests("PolicyFiles", ["Counters", "Policy", "Wire"], exclude: ["Golden", "InterceptV1"]),
    tests("Counters", ["Policy", "Wire", "CProcess"] + nio),
    tests(
      "Scripting", ["Counters", "Policy", "Wire", "CProcess", "CSandboxProbe", "moongate"] + nio,
      exclude: ["Hostile"]),
    .target(name: "CSandboxProbe", dependencies: ["CSandbox"], path: "Tests/CSandboxProbe"),
    tests("Proxy", ["Policy", "PolicyFiles", "Wire"] + nio),
    tests("Workbench", ["Counters", "Policy", "PolicyFiles", "Wire", "moongate"] + nio),
    .testTarget(
      name: "EndToEndTests", dependencies: ["moongate", "CProcess"], exclude: ["Servers"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

// `make fuzz` has the sanitizers and libFuzzer at hand; the ordinary tests only replay the seeds.
let fuzzed: [Target.Dependency] = ["CLuaGuard", "Policy", "Scripting", "Wire"]
package.targets.append(
  Context.environment["MOONGATE_FUZZ"] != nil
    ? .executableTarget(
      name: "fuzz", dependencies: fuzzed, path: "Fuzz", exclude: ["seeds", "ReplayTests.swift"], swiftSettings: strict)
    : .testTarget(
      name: "FuzzTests", dependencies: fuzzed, path: "Fuzz", exclude: ["seeds", "main.swift"], swiftSettings: strict))
